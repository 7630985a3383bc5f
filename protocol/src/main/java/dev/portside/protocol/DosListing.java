package dev.portside.protocol;

import java.time.LocalDate;
import java.time.LocalTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** DOS, Windows and IIS: {@code 01-05-24  03:04PM       <DIR>          name}. */
final class DosListing implements ListingDialect {
    private static final List<NumericDate.Order> ORDERS = List.of(
            NumericDate.Order.MONTH_DAY_YEAR, NumericDate.Order.DAY_MONTH_YEAR, NumericDate.Order.YEAR_MONTH_DAY);

    /** From the start of {@code <DIR>} to the name. */
    private static final int TAG_COLUMN = 15;

    private final ServerClock clock;

    DosListing(ServerClock clock) {
        this.clock = clock;
    }

    @Override
    public @Nullable ListedLine read(String line) {
        Words words = new Words(line, 4);
        LocalDate date = NumericDate.parse(words.get(0), ORDERS, clock);
        boolean halfDayApart = isHalfDay(words.get(2));
        LocalTime time = TimeOfDay.parse(halfDayApart ? words.get(1) + words.get(2) : words.get(1));
        int what = halfDayApart ? 3 : 2;
        if (date == null || time == null || words.count() <= what) {
            return null;
        }
        String tag = words.get(what).toUpperCase(Locale.ROOT);
        Long size = Digits.parseGrouped(tag);
        boolean tagged = tag.length() > 2 && tag.startsWith("<") && tag.endsWith(">");
        String name = tagged ? words.afterColumn(what, TAG_COLUMN) : words.after(what);
        if ((!tagged && size == null) || name.isEmpty()) {
            return null;
        }
        DirectoryEntry.Type type = switch (tag) {
            case "<DIR>" -> directory(name);
            case "<JUNCTION>", "<SYMLINKD>", "<SYMLINK>" -> DirectoryEntry.Type.SYMBOLIC_LINK;
            default -> tagged ? DirectoryEntry.Type.OTHER : DirectoryEntry.Type.FILE;
        };
        int bracket = type == DirectoryEntry.Type.SYMBOLIC_LINK && name.endsWith("]") ? name.lastIndexOf(" [") : -1;
        return new ListedLine.Entry(new DirectoryEntry(
                bracket < 1 ? name : name.substring(0, bracket),
                type,
                size,
                clock.instant(date.atTime(time)),
                false,
                bracket < 1 ? null : name.substring(bracket + 2, name.length() - 1),
                Map.of()));
    }

    private static boolean isHalfDay(String word) {
        return word.equalsIgnoreCase("AM") || word.equalsIgnoreCase("PM");
    }

    private static DirectoryEntry.Type directory(String name) {
        return switch (name) {
            case "." -> DirectoryEntry.Type.CURRENT_DIRECTORY;
            case ".." -> DirectoryEntry.Type.PARENT_DIRECTORY;
            default -> DirectoryEntry.Type.DIRECTORY;
        };
    }
}
