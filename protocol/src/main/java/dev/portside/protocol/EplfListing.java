package dev.portside.protocol;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Easily Parsed LIST Format: {@code +i8388621.48594,m825718503,r,s280,\tname} (cr.yp.to/ftp/list/eplf.html). */
final class EplfListing implements ListingDialect {
    /** The last second of the year 9999. */
    private static final long LAST_SECOND = 253_402_300_799L;

    @Override
    public @Nullable ListedLine read(String line) {
        int tab = line.indexOf('\t');
        if (!line.startsWith("+") || tab < 0 || tab + 1 == line.length()) {
            return null;
        }
        DirectoryEntry.Type type = DirectoryEntry.Type.OTHER;
        Long size = null;
        Instant modified = null;
        Map<String, String> facts = new LinkedHashMap<>();
        for (String fact : line.substring(1, tab).split(",", -1)) {
            String value = fact.isEmpty() ? "" : fact.substring(1);
            switch (fact.isEmpty() ? ' ' : fact.charAt(0)) {
                case '/' -> type = DirectoryEntry.Type.DIRECTORY;
                case 'r' -> type = type == DirectoryEntry.Type.DIRECTORY ? type : DirectoryEntry.Type.FILE;
                case 's' -> size = Digits.parseLong(value);
                case 'm' -> modified = instant(Digits.parseLong(value));
                case 'i' -> facts.put(Fact.UNIQUE.key(), value);
                case 'u' -> {
                    if (value.startsWith("p")) {
                        facts.put(Fact.UNIX_MODE.key(), value.substring(1));
                    }
                }
                default -> {}
            }
        }
        String name = line.substring(tab + 1);
        return new ListedLine.Entry(new DirectoryEntry(name, type, size, modified, modified != null, null, facts));
    }

    private static @Nullable Instant instant(@Nullable Long seconds) {
        return seconds == null || seconds > LAST_SECOND ? null : Instant.ofEpochSecond(seconds);
    }
}
