package dev.portside.testkit;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells which threads, files and sockets are there that were not there when it was made.
 *
 * <p>Threads are platform and virtual ones. Files and sockets are the descriptors of this process, where {@code
 * /proc/self/fd} shows them. What the JDK and the test runner keep for themselves does not count, nor does the clock of
 * {@code dev.portside.transport}, which ends by itself.
 */
public final class LeakCheck implements AutoCloseable {
    /** How long {@link #close} waits for what is just being closed. */
    public static final Duration WAIT = Duration.ofSeconds(10);

    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final long POLL_NANOS = 10_000_000;
    private static final Pattern DUMPED_THREAD = Pattern.compile("#(\\d+) \"(.*)\"(?: virtual)?(?: .*)?");
    private static final Pattern TOLERATED_THREAD = Pattern.compile("portside-deadlines|.*[Pp]oller.*|ForkJoinPool.*"
            + "|VirtualThread-.*|process reaper.*|.*Cleaner.*|Attach Listener|Signal Dispatcher|JFR.*|surefire.*"
            + "|junit-.*|Notification Thread|C[12] CompilerThread.*|.*GC.*|Keep-Alive-Timer|Java2D.*|ping-.*"
            + "|Jimfs.*|DestroyJavaVM|CompletableFutureDelayScheduler");
    private static final Pattern TOLERATED_DESCRIPTOR = Pattern.compile(
            "anon_inode:.*|pipe:.*|/dev/.*|/proc/.*|/sys/.*|.*\\.(jar|so|jsa|class|zip)|.*/lib/modules");

    private static boolean warm;

    private final Map<Long, String> threads;
    private final Map<String, Integer> descriptors;

    private LeakCheck() {
        warmUp();
        threads = threads();
        descriptors = descriptors();
    }

    /** Remembers what is there now. */
    public static LeakCheck start() {
        return new LeakCheck();
    }

    /** What is there and was not there at the start, each in words; empty when nothing is. */
    public List<String> leaks() {
        List<String> leaks = new ArrayList<>();
        threads().forEach((id, name) -> {
            if (!threads.containsKey(id) && !TOLERATED_THREAD.matcher(name).matches()) {
                leaks.add("thread #" + id + " \"" + name + "\"");
            }
        });
        descriptors().forEach((target, count) -> {
            int more = count - descriptors.getOrDefault(target, 0);
            if (more > 0) {
                leaks.add("descriptor " + target + (more == 1 ? "" : ", " + more + " times"));
            }
        });
        return leaks;
    }

    /**
     * Waits until nothing is left.
     *
     * @throws AssertionError when something still is after {@link #WAIT}; it names it
     */
    @Override
    public void close() {
        close(WAIT);
    }

    /**
     * Waits until nothing is left.
     *
     * @throws AssertionError when something still is after the wait; it names it
     */
    public void close(Duration wait) {
        long deadline = System.nanoTime() + wait.toNanos();
        List<String> leaks = leaks();
        while (!leaks.isEmpty() && System.nanoTime() < deadline) {
            // The kernel tells nobody that a descriptor has gone: there is no event to wait for.
            LockSupport.parkNanos(POLL_NANOS);
            leaks = leaks();
        }
        if (!leaks.isEmpty()) {
            throw new AssertionError("left behind:\n  " + String.join("\n  ", leaks));
        }
    }

    /** Virtual threads are in no list that Java offers but the dump. */
    private static Map<Long, String> threads() {
        try {
            Path directory = Files.createTempDirectory("leak-check");
            Path dump = directory.resolve("threads");
            try {
                ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                        .dumpThreads(dump.toString(), ThreadDumpFormat.TEXT_PLAIN);
                Map<Long, String> threads = new HashMap<>();
                for (String line : new String(Files.readAllBytes(dump), StandardCharsets.UTF_8).split("\n")) {
                    Matcher thread = DUMPED_THREAD.matcher(line);
                    if (thread.matches()) {
                        threads.put(Long.valueOf(thread.group(1)), thread.group(2));
                    }
                }
                return threads;
            } finally {
                Files.deleteIfExists(dump);
                Files.delete(directory);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static Map<String, Integer> descriptors() {
        Map<String, Integer> descriptors = new HashMap<>();
        if (!Files.isDirectory(DESCRIPTORS)) {
            return descriptors;
        }
        try (DirectoryStream<Path> open = Files.newDirectoryStream(DESCRIPTORS)) {
            for (Path descriptor : open) {
                try {
                    String target = Files.readSymbolicLink(descriptor).toString();
                    if (!TOLERATED_DESCRIPTOR.matcher(target).matches()) {
                        descriptors.merge(target, 1, Integer::sum);
                    }
                } catch (NoSuchFileException closedMeanwhile) {
                    // It is not there, which is all there is to know.
                }
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return descriptors;
    }

    /** What the JDK opens at the first use of sockets and virtual threads, and keeps, is opened before the first count. */
    private static synchronized void warmUp() {
        if (warm) {
            return;
        }
        warm = true;
        try {
            Thread.ofVirtual().start(LeakCheck::useSockets).join();
            useSockets();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void useSockets() {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocketChannel channelListener = ServerSocketChannel.open().bind(new InetSocketAddress(loopback, 0));
                SocketChannel client = SocketChannel.open(channelListener.getLocalAddress());
                SocketChannel accepted = channelListener.accept();
                ServerSocket listener = new ServerSocket(0, 1, loopback);
                Socket socket = new Socket(loopback, listener.getLocalPort());
                Socket peer = listener.accept()) {
            client.socket().setSoTimeout(1);
            accepted.shutdownOutput();
            socket.shutdownOutput();
            int end = client.socket().getInputStream().read()
                    + peer.getInputStream().read();
            if (end != -2) {
                throw new IOException("expected the end of two streams");
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
