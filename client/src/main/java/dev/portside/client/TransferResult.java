package dev.portside.client;

import dev.portside.protocol.Reply;
import java.time.Duration;
import java.util.Optional;

/**
 * How a transfer came to its good end.
 *
 * @param bytes of the data, without those before the offset; in TYPE A with CRLF line ends
 * @param wireBytes that were transmitted for them: others than {@code bytes} where compression made them so; what TLS adds is
 *     not counted
 * @param duration from the transfer command to the completion
 * @param completion the server's final reply; empty if it did not come, see {@link #proof}
 * @param proof what says that the transfer is complete
 */
public record TransferResult(long bytes, long wireBytes, Duration duration, Optional<Reply> completion, Proof proof) {

    /** What says that a transfer is complete. */
    public enum Proof {
        /** The server said so: 226 or 250. */
        REPLY,
        /**
         * The server said so, and under TLS it has ended the data itself, by close_notify (RFC 8446 section 6.1): nobody on the way
         * has cut it off. Downloads and listings only.
         */
        CLOSE_NOTIFY,
        /**
         * The size was known, and every byte is there. Under TLS, the data ended without close_notify, as with a server that never
         * sends one. Or, if there is no {@link TransferResult#completion}: the final reply did not come in time, or the control
         * connection was lost while the data arrived, as happens behind gateways that forget idle connections; then the client
         * cannot be used any longer.
         */
        SIZE
    }

    /** Bytes of the data in a second. */
    public double bytesPerSecond() {
        return bytes / Math.max(duration.toNanos() / 1e9, 1e-9);
    }
}
