package dev.portside.server;

import dev.portside.protocol.Reply;
import java.net.InetSocketAddress;

/**
 * Hears what happens on a server.
 *
 * <p>Events go through a bounded queue ({@link FtpServerOptions.Builder#eventQueue}) and are told by one thread, in order, so
 * a slow listener cannot slow the server down: what does not fit into the queue is dropped and counted, and {@link
 * #eventsLost} tells the count. An exception of a listener is logged and changes nothing. Passwords never appear.
 */
public interface FtpServerListener {
    /** A client has connected and was admitted. */
    default void sessionOpened(SessionStatus session) {}

    /** A user has logged in; {@link SessionStatus#user()} says who. */
    default void loggedIn(SessionStatus session) {}

    /**
     * A login has failed.
     *
     * @param user the name that was tried, as it came
     */
    default void loginFailed(SessionStatus session, String user) {}

    /**
     * A command was answered.
     *
     * @param line the command with secrets masked, or what came instead of a command
     * @param reply the final one
     */
    default void command(SessionStatus session, String line, Reply reply) {}

    /** The data connection is open and 150 was sent. */
    default void transferStarted(SessionStatus session, TransferStatus transfer) {}

    /** A transfer goes on; about once a second. */
    default void transferProgress(SessionStatus session, TransferStatus transfer) {}

    /** A transfer is complete: every byte is where it was promised to be. */
    default void transferFinished(SessionStatus session, TransferStatus transfer) {}

    /**
     * A transfer has failed.
     *
     * @param reason for the administrator; may name paths of the host
     */
    default void transferFailed(SessionStatus session, TransferStatus transfer, String reason) {}

    /**
     * Somebody else than the session's client connected to its data port; the connection was closed. Of a port that several
     * sessions share, the one that waits there for the longest is told; a session is told of 10 at most.
     */
    default void strangerRefused(SessionStatus session, InetSocketAddress stranger) {}

    /**
     * PASV or EPSV was answered by 425: every passive port is taken for clients of this address. {@link
     * FtpServer#passivePorts} counts them.
     */
    default void passivePortsUsedUp(SessionStatus session) {}

    /**
     * A connection to or from the session's data port came from the right address, but could not show that it belongs to
     * the session: the TLS handshake failed, or its TLS session is not that of the control connection. It was closed.
     *
     * @param reason for the administrator
     */
    default void dataConnectionRefused(SessionStatus session, InetSocketAddress remote, String reason) {}

    /** A connection was refused before it became a session, or a session ended; {@code reason} says why. */
    default void sessionClosed(SessionStatus session, String reason) {}

    /**
     * A connection of one of {@link FtpServerNetwork.Builder#proxies} did not begin with a PROXY header, and was closed.
     *
     * @param reason for the administrator
     */
    default void proxyRefused(InetSocketAddress proxy, String reason) {}

    /**
     * Something is wrong that does not end a session, and that the administrator should know: the name of an external address
     * cannot be looked up, for instance. Of a server without listeners it is in the log of {@code dev.portside.server}.
     *
     * @param text one line
     */
    default void warning(String text) {}

    /** So many events were dropped because the queue was full. */
    default void eventsLost(long count) {}
}
