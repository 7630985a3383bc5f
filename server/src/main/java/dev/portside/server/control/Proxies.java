package dev.portside.server.control;

import dev.portside.protocol.HostPort;
import dev.portside.protocol.ProxyHeader;
import dev.portside.server.ClientNetwork;
import dev.portside.server.FtpServerNetwork;
import dev.portside.transport.ProxiedPeer;
import dev.portside.transport.ProxyHeaderException;
import dev.portside.transport.ProxyHeaders;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The proxies that are believed when they tell who their clients are: by a PROXY header, and they must. */
public final class Proxies implements ProxiedPeer {
    private final FtpServerNetwork network;
    private final Events events;
    /** Whose header has not come yet: nothing else knows of them. */
    private final Set<SocketChannel> awaited = ConcurrentHashMap.newKeySet();

    private volatile boolean closed;

    public Proxies(FtpServerNetwork network, Events events) {
        this.network = network;
        this.events = events;
    }

    /**
     * Who is at the ends of a connection that was accepted; reads its PROXY header if it comes from a proxy. The caller closes
     * the connection if this fails.
     *
     * @throws ProxyHeaderException if there should be a header and there is none; the listeners know it then
     */
    public Endpoints endpoints(SocketChannel accepted) throws IOException {
        Endpoints ends = Endpoints.of(accepted);
        if (!isExpected(ends.client().getAddress())) {
            return ends;
        }
        awaited.add(accepted);
        try {
            if (closed) {
                accepted.close();
            }
            ProxyHeader header = ProxyHeaders.read(accepted, network.proxyHeaderTimeout());
            HostPort source = header.source();
            HostPort destination = header.destination();
            return source == null || destination == null ? ends : new Endpoints(address(source), address(destination));
        } catch (ProxyHeaderException refused) {
            if (!refused.isNothingSent()) {
                events.proxyRefused(ends.client(), String.valueOf(refused.getMessage()));
            }
            throw refused;
        } finally {
            awaited.remove(accepted);
        }
    }

    @Override
    public InetSocketAddress peer(SocketChannel channel) throws IOException {
        return endpoints(channel).client();
    }

    @Override
    public boolean isExpected(InetAddress peer) {
        for (ClientNetwork each : network.proxies()) {
            if (each.contains(peer)) {
                return true;
            }
        }
        return false;
    }

    private static InetSocketAddress address(HostPort named) {
        return new InetSocketAddress(named.address(), named.port());
    }

    /** Waits for no header any longer. */
    public void close() throws IOException {
        closed = true;
        for (SocketChannel each : awaited) {
            each.close();
        }
    }
}
