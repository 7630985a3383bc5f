package dev.portside.server;

/** Whether a client is asked for a certificate in the TLS handshake (RFC 8446 section 4.3.2). */
public enum ClientCertificates {
    /** It is not asked. */
    OFF,
    /** It is asked and need not have one; one that does not come from the authorities ends the handshake. */
    WANTED,
    /** It needs one from the authorities; without it the handshake ends. */
    REQUIRED
}
