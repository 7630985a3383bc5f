package dev.portside.lab.bench;

import java.time.Duration;

/**
 * How much time a run takes.
 *
 * @param fileBytes of the large file
 * @param fewestRounds of a row, whatever its time
 * @param divisor of the time that each row has
 * @param loop of one measurement that counts what happens in a time
 */
record Pace(long fileBytes, int fewestRounds, int divisor, Duration loop) {
    static final Pace FULL = new Pace(2L << 30, 2, 1, Duration.ofSeconds(1));
    static final Pace QUICK = new Pace(256L << 20, 1, 8, Duration.ofMillis(200));

    Duration budget(Duration full) {
        return full.dividedBy(divisor);
    }

    /** Of the large file, in words. */
    String fileSize() {
        return fileBytes >> 30 > 0 ? (fileBytes >> 30) + " GiB" : (fileBytes >> 20) + " MiB";
    }

    /** Sessions of a row, of which a quick run takes fewer. */
    int sessions(int full) {
        return isQuick() ? full / 4 : full;
    }

    boolean isQuick() {
        return divisor > 1;
    }
}
