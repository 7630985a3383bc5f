package dev.portside.protocol;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * VMS: {@code NAME.EXT;1  12/16  5-JAN-2024 12:34:56  [OWNER]  (RWED,RWED,RE,)}, where a long name has a line of its own.
 *
 * <p>Sizes are in blocks, which does not tell the bytes: they are a fact, {@code vms.blocks}. Directories lose their
 * {@code .DIR;1}. The newest version of a file loses its version, so that its name is what other systems call it; an older
 * version below it keeps its own.
 */
final class VmsListing implements ListingDialect {
    private static final String DIRECTORY = ".DIR";

    private final ServerClock clock;
    private String newest = "";

    VmsListing(ServerClock clock) {
        this.clock = clock;
    }

    @Override
    public @Nullable ListedLine read(String line) {
        Words words = new Words(line, 8);
        String file = words.get(0);
        int semicolon = file.lastIndexOf(';');
        if (semicolon < 1 || !Digits.areAll(file.substring(semicolon + 1))) {
            return isHeading(line) ? ListedLine.HEADING : null;
        }
        if (words.count() == 1) {
            return ListedLine.BEGUN;
        }
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("vms.version", file.substring(semicolon + 1));
        String blocks = words.get(1);
        boolean refused = blocks.startsWith("%") || blocks.equals("No") || blocks.equals("insufficient");
        Instant modified = refused ? null : time(words.get(2), words.get(3));
        if (!refused) {
            if (modified == null || !Digits.isDigit(blocks.charAt(0))) {
                return null;
            }
            facts.put("vms.blocks", blocks);
            addOwnerAndProtection(words, facts);
        }
        return entry(file, semicolon, modified, facts);
    }

    private ListedLine entry(String file, int semicolon, @Nullable Instant modified, Map<String, String> facts) {
        String name = file.substring(0, semicolon);
        int stem = name.length() - DIRECTORY.length();
        if (stem > 0 && name.regionMatches(true, stem, DIRECTORY, 0, DIRECTORY.length())) {
            return ListedLine.entry(name.substring(0, stem), DirectoryEntry.Type.DIRECTORY, null, modified, facts);
        }
        boolean older = name.equals(newest);
        newest = name;
        return ListedLine.entry(older ? file : name, DirectoryEntry.Type.FILE, null, modified, facts);
    }

    private static boolean isHeading(String line) {
        String lower = line.strip().toLowerCase(Locale.ROOT);
        return (lower.startsWith("directory ") && lower.endsWith("]"))
                || (lower.startsWith("total of ") && lower.contains(" file"))
                || (lower.startsWith("grand total of ") && lower.contains(" director"))
                || lower.startsWith("%direct-w-nofiles");
    }

    /** {@code 5-JAN-2024 12:34:56.78}; the time may be missing. */
    private @Nullable Instant time(String day, String timeOfDay) {
        String[] parts = day.split("-", -1);
        if (parts.length != 3 || parts[2].length() != 4) {
            return null;
        }
        LocalDate date =
                ServerClock.date(Digits.parseInt(parts[2]), MonthNames.number(parts[1]), Digits.parseInt(parts[0]));
        LocalTime time = TimeOfDay.parse(timeOfDay);
        return date == null ? null : clock.instant(date.atTime(time == null ? LocalTime.MIDNIGHT : time));
    }

    private static void addOwnerAndProtection(Words words, Map<String, String> facts) {
        for (int i = 3; i < words.count(); i++) {
            String word = words.get(i);
            if (word.startsWith("[") && word.endsWith("]")) {
                facts.put("vms.owner", word.substring(1, word.length() - 1));
            } else if (word.startsWith("(") && word.endsWith(")")) {
                facts.put("vms.protection", word.substring(1, word.length() - 1));
            }
        }
    }
}
