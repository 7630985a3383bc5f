package dev.portside.transport;

import java.io.IOException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** The network part of a transfer failed: the data connection could not be made, or broke. Never a failure of a file. */
public final class DataConnectionException extends IOException {
    private static final long serialVersionUID = 1;

    /** What happened. */
    public enum Failure {
        /** The peer's host refused the connection. */
        REFUSED("refused"),
        /** Nothing came back within the wait: dropped by a firewall, or nobody there. */
        TIMED_OUT("timed out"),
        /** There is no way to the address. */
        UNREACHABLE("unreachable"),
        /** Every port of the range is taken. */
        NO_FREE_PORT("no free port"),
        /** The local address or port cannot be used. */
        LOCAL_ADDRESS("local address not usable"),
        /** A proxy does not carry it, or cannot be had. */
        PROXY_REFUSED("refused by the proxy"),
        /** An established connection broke. */
        LOST("connection lost"),
        /** An established connection moved no byte for longer than allowed. */
        STALLED("stalled"),
        /** The TLS handshake failed. */
        TLS_FAILED("TLS handshake failed"),
        /** It is secured, but not by the TLS session that it is to resume, or by another certificate. */
        WRONG_SESSION("wrong TLS session"),
        /** It ended without the end of the data: close_notify under TLS, the end of the zlib stream in MODE Z. */
        TRUNCATED("truncated"),
        /** What came in MODE Z is no zlib stream. */
        CORRUPT("bad compressed data"),
        /** What came in MODE Z inflates further than allowed. */
        INFLATED_TOO_FAR("inflated too far"),
        /** This side ended it. */
        ABORTED("aborted");

        private final String words;

        Failure(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    private final Failure failure;
    private final @Nullable InetSocketAddress local;
    private final @Nullable InetSocketAddress remote;

    DataConnectionException(
            Failure failure,
            String message,
            @Nullable InetSocketAddress local,
            @Nullable InetSocketAddress remote,
            @Nullable Throwable cause) {
        super(message, cause);
        this.failure = failure;
        this.local = local;
        this.remote = remote;
    }

    public Failure failure() {
        return failure;
    }

    /** This side's address, as far as it was known. */
    public @Nullable InetSocketAddress local() {
        return local;
    }

    /** The other side's address, as far as it was known. */
    public @Nullable InetSocketAddress remote() {
        return remote;
    }
}
