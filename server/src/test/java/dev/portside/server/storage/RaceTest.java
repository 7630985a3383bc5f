package dev.portside.server.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.server.storage.StorageException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Somebody swaps a directory, and a file, for links that lead out, and back, as fast as the disk can. */
class RaceTest {
    private static final int ATTEMPTS = 100_000;
    private static final int THREADS = 2;
    private static final String INSIDE = "inside";
    private static final String OUTSIDE = "the secret outside";

    private enum Outcome {
        INSIDE,
        REFUSED,
        /** Between two steps of a swap there is nothing; and of two uploads in place one is refused. */
        NEITHER,
        OUTSIDE
    }

    @TempDir
    Path base;

    private Path root;
    private Path outside;

    @BeforeEach
    void files() throws IOException {
        root = Files.createDirectory(base.resolve("root"));
        outside = Files.createDirectory(base.resolve("outside"));
        Files.createDirectory(root.resolve("dir"));
        Files.writeString(root.resolve("dir/file"), INSIDE);
        Files.writeString(base.resolve("leaf"), INSIDE);
        Files.createLink(root.resolve("leaf"), base.resolve("leaf"));
        Files.writeString(outside.resolve("file"), OUTSIDE);
    }

    @Test
    @Timeout(120)
    void noAttempt_reachesTheOutside() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);
        try (VirtualFileStore store = VirtualFileStore.open(root, true, Uploads.ATOMIC);
                ExecutorService pool = Executors.newFixedThreadPool(THREADS + 1)) {
            assertThat(store.isRaceFree()).isTrue();
            Future<Void> swapper = pool.submit(() -> swap(over));
            List<Future<Map<Outcome, Integer>>> attempts = IntStream.range(0, THREADS)
                    .mapToObj(thread -> pool.submit(() -> attempts(store, thread)))
                    .toList();
            try {
                for (Future<Map<Outcome, Integer>> attempt : attempts) {
                    attempt.get().forEach((outcome, times) -> outcomes.merge(outcome, times, Integer::sum));
                }
            } finally {
                over.set(true);
            }
            swapper.get();
        }
        assertThat(outcomes).as("outcomes").doesNotContainKey(Outcome.OUTSIDE);
        assertThat(outcomes.values().stream().mapToInt(i -> i).sum()).isGreaterThanOrEqualTo(ATTEMPTS);
        // Both have been met often, or there was no race.
        assertThat(outcomes.get(Outcome.INSIDE)).isGreaterThan(1000);
        assertThat(outcomes.get(Outcome.REFUSED)).isGreaterThan(1000);
        assertThat(outside).isDirectoryNotContaining(file -> !file.endsWith("file"));
        assertThat(outside.resolve("file")).hasContent(OUTSIDE);
    }

    private Void swap(AtomicBoolean over) throws IOException {
        Path dir = root.resolve("dir");
        Path aside = base.resolve("aside");
        Path fresh = base.resolve("fresh");
        while (!over.get()) {
            Files.move(dir, aside, StandardCopyOption.ATOMIC_MOVE);
            Files.createSymbolicLink(dir, Path.of("../outside"));
            Files.createSymbolicLink(fresh, Path.of("../outside/file"));
            Files.move(fresh, root.resolve("leaf"), StandardCopyOption.ATOMIC_MOVE);
            Files.delete(dir);
            Files.move(aside, dir, StandardCopyOption.ATOMIC_MOVE);
            Files.createLink(fresh, base.resolve("leaf"));
            Files.move(fresh, root.resolve("leaf"), StandardCopyOption.ATOMIC_MOVE);
        }
        return null;
    }

    private static Map<Outcome, Integer> attempts(VirtualFileStore store, int thread) throws Exception {
        VirtualPath dir = VirtualPath.of("dir");
        VirtualPath file = VirtualPath.of("dir/file");
        VirtualPath leaf = VirtualPath.of("leaf");
        VirtualPath created = VirtualPath.of("dir/created" + thread);
        List<Callable<Outcome>> kinds = List.of(
                () -> read(store, file),
                () -> read(store, leaf),
                () -> where(store.attributes(file).size()),
                () -> read(store, leaf),
                () -> list(store, dir),
                () -> read(store, file),
                () -> append(store, leaf),
                () -> upload(store, created));
        Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);
        for (int i = 0; i < ATTEMPTS / THREADS; i++) {
            outcomes.merge(outcome(kinds.get(i % kinds.size())), 1, Integer::sum);
        }
        return outcomes;
    }

    private static Outcome outcome(Callable<Outcome> attempt) throws Exception {
        try {
            return attempt.call();
        } catch (StorageException failed) {
            assertThat(failed.reason())
                    .isIn(Reason.NOT_PERMITTED, Reason.NOT_FOUND, Reason.BUSY, Reason.NOT_A_DIRECTORY);
            return failed.reason() == Reason.NOT_PERMITTED ? Outcome.REFUSED : Outcome.NEITHER;
        }
    }

    private static Outcome read(VirtualFileStore store, VirtualPath path) throws IOException {
        try (var channel = store.read(path)) {
            ByteBuffer buffer = ByteBuffer.allocate(OUTSIDE.length());
            channel.read(buffer);
            String start = new String(buffer.array(), 0, INSIDE.length(), StandardCharsets.UTF_8);
            return start.equals(INSIDE) ? Outcome.INSIDE : Outcome.OUTSIDE;
        }
    }

    private static Outcome where(long size) {
        return size == OUTSIDE.length() ? Outcome.OUTSIDE : Outcome.INSIDE;
    }

    private static Outcome list(VirtualFileStore store, VirtualPath directory) throws IOException {
        try (Entries entries = store.list(directory, 10)) {
            for (Entries.Entry entry = entries.next(); entry != null; entry = entries.next()) {
                if (where(entry.facts().size()) == Outcome.OUTSIDE) {
                    return Outcome.OUTSIDE;
                }
            }
            return Outcome.INSIDE;
        }
    }

    private static Outcome append(VirtualFileStore store, VirtualPath path) throws IOException {
        try (Incoming incoming = store.append(path)) {
            incoming.write(ByteBuffer.wrap(new byte[] {'.'}));
            incoming.commit();
        }
        return Outcome.INSIDE;
    }

    private static Outcome upload(VirtualFileStore store, VirtualPath path) throws IOException {
        try (Incoming incoming = store.receive(path)) {
            incoming.commit();
        }
        return Outcome.INSIDE;
    }
}
