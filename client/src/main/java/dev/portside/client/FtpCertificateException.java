package dev.portside.client;

import dev.portside.transport.Fingerprints;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * The server's certificate was refused; nothing was sent over that connection, no password and no file. {@link FtpClientTls}
 * tells what is accepted.
 *
 * <p>Who wants to trust on first use shows {@link #fingerprint} to a person, and connects again with {@link
 * FtpClientTls.Builder#trusting}.
 */
public final class FtpCertificateException extends IOException {
    private static final long serialVersionUID = 1;

    /** Why a certificate was refused. */
    public enum Reason {
        /** No authority that is trusted here has signed it. */
        UNTRUSTED("is not signed by an authority that is trusted here"),
        /** It, or one of its chain, was valid once. */
        EXPIRED("has expired"),
        /** It, or one of its chain, will be valid later; or this computer's clock is wrong. */
        NOT_YET_VALID("is not valid yet"),
        /** It is valid, for another host. */
        WRONG_HOST("is for another host"),
        /** Its key is none of the pinned ones. */
        PIN_MISMATCH("has none of the pinned keys"),
        /** It came on a data connection, and the control connection has another one: the connection is to somebody else. */
        NOT_THE_CONTROL_CERTIFICATE("came on a data connection and is not that of the control connection");

        private final String words;

        Reason(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    private final String host;
    private final Reason reason;
    private final String detail;
    private final transient List<X509Certificate> chain;

    FtpCertificateException(String host, Reason reason, String detail, List<X509Certificate> chain) {
        super(message(host, reason, detail, chain));
        this.host = host;
        this.reason = reason;
        this.detail = detail;
        this.chain = List.copyOf(chain);
    }

    private static String message(String host, Reason reason, String detail, List<X509Certificate> chain) {
        return host + ": the certificate " + reason + (detail.isEmpty() ? "" : " (" + detail + ")")
                + ", its SHA-256 fingerprint is " + Fingerprints.sha256(chain.getFirst())
                + advice(reason);
    }

    private static String advice(Reason reason) {
        return switch (reason) {
            case UNTRUSTED, WRONG_HOST, EXPIRED -> ", ask the server's owner whether that is right before you trust it";
            case NOT_YET_VALID -> ", check the clock of this computer";
            case PIN_MISMATCH, NOT_THE_CONTROL_CERTIFICATE -> ", somebody may be on the way to the server";
        };
    }

    /** The host that the client was told to connect to. */
    public String host() {
        return host;
    }

    public Reason reason() {
        return reason;
    }

    /** What exactly is wrong: a date, the names in the certificate, its issuer; can be empty. From a stranger. */
    public String detail() {
        return detail;
    }

    /** What the server showed, its own certificate first. */
    public List<X509Certificate> chain() {
        return chain;
    }

    /** The key of the server's own certificate, as {@link FtpClientTls.Builder#pin} takes it. */
    public String pin() {
        return Fingerprints.pin(chain.getFirst());
    }

    /** The SHA-256 of the server's own certificate: {@code AB:CD:…}, as openssl prints it. */
    public String fingerprint() {
        return Fingerprints.sha256(chain.getFirst());
    }
}
