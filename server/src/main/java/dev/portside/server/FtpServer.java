package dev.portside.server;

import dev.portside.server.control.Endpoints;
import dev.portside.server.control.Events;
import dev.portside.server.control.ExternalAddresses;
import dev.portside.server.control.FailedLogins;
import dev.portside.server.control.IdleSessions;
import dev.portside.server.control.PassivePorts;
import dev.portside.server.control.Proxies;
import dev.portside.server.control.ServerPI;
import dev.portside.server.control.ServerParts;
import dev.portside.server.control.Session;
import dev.portside.server.control.SessionThreads;
import dev.portside.server.control.SessionTls;
import dev.portside.server.control.Sessions;
import dev.portside.server.storage.OpenStores;
import dev.portside.server.tls.ServerTls;
import dev.portside.transport.Addresses;
import dev.portside.transport.ControlConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * An FTP server (RFC 959 and its successors), in the clear and under TLS (RFC 4217).
 *
 * <ol>
 *   <li>Make it from {@link FtpServerOptions}.
 *   <li>{@link #start}: it listens when that returns.
 *   <li>{@link #address} tells where; {@link #sessions} tells who is there.
 *   <li>{@link #close}: it takes no new sessions, lets transfers finish for {@link FtpServerOptions.Builder#closeGrace}, and
 *       leaves no thread and no socket behind.
 * </ol>
 */
public final class FtpServer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("dev.portside.server");

    /** Many clients may come at once; with a small queue some of them wait for a greeting that never comes. */
    private static final int BACKLOG = 1024;

    /** What a session that is ended may still need, beyond the grace that it was given. */
    private static final Duration LAST_WAIT = Duration.ofSeconds(5);

    private static final int FIRST_UNPRIVILEGED_PORT = 1024;

    private static final long PAUSE_AFTER_FAILED_ACCEPT_NANOS = 50_000_000;

    private final FtpServerOptions options;
    private final ServerParts parts;
    private final AtomicLong lastId = new AtomicLong();
    private @Nullable ServerTls tls;
    private final List<ServerSocketChannel> listeners = new ArrayList<>();
    private final List<InetSocketAddress> addresses = new ArrayList<>();
    private final List<Thread> acceptors = new ArrayList<>();

    private enum State {
        NEW,
        STARTED,
        CLOSED
    }

    private final ReentrantLock lock = new ReentrantLock();
    private State state = State.NEW;

    public FtpServer(FtpServerOptions options) {
        this.options = options;
        Sessions sessions = new Sessions(options);
        Events events = new Events(options, sessions);
        Proxies proxies = new Proxies(options.network(), events);
        SessionThreads threads = new SessionThreads();
        this.parts = new ServerParts(
                options,
                events,
                sessions,
                new IdleSessions(threads),
                new OpenStores(),
                new FailedLogins(options),
                new PassivePorts(options.network(), proxies, events::warn),
                new ExternalAddresses(options.network(), events::warn, InetAddress::getAllByName),
                proxies,
                threads);
    }

    /**
     * Listens on every address of the options, and on the passive ports, as far as they are free: {@link #passivePorts} tells
     * which are not.
     *
     * @throws IOException if one of the addresses or not a single passive port can be listened on, a certificate cannot be used,
     *     or active connections cannot come from their port: it says which and why; then it listens nowhere
     * @throws IllegalStateException if it was started before
     */
    public void start() throws IOException {
        lock.lock();
        try {
            if (state != State.NEW) {
                throw new IllegalStateException("a server starts once");
            }
            state = State.STARTED;
            tls = options.tls() == null ? null : options.tls().open();
            for (ListenAddress each : options.listenOn()) {
                listen(each.address());
            }
            checkActiveSourcePort();
            parts.passivePorts()
                    .open(addresses.stream().map(InetSocketAddress::getAddress).toList());
            parts.idleSessions().start();
            parts.events().start();
            parts.externalAddresses().start();
            for (int i = 0; i < listeners.size(); i++) {
                ServerSocketChannel listener = listeners.get(i);
                ListenAddress where = options.listenOn().get(i);
                acceptors.add(
                        Thread.ofPlatform().daemon().name("portside-accept").start(() -> accept(listener, where)));
            }
        } catch (IOException failed) {
            closeListeners();
            parts.passivePorts().close();
            closeTls();
            throw failed;
        } finally {
            lock.unlock();
        }
    }

    private void listen(InetSocketAddress address) throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open();
        listeners.add(listener);
        try {
            listener.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            listener.bind(address, BACKLOG);
        } catch (IOException failed) {
            throw unusable("cannot listen on " + Addresses.text(address), address, failed);
        }
        addresses.add((InetSocketAddress) listener.getLocalAddress());
    }

    /** Whether this process may connect from the port: of the active transfers each one would fail otherwise. */
    private void checkActiveSourcePort() throws IOException {
        int port = options.network().activeSourcePort();
        if (port == 0 || !options.network().activeMode()) {
            return;
        }
        for (InetSocketAddress each : addresses) {
            InetSocketAddress from = new InetSocketAddress(each.getAddress(), port);
            try (SocketChannel tried = SocketChannel.open()) {
                tried.setOption(StandardSocketOptions.SO_REUSEADDR, true);
                tried.bind(from);
            } catch (IOException failed) {
                throw unusable("cannot connect from " + Addresses.text(from) + " in active mode", from, failed);
            }
        }
    }

    private static IOException unusable(String what, InetSocketAddress address, IOException failed) {
        boolean privileged = address.getPort() > 0 && address.getPort() < FIRST_UNPRIVILEGED_PORT;
        String advice =
                privileged ? "; a port below 1024 needs CAP_NET_BIND_SERVICE" : ", choose another port or address";
        return new IOException(what + ": " + failed.getMessage() + advice, failed);
    }

    private void accept(ServerSocketChannel listener, ListenAddress where) {
        while (listener.isOpen()) {
            try {
                begin(listener.accept(), where);
            } catch (ClosedChannelException closed) {
                return;
            } catch (IOException | OutOfMemoryError failed) {
                // Out of file descriptors or threads, mostly: the next connection waits in the queue until there is
                // one.
                LOG.log(System.Logger.Level.WARNING, "cannot accept a connection", failed);
                LockSupport.parkNanos(PAUSE_AFTER_FAILED_ACCEPT_NANOS);
            }
        }
    }

    private void begin(SocketChannel channel, ListenAddress where) throws IOException {
        try {
            parts.threads().begin(() -> serve(channel, where));
        } catch (RuntimeException | Error noThread) {
            channel.close();
            throw noThread;
        }
    }

    private void serve(SocketChannel channel, ListenAddress where) {
        try {
            session(channel, where).run();
        } catch (IOException gone) {
            // The client went before the greeting; there is nobody to tell.
        }
    }

    private ServerPI session(SocketChannel channel, ListenAddress where) throws IOException {
        try {
            Endpoints ends = parts.proxies().endpoints(channel);
            ControlConnection control =
                    new ControlConnection(channel, options.nameCharset(), options.maxLine(), options.replyStall());
            SessionTls secured = new SessionTls(control, where, options.tls(), tls);
            return new ServerPI(lastId.incrementAndGet(), control, ends, secured, parts);
        } catch (IOException | RuntimeException | Error failed) {
            channel.close();
            throw failed;
        }
    }

    /** Where the first listener listens; its port is the real one where 0 was asked for. */
    public InetSocketAddress address() {
        return addresses().getFirst();
    }

    /**
     * Where the listeners listen, in the order of the options.
     *
     * @throws IllegalStateException if the server was not started
     */
    public List<InetSocketAddress> addresses() {
        lock.lock();
        try {
            if (addresses.isEmpty()) {
                throw new IllegalStateException("the server was not started");
            }
            return List.copyOf(addresses);
        } finally {
            lock.unlock();
        }
    }

    /** The certificates that it shows now, the usual one first; none without TLS, and before {@link #start}. */
    public List<CertificateStatus> certificates() {
        lock.lock();
        try {
            ServerTls open = tls;
            return open == null
                    ? List.of()
                    : open.identities().stream()
                            .map(identity -> CertificateStatus.of(identity.leaf()))
                            .toList();
        } finally {
            lock.unlock();
        }
    }

    /** The passive ports, and how often there were too few of them. */
    public PassivePortsStatus passivePorts() {
        return parts.passivePorts().status();
    }

    /** The sessions there are, in the order they were opened. */
    public List<SessionStatus> sessions() {
        return parts.sessions().all().stream().map(Session::status).toList();
    }

    /**
     * Stops: no new sessions; sessions without a transfer get 421 at once, the others when their transfer ends; what is left
     * after the grace is cut off. Returns when all is over. Does nothing the second time.
     */
    @Override
    public void close() {
        lock.lock();
        try {
            if (state == State.CLOSED) {
                return;
            }
            state = State.CLOSED;
            closeListeners();
        } finally {
            lock.unlock();
        }
        // Until the thread that accepts has seen it, the kernel still takes connections.
        awaitAcceptors();
        boolean interrupted = false;
        List<ServerPI> open = parts.sessions().close();
        for (ServerPI session : open) {
            // A client that does not read must not keep the others from being told.
            Thread.startVirtualThread(session::stop);
        }
        try {
            parts.sessions().awaitEmpty(options.closeGrace());
        } catch (InterruptedException hurry) {
            interrupted = true;
        }
        open.forEach(ServerPI::kill);
        try {
            if (!parts.sessions().awaitEmpty(LAST_WAIT)) {
                LOG.log(System.Logger.Level.WARNING, "a session did not end when the server was closed");
            }
            if (!parts.threads().close(LAST_WAIT)) {
                LOG.log(System.Logger.Level.WARNING, "a transfer did not end when the server was closed");
            }
            parts.idleSessions().close(LAST_WAIT);
            parts.externalAddresses().close();
            parts.events().close(LAST_WAIT);
        } catch (InterruptedException hurry) {
            interrupted = true;
        }
        parts.passivePorts().close();
        closeTls();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitAcceptors() {
        try {
            for (Thread acceptor : acceptors) {
                acceptor.join(LAST_WAIT);
            }
        } catch (InterruptedException hurry) {
            // The next wait of this thread ends at once.
            Thread.currentThread().interrupt();
        }
    }

    private void closeTls() {
        ServerTls open = tls;
        if (open != null) {
            open.close();
        }
    }

    private void closeListeners() {
        try {
            for (ServerSocketChannel listener : listeners) {
                listener.close();
            }
            parts.proxies().close();
        } catch (IOException failed) {
            LOG.log(System.Logger.Level.WARNING, "cannot close a listener", failed);
        }
    }
}
