package dev.portside.lab.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Where the bench runs. */
final class Machine {
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    /** Of the hundredths of a second in which Linux tells times, on every architecture. */
    private static final long TICK_NANOS = 10_000_000;

    private Machine() {}

    /** CPU time of this process, which is the load generator. */
    static long ownCpuNanos() {
        return SYSTEM.getProcessCpuTime();
    }

    /**
     * CPU time of the processes that this one has started and seen the end of, in the steps of the kernel's clock, 10 ms.
     * Fields 16 and 17 of proc(5)'s {@code stat}.
     */
    static long childrenCpuNanos() {
        try {
            String stat = Files.readString(Path.of("/proc/self/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return (Long.parseLong(fields[13]) + Long.parseLong(fields[14])) * TICK_NANOS;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** The checkout. */
    static Path root() {
        return Path.of(System.getProperty("portside.root"));
    }

    /** Processor, memory, kernel and JDK, as one line. */
    static String text() throws IOException {
        long gib = Math.round(SYSTEM.getTotalMemorySize() / (double) (1 << 30));
        return processor() + ", " + Runtime.getRuntime().availableProcessors() + " cores, " + gib + " GiB; Linux "
                + System.getProperty("os.version") + ", congestion control " + congestionControl() + "; JDK "
                + Runtime.version();
    }

    private static String processor() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        }
    }

    static String congestionControl() throws IOException {
        return Files.readString(Path.of("/proc/sys/net/ipv4/tcp_congestion_control"))
                .strip();
    }

    /** One minute's load average, by which a reader sees whether the machine had anything else to do. */
    static double load() {
        return SYSTEM.getSystemLoadAverage();
    }
}
