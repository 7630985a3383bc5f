package dev.portside.protocol;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code ls -l} on Unix and on NetWare have in common: some words, the size, the date, the name.
 *
 * @param owners the words before the size
 * @param size as it stands there
 * @param name all that stands behind the date and one blank
 */
record DatedLine(List<String> owners, String size, UnixDate date, String name) {
    /** Words that a line of any known server has before its name. */
    static final int MAX_WORDS = 16;

    /**
     * Finds the size and the date: the first words that can be both.
     *
     * @param first the first word that does not belong to the permissions
     * @param anySize whether something else than a number can stand in the place of the size
     * @return null if there are none, or no name stands behind them
     */
    static @Nullable DatedLine find(Words words, int first, boolean anySize, ServerClock clock) {
        for (int at = first + 1; at < words.count(); at++) {
            String size = words.get(at - 1);
            UnixDate date = anySize || isSize(size) ? UnixDate.at(words, at, clock) : null;
            if (date != null && at + date.count() <= words.count()) {
                String name = words.after(at + date.count() - 1);
                // ls fills up a date that has no time; a name that begins with a space then has two.
                name = date.dayOnly() && name.startsWith(" ") ? name.substring(1) : name;
                return name.isEmpty() ? null : new DatedLine(words.between(first, at - 1), size, date, name);
            }
        }
        return null;
    }

    /** A number, or one for people such as {@code 1.2K}. */
    private static boolean isSize(String word) {
        return !word.isEmpty()
                && Digits.isDigit(word.charAt(0))
                && (Digits.parseGrouped(word) != null || "KMGTkB".indexOf(word.charAt(word.length() - 1)) >= 0);
    }

    /** In bytes, or null where the line has no number of bytes. */
    @Nullable
    Long bytes() {
        return Digits.parseGrouped(size);
    }
}
