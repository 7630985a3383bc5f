package dev.portside.client;

import dev.portside.transport.Fingerprints;
import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;

/**
 * A connection became a TLS connection.
 *
 * @param dataConnection whether it is a data connection; otherwise it is the control connection
 * @param protocol {@code TLSv1.3} or {@code TLSv1.2}
 * @param cipherSuite by its IANA name
 * @param resumed whether it goes on with the TLS session of the control connection, by which a server knows that both are of
 *     the same client
 * @param certificate the server's own; of a resumed session, that which its first handshake showed; null if it is not known
 */
public record TlsStatus(
        boolean dataConnection,
        String protocol,
        String cipherSuite,
        boolean resumed,
        @Nullable X509Certificate certificate) {

    /** The SHA-256 of the certificate: {@code AB:CD:…}, as openssl prints it; null if there is none. */
    public @Nullable String fingerprint() {
        return certificate == null ? null : Fingerprints.sha256(certificate);
    }

    /** The key of the certificate, as {@link FtpClientTls.Builder#pin} takes it; null if there is none. */
    public @Nullable String pin() {
        return certificate == null ? null : Fingerprints.pin(certificate);
    }
}
