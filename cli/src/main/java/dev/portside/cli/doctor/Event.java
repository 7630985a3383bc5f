package dev.portside.cli.doctor;

import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Something that was sent, made or stopped in a {@link Trial}, in the order of time: the material of its diagram.
 *
 * @param at since the trial began
 * @param from who did it
 * @param to whom it was for; for {@link Kind#STOPPED}, how far it came, as far as that is known: the first place at which it can have
 *     been stopped
 * @param text a line as it was sent or received, passwords masked; or what happened, in words
 * @param source the end that connects or sends, as the client sees it; null if it is not known, port 0 where only its port is not
 * @param target the other end; null if it is not known
 */
public record Event(
        Duration at,
        Channel channel,
        Kind kind,
        Place from,
        Place to,
        String text,
        @Nullable InetSocketAddress source,
        @Nullable InetSocketAddress target) {

    /** Which of the two connections. */
    public enum Channel {
        CONTROL,
        DATA
    }

    /** What happened. */
    public enum Kind {
        /** A connection was made, by {@code from}. */
        CONNECTS,
        /** {@code from} listens for the data connection, at {@code target}. */
        LISTENS,
        /** A command or a line of a reply. */
        SAYS,
        /** The connection became a TLS connection. */
        SECURED,
        /** A connection was to be made by {@code from}, or lived, and was stopped. */
        STOPPED,
        /** Data moved. */
        MOVES,
        /** The connection was closed. */
        CLOSES
    }
}
