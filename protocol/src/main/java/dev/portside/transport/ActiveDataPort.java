package dev.portside.transport;

import dev.portside.transport.DataConnectionException.Failure;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The side that connects. */
public final class ActiveDataPort implements DataPort {
    private final @Nullable InetSocketAddress local;
    private final InetSocketAddress remote;
    private final @Nullable Proxy proxy;
    /** Whoever takes the channel from here, {@link #open} or {@link #close}, decides what becomes of it. */
    private final AtomicReference<@Nullable SocketChannel> connecting = new AtomicReference<>();

    private volatile boolean closed;

    /**
     * @param local the address to connect from; its port is 0 for any port, or fixed, as 20 on a server (RFC 959 section
     *     3.2): the address is then reused, so that many sessions can connect from it at once. Null: the system chooses.
     * @param remote where the peer listens
     */
    public ActiveDataPort(@Nullable InetSocketAddress local, InetSocketAddress remote) {
        this(local, remote, null);
    }

    /** Through a proxy, which looks up the remote address if that is unresolved. */
    public static ActiveDataPort through(Proxy proxy, InetSocketAddress remote) {
        return new ActiveDataPort(null, remote, proxy);
    }

    private ActiveDataPort(@Nullable InetSocketAddress local, InetSocketAddress remote, @Nullable Proxy proxy) {
        this.local = local;
        this.remote = remote;
        this.proxy = proxy;
    }

    /** Where this side connects to. */
    public InetSocketAddress remote() {
        return remote;
    }

    @Override
    public DataConnection open(TransferParameters parameters, Duration wait, Duration stall)
            throws DataConnectionException {
        try {
            SocketChannel channel = SocketChannel.open();
            connecting.set(channel);
            try {
                DataConnection connection = connect(channel, parameters, wait, stall);
                if (connecting.compareAndSet(channel, null)) {
                    return connection;
                }
                // Closing the port came first, and took the channel with it.
                connection.abort();
                throw new ClosedChannelException();
            } catch (IOException | RuntimeException failed) {
                Tcp.close(channel);
                throw failed;
            }
        } catch (IOException failed) {
            throw explained(failed, wait);
        }
    }

    private DataConnection connect(SocketChannel channel, TransferParameters parameters, Duration wait, Duration stall)
            throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
        if (local != null) {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.bind(local);
        }
        if (proxy == null) {
            channel.socket().connect(remote, Math.clamp(wait.toMillis(), 1, Integer.MAX_VALUE));
        } else {
            proxy.connect(channel, remote, proxy.reach(channel, wait));
        }
        return new DataConnection(channel, parameters, stall);
    }

    private DataConnectionException explained(IOException failed, Duration wait) {
        String to = "to " + Addresses.text(remote);
        // An interrupt closes the channel, which shows as a plain SocketException.
        if (closed || Thread.currentThread().isInterrupted()) {
            return failure(Failure.ABORTED, "connecting " + to + " was given up", failed);
        }
        return switch (failed) {
            case ProxyException refused -> failure(refused.failure(), String.valueOf(refused.getMessage()), refused);
            case SocketTimeoutException late ->
                failure(Failure.TIMED_OUT, "connecting " + to + " had no answer within " + Addresses.text(wait), late);
            case BindException taken ->
                failure(
                        Failure.LOCAL_ADDRESS,
                        "cannot connect from " + (local == null ? "any address" : Addresses.text(local)) + " " + to
                                + ": " + taken.getMessage(),
                        taken);
            case ConnectException refused -> failure(Failure.REFUSED, "the connection " + to + " was refused", refused);
            default -> failure(Failure.UNREACHABLE, "there is no way " + to + ": " + failed.getMessage(), failed);
        };
    }

    private DataConnectionException failure(Failure failure, String message, IOException cause) {
        return new DataConnectionException(failure, message, local, remote, cause);
    }

    @Override
    public void close() {
        closed = true;
        SocketChannel channel = connecting.getAndSet(null);
        if (channel != null) {
            Tcp.close(channel);
        }
    }
}
