package dev.portside.transport;

import dev.portside.protocol.PortRange;
import dev.portside.transport.DataConnectionException.Failure;
import dev.portside.transport.KeptListener.Kept;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A listening socket of its own, that is closed with the data port, or kept for the next one. */
final class OwnDataPort implements PassiveDataPort {
    /** More than one: a stranger may take a place in the queue before the right one comes. */
    private static final int BACKLOG = 16;

    private static final SecureRandom RANDOM = new SecureRandom();

    private enum State {
        LISTENING,
        OPENING,
        OPENED,
        CLOSED
    }

    /** Never blocks but while it is waited for a connection. */
    private final ServerSocketChannel listener;

    private final InetSocketAddress address;
    private final int transfers;
    private final @Nullable KeptListener keeper;
    private final @Nullable ProxiedPeer proxied;
    private final Predicate<InetAddress> expected;
    private final Consumer<InetSocketAddress> stranger;
    private final AtomicReference<State> state = new AtomicReference<>(State.LISTENING);
    /** The connection whose header is awaited. */
    private volatile @Nullable SocketChannel announced;

    OwnDataPort(
            Kept listening,
            @Nullable KeptListener keeper,
            @Nullable ProxiedPeer proxied,
            Predicate<InetAddress> expected,
            Consumer<InetSocketAddress> stranger) {
        this.listener = listening.listener();
        this.address = listening.address();
        this.transfers = listening.transfers();
        this.keeper = keeper;
        this.proxied = proxied;
        this.expected = expected;
        this.stranger = stranger;
    }

    static OwnDataPort listen(
            InetAddress bind,
            PortRange ports,
            @Nullable KeptListener keeper,
            @Nullable ProxiedPeer proxied,
            Predicate<InetAddress> expected,
            Consumer<InetSocketAddress> stranger)
            throws DataConnectionException {
        int start = ports.isAny() ? 0 : RANDOM.nextInt(ports.size());
        for (int i = 0; i < Math.max(1, ports.size()); i++) {
            int port = ports.isAny() ? 0 : ports.first() + (start + i) % ports.size();
            InetSocketAddress address = new InetSocketAddress(bind, port);
            try {
                ServerSocketChannel listener = bound(address);
                if (listener != null) {
                    InetSocketAddress bound = (InetSocketAddress) listener.getLocalAddress();
                    return new OwnDataPort(new Kept(listener, bound, 0), keeper, proxied, expected, stranger);
                }
            } catch (IOException failed) {
                throw new DataConnectionException(
                        Failure.LOCAL_ADDRESS,
                        "cannot listen on " + Addresses.text(address) + ": " + failed.getMessage(),
                        address,
                        null,
                        failed);
            }
        }
        InetSocketAddress address = new InetSocketAddress(bind, 0);
        if (ports.isAny() || !canListenOn(address)) {
            throw new DataConnectionException(
                    Failure.LOCAL_ADDRESS, "cannot listen on " + Addresses.text(address), address, null, null);
        }
        throw new DataConnectionException(
                Failure.NO_FREE_PORT, "every port of " + ports + " is taken", address, null, null);
    }

    /** A port that is taken and an address that is not ours are the same exception: another port tells them apart. */
    private static boolean canListenOn(InetSocketAddress address) {
        try (ServerSocketChannel listener = bound(address)) {
            return listener != null;
        } catch (IOException failed) {
            return false;
        }
    }

    private static @Nullable ServerSocketChannel bound(InetSocketAddress address) throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open();
        try {
            listener.bind(address, BACKLOG);
            listener.configureBlocking(false);
            return listener;
        } catch (BindException taken) {
            listener.close();
            return null;
        } catch (IOException | RuntimeException failed) {
            listener.close();
            throw failed;
        }
    }

    /** Whether nobody is in the queue any more who has come too early to be meant by what listens there next. */
    static boolean empty(ServerSocketChannel listener) {
        try {
            for (int i = 0; i <= BACKLOG; i++) {
                SocketChannel early = listener.accept();
                if (early == null) {
                    return true;
                }
                early.close();
            }
        } catch (IOException failed) {
            // As good a reason to take another one.
        }
        return false;
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    /** Whoever connects here is for this one. */
    @Override
    public boolean isClientSilent(Duration wait) {
        return false;
    }

    @Override
    public DataConnection open(TransferParameters parameters, Duration wait, Duration stall)
            throws DataConnectionException {
        long deadline = System.nanoTime() + wait.toNanos();
        @Nullable InetSocketAddress lastStranger = null;
        try {
            state.updateAndGet(now -> now == State.CLOSED ? now : State.OPENING);
            while (true) {
                SocketChannel accepted = accept(deadline);
                DataConnection connection = ofPeer(accepted, parameters, stall);
                if (connection != null) {
                    state.compareAndSet(State.OPENING, State.OPENED);
                    return connection;
                }
                lastStranger = (InetSocketAddress) accepted.socket().getRemoteSocketAddress();
                if (System.nanoTime() > deadline) {
                    throw new SocketTimeoutException();
                }
            }
        } catch (SocketTimeoutException nobody) {
            Tcp.close(listener);
            String message = "nobody connected to " + Addresses.text(address) + " within " + Addresses.text(wait)
                    + (lastStranger == null
                            ? ""
                            : ", only " + Addresses.text(lastStranger) + ", which is not the peer");
            throw new DataConnectionException(Failure.TIMED_OUT, message, address, lastStranger, nobody);
        } catch (IOException failed) {
            // Closing the listener, and an interrupt, show as plain exceptions when they happen between two calls.
            boolean aborted = isClosed() || Thread.currentThread().isInterrupted();
            Tcp.close(listener);
            throw new DataConnectionException(
                    aborted ? Failure.ABORTED : Failure.LOST,
                    (aborted ? "no longer listening on " : "cannot accept on ") + Addresses.text(address),
                    address,
                    null,
                    failed);
        }
    }

    private boolean isClosed() {
        return state.get() == State.CLOSED;
    }

    /** Who is in the queue, as mostly the client is by now; or who comes in time. */
    private SocketChannel accept(long deadline) throws IOException {
        SocketChannel early = listener.accept();
        if (early != null) {
            return early;
        }
        listener.configureBlocking(true);
        listener.socket().setSoTimeout(Math.clamp((deadline - System.nanoTime()) / 1_000_000, 1, Integer.MAX_VALUE));
        SocketChannel accepted = listener.socket().accept().getChannel();
        try {
            listener.configureBlocking(false);
            return accepted;
        } catch (IOException closed) {
            accepted.close();
            throw closed;
        }
    }

    /** Null if it was a stranger, who is then gone. */
    private @Nullable DataConnection ofPeer(SocketChannel accepted, TransferParameters parameters, Duration stall)
            throws IOException {
        try {
            InetSocketAddress peer = peer(accepted);
            if (peer != null && expected.test(peer.getAddress())) {
                return DataConnection.accepted(accepted, peer).becoming(parameters, stall);
            }
            accepted.close();
            if (peer != null) {
                stranger.accept(peer);
            }
            return null;
        } catch (IOException | RuntimeException failed) {
            accepted.close();
            throw failed;
        }
    }

    /** Whose connection it is; null for one of a proxy that does not tell. */
    private @Nullable InetSocketAddress peer(SocketChannel accepted) throws IOException {
        InetSocketAddress from = (InetSocketAddress) accepted.getRemoteAddress();
        ProxiedPeer proxy = proxied;
        if (proxy == null || !proxy.isExpected(from.getAddress())) {
            return from;
        }
        announced = accepted;
        try {
            return isClosed() ? null : proxy.peer(accepted);
        } catch (IOException none) {
            return null;
        } finally {
            announced = null;
        }
    }

    @Override
    public void close() {
        KeptListener next = keeper;
        State before = state.getAndSet(State.CLOSED);
        if (before == State.OPENED && next != null) {
            next.giveBack(new Kept(listener, address, transfers + 1));
        } else if (before != State.CLOSED) {
            Tcp.close(listener);
        }
        SocketChannel waitedFor = announced;
        if (waitedFor != null) {
            Tcp.close(waitedFor);
        }
    }
}
