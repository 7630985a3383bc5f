package dev.portside.client;

import dev.portside.protocol.Command;
import dev.portside.protocol.HostPort;
import dev.portside.protocol.Reply;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * Is told what a client does on the network: for a dialogue on a screen, a picture, or a log.
 *
 * <p>Methods are called on the threads that do the work, replies on the thread that reads them: they must be quick, and must
 * not call the client. Calls of different methods can overlap. An exception ends the connection.
 */
public interface FtpClientListener {
    /** The host name was looked up. */
    default void resolved(String host, List<InetAddress> addresses) {}

    /** The control connection is being made. */
    default void connecting(InetSocketAddress server) {}

    /** An address of the server could not be connected to; the next one is tried. */
    default void connectFailed(InetSocketAddress server, String reason) {}

    /** The control connection was made; through a proxy, as far as that. */
    default void connected(InetSocketAddress local, InetSocketAddress remote) {}

    /**
     * The proxy has connected to the server.
     *
     * @param server unresolved where the proxy has looked up the name
     */
    default void tunneled(FtpProxy proxy, InetSocketAddress server) {}

    /** The control connection, or a data connection, became a TLS connection, and the server's certificate was accepted. */
    default void secured(TlsStatus status) {}

    /** The server refused TLS, and the session goes on in the clear: {@link TlsMode#AUTO}. */
    default void notSecured(Reply refusal) {}

    /**
     * The client has replaced its control connection by another one and logged in again: because the server refuses data
     * connections whose TLS session is new, or because an attempt of {@link DataMode#AUTO} has cost the one before. The transfer
     * that was to begin is begun again.
     *
     * @param reason one line
     */
    default void connectedAgain(String reason) {}

    /** A command is being sent. Show {@link Command#masked()}: the command may be a password. */
    default void command(Command command) {}

    /** A reply came, the greeting and preliminary replies included. */
    default void reply(Reply reply) {}

    /**
     * In active mode the client is about to name an address that means something in its own network only, to a server outside.
     * That works where a gateway rewrites it (an FTP helper, in the clear) or where the two networks are one all the same.
     */
    default void innerAddressNamed(HostPort named, InetSocketAddress server) {}

    /** A data connection was made. */
    default void dataConnection(DataConnectionEvent event) {}

    /** A data connection could not be made; the next mode is tried, if there is one. */
    default void dataConnectionFailed(FtpDataConnectionException.Attempt attempt) {}

    /**
     * {@linkplain FtpClientOptions.Builder#compression Compression} was asked for, and the server does not offer it: transfers
     * go without. Told once a session, before its first transfer.
     */
    default void notCompressed(String reason) {}

    /** A transfer came to its good end. */
    default void transferFinished(Command transfer, TransferResult result) {}

    /** The client, or the server, closed the control connection. Comes before {@link FtpClient#close} returns. */
    default void closed() {}
}
