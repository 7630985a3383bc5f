package dev.portside.protocol;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * A {@code time-val} of RFC 3659 section 2.3: {@code YYYYMMDDHHMMSS[.fraction]}, always UTC.
 *
 * <p>A year that a faulty server wrote as {@code 191xx} (100 added to 19 instead of to 1900) is understood.
 *
 * @param instant the moment, to the nanosecond
 */
public record Timestamp(Instant instant) implements Comparable<Timestamp> {
    private static final Instant FIRST = Instant.parse("0000-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");
    private static final int DIGITS = 14;

    public Timestamp {
        if (!canTell(instant)) {
            throw new IllegalArgumentException("a timestamp has a year of four digits: " + instant);
        }
    }

    /** Whether the year has four digits. */
    static boolean canTell(Instant instant) {
        return !instant.isBefore(FIRST) && !instant.isAfter(LAST);
    }

    /**
     * Reads a {@code time-val}.
     *
     * @throws IllegalArgumentException if the text is not one
     */
    public static Timestamp parse(String text) {
        String digits = text.strip();
        if (digits.startsWith("191") && wholeLength(digits) == DIGITS + 1) {
            digits = 1900 + Integer.parseInt(digits.substring(2, 5)) + digits.substring(5);
        }
        int whole = wholeLength(digits);
        boolean fraction = digits.length() > whole;
        if (whole != DIGITS || (fraction && !isFraction(digits, whole))) {
            throw malformed(text, null);
        }
        int nanos = 0;
        for (int i = whole + 1, unit = 100_000_000; i < digits.length(); i++, unit /= 10) {
            int digit = digits.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                throw malformed(text, null);
            }
            nanos += digit * unit;
        }
        try {
            int second = number(digits, 12, 14);
            LocalDateTime time = LocalDateTime.of(
                    number(digits, 0, 4),
                    number(digits, 4, 6),
                    number(digits, 6, 8),
                    number(digits, 8, 10),
                    number(digits, 10, 12),
                    Math.min(second, 59), // 60 is a leap second (RFC 3659 section 2.3)
                    nanos);
            if (second > 60) {
                throw malformed(text, null);
            }
            return new Timestamp(time.toInstant(ZoneOffset.UTC));
        } catch (DateTimeException impossible) {
            throw malformed(text, impossible);
        }
    }

    private static boolean isFraction(String digits, int point) {
        return digits.charAt(point) == '.' && digits.length() > point + 1 && digits.length() < point + 30;
    }

    private static int wholeLength(String text) {
        int end = 0;
        while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
            end++;
        }
        return end;
    }

    private static int number(String digits, int from, int to) {
        return Integer.parseInt(digits, from, to, 10);
    }

    private static IllegalArgumentException malformed(String text, @Nullable Exception cause) {
        return new IllegalArgumentException("not a time (YYYYMMDDHHMMSS[.fraction]): \"" + text + "\"", cause);
    }

    @Override
    public int compareTo(Timestamp other) {
        return instant.compareTo(other.instant);
    }

    /** The {@code time-val}; a fraction of three digits where there are milliseconds. */
    @Override
    public String toString() {
        return new ListingLine(NameCharset.UTF_8)
                .timestamp(instant.getEpochSecond(), instant.getNano())
                .toString();
    }
}
