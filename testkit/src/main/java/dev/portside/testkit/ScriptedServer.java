package dev.portside.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A server that does what a script says, to test clients with: {@code ScriptedServer.script().file("a.bin", new
 * Content(5 << 20, 1)).fault(Fault.EPSV_REFUSED).start()}.
 *
 * <p>Without a script every verb that a client needs just works, over passive and active data connections, with files in
 * memory: login with any name and password, directories that are whatever the client says, RETR, STOR, APPE, STOU, LIST,
 * NLST, MLSD, MLST, SIZE, MDTM, REST, DELE, RNFR, RNTO and the rest. A test overrides verbs ({@link Script#on}), commits
 * {@link Fault}s, or writes a whole dialogue ({@link Script#dialogue}).
 *
 * <p>It records every command that comes in. TYPE A changes nothing in the bytes of a file. Names are ISO 8859-1 or UTF-8,
 * as the client sends them: see {@link Script#file(String, byte[])}.
 */
public final class ScriptedServer implements AutoCloseable {
    /** What a script does when a command comes, or in a whole dialogue. */
    @FunctionalInterface
    public interface Action {
        /**
         * Answers.
         *
         * @param line the command's line, empty for a dialogue
         * @throws IOException ends the session; expected when the client goes away
         */
        void answer(ScriptedSession session, String line) throws IOException, InterruptedException;
    }

    private final Script script;
    private final ServerSocket listener;
    private final List<Thread> threads = Collections.synchronizedList(new ArrayList<>());
    private final List<ScriptedSession> sessions = Collections.synchronizedList(new ArrayList<>());
    private final List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch released = new CountDownLatch(1);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<String> commands = new ArrayList<>();

    private ScriptedServer(Script script) throws IOException {
        this.script = script;
        this.listener = new ServerSocket(script.port, 1024, script.bind);
    }

    /** Begins a script. */
    public static Script script() {
        return new Script();
    }

    /** What a server will do; each method returns the script. {@link #start} may be called once. */
    public static final class Script {
        final Map<Fault, Set<String>> faults = new EnumMap<>(Fault.class);
        final ConcurrentSkipListMap<String, StoredFile> files = new ConcurrentSkipListMap<>();
        final Map<String, byte[]> listings = new HashMap<>();
        final Map<String, Deque<Action>> once = new HashMap<>();
        final Map<String, Action> always = new HashMap<>();
        private InetAddress bind = InetAddress.getLoopbackAddress();
        private int port;
        String greeting = "220 scripted server ready";
        List<String> features = List.of(
                "EPRT", "EPSV", "MDTM", "MFMT", "MLST type*;size*;modify*;", "REST STREAM", "SIZE", "TVFS", "UTF8");

        @Nullable
        Action dialogue;

        @Nullable
        Supplier<SSLContext> tls;

        @Nullable
        Supplier<SSLContext> otherTls;

        boolean implicitTls;

        private Script() {}

        /** Listens on this address rather than on 127.0.0.1; {@code ::1} for IPv6. */
        public Script bind(InetAddress address) {
            bind = address;
            return this;
        }

        /** Listens on this port rather than on a free one. */
        public Script port(int number) {
            port = number;
            return this;
        }

        /** The line, or lines, of the greeting, with their code. */
        public Script greeting(String line) {
            greeting = line;
            return this;
        }

        /** The lines of FEAT; none: FEAT is answered with 500. */
        public Script features(String... lines) {
            features = List.of(lines);
            return this;
        }

        /**
         * A file.
         *
         * @param name relative to the root, as {@link dev.portside.protocol.NameCharset#UTF_8} decodes it: bytes that are
         *     not UTF-8 are lone surrogates
         */
        public Script file(String name, byte[] bytes) {
            files.put(name, StoredFile.of(bytes));
            return this;
        }

        /** A file of any size, that needs no memory. */
        public Script file(String name, Content content) {
            files.put(name, StoredFile.of(content));
            return this;
        }

        /**
         * What LIST, NLST or MLSD (the verb, for any argument) or one directory ({@code "LIST sub"}) gives.
         *
         * @param lines each gets a CRLF; characters up to U+00FF are bytes
         */
        public Script listing(String command, String... lines) {
            StringBuilder text = new StringBuilder();
            for (String line : lines) {
                text.append(line).append("\r\n");
            }
            return listing(command, text.toString().getBytes(StandardCharsets.ISO_8859_1));
        }

        /** What LIST, NLST or MLSD gives, byte for byte. */
        public Script listing(String command, byte[] bytes) {
            listings.put(command, bytes);
            return this;
        }

        /** Commits a fault; restricted to some verbs if any are given. */
        public Script fault(Fault fault, String... verbs) {
            faults.computeIfAbsent(fault, first -> new HashSet<>()).addAll(Arrays.asList(verbs));
            return this;
        }

        /** What this verb does, every time. */
        public Script on(String verb, Action action) {
            always.put(verb, action);
            return this;
        }

        /** What this verb does the next time, before {@link #on} and the faults apply; may be called again for the time after. */
        public Script once(String verb, Action action) {
            once.computeIfAbsent(verb, first -> new ArrayDeque<>()).add(action);
            return this;
        }

        /** The verb is answered with these lines, every time, and nothing is done. */
        public Script reply(String verb, String... lines) {
            return on(verb, (session, line) -> session.send(lines));
        }

        /** The verb is answered with these lines the next time, and nothing is done. */
        public Script replyOnce(String verb, String... lines) {
            return once(verb, (session, line) -> session.send(lines));
        }

        /**
         * AUTH TLS, PBSZ and PROT work.
         *
         * @param contexts a new one at each call, all with the same certificate: a session of one cannot be resumed with another
         */
        public Script tls(Supplier<SSLContext> contexts) {
            tls = contexts;
            return this;
        }

        /** TLS from the first byte on. */
        public Script implicitTls(Supplier<SSLContext> contexts) {
            implicitTls = true;
            return tls(contexts);
        }

        /** TLS with another certificate, for {@link Fault#OTHER_CERTIFICATE_ON_DATA}. */
        public Script otherTls(Supplier<SSLContext> contexts) {
            otherTls = contexts;
            return this;
        }

        /** The whole dialogue of every session, greeting included; nothing else applies then. */
        public Script dialogue(Action action) {
            dialogue = action;
            return this;
        }

        /** Listens. */
        public ScriptedServer start() throws IOException {
            ScriptedServer server = new ScriptedServer(this);
            server.run("scripted-server", server::accept);
            return server;
        }

        synchronized @Nullable Action next(String verb) {
            Deque<Action> queue = once.get(verb);
            Action next = queue == null ? null : queue.poll();
            return next == null ? always.get(verb) : next;
        }

        boolean commits(Fault fault, String verb) {
            Set<String> verbs = faults.get(fault);
            return verbs != null && (verbs.isEmpty() || verbs.contains(verb));
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket control = listener.accept();
                ScriptedSession session = new ScriptedSession(this, script, control);
                sessions.add(session);
                run("scripted-session", session::run);
                run("scripted-reader", session::read);
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    void run(String name, Runnable task) {
        threads.add(Thread.ofVirtual().name(name).start(task));
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** How many connections were made. */
    public int sessions() {
        return sessions.size();
    }

    /** Every line that came, of all sessions, in the order of arrival. */
    public List<String> commands() {
        lock.lock();
        try {
            return List.copyOf(commands);
        } finally {
            lock.unlock();
        }
    }

    /** The verbs that came. */
    public List<String> verbs() {
        return commands().stream().map(ScriptedServer::verb).toList();
    }

    static String verb(String line) {
        int space = line.indexOf(' ');
        return (space < 0 ? line : line.substring(0, space)).toUpperCase(Locale.ROOT);
    }

    void record(String line) {
        lock.lock();
        try {
            commands.add(line);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for a command, unless it has come already.
     *
     * @return its line
     * @throws AssertionError when it does not come in time
     */
    public String awaitCommand(String verb, Duration wait) throws InterruptedException {
        return awaitCommand(verb, 1, wait);
    }

    /** Waits until a verb has come so many times; the last of these lines. */
    public String awaitCommand(String verb, int times, Duration wait) throws InterruptedException {
        long left = wait.toNanos();
        lock.lock();
        try {
            while (true) {
                List<String> came = commands.stream()
                        .filter(line -> verb(line).equals(verb))
                        .toList();
                if (came.size() >= times) {
                    return came.get(times - 1);
                }
                if (left <= 0) {
                    throw new AssertionError(verb + " did not come, only " + commands);
                }
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Lets the replies go that {@link Fault#LATE_REPLY} holds back, and all later ones. */
    public void releaseReplies() {
        released.countDown();
    }

    void awaitRelease() throws InterruptedException {
        released.await();
    }

    /**
     * What was uploaded under a name, or given by the script.
     *
     * @throws AssertionError if there is no such file
     */
    public byte[] stored(String name) {
        StoredFile file = script.files.get(name);
        if (file == null) {
            throw new AssertionError("no file " + name + ", only " + script.files.keySet());
        }
        return file.bytes();
    }

    public boolean exists(String name) {
        return script.files.containsKey(name);
    }

    /** A script went another way than it expected: the test has failed. */
    void failed(Throwable failure) {
        failures.add(failure);
    }

    /**
     * Closes every connection and waits for the threads.
     *
     * @throws AssertionError if a {@link ScriptedSession#expect} was disappointed
     */
    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException gone) {
            // Closed is what it was to be.
        }
        released.countDown();
        List.copyOf(sessions).forEach(ScriptedSession::close);
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
        // Sessions that were accepted while the listener closed.
        List.copyOf(sessions).forEach(ScriptedSession::close);
        if (!failures.isEmpty()) {
            throw new AssertionError(
                    "the script was not followed: " + failures.getFirst().getMessage(), failures.getFirst());
        }
    }
}
