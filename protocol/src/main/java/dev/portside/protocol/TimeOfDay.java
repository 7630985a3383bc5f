package dev.portside.protocol;

import java.time.LocalTime;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads {@code 15:04}, {@code 15:04:05.678}, {@code 15.04} and {@code 03:04PM}. */
final class TimeOfDay {
    private static final int LONGEST = "23:59:59.123456789".length();

    private TimeOfDay() {}

    /** The time, without its fraction of a second; null if the word is none. */
    static @Nullable LocalTime parse(String word) {
        if (word.length() < 4 || word.length() > LONGEST) {
            return null;
        }
        String lower = word.toLowerCase(Locale.ROOT);
        String digits = lower.endsWith("m") ? lower.substring(0, lower.length() - 1) : lower;
        boolean am = digits.endsWith("a");
        boolean pm = digits.endsWith("p");
        if (digits.length() < lower.length() && !am && !pm) {
            return null;
        }
        String[] parts = (am || pm ? digits.substring(0, digits.length() - 1) : digits).split("[:.]", -1);
        boolean shaped = parts.length >= 2 && parts.length <= 4 && parts[0].length() <= 2 && parts[1].length() == 2;
        if (!shaped || (parts.length == 4 && !Digits.areAll(parts[3]))) {
            return null;
        }
        int second = parts.length == 2 ? 0 : Digits.parseInt(parts[2]);
        return time(hour(Digits.parseInt(parts[0]), am, pm), Digits.parseInt(parts[1]), second);
    }

    private static int hour(int shown, boolean am, boolean pm) {
        if (!am && !pm) {
            return shown;
        }
        return shown < 1 || shown > 12 ? -1 : shown % 12 + (pm ? 12 : 0);
    }

    /** A leap second is the second before. */
    private static @Nullable LocalTime time(int hour, int minute, int second) {
        boolean exists = hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second <= 60;
        return exists ? LocalTime.of(hour, minute, Math.min(second, 59)) : null;
    }
}
