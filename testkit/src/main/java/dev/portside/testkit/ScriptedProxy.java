package dev.portside.testkit;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A SOCKS5 proxy (RFC 1928, RFC 1929; CONNECT and BIND) or an HTTP proxy (CONNECT) that does what a script says, to test
 * clients with: {@code ScriptedProxy.socks5().login("alice", "secret").start()}.
 *
 * <p>It connects to literal addresses, and to the names that {@link #host} gives it. It records what it was asked for.
 */
public final class ScriptedProxy implements AutoCloseable {
    private static final int WAIT_MILLIS = 20_000;
    private static final String STRANGER = "127.0.0.9";

    private final boolean socks;
    private final Set<ProxyFault> faults = EnumSet.noneOf(ProxyFault.class);
    private final Map<String, InetAddress> hosts = new ConcurrentHashMap<>();
    private final ServerSocket listener;
    private final List<Thread> threads = Collections.synchronizedList(new ArrayList<>());
    private final List<AutoCloseable> held = Collections.synchronizedList(new ArrayList<>());
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<String> requests = new ArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicInteger tunnels = new AtomicInteger();
    private @Nullable String login;

    private ScriptedProxy(boolean socks) throws IOException {
        this.socks = socks;
        this.listener = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
    }

    public static ScriptedProxy socks5() throws IOException {
        return new ScriptedProxy(true);
    }

    public static ScriptedProxy http() throws IOException {
        return new ScriptedProxy(false);
    }

    /** Lets nobody else through. */
    public ScriptedProxy login(String user, String password) {
        login = user + ":" + password;
        return this;
    }

    public ScriptedProxy fault(ProxyFault fault) {
        faults.add(fault);
        return this;
    }

    /** A name that nobody else knows. */
    public ScriptedProxy host(String name, InetAddress address) {
        hosts.put(name, address);
        return this;
    }

    public ScriptedProxy start() {
        run(this::accept);
        return this;
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** {@code CONNECT host:port} and {@code BIND host:port}, as they came. */
    public List<String> requests() {
        lock.lock();
        try {
            return List.copyOf(requests);
        } finally {
            lock.unlock();
        }
    }

    private void record(String request) {
        lock.lock();
        try {
            requests.add(request);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until so many requests have come.
     *
     * @throws AssertionError when they do not come in time
     */
    public void awaitRequests(int count, Duration wait) throws InterruptedException {
        long left = wait.toNanos();
        lock.lock();
        try {
            while (requests.size() < count) {
                if (left <= 0) {
                    throw new AssertionError("only " + requests);
                }
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    private void run(Task task) {
        threads.add(Thread.ofVirtual().name("scripted-proxy").start(() -> {
            try {
                task.run();
            } catch (IOException gone) {
                // One of the two, or the test, has closed.
            } catch (InterruptedException over) {
                Thread.currentThread().interrupt();
            }
        }));
    }

    private interface Task {
        void run() throws IOException, InterruptedException;
    }

    private <T extends AutoCloseable> T hold(T opened) {
        held.add(opened);
        return opened;
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = hold(listener.accept());
            run(() -> {
                try (client) {
                    serve(client);
                }
            });
        }
    }

    private boolean commits(ProxyFault fault) {
        return faults.contains(fault);
    }

    private void serve(Socket client) throws IOException, InterruptedException {
        if (commits(ProxyFault.CLOSES_AT_ONCE)) {
            return;
        }
        if (commits(ProxyFault.NEVER_ANSWERS)) {
            closed.await();
        }
        if (commits(ProxyFault.IS_NO_PROXY)) {
            client.getOutputStream().write("220 this is an FTP server\r\n".getBytes(StandardCharsets.ISO_8859_1));
            client.getInputStream().transferTo(OutputStream.nullOutputStream());
            return;
        }
        if (socks) {
            serveSocks(client);
        } else {
            serveHttp(client);
        }
    }

    /** The answer, in one segment or in many. */
    private void answer(Socket client, byte[] bytes) throws IOException {
        client.setTcpNoDelay(true);
        if (!commits(ProxyFault.BYTE_BY_BYTE)) {
            client.getOutputStream().write(bytes);
            return;
        }
        for (byte each : bytes) {
            client.getOutputStream().write(each);
        }
    }

    private Socket connect(String host, int port) throws IOException, InterruptedException {
        int number = tunnels.incrementAndGet();
        boolean refused = commits(ProxyFault.ALLOWS_CONTROL_ONLY) && number > 1;
        if (commits(ProxyFault.ALLOWS_NOTHING) || refused) {
            throw new SecurityException();
        }
        if (commits(ProxyFault.DATA_NEVER_CONNECTS) && number > 1) {
            closed.await();
        }
        Socket server = hold(new Socket());
        server.connect(new InetSocketAddress(address(host), port), WAIT_MILLIS);
        return server;
    }

    private InetAddress address(String host) throws UnknownHostException {
        InetAddress known = hosts.get(host);
        try {
            return known == null ? InetAddress.ofLiteral(host) : known;
        } catch (IllegalArgumentException name) {
            throw new UnknownHostException(host);
        }
    }

    /** Answers, and carries bytes both ways until one side ends. */
    private void tunnel(Socket client, Socket server, byte[] answer) throws IOException, InterruptedException {
        byte[] first = answer;
        if (commits(ProxyFault.ANSWER_AND_BANNER_IN_ONE) && tunnels.get() == 1) {
            byte[] banner = new byte[512];
            int length = server.getInputStream().read(banner);
            first = ByteBuffer.allocate(answer.length + length)
                    .put(answer)
                    .put(banner, 0, length)
                    .array();
        }
        answer(client, first);
        CountDownLatch back = new CountDownLatch(1);
        run(() -> {
            try {
                carry(server, client);
            } finally {
                back.countDown();
            }
        });
        try {
            carry(client, server);
        } finally {
            back.await();
            server.close();
        }
    }

    /** To the end, or to the reset, which is passed on. */
    private static void carry(Socket from, Socket to) throws IOException {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException broken) {
            ScriptedClient.reset(to);
            ScriptedClient.reset(from);
        }
    }

    // HTTP

    private void serveHttp(Socket client) throws IOException, InterruptedException {
        String request = head(client.getInputStream());
        List<String> lines = request.lines().toList();
        record(lines.getFirst().replaceFirst(" HTTP/1.1$", ""));
        String wanted = login == null ? "" : Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
        if (login != null && !lines.contains("Proxy-Authorization: Basic " + wanted)) {
            say(client, "HTTP/1.1 407 Proxy Authentication Required", "Proxy-Authenticate: Basic realm=\"test\"", "");
            return;
        }
        if (commits(ProxyFault.ENDLESS_HEAD)) {
            say(client, "HTTP/1.1 200 OK");
            while (true) {
                say(client, "Field: " + "x".repeat(1000));
            }
        }
        if (commits(ProxyFault.INTERIM_ANSWER)) {
            say(client, "HTTP/1.1 103 Early Hints", "Link: </>", "");
        }
        String target = lines.getFirst().split(" ")[1];
        int colon = target.lastIndexOf(':');
        String host = target.substring(0, colon).replaceAll("[\\[\\]]", "");
        try {
            Socket server = connect(host, Integer.parseInt(target.substring(colon + 1)));
            tunnel(
                    client,
                    server,
                    "HTTP/1.1 200 Connection established\r\nVia: test\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
        } catch (SecurityException refused) {
            say(client, "HTTP/1.1 403 Forbidden", "");
        } catch (ConnectException refused) {
            say(client, "HTTP/1.1 503 Service Unavailable", "");
        } catch (UnknownHostException unknown) {
            say(client, "HTTP/1.1 502 Bad Gateway", "");
        }
    }

    private void say(Socket client, String... lines) throws IOException {
        answer(client, (String.join("\r\n", lines) + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("no request");
            }
            head.append((char) next);
        }
        return head.toString();
    }

    // SOCKS5

    private void serveSocks(Socket client) throws IOException, InterruptedException {
        InputStream in = client.getInputStream();
        byte[] methods = bytes(in, bytes(in, 2)[1]);
        int method = login == null ? 0 : 2;
        boolean offered = new String(methods, StandardCharsets.ISO_8859_1).indexOf(method) >= 0;
        answer(client, new byte[] {5, (byte) (offered ? method : 0xff)});
        if (!offered) {
            return;
        }
        if (login != null) {
            bytes(in, 1);
            String given = text(in) + ":" + text(in);
            answer(client, new byte[] {1, (byte) (given.equals(login) ? 0 : 1)});
            if (!given.equals(login)) {
                return;
            }
        }
        int command = bytes(in, 3)[1];
        String host = switch (in.read()) {
            case 1 -> InetAddress.getByAddress(bytes(in, 4)).getHostAddress();
            case 4 -> InetAddress.getByAddress(bytes(in, 16)).getHostAddress();
            default -> text(in);
        };
        int port = in.read() << 8 | in.read();
        record((command == 2 ? "BIND " : "CONNECT ") + host + ":" + port);
        try {
            if (command == 2) {
                bind(client, host);
            } else {
                Socket server = connect(host, port);
                tunnel(client, server, reply(0, (InetSocketAddress) server.getLocalSocketAddress()));
            }
        } catch (SecurityException refused) {
            answer(client, reply(2, null));
        } catch (ConnectException refused) {
            answer(client, reply(5, null));
        } catch (UnknownHostException unknown) {
            answer(client, reply(4, null));
        }
    }

    private void bind(Socket client, String host) throws IOException, InterruptedException {
        if (commits(ProxyFault.NO_BIND)) {
            answer(client, reply(7, null));
            return;
        }
        InetAddress expected =
                commits(ProxyFault.BIND_TAKES_STRANGERS) ? InetAddress.ofLiteral(STRANGER) : address(host);
        try (ServerSocket bound = hold(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()))) {
            bound.setSoTimeout(WAIT_MILLIS);
            InetSocketAddress here = (InetSocketAddress) bound.getLocalSocketAddress();
            boolean zeroes = commits(ProxyFault.BIND_AT_ZEROES);
            answer(
                    client,
                    reply(0, zeroes ? new InetSocketAddress(InetAddress.ofLiteral("0.0.0.0"), here.getPort()) : here));
            Socket server = hold(bound.accept());
            tunnel(client, server, reply(0, new InetSocketAddress(expected, server.getPort())));
        }
    }

    private static String text(InputStream in) throws IOException {
        return new String(bytes(in, bytes(in, 1)[0] & 0xff), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(InputStream in, int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException("the client has closed");
        }
        return bytes;
    }

    private static byte[] reply(int code, @Nullable InetSocketAddress address) {
        byte[] ip = address == null ? new byte[4] : address.getAddress().getAddress();
        int port = address == null ? 0 : address.getPort();
        return ByteBuffer.allocate(6 + ip.length)
                .put(new byte[] {5, (byte) code, 0, (byte) (ip.length == 4 ? 1 : 4)})
                .put(ip)
                .putShort((short) port)
                .array();
    }

    /** Closes every connection and waits for the threads. */
    @Override
    public void close() {
        closed.countDown();
        closeAll(List.of(listener));
        closeAll(List.copyOf(held));
        try {
            for (Thread thread : List.copyOf(threads)) {
                thread.interrupt();
                if (!thread.join(Duration.ofMinutes(1))) {
                    throw new AssertionError(thread.getName() + " does not end");
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        closeAll(List.copyOf(held));
    }

    private static void closeAll(List<? extends AutoCloseable> all) {
        for (AutoCloseable each : all) {
            try {
                each.close();
            } catch (Exception gone) {
                // Closed is what it was to be.
            }
        }
    }
}
