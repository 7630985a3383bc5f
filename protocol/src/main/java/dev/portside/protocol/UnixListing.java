package dev.portside.protocol;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code ls -l}: {@code -rw-r--r--+ 1 owner group 1234 Jan 05 12:34 name}, with or without link count, owner and group.
 *
 * <p>The date is what holds the line together: the size stands before it and the name behind it.
 */
final class UnixListing implements ListingDialect {
    private static final String TYPES = "-fdlbcpsDCMnP?";
    private static final String PERMISSIONS = "rwxsStTlLH-?";
    private static final String ARROW = " -> ";
    private static final Set<String> TOTALS = Set.of(
            "total",
            "insgesamt",
            "gesamt",
            "totale",
            "totaal",
            "totalt",
            "totalt:",
            "total:",
            "razem",
            "celkem",
            "összesen",
            "yhteensä",
            "итого",
            "всего",
            "toplam",
            "合計",
            "总用量",
            "总计",
            "總計",
            "합계");

    private final ServerClock clock;
    private boolean hasEntries;

    UnixListing(ServerClock clock) {
        this.clock = clock;
    }

    @Override
    public @Nullable ListedLine read(String line) {
        Words words = new Words(line, DatedLine.MAX_WORDS);
        String mode = words.get(0);
        if (!isMode(mode)) {
            return isHeading(line, words) ? ListedLine.HEADING : null;
        }
        char letter = mode.charAt(0);
        DatedLine dated = DatedLine.find(words, 1, letter == 'b' || letter == 'c', clock);
        if (dated == null) {
            return null;
        }
        hasEntries = true;
        return new ListedLine.Entry(letter == 'l' ? link(mode, dated) : object(mode, dated));
    }

    private static boolean isMode(String word) {
        if (word.length() < 10 || word.length() > 11 || TYPES.indexOf(word.charAt(0)) < 0) {
            return false;
        }
        for (int i = 1; i < 10; i++) {
            if (PERMISSIONS.indexOf(word.charAt(i)) < 0) {
                return false;
            }
        }
        // Behind the permissions: an access control list, a security label, extended attributes, an alternative method.
        return word.length() == 10 || "+.@*-".indexOf(word.charAt(10)) >= 0;
    }

    /** {@code total 12}, or the name of the listed directory. Later such names mean a recursive listing: not understood. */
    private boolean isHeading(String line, Words words) {
        boolean total = words.count() == 2
                && TOTALS.contains(words.get(0).toLowerCase(Locale.ROOT))
                && Digits.isDigit(words.get(1).charAt(0));
        boolean directory = !hasEntries && line.endsWith(":") && (line.startsWith("/") || line.startsWith("."));
        return total || directory;
    }

    private static DirectoryEntry object(String mode, DatedLine line) {
        DirectoryEntry.Type type = switch (mode.charAt(0)) {
            case '-', 'f' -> DirectoryEntry.Type.FILE;
            case 'd' ->
                switch (line.name()) {
                    case "." -> DirectoryEntry.Type.CURRENT_DIRECTORY;
                    case ".." -> DirectoryEntry.Type.PARENT_DIRECTORY;
                    default -> DirectoryEntry.Type.DIRECTORY;
                };
            default -> DirectoryEntry.Type.OTHER;
        };
        // Devices have numbers of their own in the place of the size.
        Long size = mode.charAt(0) == 'b' || mode.charAt(0) == 'c' ? null : line.bytes();
        return entry(line.name(), type, size, line, null, mode);
    }

    private static DirectoryEntry link(String mode, DatedLine line) {
        int arrow = arrow(line.name(), line.bytes());
        String name = arrow < 0 ? line.name() : line.name().substring(0, arrow);
        String target = arrow < 0 ? null : line.name().substring(arrow + ARROW.length());
        return entry(name, DirectoryEntry.Type.SYMBOLIC_LINK, line.bytes(), line, target, mode);
    }

    private static DirectoryEntry entry(
            String name,
            DirectoryEntry.Type type,
            @Nullable Long size,
            DatedLine line,
            @Nullable String target,
            String mode) {
        UnixDate date = line.date();
        return new DirectoryEntry(name, type, size, date.instant(), date.exact(), target, facts(mode, line.owners()));
    }

    /**
     * Where the arrow between a link's name and its target stands, or -1. Name and target may hold arrows too: the size of a
     * link is the length of its target, which tells the right one; if it fits nowhere, the first one is taken.
     */
    private static int arrow(String text, @Nullable Long targetBytes) {
        int first = text.indexOf(ARROW, 1);
        if (first < 0 || targetBytes == null) {
            return first;
        }
        long bytes = 0;
        for (int at = text.length() - 1; at >= first + ARROW.length() && bytes <= targetBytes; at--) {
            if (bytes == targetBytes && text.startsWith(ARROW, at - ARROW.length() + 1)) {
                return at - ARROW.length() + 1;
            }
            bytes += utf8Length(text.charAt(at));
        }
        return first;
    }

    /** Each half of a surrogate pair is two of the four bytes; a lone one is a byte that was not UTF-8. */
    private static int utf8Length(char c) {
        if (c >= 0xDC80 && c <= 0xDCFF) {
            return 1;
        }
        return c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }

    private static Map<String, String> facts(String mode, List<String> owners) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put(Fact.UNIX_MODE.key(), octal(mode));
        boolean linkCount = !owners.isEmpty() && Digits.areAll(owners.getFirst());
        List<String> names = linkCount ? owners.subList(1, owners.size()) : owners;
        // The major number of a device stands before the minor one: "1, 3".
        names = !names.isEmpty() && names.getLast().endsWith(",") ? names.subList(0, names.size() - 1) : names;
        if (!names.isEmpty()) {
            facts.put(Fact.UNIX_OWNER.key(), names.getFirst());
        }
        if (names.size() > 1) {
            facts.put(Fact.UNIX_GROUP.key(), String.join(" ", names.subList(1, names.size())));
        }
        return facts;
    }

    /** {@code rwxr-xr-x} as {@code 0755}. */
    private static String octal(String mode) {
        int bits = 0;
        for (int i = 1; i <= 9; i++) {
            char letter = mode.charAt(i);
            boolean set =
                    letter != '-' && letter != '?' && letter != 'S' && letter != 'T' && letter != 'l' && letter != 'L';
            bits = bits << 1 | (set ? 1 : 0);
        }
        bits |= isSpecial(mode.charAt(3)) ? 04000 : 0;
        bits |= isSpecial(mode.charAt(6)) ? 02000 : 0;
        bits |= isSpecial(mode.charAt(9)) ? 01000 : 0;
        StringBuilder digits = new StringBuilder(4);
        for (int shift = 9; shift >= 0; shift -= 3) {
            digits.append((char) ('0' + (bits >> shift & 7)));
        }
        return digits.toString();
    }

    private static boolean isSpecial(char letter) {
        return "sStT".indexOf(letter) >= 0;
    }
}
