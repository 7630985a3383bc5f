package dev.portside.client;

import dev.portside.protocol.Command;
import dev.portside.protocol.Reply;
import dev.portside.protocol.ReplyCode;
import dev.portside.transport.ControlConnection;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How a control connection becomes a TLS connection (RFC 4217 section 4). */
final class ControlProtection implements Exchange.Handshake {
    private static final Command.Auth AUTH_TLS = new Command.Auth("TLS");

    private final FtpClientOptions options;
    private final FtpClientTls wanted;
    private final ClientTls tls;
    private volatile @Nullable TlsStatus status;

    ControlProtection(FtpClientOptions options, FtpClientTls wanted, ClientTls tls) {
        this.options = options;
        this.wanted = wanted;
        this.tls = tls;
    }

    /** How it is secured; null as long as it is not. */
    @Nullable
    TlsStatus status() {
        return status;
    }

    /** Before the greeting, or right behind the reply to AUTH: by the thread that reads replies. */
    @Override
    public void shake(ControlConnection connection) throws IOException {
        if (connection.hasBufferedInput()) {
            throw new FtpProtocolException(
                    "AUTH TLS: something came in the clear behind the reply, as if somebody had put"
                            + " it there: nothing of it was believed");
        }
        try {
            connection.startTls(tls.control(), wanted.handshakeTimeout());
        } catch (IOException failed) {
            IOException why = tls.failure(failed);
            if (why instanceof FtpCertificateException) {
                throw why;
            }
            throw new TlsHandshakeException(why.getMessage() + advice(), failed);
        }
        TlsStatus secured = tls.controlSecured(Objects.requireNonNull(connection.tlsSession()));
        status = secured;
        options.listener().secured(secured);
    }

    private String advice() {
        return wanted.mode() == TlsMode.IMPLICIT
                ? "; if the server begins in the clear on this port, as is usual on port 21, use explicit TLS"
                : "";
    }

    /**
     * Asks for TLS.
     *
     * @param optional whether the session may go on in the clear, when the server refuses
     */
    void demand(UserPI pi, boolean optional) throws IOException {
        Reply reply = pi.secure(AUTH_TLS, this);
        if (status != null) {
            return;
        }
        boolean refused = reply.code().isNegative();
        if (!refused) {
            throw new FtpProtocolException(AUTH_TLS.line() + ": 234 expected: " + reply);
        }
        if (!optional || reply.code().equals(ReplyCode.SERVICE_NOT_AVAILABLE_421)) {
            throw new FtpReplyException(
                    AUTH_TLS,
                    reply,
                    " (the server does not offer TLS on this port; it may offer implicit TLS, usually on port 990)",
                    null);
        }
        pi.tell(listener -> listener.notSecured(reply));
    }
}
