package dev.portside.lab.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** What one contestant has achieved in a row. */
final class Series {
    private static final double GIB = 1 << 30;

    private final String contestant;
    private final List<Double> values = new ArrayList<>();
    private long bytes;
    private long cpuNanos;
    private long loadNanos;
    private @Nullable String failure;

    Series(String contestant) {
        this.contestant = contestant;
    }

    String contestant() {
        return contestant;
    }

    /**
     * Adds a measurement.
     *
     * @param cpuNanos CPU time of the contestant in it
     * @param loadNanos CPU time of the load generator in it
     */
    void add(Sample sample, long cpuNanos, long loadNanos) {
        values.add(sample.value());
        bytes += sample.bytes();
        this.cpuNanos += cpuNanos;
        this.loadNanos += loadNanos;
    }

    /** It cannot do it, or not any longer: what was measured before does not count. */
    void fail(Throwable why) {
        failure = String.valueOf(why.getMessage());
    }

    /** Why there is no figure; null if there is one, or if nobody asked for one. */
    @Nullable
    String failure() {
        return failure;
    }

    int samples() {
        return failure == null ? values.size() : 0;
    }

    /** Empty if there is no figure. */
    OptionalDouble median() {
        if (samples() == 0) {
            return OptionalDouble.empty();
        }
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int middle = sorted.length / 2;
        return OptionalDouble.of(sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2);
    }

    OptionalDouble least() {
        return samples() == 0
                ? OptionalDouble.empty()
                : values.stream().mapToDouble(v -> v).min();
    }

    OptionalDouble most() {
        return samples() == 0
                ? OptionalDouble.empty()
                : values.stream().mapToDouble(v -> v).max();
    }

    /** CPU seconds of the contestant for each GiB that was moved; empty where no bytes count. */
    OptionalDouble cpuSecondsPerGib() {
        return perGib(cpuNanos);
    }

    /** CPU seconds of the load generator for each GiB that this contestant has moved. */
    OptionalDouble loadSecondsPerGib() {
        return perGib(loadNanos);
    }

    private OptionalDouble perGib(long nanos) {
        return bytes == 0 || samples() == 0 ? OptionalDouble.empty() : OptionalDouble.of(nanos / 1e9 / (bytes / GIB));
    }
}
