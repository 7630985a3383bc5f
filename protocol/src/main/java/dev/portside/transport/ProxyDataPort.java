package dev.portside.transport;

import dev.portside.transport.DataConnectionException.Failure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The side that listens, at a SOCKS5 proxy: for one connection, which is the peer's or nobody's. */
public final class ProxyDataPort implements DataPort {
    private final Socks5Proxy proxy;
    private final InetSocketAddress address;
    private final Predicate<InetAddress> expected;
    /** Whoever takes the channel from here, {@link #open} or {@link #close}, decides what becomes of it. */
    private final AtomicReference<@Nullable SocketChannel> waiting;

    private volatile InetSocketAddress peer;

    private ProxyDataPort(
            Socks5Proxy proxy,
            SocketChannel channel,
            InetSocketAddress address,
            InetSocketAddress peer,
            Predicate<InetAddress> expected) {
        this.proxy = proxy;
        this.waiting = new AtomicReference<>(channel);
        this.address = address;
        this.peer = peer;
        this.expected = expected;
    }

    /**
     * Has the proxy listen.
     *
     * @param peer who is to connect, as the control connection names it
     * @param expected whether a connection from this address is the peer's
     * @param wait for the proxy
     * @throws DataConnectionException {@link Failure#PROXY_REFUSED} if it does not
     */
    public static ProxyDataPort listen(
            Socks5Proxy proxy, InetSocketAddress peer, Predicate<InetAddress> expected, Duration wait)
            throws DataConnectionException {
        try {
            SocketChannel channel = SocketChannel.open();
            try {
                InetSocketAddress named = proxy.bind(channel, peer, proxy.reach(channel, wait));
                InetAddress host = named.getAddress();
                boolean own = host == null || host.isAnyLocalAddress();
                InetSocketAddress address =
                        new InetSocketAddress(own ? proxy.address().getAddress() : host, named.getPort());
                return new ProxyDataPort(proxy, channel, address, peer, expected);
            } catch (IOException | RuntimeException failed) {
                Tcp.close(channel);
                throw failed;
            }
        } catch (IOException failed) {
            // What the proxy meets is its own network: nobody else can be asked to change it.
            throw new DataConnectionException(
                    Failure.PROXY_REFUSED, String.valueOf(failed.getMessage()), null, proxy.address(), failed);
        }
    }

    /** Where the proxy listens. */
    public InetSocketAddress address() {
        return address;
    }

    /** Who has connected; before, who is to. */
    public InetSocketAddress peer() {
        return peer;
    }

    @Override
    public DataConnection open(TransferParameters parameters, Duration wait, Duration stall)
            throws DataConnectionException {
        SocketChannel channel = waiting.get();
        try {
            if (channel == null) {
                throw new ClosedChannelException();
            }
            InetSocketAddress came = proxy.awaitPeer(channel, wait);
            if (came.getAddress() == null || !expected.test(came.getAddress())) {
                String message = "only " + Addresses.text(came) + " connected to " + Addresses.text(address)
                        + " at the proxy, which is not the peer";
                throw failure(Failure.TIMED_OUT, message, came, null);
            }
            peer = came;
            DataConnection connection = new DataConnection(channel, parameters, stall);
            if (!waiting.compareAndSet(channel, null)) {
                connection.abort();
                throw new ClosedChannelException();
            }
            return connection;
        } catch (DataConnectionException stranger) {
            close();
            throw stranger;
        } catch (IOException failed) {
            boolean aborted = waiting.get() == null || Thread.currentThread().isInterrupted();
            close();
            if (aborted) {
                throw failure(Failure.ABORTED, "no longer waiting at the proxy", null, failed);
            }
            Failure why = failed instanceof ProxyException refused ? refused.failure() : Failure.LOST;
            throw failure(why, String.valueOf(failed.getMessage()), null, failed);
        }
    }

    private DataConnectionException failure(
            Failure failure, String message, @Nullable InetSocketAddress stranger, @Nullable IOException cause) {
        return new DataConnectionException(failure, message, address, stranger, cause);
    }

    @Override
    public void close() {
        SocketChannel channel = waiting.getAndSet(null);
        if (channel != null) {
            Tcp.close(channel);
        }
    }
}
