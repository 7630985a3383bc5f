package dev.portside.lab.bench;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The load generator: one session with a server, the same for all servers and cheaper than any of them.
 *
 * <ol>
 *   <li>{@link #connect} waits for the greeting; {@link #startTls} and {@link #login} follow;
 *   <li>transfers drain into a fixed buffer and fill from one; whether the number of bytes is the right one, and whether a
 *       list has the right lines, is for the caller to say. All are of type IMAGE;
 *   <li>{@link #quit} waits for the server's farewell, {@link #close} does not.
 * </ol>
 *
 * <p>A session belongs to one thread at a time, and to none while it is idle: it holds a descriptor and 3 KiB. Errors are
 * exceptions that name command and reply.
 */
final class FtpLoad implements AutoCloseable {
    private static final int LONGEST_COMMAND = 1 << 10;
    private static final int LONGEST_LINE = 2 << 10;

    /** Memory of the machine costs time to get and to give back, and sessions are many. */
    private static final ConcurrentLinkedQueue<MemorySegment> FREE = new ConcurrentLinkedQueue<>();

    private final InetSocketAddress server;
    private final Connection control;
    private final MemorySegment memory;
    private final Replies replies;
    private SharedTls tls;
    private String protection = "";
    private boolean image;
    private boolean closed;

    /** How the data connection is opened: the server listens, and tells where by 227 or 229. */
    enum Mode {
        PASV,
        EPSV
    }

    private FtpLoad(InetSocketAddress server, Connection control) {
        this.server = server;
        this.control = control;
        MemorySegment free = FREE.poll();
        this.memory = free != null ? free : Arena.global().allocate(LONGEST_COMMAND + LONGEST_LINE, Long.BYTES);
        this.replies = new Replies(control, memory.asSlice(LONGEST_COMMAND));
    }

    /** Connects to an IPv4 address, and waits for 220. */
    static FtpLoad connect(InetSocketAddress server) throws IOException {
        FtpLoad session = new FtpLoad(server, Connection.open(server));
        try {
            session.expect("connect", "", 220);
            return session;
        } catch (IOException e) {
            session.close();
            throw e;
        }
    }

    /** Logs in, with a password or without one. */
    void login(String user, String password) throws IOException {
        send("USER", user);
        int code = replies.next();
        if (code == 331) {
            send("PASS", password);
            expect("PASS", "", 230);
        } else if (code != 230) {
            throw refused("USER", user);
        }
    }

    /** Brings a file; returns how many bytes have come. */
    long retrieve(String path, Mode mode) throws IOException {
        return drain("RETR", path, mode);
    }

    /**
     * Brings a file over and over until a moment of {@link System#nanoTime}; returns how many bytes have come by then. The
     * last transfer is broken off: the session is good for {@link #close} only.
     */
    long retrieveUntil(long deadline, String path, Mode mode) throws IOException {
        long total = 0;
        while (System.nanoTime() - deadline < 0) {
            try (Connection data = open("RETR", path, mode)) {
                total += data.drain(deadline);
            }
            if (System.nanoTime() - deadline < 0) {
                complete("RETR", path);
            }
        }
        return total;
    }

    /** Upgrades to TLS, and protects the data connections too; they resume the session of the control connection. */
    void startTls(SharedTls context) throws IOException {
        command("AUTH", "TLS", 234);
        control.startTls(context, null);
        tls = context;
        command("PBSZ", "0", 200);
        command("PROT", "P", 200);
    }

    /** What protected the last data connection, for example {@code TLSv1.3, resumed}; empty in the clear. */
    String protection() {
        return protection;
    }

    /** Lists by {@code LIST}, {@code NLST} or {@code MLSD}, without a path if it is empty; returns how many bytes came. */
    long list(String verb, String path, Mode mode) throws IOException {
        return drain(verb, path, mode);
    }

    private long drain(String verb, String argument, Mode mode) throws IOException {
        long total;
        try (Connection data = open(verb, argument, mode)) {
            total = data.drain();
        }
        complete(verb, argument);
        return total;
    }

    /** Stores so many bytes, the same ones over and over; returns how many. */
    long store(String path, long bytes, Mode mode) throws IOException {
        try (Connection data = open("STOR", path, mode)) {
            data.fill(bytes);
        }
        complete("STOR", path);
        return bytes;
    }

    private Connection open(String verb, String argument, Mode mode) throws IOException {
        if (!image) {
            command("TYPE", "I", 200);
            image = true;
        }
        int port;
        if (mode == Mode.PASV) {
            command("PASV", "", 227);
            port = replies.passivePort();
        } else {
            command("EPSV", "", 229);
            port = replies.extendedPort();
        }
        Connection data = Connection.open(new InetSocketAddress(server.getAddress(), port));
        try {
            send(verb, argument);
            int code = replies.next();
            if (code != 150 && code != 125) {
                throw refused(verb, argument);
            }
            if (tls != null) {
                data.startTls(tls, control);
                protection = data.protection();
            }
            return data;
        } catch (IOException e) {
            data.close();
            throw e;
        }
    }

    /** Asks for a sign of life. */
    void noop() throws IOException {
        command("NOOP", "", 200);
    }

    /** Says goodbye, waits for the answer, and closes. */
    void quit() throws IOException {
        try (this) {
            command("QUIT", "", 221);
        }
    }

    /** Ends the session as it is. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            control.close();
            FREE.add(memory);
        }
    }

    private void command(String verb, String argument, int code) throws IOException {
        send(verb, argument);
        expect(verb, argument, code);
    }

    private void send(String verb, String argument) throws IOException {
        int length = put(0, verb);
        if (!argument.isEmpty()) {
            memory.set(JAVA_BYTE, length++, (byte) ' ');
            length = put(length, argument);
        }
        memory.set(JAVA_BYTE, length++, (byte) '\r');
        memory.set(JAVA_BYTE, length++, (byte) '\n');
        control.write(memory, length);
    }

    private int put(int position, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        MemorySegment.copy(bytes, 0, memory, JAVA_BYTE, position, bytes.length);
        return position + bytes.length;
    }

    private void expect(String verb, String argument, int code) throws IOException {
        if (replies.next() != code) {
            throw refused(verb, argument);
        }
    }

    /** Waits for the end of a transfer. */
    private void complete(String verb, String argument) throws IOException {
        int code = replies.next();
        if (code != 226 && code != 250) {
            throw refused(verb, argument);
        }
    }

    private IOException refused(String verb, String argument) {
        return new IOException((argument.isEmpty() ? verb : verb + " " + argument) + ": " + replies.text());
    }
}
