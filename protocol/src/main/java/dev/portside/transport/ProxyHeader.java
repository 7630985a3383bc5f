package dev.portside.transport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;

/** Tells whose a connection is that a proxy has made, from what the proxy says first. */
public interface ProxyHeader {
    /** Whether connections from this address begin with a header. */
    boolean isExpected(InetAddress from);

    /**
     * Reads the header and not a byte more, on a thread of its own.
     *
     * @return whose connection it is
     * @throws IOException if there is none, or not in time: the connection is then closed
     */
    InetSocketAddress peer(SocketChannel channel) throws IOException;
}
