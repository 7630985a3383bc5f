package dev.portside.server;

/**
 * What secures a connection.
 *
 * @param protocol {@code TLSv1.3} or {@code TLSv1.2}
 * @param cipherSuite by its IANA name
 */
public record TlsStatus(String protocol, String cipherSuite) {}
