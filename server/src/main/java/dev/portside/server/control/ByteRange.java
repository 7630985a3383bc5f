package dev.portside.server.control;

/**
 * The part of a file that the next command is about: all of it, from a restart marker on (REST), or between two bytes
 * (RANG).
 *
 * @param start the first byte
 * @param last the last byte; {@link Long#MAX_VALUE} for the end of the file
 */
public record ByteRange(long start, long last) {
    public static final ByteRange ALL = from(0);

    /** From a restart marker to the end. */
    public static ByteRange from(long marker) {
        return new ByteRange(marker, Long.MAX_VALUE);
    }

    public boolean isToTheEnd() {
        return last == Long.MAX_VALUE;
    }

    /** How many bytes of a file of that size lie in the range. */
    public long lengthWithin(long size) {
        return Math.max(0, Math.min(isToTheEnd() ? size : last + 1, size) - start);
    }
}
