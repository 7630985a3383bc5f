package dev.portside.transport;

import dev.portside.transport.DataConnectionException.Failure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One listening socket of {@link SharedDataPorts}, who waits there, and who has come. Everything under the one lock. */
final class SharedPort {
    /** Many clients may come at once; the kernel allows so many where nobody has changed it. */
    private static final int BACKLOG = 4_096;

    private static final int ACCEPTED_AT_ONCE = 64;
    /** Beside two for each session that shares the port: behind a wrong connection the right one is to have room. */
    private static final int SPARE_UNRECOGNISED = 16;

    private final ServerSocketChannel listener;
    private final InetSocketAddress address;
    private final ReentrantLock lock;
    private final @Nullable ProxiedPeer proxied;

    private final List<ReservedDataPort> reservations = new ArrayList<>();
    private final List<Unrecognised> unrecognised = new ArrayList<>();
    private final Set<SocketChannel> behindHeader = new HashSet<>();
    /** Counts reservations and connections, in the order they came: who was here first was not made for who came later. */
    private long lastNumber;

    private boolean closed;

    /** A connection that is to show whose it is. */
    static final class Unrecognised {
        private final DataConnection connection;
        private final long number;
        private boolean speaks;
        private boolean settled;

        private Unrecognised(DataConnection connection, long number) {
            this.connection = connection;
            this.number = number;
        }

        boolean isSettled() {
            return settled;
        }

        /** Whether the client has begun its handshake. */
        boolean speaks() {
            return speaks || connection.hasArrived();
        }
    }

    private SharedPort(ServerSocketChannel listener, ReentrantLock lock, @Nullable ProxiedPeer proxied)
            throws IOException {
        this.listener = listener;
        this.address = (InetSocketAddress) listener.getLocalAddress();
        this.lock = lock;
        this.proxied = proxied;
    }

    static SharedPort listen(
            InetSocketAddress address, Selector selector, ReentrantLock lock, @Nullable ProxiedPeer proxied)
            throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open();
        try {
            listener.bind(address, BACKLOG);
            listener.configureBlocking(false);
            SharedPort port = new SharedPort(listener, lock, proxied);
            listener.register(selector, SelectionKey.OP_ACCEPT, port);
            return port;
        } catch (IOException | RuntimeException failed) {
            listener.close();
            throw failed;
        }
    }

    InetSocketAddress address() {
        return address;
    }

    ReentrantLock lock() {
        return lock;
    }

    // Reservations

    int reserved() {
        return reservations.size();
    }

    boolean isFree(DataPeer peer) {
        return reservations.stream().allMatch(other -> other.peer().isApartFrom(peer));
    }

    /** Whether all who may get the same client's connections can be told apart by what these show. */
    boolean isSharedBy(DataPeer peer, DataProof proof) {
        return reservations.stream().allMatch(other -> other.peer().isApartFrom(peer) || other.isToldFrom(proof));
    }

    ReservedDataPort reserve(DataPeer peer, @Nullable DataProof proof, Consumer<InetSocketAddress> stranger) {
        // Whoever is in the queue has come before anybody could know of this reservation.
        accept(BACKLOG);
        ReservedDataPort reserved = new ReservedDataPort(this, ++lastNumber, peer, proof, stranger);
        reservations.add(reserved);
        return reserved;
    }

    void release(ReservedDataPort reserved) {
        reservations.remove(reserved);
        for (Unrecognised each : unrecognised) {
            if (expecting(each.connection, each.number).isEmpty()) {
                // Its thread wakes up, and closes it.
                each.connection.abort();
            }
        }
    }

    private List<ReservedDataPort> expecting(DataConnection connection, long number) {
        InetAddress from = connection.remoteAddress().getAddress();
        return reservations.stream()
                .filter(each -> each.number() < number && each.peer().test(from))
                .toList();
    }

    /** The connections that may be those of a reservation. */
    List<Unrecognised> unrecognised(ReservedDataPort reserved) {
        return unrecognised.stream()
                .filter(each -> reserved.number() < each.number
                        && reserved.peer().test(each.connection.remoteAddress().getAddress()))
                .toList();
    }

    // Accepting

    /** Takes in some of those who have connected; false if that failed: out of file descriptors, mostly. */
    boolean acceptSome() {
        lock.lock();
        try {
            return accept(ACCEPTED_AT_ONCE);
        } finally {
            lock.unlock();
        }
    }

    /** Takes in all of those who have connected. */
    void acceptAll() {
        accept(BACKLOG);
    }

    private boolean accept(int most) {
        try {
            for (int i = 0; i < most && !closed; i++) {
                SocketChannel channel = listener.accept();
                if (channel == null) {
                    break;
                }
                arrived(channel);
            }
            return true;
        } catch (IOException failed) {
            return closed;
        }
    }

    private void arrived(SocketChannel channel) {
        long number = ++lastNumber;
        try {
            InetSocketAddress from = (InetSocketAddress) channel.getRemoteAddress();
            ProxiedPeer proxy = proxied;
            if (proxy != null && proxy.isExpected(from.getAddress())) {
                behindHeader.add(channel);
                Thread.ofVirtual().name("portside-proxy-header").start(() -> readHeader(proxy, channel, number));
            } else {
                arrived(DataConnection.accepted(channel, from), number);
            }
        } catch (IOException gone) {
            Tcp.close(channel);
        }
    }

    private void readHeader(ProxiedPeer proxy, SocketChannel channel, long number) {
        @Nullable InetSocketAddress peer = null;
        try {
            peer = proxy.peer(channel);
        } catch (IOException none) {
            // Who does not say whose it is, is nobody's.
        }
        lock.lock();
        try {
            behindHeader.remove(channel);
            if (peer == null || closed) {
                Tcp.close(channel);
            } else {
                arrived(DataConnection.accepted(channel, peer), number);
            }
        } catch (IOException gone) {
            Tcp.close(channel);
        } finally {
            lock.unlock();
        }
    }

    private void arrived(DataConnection connection, long number) {
        List<ReservedDataPort> expecting = expecting(connection, number);
        if (expecting.isEmpty()) {
            connection.close();
            if (!reservations.isEmpty()) {
                reservations.getFirst().stranger(connection.remoteAddress());
            }
            return;
        }
        // Only with proofs there are several; and who is alone now may be joined by another one.
        ReservedDataPort first = expecting.getFirst();
        DataProof proof = first.proof();
        if (proof == null) {
            first.park(connection);
        } else {
            recognise(new Unrecognised(connection, number), proof);
            expecting.forEach(ReservedDataPort::signal);
        }
    }

    // Recognising

    private void recognise(Unrecognised arrived, DataProof proof) {
        if (unrecognised.size() >= 2 * reservations.size() + SPARE_UNRECOGNISED) {
            unrecognised.stream().filter(each -> !each.speaks()).findFirst().ifPresent(each -> each.connection.abort());
        }
        unrecognised.add(arrived);
        Thread.ofVirtual().name("portside-recognise").start(() -> shakeHands(arrived, proof));
    }

    private void shakeHands(Unrecognised arrived, DataProof proof) {
        @Nullable String shown = null;
        @Nullable DataConnectionException refused = null;
        try {
            if (arrived.connection.awaitFirst()) {
                speaks(arrived);
                shown = proof.shown(arrived.connection);
            }
        } catch (DataConnectionException failed) {
            refused = arrived.speaks && failed.failure() != Failure.ABORTED ? failed : null;
        } finally {
            if (!settle(arrived, shown, refused)) {
                // Not reset: the alert that says why, and the end of a handshake, are to arrive.
                arrived.connection.close();
            }
        }
    }

    private void speaks(Unrecognised arrived) {
        lock.lock();
        try {
            arrived.speaks = true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Hands a connection to the reservation whose it is.
     *
     * @param shown the marker of the session that it resumes; null if it shows none
     * @param refused why it shows none; null if it ended
     * @return false if it is nobody's
     */
    private boolean settle(Unrecognised arrived, @Nullable String shown, @Nullable DataConnectionException refused) {
        lock.lock();
        try {
            arrived.settled = true;
            unrecognised.remove(arrived);
            List<ReservedDataPort> expecting = expecting(arrived.connection, arrived.number);
            expecting.forEach(ReservedDataPort::signal);
            for (ReservedDataPort each : expecting) {
                if (shown != null && each.isShown(shown)) {
                    each.park(arrived.connection);
                    return true;
                }
            }
            if (shown == null && refused != null && expecting.size() == 1) {
                expecting.getFirst().refused(refused);
            } else if (shown != null || refused != null) {
                refuse(
                        arrived.connection,
                        expecting,
                        refused == null ? arrived.connection.wrongSession("another TLS session") : refused);
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Of somebody who is not among those that wait, or of nobody knows whom. */
    private static void refuse(
            DataConnection connection, List<ReservedDataPort> expecting, DataConnectionException why) {
        expecting.forEach(each -> each.perhapsRefused(why));
        DataProof proof = expecting.isEmpty() ? null : expecting.getFirst().proof();
        if (proof != null) {
            proof.refused(connection, why);
        }
    }

    // The end

    void close() {
        closed = true;
        Tcp.close(listener);
        behindHeader.forEach(Tcp::close);
        List.copyOf(reservations).forEach(ReservedDataPort::close);
    }
}
