package dev.portside.protocol;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import org.jspecify.annotations.Nullable;

/**
 * A line of LIST in the classical form of {@code ls -l}, which every client can read.
 *
 * <p>{@code -rw-r--r--   1 owner group         1234 Jan 05 12:34 name}
 *
 * @param mode the permissions as in POSIX, the set-id and sticky bits included: {@code 0644}
 * @param links how many names the object has
 * @param owner spaces and control characters in it become {@code _}
 * @param group spaces and control characters in it become {@code _}
 * @param size in bytes
 * @param name CR, LF and NUL in it become {@code ?}
 * @param linkTarget of a symbolic link, or null
 */
public record LsLine(
        DirectoryEntry.Type type,
        int mode,
        long links,
        String owner,
        String group,
        long size,
        Instant modified,
        String name,
        @Nullable String linkTarget) {

    private static final Duration SIX_MONTHS = Duration.ofDays(182);
    private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";

    /** The line with its time in UTC, as {@link #format(Instant, ZoneId)}. */
    public String format(Instant now) {
        return format(now, ZoneOffset.UTC);
    }

    /**
     * The line, without line end.
     *
     * @param now decides whether the time of the day is shown or, for what is older than six months or in the future, the
     *     year
     * @param zone of the time that is shown
     */
    public String format(Instant now, ZoneId zone) {
        boolean recent = !modified.isAfter(now) && modified.isAfter(now.minus(SIX_MONTHS));
        StringBuilder line = new StringBuilder(80 + name.length());
        line.append(typeLetter()).append(permissions(mode));
        padded(line.append(' '), Long.toString(links), 3);
        line.append(' ').append(oneWord(owner));
        line.append(' ').append(oneWord(group));
        padded(line.append(' '), Long.toString(size), 12);
        appendTime(line.append(' '), modified.atZone(zone), recent);
        line.append(' ').append(MlsxLine.oneLine(name));
        if (linkTarget != null) {
            line.append(" -> ").append(MlsxLine.oneLine(linkTarget));
        }
        return line.toString();
    }

    /** {@code Jan 05 12:34} or {@code Jan 05  2024}: twelve characters either way. */
    private static void appendTime(StringBuilder line, ZonedDateTime time, boolean recent) {
        int month = 3 * (time.getMonthValue() - 1);
        line.append(MONTHS, month, month + 3).append(' ');
        twoDigits(line, time.getDayOfMonth());
        line.append(' ');
        if (recent) {
            twoDigits(line, time.getHour());
            twoDigits(line.append(':'), time.getMinute());
        } else {
            padded(line, Integer.toString(time.getYear()), 5);
        }
    }

    private static void twoDigits(StringBuilder line, int number) {
        line.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }

    private char typeLetter() {
        return switch (type) {
            case FILE -> '-';
            case DIRECTORY, CURRENT_DIRECTORY, PARENT_DIRECTORY -> 'd';
            case SYMBOLIC_LINK -> 'l';
            case OTHER -> 's';
        };
    }

    /** The nine letters of a mode, {@code rwxr-xr-x}, with {@code s}, {@code S}, {@code t}, {@code T} for the special bits. */
    public static String permissions(int mode) {
        char[] letters = "rwxrwxrwx".toCharArray();
        for (int i = 0; i < 9; i++) {
            if ((mode >> (8 - i) & 1) == 0) {
                letters[i] = '-';
            }
        }
        special(letters, 2, mode & 04000, 's');
        special(letters, 5, mode & 02000, 's');
        special(letters, 8, mode & 01000, 't');
        return new String(letters);
    }

    private static void special(char[] letters, int at, int bit, char letter) {
        if (bit != 0) {
            letters[at] = letters[at] == 'x' ? letter : Character.toUpperCase(letter);
        }
    }

    private static void padded(StringBuilder line, String number, int width) {
        line.repeat(' ', Math.max(0, width - number.length())).append(number);
    }

    private static String oneWord(String name) {
        if (name.isEmpty()) {
            return "-";
        }
        StringBuilder word = new StringBuilder(name);
        for (int i = 0; i < word.length(); i++) {
            if (Character.isWhitespace(word.charAt(i)) || Character.isISOControl(word.charAt(i))) {
                word.setCharAt(i, '_');
            }
        }
        return word.toString();
    }
}
