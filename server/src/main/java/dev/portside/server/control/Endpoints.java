package dev.portside.server.control;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;

/**
 * The two ends of a connection as its client has them: those of the socket, or those that a PROXY header tells.
 *
 * @param client where the client is
 * @param server where it has connected to
 */
public record Endpoints(InetSocketAddress client, InetSocketAddress server) {
    static Endpoints of(SocketChannel channel) throws IOException {
        return new Endpoints(
                (InetSocketAddress) channel.getRemoteAddress(), (InetSocketAddress) channel.getLocalAddress());
    }
}
