package dev.portside.lab.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Where the bench runs. */
final class Machine {
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private Machine() {}

    /** CPU time of this process, which is the load generator. */
    static long ownCpuNanos() {
        return SYSTEM.getProcessCpuTime();
    }

    /** CPU time of the processes that this one has started and seen the end of, in steps of 10 ms. */
    static long childrenCpuNanos() {
        return ProcessTree.Times.of(ProcessHandle.current().pid()).ended();
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

    private static String congestionControl() throws IOException {
        return Files.readString(Path.of("/proc/sys/net/ipv4/tcp_congestion_control"))
                .strip();
    }
}
