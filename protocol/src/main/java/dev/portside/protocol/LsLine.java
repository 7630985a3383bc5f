package dev.portside.protocol;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
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
        ListingLine line = new ListingLine(NameCharset.UTF_8);
        // Both as if they were UTC: the line has the time of the zone, and how long ago it is stays as it is.
        int offset = zone.getRules().getOffset(modified).getTotalSeconds();
        Instant shown = modified.plusSeconds(offset);
        writeFacts(line, type, mode, links, owner, group, size, shown, now.plusSeconds(offset));
        line.text(name);
        if (linkTarget != null) {
            writeTarget(line, linkTarget);
        }
        return line.toString();
    }

    private static boolean isRecent(Instant modified, Instant now) {
        return !modified.isAfter(now) && modified.isAfter(now.minus(SIX_MONTHS));
    }

    /**
     * Writes a line, its time in UTC, up to where the name begins.
     *
     * @param line cleared; the name is to be added, then {@linkplain #writeTarget the target} of a link
     */
    public static void writeFacts(
            ListingLine line,
            DirectoryEntry.Type type,
            int mode,
            long links,
            String owner,
            String group,
            long size,
            Instant modified,
            Instant now) {
        line.letter(typeLetter(type));
        writePermissions(line, mode);
        line.letter(' ').number(links, 3);
        oneWord(line.letter(' '), owner);
        oneWord(line.letter(' '), group);
        line.letter(' ').number(size, 12);
        line.letter(' ')
                .lsTime(modified.getEpochSecond(), isRecent(modified, now))
                .letter(' ');
    }

    /** Writes what stands behind the name of a link. */
    public static void writeTarget(ListingLine line, String linkTarget) {
        line.text(" -> ").text(linkTarget);
    }

    private static char typeLetter(DirectoryEntry.Type type) {
        return switch (type) {
            case FILE -> '-';
            case DIRECTORY, CURRENT_DIRECTORY, PARENT_DIRECTORY -> 'd';
            case SYMBOLIC_LINK -> 'l';
            case OTHER -> 's';
        };
    }

    /** The nine letters of a mode, {@code rwxr-xr-x}, with {@code s}, {@code S}, {@code t}, {@code T} for the special bits. */
    public static String permissions(int mode) {
        ListingLine letters = new ListingLine(NameCharset.UTF_8);
        writePermissions(letters, mode);
        return letters.toString();
    }

    private static void writePermissions(ListingLine line, int mode) {
        for (int shift = 6, special = 04000; shift >= 0; shift -= 3, special >>= 1) {
            int bits = mode >> shift;
            line.letter((bits & 4) == 0 ? '-' : 'r').letter((bits & 2) == 0 ? '-' : 'w');
            boolean runs = (bits & 1) != 0;
            if ((mode & special) == 0) {
                line.letter(runs ? 'x' : '-');
            } else if (shift == 0) {
                line.letter(runs ? 't' : 'T');
            } else {
                line.letter(runs ? 's' : 'S');
            }
        }
    }

    private static void oneWord(ListingLine line, String name) {
        if (name.isEmpty()) {
            line.letter('-');
            return;
        }
        for (int i = 0; i < name.length(); i++) {
            if (Character.isWhitespace(name.charAt(i)) || Character.isISOControl(name.charAt(i))) {
                line.text(replaced(name));
                return;
            }
        }
        line.text(name);
    }

    private static String replaced(String name) {
        StringBuilder word = new StringBuilder(name);
        for (int i = 0; i < word.length(); i++) {
            if (Character.isWhitespace(word.charAt(i)) || Character.isISOControl(word.charAt(i))) {
                word.setCharAt(i, '_');
            }
        }
        return word.toString();
    }
}
