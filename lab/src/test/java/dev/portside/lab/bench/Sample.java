package dev.portside.lab.bench;

/**
 * One measurement.
 *
 * @param value in the unit of its row
 * @param bytes of payload that it has moved; 0 where that says nothing
 */
record Sample(double value, long bytes) {
    static Sample ofRate(long bytes, long nanos) {
        return new Sample(bytes / (double) (1 << 20) / (nanos / 1e9), bytes);
    }

    static Sample ofTime(long nanos) {
        return new Sample(nanos / 1e9, 0);
    }

    static Sample ofCount(long count, long nanos) {
        return new Sample(count / (nanos / 1e9), 0);
    }
}
