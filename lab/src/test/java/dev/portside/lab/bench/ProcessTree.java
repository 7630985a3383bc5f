package dev.portside.lab.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The processes of a server as {@code /proc} shows them: the server and what it has started, without those that enclose
 * it. The time of a process that has ended is in the sum of the one that waited for it. That may be the first process of
 * the enclosure, which inherits orphans; so its sum counts, and with it a few milliseconds of preparation.
 *
 * @param enclosure the process below which everything is
 * @param reaper the first process of the namespace
 * @param server the server's first process
 * @param others what belongs to the enclosure, the reaper included
 */
record ProcessTree(ProcessHandle enclosure, long reaper, long server, Set<Long> others) {
    /** What the kernel counts time in towards programs, everywhere that Linux runs today. */
    private static final long TICK = Duration.ofMillis(10).toNanos();

    private static final Path PROC = Path.of("/proc");
    /** Places of user times in {@code stat}, counted from the state, which follows the name of the program. */
    private static final int OWN = 11;

    private static final int ENDED = 13;
    private static final int ATTEMPTS = 10;

    /** Finds the server below its enclosure by the number that it has in its namespace. */
    static ProcessTree of(ProcessHandle enclosure, String innerPid) {
        ProcessHandle reaper = enclosure.children().findFirst().orElseThrow(() -> new AssertionError("not enclosed"));
        ProcessHandle server = reaper.children()
                .filter(child -> innerPid(child.pid()).equals(innerPid))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no process " + innerPid + " in the enclosure"));
        Set<Long> others = reaper.children().map(ProcessHandle::pid).collect(Collectors.toCollection(HashSet::new));
        others.add(reaper.pid());
        others.remove(server.pid());
        return new ProcessTree(enclosure, reaper.pid(), server.pid(), Set.copyOf(others));
    }

    private static String innerPid(long pid) {
        return lines(pid, "status").stream()
                .filter(line -> line.startsWith("NSpid:"))
                .map(line -> line.substring(line.lastIndexOf('\t') + 1))
                .findFirst()
                .orElse("");
    }

    /** Returns the time that all have used so far, user and system. */
    Duration cpu() {
        Set<Long> before = living();
        Duration sum = Duration.ZERO;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            sum = Duration.ofNanos(Times.of(reaper).ended()
                    + before.stream().mapToLong(ProcessTree::used).sum());
            // One that ended meanwhile may have been counted twice, or not at all.
            Set<Long> after = living();
            if (after.equals(before)) {
                break;
            }
            before = after;
        }
        return sum;
    }

    /** Returns the sum of a line of {@code smaps_rollup}. */
    long memoryKiB(String name) {
        return living().stream()
                .flatMap(pid -> lines(pid, "smaps_rollup").stream())
                .filter(line -> line.startsWith(name + ":"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .sum();
    }

    private Set<Long> living() {
        return enclosure
                .descendants()
                .map(ProcessHandle::pid)
                .filter(pid -> !others.contains(pid))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * Ticks are rounded down, for each process anew, which is much where a server has hundreds; the scheduler counts
     * nanoseconds, but only of threads that still run.
     */
    private static long used(long pid) {
        Times times = Times.of(pid);
        return Math.max(times.own(), scheduled(pid)) + times.ended();
    }

    /**
     * What {@code stat} says of a process, in nanoseconds, user and system time together; nothing if it has ended.
     *
     * @param own of the process itself
     * @param ended of its children that it has waited for, and of theirs
     */
    record Times(long own, long ended) {
        static Times of(long pid) {
            return lines(pid, "stat").stream()
                    .findFirst()
                    .map(stat -> stat.substring(stat.lastIndexOf(')') + 2).split(" "))
                    .map(fields -> new Times(ticks(fields, OWN), ticks(fields, ENDED)))
                    .orElse(new Times(0, 0));
        }

        private static long ticks(String[] fields, int user) {
            return (Long.parseLong(fields[user]) + Long.parseLong(fields[user + 1])) * TICK;
        }
    }

    private static long scheduled(long pid) {
        try (Stream<Path> threads = Files.list(PROC.resolve(pid + "/task"))) {
            return threads.flatMap(thread -> lines(thread.resolve("schedstat")).stream())
                    .mapToLong(line -> Long.parseLong(line.substring(0, line.indexOf(' '))))
                    .sum();
        } catch (NoSuchFileException ended) {
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> lines(long pid, String file) {
        return lines(PROC.resolve(pid + "/" + file));
    }

    /** Returns the lines of a file; none if its process has ended, which the kernel tells in more than one way. */
    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException ended) {
            return List.of();
        }
    }
}
