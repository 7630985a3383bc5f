package dev.portside.client;

import dev.portside.protocol.Command;
import dev.portside.protocol.Reply;
import dev.portside.transport.Addresses;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * No data connection could be made, or the server found after its 150 that it had none. Carries every attempt; the message tells them all, and what to change.
 *
 * <p>The control connection still works, unless {@link FtpClient#isOpen} says otherwise.
 */
public final class FtpDataConnectionException extends IOException {
    private static final long serialVersionUID = 1;

    /** What became of an attempt. */
    public enum Outcome {
        /** The server refused EPSV, PASV, EPRT or PORT. */
        COMMAND_REFUSED("refused by the server"),
        /** The reply to EPSV or PASV names no port. */
        REPLY_NOT_UNDERSTOOD("the reply names no port"),
        /** The connection was refused: nobody listens there, or a firewall rejects. */
        REFUSED("connection refused"),
        /** No connection came about in time: a firewall drops, or nobody is there. */
        TIMED_OUT("timed out"),
        /** There is no way to the address. */
        UNREACHABLE("unreachable"),
        /** The connection was made, but not secured: the TLS handshake failed. */
        TLS_FAILED("TLS handshake failed"),
        /** The connection was secured by a TLS session of its own, and the server refuses what does not resume that of the control connection. */
        SESSION_NOT_RESUMED("the TLS session was not resumed"),
        /** Only a stranger connected to the client's port. */
        WRONG_PEER("only a stranger connected"),
        /** The server took the transfer command and then said 425: no data connection from its side of view. */
        SERVER_HAS_NO_CONNECTION("the server got no data connection"),
        /** Every port of the client's range is taken. */
        NO_FREE_PORT("no free port"),
        /** The client cannot listen at, or connect from, its address. */
        LOCAL_ADDRESS("local address not usable"),
        /** The proxy refused it, or cannot be had. */
        PROXY_REFUSED("refused by the proxy"),
        /** The control connection was lost in the middle of it. */
        CONTROL_CONNECTION_LOST("the control connection was lost"),
        /** Not tried: it cannot work, as active mode through an HTTP proxy, or the control connection is gone. */
        NOT_TRIED("not tried");

        private final String words;

        /** Whether another mode would meet the same. */
        boolean concernsTls() {
            return this == TLS_FAILED || this == SESSION_NOT_RESUMED;
        }

        Outcome(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    /**
     * One attempt to make a data connection.
     *
     * @param mode {@link DataMode#EPSV}, {@link DataMode#PASV}, {@link DataMode#EPRT} or {@link DataMode#PORT}
     * @param command what was sent, or null if it did not come to that
     * @param reply the reply that counted: to the command, or the 425 to the transfer; null if none came
     * @param local the client's end, as far as it was known; its port is 0 where the system was to choose
     * @param remote the server's end, as far as it was known; its port is 0 where the server was to choose; unresolved behind
     *     a proxy that has looked up the name
     * @param duration from the command to the end of the attempt
     * @param detail the outcome in words, with addresses
     */
    public record Attempt(
            DataMode mode,
            @Nullable Command command,
            @Nullable Reply reply,
            @Nullable InetSocketAddress local,
            @Nullable InetSocketAddress remote,
            Duration duration,
            Outcome outcome,
            String detail) {

        /** The end that listened: the client's in active mode, the server's in passive mode. */
        public @Nullable InetSocketAddress listener() {
            return mode.isActive() ? local : remote;
        }

        /** The end that was to connect: the server's in active mode, the client's in passive mode. */
        public @Nullable InetSocketAddress connector() {
            return mode.isActive() ? remote : local;
        }

        Attempt withDetail(String other) {
            return new Attempt(mode, command, reply, local, remote, duration, outcome, other);
        }

        /** {@code EPSV: 229 …: 192.0.2.1:50000: timed out after 5 s}. */
        @Override
        public String toString() {
            return mode + ": " + (reply == null ? "" : reply + ": ") + detail
                    + (outcome == Outcome.NOT_TRIED ? "" : " (" + Addresses.text(duration) + ")");
        }
    }

    private final transient Command transfer;
    private final transient List<Attempt> attempts;

    FtpDataConnectionException(Command transfer, List<Attempt> attempts, @Nullable Throwable cause) {
        super(DataConnectionAdvice.message(transfer, attempts), cause);
        this.transfer = transfer;
        this.attempts = List.copyOf(attempts);
    }

    /** The command whose data was to be transferred. */
    public Command transfer() {
        return transfer;
    }

    /** Every attempt, in order. */
    public List<Attempt> attempts() {
        return attempts;
    }
}
