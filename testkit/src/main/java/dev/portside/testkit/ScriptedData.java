package dev.portside.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The data connection of a {@link ScriptedSession}, both ends of its making. */
public final class ScriptedData {
    private static final int WAIT_MILLIS = (int) TimeUnit.SECONDS.toMillis(20);
    private static final String STRANGER = "127.0.0.2";

    private final ScriptedSession session;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<AutoCloseable> held = new ArrayList<>();
    private @Nullable ServerSocket listener;
    private @Nullable InetSocketAddress target;
    private @Nullable Socket socket;
    /** The same without TLS. */
    private @Nullable Socket clear;

    ScriptedData(ScriptedSession session) {
        this.session = session;
    }

    /** Listens for one data connection. */
    public InetSocketAddress listen() throws IOException {
        close();
        ServerSocket opened = hold(new ServerSocket(0, 16, session.local().getAddress()));
        opened.setSoTimeout(WAIT_MILLIS);
        listener = opened;
        return (InetSocketAddress) opened.getLocalSocketAddress();
    }

    /** A port that nobody listens on, and that nobody else gets. */
    InetSocketAddress deadPort() throws IOException {
        close();
        Socket bound = hold(new Socket());
        bound.bind(new InetSocketAddress(session.local().getAddress(), 0));
        return (InetSocketAddress) bound.getLocalSocketAddress();
    }

    /** A port that answers nothing: its queue of one is full, so the kernel drops what comes. */
    InetSocketAddress blackHole() throws IOException {
        close();
        ServerSocket full = hold(new ServerSocket(0, 1, session.local().getAddress()));
        InetSocketAddress address = (InetSocketAddress) full.getLocalSocketAddress();
        for (int i = 0; i < 4; i++) {
            SocketChannel filler = hold(SocketChannel.open());
            filler.configureBlocking(false);
            filler.connect(address);
        }
        return address;
    }

    /** Will connect to where the client listens. */
    public void target(InetSocketAddress address) {
        close();
        target = address;
    }

    boolean isActive() {
        return target != null;
    }

    /** Whether a PASV, EPSV, PORT or EPRT came and was not used up. */
    boolean isPrepared() {
        return target != null || listener != null;
    }

    /** Accepts or connects, and shakes hands if PROT P is in force. */
    public Socket open() throws IOException {
        Socket opened = connection();
        clear = opened;
        Socket secured = hold(session.tls().data(opened));
        socket = secured;
        return secured;
    }

    private Socket connection() throws IOException {
        ServerSocket listening = listener;
        InetSocketAddress connectTo = target;
        listener = null;
        target = null;
        Socket opened;
        if (listening != null) {
            try (listening) {
                opened = hold(listening.accept());
            }
        } else if (connectTo != null) {
            if (session.commits(Fault.STRANGER_CONNECTS_FIRST)) {
                Socket stranger = hold(new Socket());
                stranger.bind(new InetSocketAddress(InetAddress.ofLiteral(STRANGER), 0));
                stranger.connect(connectTo, WAIT_MILLIS);
            }
            opened = hold(new Socket());
            opened.connect(connectTo, WAIT_MILLIS);
        } else {
            throw new IOException("no data port was agreed on");
        }
        return opened;
    }

    private Socket socket() throws IOException {
        Socket opened = socket;
        return opened == null ? open() : opened;
    }

    /** Sends bytes; the connection is made if there is none yet. */
    public void send(byte[] bytes) throws IOException {
        socket().getOutputStream().write(bytes);
    }

    /** Sends bytes of a source. */
    void send(ReadableByteChannel source, long count) throws IOException {
        OutputStream out = socket().getOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
        long left = count;
        while (left > 0 && source.read(buffer.clear().limit((int) Math.min(left, buffer.capacity()))) >= 0) {
            out.write(buffer.array(), 0, buffer.position());
            left -= buffer.position();
        }
    }

    /** Everything that the client sends, up to its end. */
    public byte[] receive() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        socket().getInputStream().transferTo(all);
        return all.toByteArray();
    }

    /** Some of what the client sends, at least a byte unless it has ended. */
    byte[] receiveSome() throws IOException {
        InputStream in = socket().getInputStream();
        return in.readNBytes(Math.max(1, in.available()));
    }

    /** Ends the data: by close_notify under TLS, unless that is the fault. */
    void end() throws IOException {
        Socket below = clear;
        boolean cut = session.commits(Fault.NO_CLOSE_NOTIFY) || session.commits(Fault.CUT_WITHOUT_CLOSE_NOTIFY);
        (cut && below != null ? below : socket()).shutdownOutput();
        if (cut) {
            close();
        }
    }

    /** Closes the data connection with a reset. */
    public void reset() throws IOException {
        Socket below = clear;
        ScriptedClient.reset(below == null ? socket() : below);
    }

    /** Closes the data connection in order, and gives the data port back. From any thread. */
    public void close() {
        lock.lock();
        try {
            for (AutoCloseable each : held) {
                try {
                    each.close();
                } catch (Exception gone) {
                    // Closed is what it was to be.
                }
            }
            held.clear();
        } finally {
            lock.unlock();
        }
        listener = null;
        target = null;
        socket = null;
    }

    private <T extends AutoCloseable> T hold(T opened) {
        lock.lock();
        try {
            held.add(opened);
            return opened;
        } finally {
            lock.unlock();
        }
    }
}
