package dev.portside.transport;

/**
 * How far data that comes in MODE Z may inflate: a few bytes can stand for as many as anybody likes, zlib makes up to 1032 of
 * one.
 *
 * @param ratio bytes that one byte of the wire may become, in the mean from the beginning on
 * @param grace bytes up to which the ratio does not count
 */
public record InflationLimit(int ratio, long grace) {
    /**
     * 250 to 1, behind the first 64 MiB. Text, tables and programs come to between 2 and 50; what exceeds 250 is hardly more
     * than one byte that repeats itself. A short file of zeros is nothing bad, and does no harm.
     */
    public static final InflationLimit USUAL = new InflationLimit(250, 64 << 20);

    public InflationLimit {
        if (ratio < 1 || grace < 0) {
            throw new IllegalArgumentException(
                    "not a limit on inflation: " + ratio + " to 1 behind " + grace + " bytes");
        }
    }

    boolean isExceeded(long taken, long given) {
        return given > grace && given / ratio > taken;
    }
}
