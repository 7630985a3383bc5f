package dev.portside.lab.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Benchmarks that nobody runs rot. Nothing is timed here. */
@Timeout(120)
class BenchmarksTest {
    @Test
    void everyBenchmark_runs() throws RunnerException {
        // Somebody who measures on this machine at the same time does not mind.
        System.setProperty("jmh.ignoreLock", "true");
        Options once = new OptionsBuilder()
                .include("dev\\.portside\\..*")
                .forks(0)
                .warmupIterations(0)
                .measurementIterations(1)
                .measurementTime(TimeValue.nanoseconds(1))
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .build();
        Collection<RunResult> results = new Runner(once).run();
        assertThat(results).hasSizeGreaterThanOrEqualTo(12);
    }
}
