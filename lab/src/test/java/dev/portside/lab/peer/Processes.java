package dev.portside.lab.peer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** Ends processes, waits, and deletes what they left behind. */
public final class Processes {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(5);

    private Processes() {}

    /** Kills the process and everything that it has started, and waits until it has ended. */
    public static void kill(Process process) {
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.add(process.toHandle());
        all.forEach(ProcessHandle::destroyForcibly);
        awaitEnd(process);
    }

    /** Waits until the process has ended; fails if it does not, whatever happens to this thread. */
    public static void awaitEnd(Process process) {
        process.onExit().orTimeout(LIMIT.toMillis(), TimeUnit.MILLISECONDS).join();
    }

    /** Polls until the condition holds; returns false if it does not within the limit. */
    public static boolean await(Duration limit, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            Thread.sleep(POLL);
        }
        return true;
    }

    /** Deletes a directory with everything in it. */
    public static void delete(Path directory) {
        try (Stream<Path> tree = Files.walk(directory)) {
            for (Path path : tree.toList().reversed()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
