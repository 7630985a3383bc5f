package dev.portside.transport;

import dev.portside.protocol.HostPort;
import dev.portside.protocol.PortRange;
import dev.portside.transport.DataConnectionException.Failure;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.Selector;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The listening sockets of a server's passive ports: opened once, and shared by all sessions.
 *
 * <ol>
 *   <li>{@link #open} listens on every port there is to have; {@link #missing} names the others.
 *   <li>{@link #reserve} gives a session a place at one of them: a port and the addresses of the client. So each port serves
 *       as many sessions as there are clients that can be told apart, see {@link DataPeer}. Sessions of one client address
 *       get different ports while there are any; then those that have a {@link DataProof} share them.
 *   <li>A connection is for the session whose client it comes from, even if that has not asked for a transfer yet. One that
 *       nobody expects is closed, and told to a session that waits on that port.
 *   <li>{@link #close} closes all of them.
 * </ol>
 */
public final class SharedDataPorts implements Closeable {
    /** Listening sockets for each local address; more ports than sessions serve nobody. */
    public static final int MAX_PORTS = 4_096;

    private static final long PAUSE_AFTER_FAILED_ACCEPT_NANOS = 50_000_000;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final List<PortRange> ranges;
    private final @Nullable ProxiedPeer proxied;
    private final Selector selector;
    private final Thread acceptor;

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<InetAddress, List<SharedPort>> listening = new LinkedHashMap<>();
    private final List<InetSocketAddress> missing = new ArrayList<>();
    private long refused;
    private boolean closed;

    private SharedDataPorts(List<PortRange> ranges, @Nullable ProxiedPeer proxied) throws IOException {
        this.ranges = List.copyOf(ranges);
        this.proxied = proxied;
        this.selector = Selector.open();
        this.acceptor =
                Thread.ofPlatform().name("portside-data-accept").daemon().unstarted(this::accept);
    }

    /**
     * Listens on every port of the ranges that is free, on {@value #MAX_PORTS} of them at most.
     *
     * @param addresses where to listen; if one of them is the wildcard address, there only
     * @param proxied tells whose the connections of proxies are; null if there are none
     * @throws IOException if not a single port can be had on one of the addresses; then it listens nowhere
     */
    public static SharedDataPorts open(
            Collection<InetAddress> addresses, List<PortRange> ranges, @Nullable ProxiedPeer proxied)
            throws IOException {
        SharedDataPorts ports = new SharedDataPorts(ranges, proxied);
        try {
            for (InetAddress address : withoutOthers(addresses)) {
                ports.listen(address);
            }
        } catch (IOException | RuntimeException failed) {
            ports.close();
            throw failed;
        }
        ports.acceptor.start();
        return ports;
    }

    private static Collection<InetAddress> withoutOthers(Collection<InetAddress> addresses) {
        return addresses.stream()
                .filter(InetAddress::isAnyLocalAddress)
                .findFirst()
                .<Collection<InetAddress>>map(List::of)
                .orElse(addresses);
    }

    private List<SharedPort> listen(InetAddress address) throws IOException {
        List<SharedPort> opened = listening.get(address);
        if (opened != null) {
            return opened;
        }
        opened = new ArrayList<>();
        List<InetSocketAddress> taken = new ArrayList<>();
        @Nullable IOException last = null;
        for (int port : shuffled()) {
            InetSocketAddress at = new InetSocketAddress(address, port);
            try {
                opened.add(SharedPort.listen(at, selector, lock, proxied));
            } catch (IOException failed) {
                last = failed;
                taken.add(at);
            }
            if (opened.size() == MAX_PORTS) {
                break;
            }
        }
        if (last != null && opened.isEmpty()) {
            throw new IOException(
                    "no passive port of " + text() + " can be had on " + HostPort.numeric(address) + ": "
                            + last.getMessage() + ", choose other passive ports",
                    last);
        }
        listening.put(address, opened);
        missing.addAll(taken);
        selector.wakeup();
        return opened;
    }

    private String text() {
        return String.join(", ", ranges.stream().map(PortRange::toString).toList());
    }

    private List<Integer> shuffled() {
        TreeSet<Integer> ports = new TreeSet<>();
        for (PortRange range : ranges) {
            for (int port = range.first(); port <= range.last(); port++) {
                ports.add(port);
            }
        }
        List<Integer> shuffled = new ArrayList<>(ports);
        Collections.shuffle(shuffled, RANDOM);
        return shuffled;
    }

    // Reservations

    /**
     * Reserves a place at a port, picked at random (RFC 2577 section 4) among those that are free for this client.
     *
     * @param local where the client will connect to; it is listened there from now on, if it was not
     * @param peer from where connections may come
     * @param proof by which the session knows its connections if others share the port; null for a session that does not
     * @param stranger told of connections to the port that nobody expects, up to a number; they were closed. Must not block.
     * @throws DataConnectionException {@link Failure#NO_FREE_PORT} when all are taken for this client, {@link
     *     Failure#LOCAL_ADDRESS} when this host cannot listen there
     */
    public PassiveDataPort reserve(
            InetAddress local, DataPeer peer, @Nullable DataProof proof, Consumer<InetSocketAddress> stranger)
            throws DataConnectionException {
        lock.lock();
        try {
            List<SharedPort> ports = portsAt(local);
            int start = RANDOM.nextInt(ports.size());
            SharedPort free = first(ports, start, port -> port.isFree(peer));
            if (free == null && proof != null) {
                free = first(ports, start, port -> port.isSharedBy(peer, proof));
            }
            if (free != null) {
                return free.reserve(peer, proof, stranger);
            }
            refused++;
            String message = "every passive port is taken for this client (" + ports.size() + " of " + text() + ")";
            throw new DataConnectionException(
                    Failure.NO_FREE_PORT, message, new InetSocketAddress(local, 0), null, null);
        } finally {
            lock.unlock();
        }
    }

    private List<SharedPort> portsAt(InetAddress local) throws DataConnectionException {
        InetSocketAddress at = new InetSocketAddress(local, 0);
        if (closed) {
            throw new DataConnectionException(Failure.ABORTED, "the passive ports are closed", at, null, null);
        }
        for (Map.Entry<InetAddress, List<SharedPort>> each : listening.entrySet()) {
            if (each.getKey().isAnyLocalAddress()) {
                return each.getValue();
            }
        }
        try {
            return listen(local);
        } catch (IOException failed) {
            throw new DataConnectionException(
                    Failure.LOCAL_ADDRESS, String.valueOf(failed.getMessage()), at, null, failed);
        }
    }

    private static @Nullable SharedPort first(List<SharedPort> ports, int start, Predicate<SharedPort> wanted) {
        for (int i = 0; i < ports.size(); i++) {
            SharedPort port = ports.get((start + i) % ports.size());
            if (wanted.test(port)) {
                return port;
            }
        }
        return null;
    }

    // Accepting

    private void accept() {
        while (selector.isOpen()) {
            try {
                selector.select(key -> {
                    if (key.attachment() instanceof SharedPort port && !port.acceptSome()) {
                        LockSupport.parkNanos(PAUSE_AFTER_FAILED_ACCEPT_NANOS);
                    }
                });
            } catch (ClosedSelectorException over) {
                return;
            } catch (IOException failed) {
                LockSupport.parkNanos(PAUSE_AFTER_FAILED_ACCEPT_NANOS);
            }
        }
    }

    // The admin view

    /** On how many ports it listens. */
    public int size() {
        lock.lock();
        try {
            return listening.values().stream().mapToInt(List::size).sum();
        } finally {
            lock.unlock();
        }
    }

    /** The ports of the ranges that could not be had, mostly because another process listens there. */
    public List<InetSocketAddress> missing() {
        lock.lock();
        try {
            return List.copyOf(missing);
        } finally {
            lock.unlock();
        }
    }

    /** How many data ports are reserved now. */
    public int reserved() {
        lock.lock();
        try {
            return listening.values().stream()
                    .flatMap(List::stream)
                    .mapToInt(SharedPort::reserved)
                    .sum();
        } finally {
            lock.unlock();
        }
    }

    /** How often all ports were taken for a client: {@link Failure#NO_FREE_PORT}. */
    public long refused() {
        lock.lock();
        try {
            return refused;
        } finally {
            lock.unlock();
        }
    }

    /** Closes every port and what waits there; connections that were opened stay. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            listening.values().forEach(ports -> ports.forEach(SharedPort::close));
            listening.clear();
        } finally {
            lock.unlock();
        }
        try {
            selector.close();
            acceptor.join();
        } catch (IOException alreadyClosed) {
            // Closed is what it was to be.
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }
}
