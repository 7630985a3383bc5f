package dev.portside.protocol;

import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A line of MLSD or MLST: {@code type=file;size=3;modify=20240105123456; name} (RFC 3659 section 7.2), and the lines around
 * it by which FEAT offers facts and OPTS selects them (sections 7.8 and 7.9).
 *
 * <p>What a server writes is as the RFC says. What a client reads is read tolerantly.
 */
public final class MlsxLine {
    private static final String SLINK = "os.unix=slink";

    /** What stands before the value of each fact: {@code size=}. */
    private static final Map<Fact, byte[]> LABELS = labels();

    private MlsxLine() {}

    private static Map<Fact, byte[]> labels() {
        Map<Fact, byte[]> labels = new EnumMap<>(Fact.class);
        for (Fact fact : Fact.values()) {
            labels.put(fact, ListingLine.ascii(fact.wireName() + "="));
        }
        return labels;
    }

    private static byte[] label(Fact fact) {
        return Objects.requireNonNull(LABELS.get(fact));
    }

    // Server side

    /**
     * The line for one object, without line end.
     *
     * <p>CR, LF and NUL in the name become {@code ?}: no command could carry them either.
     *
     * @param values what is known about the object
     * @param selected the facts to show; one that is not in {@code values} is left out
     * @throws IllegalArgumentException if a value holds a space, a semicolon or a control character
     */
    public static String format(Map<Fact, String> values, Set<Fact> selected, String name) {
        ListingLine line = new ListingLine(NameCharset.UTF_8);
        for (Fact fact : Fact.values()) {
            String value = values.get(fact);
            if (value != null && selected.contains(fact)) {
                writeFact(line, fact, value);
            }
        }
        writeEndOfFacts(line);
        return line.text(name).toString();
    }

    /**
     * Writes one fact.
     *
     * @throws IllegalArgumentException if the value holds a space, a semicolon or a control character
     */
    public static void writeFact(ListingLine line, Fact fact, String value) {
        if (!isWord(value)) {
            throw new IllegalArgumentException("not a value of the fact " + fact.wireName() + ": \"" + value + "\"");
        }
        line.bytes(label(fact)).text(value).letter(';');
    }

    /** Writes a fact whose value is a number that is not negative. */
    public static void writeFact(ListingLine line, Fact fact, long value) {
        line.bytes(label(fact)).number(value, 0).letter(';');
    }

    /** Writes a fact whose value is a {@link Timestamp}; a time that four digits of a year cannot tell is not told. */
    public static void writeFact(ListingLine line, Fact fact, Instant time) {
        if (Timestamp.canTell(time)) {
            line.bytes(label(fact))
                    .timestamp(time.getEpochSecond(), time.getNano())
                    .letter(';');
        }
    }

    /** Writes the fact {@link Fact#UNIQUE} of a file that Unix numbers: both numbers in hexadecimal digits. */
    public static void writeUnique(ListingLine line, long device, long inode) {
        line.bytes(label(Fact.UNIQUE)).hex(device).letter('-').hex(inode).letter(';');
    }

    /** Writes the fact {@link Fact#UNIX_MODE}: {@code 0644}, as clients expect it. */
    public static void writeMode(ListingLine line, int mode) {
        line.bytes(label(Fact.UNIX_MODE)).letter('0');
        int shift = mode >= 01000 ? 9 : mode >= 0100 ? 6 : mode >= 010 ? 3 : 0;
        for (; shift >= 0; shift -= 3) {
            line.letter((char) ('0' + (mode >> shift & 7)));
        }
        line.letter(';');
    }

    /** Writes what stands between the facts and the name, which is to be added. */
    public static void writeEndOfFacts(ListingLine line) {
        line.letter(' ');
    }

    private static boolean isWord(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (breaksWord(value.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean breaksWord(char c) {
        return c <= ' ' || c == ';' || c == 0x7f;
    }

    /** A text as the value of a fact can be: what it must not hold becomes an underscore. */
    public static String word(String text) {
        if (isWord(text)) {
            return text;
        }
        StringBuilder word = new StringBuilder(text);
        for (int i = 0; i < word.length(); i++) {
            if (breaksWord(word.charAt(i))) {
                word.setCharAt(i, '_');
            }
        }
        return word.toString();
    }

    /** What FEAT says, without the leading space: {@code MLST type*;size*;unique;}, where {@code *} marks the selected. */
    public static String feature(Set<Fact> offered, Set<Fact> selected) {
        return "MLST "
                + offered.stream()
                        .sorted()
                        .map(fact -> fact.wireName() + (selected.contains(fact) ? "*;" : ";"))
                        .collect(Collectors.joining());
    }

    /**
     * Reads what stands behind {@code OPTS MLST}: {@code type;size;}. Facts that are not offered are passed over; nothing
     * at all selects nothing (RFC 3659 section 7.9).
     */
    public static Set<Fact> selection(String argument, Set<Fact> offered) {
        Set<Fact> selected = EnumSet.noneOf(Fact.class);
        for (String name : argument.strip().split(";", -1)) {
            Fact fact = Fact.named(name.strip());
            if (fact != null && offered.contains(fact)) {
                selected.add(fact);
            }
        }
        return Collections.unmodifiableSet(selected);
    }

    /** The text of the reply to OPTS MLST: {@code MLST OPTS type;size;}. */
    public static String selectionReply(Set<Fact> selected) {
        return "MLST OPTS "
                + selected.stream().sorted().map(fact -> fact.wireName() + ";").collect(Collectors.joining());
    }

    // Client side

    /**
     * Reads a line of MLSD.
     *
     * <p>Fact names may be in any case, the last semicolon may be missing, and a value may hold {@code =} and, against the
     * RFC, spaces. The name is all that stands behind the first space after the facts, leading spaces included. A size or a
     * time that cannot be read is null; the fact keeps it as it came. Of a fact that comes twice the first counts.
     *
     * @throws IllegalArgumentException if the line has no name or something that is no fact
     */
    public static DirectoryEntry parse(String line) {
        int space = endOfFacts(line);
        if (space < 0 || space + 1 == line.length()) {
            throw new IllegalArgumentException("not fact=value; name: \"" + line + "\"");
        }
        Map<String, String> facts = new LinkedHashMap<>();
        for (String fact : line.substring(0, space).split(";", -1)) {
            int equals = fact.indexOf('=');
            if (equals > 0) {
                facts.putIfAbsent(fact.substring(0, equals).toLowerCase(Locale.ROOT), fact.substring(equals + 1));
            } else if (!fact.isEmpty()) {
                throw new IllegalArgumentException("not fact=value: \"" + fact + "\" in \"" + line + "\"");
            }
        }
        return entry(line.substring(space + 1), facts);
    }

    /**
     * Reads the line in the middle of the reply to MLST, which has a space in front (RFC 3659 section 7.2).
     *
     * @throws IllegalArgumentException as {@link #parse}
     */
    public static DirectoryEntry parseReplyLine(String line) {
        return parse(line.startsWith(" ") ? line.substring(1) : line);
    }

    /** Where the space before the name is: behind a semicolon if all before that are facts, otherwise the first one. */
    private static int endOfFacts(String line) {
        int first = line.indexOf(' ');
        int semicolon = line.indexOf("; ");
        if (first <= 0 || semicolon < first) {
            return first;
        }
        for (String fact : line.substring(0, semicolon).split(";", -1)) {
            if (fact.indexOf('=') <= 0) {
                return first;
            }
        }
        return semicolon + 1;
    }

    private static DirectoryEntry entry(String name, Map<String, String> facts) {
        String type = facts.getOrDefault(Fact.TYPE.key(), "");
        Long size = number(facts.get(Fact.SIZE.key()));
        // Some servers tell the size of a directory by a fact of its own.
        size = size == null ? number(facts.get("sizd")) : size;
        Timestamp modified = time(facts.get(Fact.MODIFY.key()));
        return new DirectoryEntry(
                name,
                type(type),
                size,
                modified == null ? null : modified.instant(),
                modified != null,
                linkTarget(type),
                facts);
    }

    private static DirectoryEntry.Type type(String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "file" -> DirectoryEntry.Type.FILE;
            case "dir" -> DirectoryEntry.Type.DIRECTORY;
            case "cdir" -> DirectoryEntry.Type.CURRENT_DIRECTORY;
            case "pdir" -> DirectoryEntry.Type.PARENT_DIRECTORY;
            case SLINK, "os.unix=symlink" -> DirectoryEntry.Type.SYMBOLIC_LINK;
            default -> isLinkWithTarget(value) ? DirectoryEntry.Type.SYMBOLIC_LINK : DirectoryEntry.Type.OTHER;
        };
    }

    private static boolean isLinkWithTarget(String value) {
        return value.regionMatches(true, 0, SLINK + ":", 0, SLINK.length() + 1);
    }

    private static @Nullable String linkTarget(String type) {
        return isLinkWithTarget(type) && type.length() > SLINK.length() + 1 ? type.substring(SLINK.length() + 1) : null;
    }

    private static @Nullable Long number(@Nullable String digits) {
        return digits == null ? null : Digits.parseLong(digits);
    }

    private static @Nullable Timestamp time(@Nullable String text) {
        try {
            return text == null ? null : Timestamp.parse(text);
        } catch (IllegalArgumentException unreadable) {
            return null;
        }
    }
}
