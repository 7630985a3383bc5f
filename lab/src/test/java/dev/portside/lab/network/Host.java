package dev.portside.lab.network;

import dev.portside.lab.peer.Processes;
import java.io.EOFException;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A computer in the laboratory: a Java process in a namespace, which runs {@link Task}s. Whatever sockets a task opens are in
 * that namespace. Ends with {@link #close}, and with this process.
 */
final class Host implements AutoCloseable {
    /** Far longer than anything takes, so that a task that hangs is a failure. */
    private static final Duration LIMIT = Duration.ofMinutes(10);

    /** A task on its way to the host. */
    record Order(long number, Task<?> task) implements Serializable {}

    /** What became of it. */
    record Answer(
            long number,
            @Nullable Serializable result,
            @Nullable String failure) implements Serializable {}

    private final Process process;
    private final Path directory;
    private final ObjectOutputStream orders;
    private final ReentrantLock sending = new ReentrantLock();
    private final AtomicLong numbers = new AtomicLong();
    private final Map<Long, CompletableFuture<Object>> open = new ConcurrentHashMap<>();

    private Host(Process process, Path directory) throws IOException {
        this.process = process;
        this.directory = directory;
        this.orders = new ObjectOutputStream(process.getOutputStream());
        orders.flush();
        Thread.ofVirtual().name("portside-lab-answers").start(this::readAnswers);
    }

    /** Starts a Java process in the namespace. */
    static Host start(Namespace namespace) throws IOException {
        return start(namespace, Files.createTempDirectory("portside-host"), List.of());
    }

    /** The same, with a name server of its own: see {@link NameServer}. */
    static Host startWithNameServer(Namespace namespace) throws IOException {
        Path directory = Files.createTempDirectory("portside-host");
        return start(namespace, directory, NameServer.around(directory));
    }

    private static Host start(Namespace namespace, Path directory, List<String> around) throws IOException {
        try {
            Stream<String> command = Stream.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:+UseSerialGC",
                    "-Xshare:auto",
                    "--enable-native-access=ALL-UNNAMED",
                    HostProcess.class.getName());
            ProcessBuilder java =
                    namespace.process(Stream.concat(around.stream(), command).toList(), directory);
            java.environment()
                    .put(
                            "CLASSPATH",
                            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
            java.redirectError(directory.resolve("errors").toFile());
            return new Host(java.start(), directory);
        } catch (IOException | RuntimeException failed) {
            Processes.delete(directory);
            throw failed;
        }
    }

    /** Begins a task; tasks run side by side. */
    <T> CompletableFuture<T> begin(Task<T> task) throws IOException {
        long number = numbers.incrementAndGet();
        CompletableFuture<Object> answer = new CompletableFuture<>().orTimeout(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        open.put(number, answer);
        sending.lock();
        try {
            orders.writeObject(new Order(number, task));
            orders.flush();
        } finally {
            sending.unlock();
        }
        // The host runs exactly this task: what comes back is its result.
        @SuppressWarnings("unchecked")
        CompletableFuture<T> result = (CompletableFuture<T>) answer;
        return result;
    }

    /**
     * Runs a task to its end.
     *
     * @throws AssertionError if it fails: it carries the host's own stack trace
     */
    <T> T run(Task<T> task) throws IOException {
        try {
            return begin(task).join();
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof AssertionError told) {
                throw told;
            }
            throw failed;
        }
    }

    private void readAnswers() {
        try (ObjectInputStream answers = new ObjectInputStream(process.getInputStream())) {
            while (true) {
                Answer answer = (Answer) answers.readObject();
                CompletableFuture<Object> waiting = open.remove(answer.number());
                // It completes nothing when the task was given up.
                if (answer.failure() == null) {
                    waiting.complete(answer.result());
                } else {
                    waiting.completeExceptionally(new AssertionError(answer.failure()));
                }
            }
        } catch (EOFException ended) {
            giveUp("the host has ended: " + errors());
        } catch (IOException | ClassNotFoundException broken) {
            giveUp("the host has ended: " + broken + ": " + errors());
        }
    }

    private void giveUp(String reason) {
        open.values().forEach(answer -> answer.completeExceptionally(new AssertionError(reason)));
    }

    /** What it has written to standard error: logs, for the most part. */
    String errors() {
        try {
            return Files.readString(directory.resolve("errors"), StandardCharsets.UTF_8);
        } catch (IOException none) {
            return "";
        }
    }

    /** A directory of its own, removed with it. */
    Path directory() {
        return directory;
    }

    @Override
    public void close() {
        try {
            orders.close();
        } catch (IOException gone) {
            // It has ended already.
        }
        try {
            Processes.awaitEnd(process);
        } catch (CompletionException late) {
            Processes.kill(process);
        }
        Processes.delete(directory);
    }
}
