package dev.portside.protocol;

import java.time.LocalDate;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads dates of three numbers, {@code 2024-01-05}, {@code 01-05-24}, {@code 05.01.2024}, as well as they can be read. */
final class NumericDate {
    /** Which number is the year, the month and the day. */
    enum Order {
        YEAR_MONTH_DAY(0, 1, 2),
        MONTH_DAY_YEAR(2, 0, 1),
        DAY_MONTH_YEAR(2, 1, 0);

        private final int year;
        private final int month;
        private final int day;

        Order(int year, int month, int day) {
            this.year = year;
            this.month = month;
            this.day = day;
        }
    }

    private static final int LONGEST = "2024-01-05".length();

    private NumericDate() {}

    /**
     * The date, or null if the word is none.
     *
     * <p>Four digits are the year, and what is separated by points has the day first unless it begins with the year.
     * Otherwise the first of the orders counts in which the date exists and is not ahead of the clock.
     */
    static @Nullable LocalDate parse(String word, List<Order> orders, ServerClock clock) {
        if (word.length() < 6 || word.length() > LONGEST) {
            return null;
        }
        String separator = word.indexOf('-') > 0 ? "-" : word.indexOf('/') > 0 ? "/" : ".";
        String[] numbers = word.split(Pattern.quote(separator), -1);
        if (numbers.length != 3) {
            return null;
        }
        if (numbers[0].length() == 4) {
            return date(numbers, Order.YEAR_MONTH_DAY);
        }
        LocalDate fallback = null;
        for (Order order : separator.equals(".") ? List.of(Order.DAY_MONTH_YEAR) : orders) {
            LocalDate date = date(numbers, order);
            if (date != null && clock.isNotAhead(date.atStartOfDay())) {
                return date;
            }
            fallback = fallback == null ? date : fallback;
        }
        return fallback;
    }

    private static @Nullable LocalDate date(String[] numbers, Order order) {
        int year = Digits.parseInt(numbers[order.year]);
        boolean shaped = (numbers[order.year].length() == 4 || numbers[order.year].length() == 2)
                && numbers[order.month].length() <= 2
                && numbers[order.day].length() <= 2
                && year >= 0;
        if (!shaped) {
            return null;
        }
        int whole = numbers[order.year].length() == 4 ? year : year < 70 ? 2000 + year : 1900 + year;
        return ServerClock.date(whole, Digits.parseInt(numbers[order.month]), Digits.parseInt(numbers[order.day]));
    }
}
