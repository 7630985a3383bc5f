package dev.portside.client;

import java.io.IOException;

/** The TLS handshake of the control connection failed; for another reason than the certificate. */
final class TlsHandshakeException extends IOException {
    private static final long serialVersionUID = 1;

    TlsHandshakeException(String message, IOException cause) {
        super(message, cause);
    }
}
