package dev.portside.transport;

import dev.portside.transport.DataConnectionException.Failure;
import dev.portside.transport.SharedPort.Unrecognised;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A place at a {@link SharedPort}, for the connections of one client. */
final class ReservedDataPort implements PassiveDataPort {
    /** Connections that wait to be opened: the one that is right, behind some that are not. */
    private static final int MAX_PARKED = 8;
    /** A scan must not flood the log. */
    private static final int MAX_STRANGERS_TOLD = 10;

    /** For a handshake that may be this client's, before it is taken for one that waits for 150. */
    private static final long HANDSHAKE_PATIENCE_NANOS = 2_000_000_000;

    private final SharedPort port;
    private final long number;
    private final DataPeer peer;
    private final @Nullable DataProof proof;
    private final Consumer<InetSocketAddress> stranger;

    private final ReentrantLock lock;
    private final Condition changed;
    private final ArrayDeque<Parked> parked = new ArrayDeque<>();
    private int strangers;
    private @Nullable InetSocketAddress lastStranger;
    private @Nullable DataConnectionException lastRefused;
    private boolean closed;

    /** A connection, or why there is none. */
    private record Parked(
            @Nullable DataConnection connection, @Nullable DataConnectionException refused) {}

    ReservedDataPort(
            SharedPort port,
            long number,
            DataPeer peer,
            @Nullable DataProof proof,
            Consumer<InetSocketAddress> stranger) {
        this.port = port;
        this.number = number;
        this.peer = peer;
        this.proof = proof;
        this.stranger = stranger;
        this.lock = port.lock();
        this.changed = lock.newCondition();
    }

    // For the port, under its lock

    long number() {
        return number;
    }

    DataPeer peer() {
        return peer;
    }

    @Nullable
    DataProof proof() {
        return proof;
    }

    /** Whether what connections show tells those of this one from those of another. */
    boolean isToldFrom(DataProof other) {
        return proof != null
                && proof.group().equals(other.group())
                && !proof.marker().equals(other.marker());
    }

    boolean isShown(String marker) {
        return proof != null && proof.marker().equals(marker);
    }

    void signal() {
        changed.signalAll();
    }

    /** Keeps a connection until it is opened. */
    void park(DataConnection connection) {
        if (parked.size() == MAX_PARKED) {
            drop(connection);
        } else {
            parked.add(new Parked(connection, null));
            signal();
        }
    }

    /** The connection that must have been this one's is none. */
    void refused(DataConnectionException why) {
        if (parked.size() < MAX_PARKED) {
            parked.add(new Parked(null, why));
            signal();
        }
    }

    /** A connection that may have been this one's is nobody's. */
    void perhapsRefused(DataConnectionException why) {
        lastRefused = why;
    }

    void stranger(InetSocketAddress from) {
        lastStranger = from;
        if (++strangers <= MAX_STRANGERS_TOLD) {
            stranger.accept(from);
        }
    }

    private static void drop(DataConnection connection) {
        if (connection.tlsSession() != null) {
            // To say so by TLS would take its time.
            connection.abort();
        }
        connection.close();
    }

    // For the session

    @Override
    public InetSocketAddress address() {
        return port.address();
    }

    @Override
    public boolean isClientSilent(Duration wait) throws DataConnectionException {
        if (proof == null) {
            return false;
        }
        long now = System.nanoTime();
        long deadline = now + wait.toNanos();
        long patience = now + Math.min(wait.toNanos(), HANDSHAKE_PATIENCE_NANOS);
        lock.lock();
        try {
            port.acceptAll();
            // Who has begun its handshake by now does not wait for 150.
            List<Unrecognised> ahead = new ArrayList<>(port.unrecognised(this));
            ahead.removeIf(each -> !each.speaks());
            while (!closed && parked.isEmpty()) {
                ahead.removeIf(Unrecognised::isSettled);
                now = System.nanoTime();
                boolean waiting = !ahead.isEmpty() && now < patience;
                if (!waiting && !port.unrecognised(this).isEmpty()) {
                    return true;
                }
                if (now >= deadline) {
                    throw nobody(wait);
                }
                changed.awaitNanos((waiting ? patience : deadline) - now);
            }
            return false;
        } catch (InterruptedException stop) {
            throw interrupted();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public DataConnection open(TransferParameters parameters, Duration wait, Duration stall)
            throws DataConnectionException {
        long left = wait.toNanos();
        lock.lock();
        try {
            while (!closed) {
                Parked next = parked.poll();
                if (next != null && next.connection != null) {
                    return next.connection.becoming(parameters, stall);
                }
                if (next != null && next.refused != null) {
                    throw next.refused;
                }
                if (left <= 0) {
                    throw nobody(wait);
                }
                left = changed.awaitNanos(left);
            }
            throw aborted();
        } catch (InterruptedException stop) {
            throw interrupted();
        } finally {
            lock.unlock();
        }
    }

    private DataConnectionException aborted() {
        String message = "no longer listening on " + Addresses.text(address());
        return new DataConnectionException(Failure.ABORTED, message, address(), null, null);
    }

    private DataConnectionException interrupted() {
        Thread.currentThread().interrupt();
        close();
        return aborted();
    }

    /** With the cause, if it is likely to be one, that a connection was refused. */
    private DataConnectionException nobody(Duration wait) {
        close();
        InetSocketAddress last = lastStranger;
        String message = "nobody connected to " + Addresses.text(address()) + " within " + Addresses.text(wait)
                + (last == null ? "" : ", only " + Addresses.text(last) + ", which is not the peer");
        return new DataConnectionException(Failure.TIMED_OUT, message, address(), last, lastRefused);
    }

    /** Frees the place at once, and closes what waits there. */
    @Override
    public void close() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            port.release(this);
            parked.forEach(each -> {
                if (each.connection != null) {
                    drop(each.connection);
                }
            });
            parked.clear();
            signal();
        } finally {
            lock.unlock();
        }
    }
}
