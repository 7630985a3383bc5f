package dev.portside.client;

import dev.portside.protocol.Command;
import dev.portside.protocol.Reply;
import java.net.InetSocketAddress;

/**
 * A data connection was made.
 *
 * @param mode {@link DataMode#EPSV}, {@link DataMode#PASV}, {@link DataMode#EPRT} or {@link DataMode#PORT}
 * @param command the command that prepared it
 * @param reply the server's reply to that command; a 227 may name another address than the one that was connected to
 * @param local the client's end; in active mode through a proxy, where the proxy listened
 * @param remote the server's end; unresolved behind a proxy that has looked up the name
 * @param transfer the command whose data it carries
 */
public record DataConnectionEvent(
        DataMode mode,
        Command command,
        Reply reply,
        InetSocketAddress local,
        InetSocketAddress remote,
        Command transfer) {

    /** The end that listened: the client's in active mode, the server's in passive mode. */
    public InetSocketAddress listener() {
        return mode.isActive() ? local : remote;
    }

    /** The end that connected: the server's in active mode, the client's in passive mode. */
    public InetSocketAddress connector() {
        return mode.isActive() ? remote : local;
    }
}
