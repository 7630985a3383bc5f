package dev.portside.protocol;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Month;
import java.time.Year;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/** What the server's clock and calendar show: completes the times of a listing, which lack the zone and often the year. */
record ServerClock(Instant now, ZoneId zone) {
    /** How far ahead a date without year may be: clocks and zones differ. */
    private static final Duration AHEAD = Duration.ofDays(1);

    /** The gap between two leap years is eight years where a century is none. */
    private static final int LONGEST_LEAP_GAP = 8;

    Instant instant(LocalDateTime time) {
        return time.atZone(zone).toInstant();
    }

    /** The latest such moment that is not more than a day ahead, or null if there is no such day. */
    @Nullable
    Instant withoutYear(int month, int day, LocalTime time) {
        int next = now.atZone(zone).getYear() + 1;
        for (int year = next; year >= next - 1 - LONGEST_LEAP_GAP; year--) {
            LocalDate date = date(year, month, day);
            if (date != null && isNotAhead(date.atTime(time))) {
                return instant(date.atTime(time));
            }
        }
        return null;
    }

    boolean isNotAhead(LocalDateTime time) {
        return !instant(time).isAfter(now.plus(AHEAD));
    }

    /** The day, or null if there is none. */
    static @Nullable LocalDate date(int year, int month, int day) {
        boolean exists = month >= 1
                && month <= 12
                && day >= 1
                && day
                        <= (month == 2
                                ? (Year.isLeap(year) ? 29 : 28)
                                : Month.of(month).maxLength());
        return exists && year >= 0 && year <= Year.MAX_VALUE ? LocalDate.of(year, month, day) : null;
    }
}
