package dev.portside.protocol;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** OS/400: {@code QSYS  77824 02/23/00 15:09:55 *DIR  QSYS.LIB/}; a member has neither size nor date. */
final class Os400Listing implements ListingDialect {
    private static final List<NumericDate.Order> ORDERS = List.of(
            NumericDate.Order.MONTH_DAY_YEAR, NumericDate.Order.YEAR_MONTH_DAY, NumericDate.Order.DAY_MONTH_YEAR);

    /** From the asterisk of the type to the name. */
    private static final int TYPE_COLUMN = 11;

    private final ServerClock clock;

    Os400Listing(ServerClock clock) {
        this.clock = clock;
    }

    @Override
    public @Nullable ListedLine read(String line) {
        Words words = new Words(line, 5);
        int at = isType(words.get(1)) ? 1 : 4;
        String type = words.get(at);
        if (!isType(type)) {
            return null;
        }
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("os400.owner", words.get(0));
        facts.put("os400.type", type);
        Long size = null;
        Instant modified = null;
        if (at == 4) {
            size = Digits.parseGrouped(words.get(1));
            LocalDate date = NumericDate.parse(words.get(2), ORDERS, clock);
            LocalTime time = TimeOfDay.parse(words.get(3));
            if (size == null || date == null || time == null) {
                return null;
            }
            modified = clock.instant(date.atTime(time));
        }
        String name = words.afterColumn(at, TYPE_COLUMN);
        boolean slash = name.endsWith("/") && name.length() > 1;
        name = slash ? name.substring(0, name.length() - 1) : name;
        return name.isEmpty()
                ? null
                : ListedLine.entry(
                        name, slash ? DirectoryEntry.Type.DIRECTORY : type(type, name), size, modified, facts);
    }

    private static boolean isType(String word) {
        return word.length() > 1 && word.startsWith("*");
    }

    private static DirectoryEntry.Type type(String type, String name) {
        return switch (type.toUpperCase(Locale.ROOT)) {
            case "*DIR", "*DDIR", "*FLR", "*LIB" -> DirectoryEntry.Type.DIRECTORY;
            case "*STMF", "*DSTMF", "*MEM", "*MBR", "*DOC" -> DirectoryEntry.Type.FILE;
            // A database file holds members as a directory holds files; a save file is just a file.
            case "*FILE" ->
                name.toUpperCase(Locale.ROOT).endsWith(".SAVF")
                        ? DirectoryEntry.Type.FILE
                        : DirectoryEntry.Type.DIRECTORY;
            default -> DirectoryEntry.Type.OTHER;
        };
    }
}
