package dev.portside.protocol;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The date in a line of {@code ls -l}, in one of the forms that its many versions, options and locales give it.
 *
 * @param count words that it consists of
 * @param exact whether it has a zone of its own
 * @param dayOnly whether it is an ISO date without a time, which {@code ls} fills up with a blank
 */
record UnixDate(int count, Instant instant, boolean exact, boolean dayOnly) {

    /** Reads the date whose first word is the given one; null if none begins there. */
    static @Nullable UnixDate at(Words words, int first, ServerClock clock) {
        UnixDate date = numeric(words, first, clock);
        return date != null ? date : named(words, first, clock);
    }

    private static @Nullable UnixDate numeric(Words words, int first, ServerClock clock) {
        String word = words.get(first);
        if (word.isEmpty() || !Digits.isDigit(word.charAt(0))) {
            return null;
        }
        // A point would not do here: behind a date without time the name may be a number such as 1.25.
        LocalTime time = words.get(first + 1).contains(":") ? TimeOfDay.parse(words.get(first + 1)) : null;
        if (word.length() == 5 && word.charAt(2) == '-' && time != null) {
            int month = Digits.parseInt(word.substring(0, 2));
            return dated(2, clock.withoutYear(month, Digits.parseInt(word.substring(3)), time));
        }
        LocalDate date = NumericDate.parse(word, List.of(NumericDate.Order.DAY_MONTH_YEAR), clock);
        if (date == null) {
            return null;
        }
        if (time == null) {
            return new UnixDate(1, clock.instant(date.atStartOfDay()), false, true);
        }
        ZoneOffset zone = words.get(first + 1).length() >= "12:34:56".length() ? offset(words.get(first + 2)) : null;
        return zone == null
                ? dated(2, clock.instant(date.atTime(time)))
                : new UnixDate(3, date.atTime(time).toInstant(zone), true, false);
    }

    private static @Nullable ZoneOffset offset(String word) {
        boolean shaped = word.length() == 5
                && (word.charAt(0) == '+' || word.charAt(0) == '-')
                && Digits.areAll(word.substring(1));
        try {
            return shaped ? ZoneOffset.of(word) : null;
        } catch (DateTimeException tooLarge) {
            return null;
        }
    }

    /** {@code Jan 5 12:34}, {@code 5 Jan 2024}, {@code Jan 5 12:34:56 2024}, {@code 2024年 1月 5日}. */
    private static @Nullable UnixDate named(Words words, int first, ServerClock clock) {
        // Without its sign a leading year could be the size.
        int leadingYear = isMarkedYear(words.get(first)) ? year(words.get(first)) : -1;
        int at = leadingYear < 0 ? first : first + 1;
        int month = MonthNames.number(words.get(at));
        int day = day(words.get(at + 1));
        if (month == 0) {
            month = MonthNames.number(words.get(at + 1));
            day = day(words.get(at));
        }
        if (month == 0 || day < 0) {
            return null;
        }
        if (leadingYear >= 0) {
            return onDay(3, ServerClock.date(leadingYear, month, day), clock);
        }
        String third = words.get(at + 2);
        LocalTime time = TimeOfDay.parse(third);
        if (time == null) {
            return onDay(3, ServerClock.date(year(third), month, day), clock);
        }
        int year = third.length() >= "2:34:56".length() ? year(words.get(at + 3)) : -1;
        LocalDate date = ServerClock.date(year, month, day);
        return date == null
                ? dated(3, clock.withoutYear(month, day, time))
                : dated(4, clock.instant(date.atTime(time)));
    }

    private static @Nullable UnixDate onDay(int count, @Nullable LocalDate date, ServerClock clock) {
        return date == null ? null : dated(count, clock.instant(date.atStartOfDay()));
    }

    private static @Nullable UnixDate dated(int count, @Nullable Instant instant) {
        return instant == null ? null : new UnixDate(count, instant, false, false);
    }

    /** 1 to 99 for {@code 5}, {@code 5.}, {@code 5,} and {@code 5日}, otherwise -1. */
    private static int day(String word) {
        boolean marked = word.length() > 1 && ".,日일".indexOf(word.charAt(word.length() - 1)) >= 0;
        String digits = marked ? word.substring(0, word.length() - 1) : word;
        return digits.length() <= 2 ? Digits.parseInt(digits) : -1;
    }

    /** Four digits, perhaps with the sign for "year" behind them, otherwise -1. */
    private static int year(String word) {
        String digits = isMarkedYear(word) ? word.substring(0, word.length() - 1) : word;
        return digits.length() == 4 ? Digits.parseInt(digits) : -1;
    }

    private static boolean isMarkedYear(String word) {
        return word.endsWith("年") || word.endsWith("년");
    }
}
