package dev.portside.transport;

import dev.portside.protocol.PortRange;
import java.io.Closeable;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The listening socket of one session's last transfer, kept for its next one while the session is busy. To bind and to listen
 * takes longer than to send a small file; and of a thousand ports whose connections have just ended the kernel finds a free
 * one only after a long search.
 *
 * <p>It is kept for a burst of transfers only: nobody is to know for long where the next one will be (RFC 2577 section 4).
 */
public final class KeptListener implements Closeable {
    private static final int MOST_TRANSFERS = 100;

    private final AtomicReference<@Nullable Kept> kept = new AtomicReference<>();
    private volatile boolean keeping;

    /**
     * A listening socket.
     *
     * @param address where it listens
     * @param transfers how many it was for
     */
    record Kept(ServerSocketChannel listener, InetSocketAddress address, int transfers) {}

    /** As {@link PassiveDataPort#listen}, on a port that the kernel has picked. */
    public PassiveDataPort listen(
            InetAddress bind,
            ProxiedPeer proxied,
            Predicate<InetAddress> expected,
            Consumer<InetSocketAddress> stranger)
            throws DataConnectionException {
        keeping = true;
        Kept last = kept.getAndSet(null);
        if (last != null) {
            if (last.address.getAddress().equals(bind) && OwnDataPort.empty(last.listener)) {
                return new OwnDataPort(last, this, proxied, expected, stranger);
            }
            Tcp.close(last.listener);
        }
        return OwnDataPort.listen(bind, PortRange.ANY, this, proxied, expected, stranger);
    }

    /** Takes a listening socket back from a transfer that has got its connection. */
    void giveBack(Kept last) {
        Kept other = last.transfers < MOST_TRANSFERS ? kept.getAndSet(last) : last;
        if (other != null) {
            Tcp.close(other.listener);
        }
        if (!keeping) {
            close();
        }
    }

    /** Keeps none, until the next one is asked for. */
    @Override
    public void close() {
        keeping = false;
        Kept last = kept.getAndSet(null);
        if (last != null) {
            Tcp.close(last.listener);
        }
    }
}
