package dev.portside.transport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;

/** Tells whose a connection is that a proxy has made, from the header that the proxy sends first. */
public interface ProxiedPeer {
    /** Whether connections from this address begin with a header. */
    boolean isExpected(InetAddress from);

    /**
     * Reads the header and not a byte more.
     *
     * @return whose connection it is
     * @throws IOException if there is none, or not in time: the connection is then closed
     */
    InetSocketAddress peer(SocketChannel channel) throws IOException;
}
