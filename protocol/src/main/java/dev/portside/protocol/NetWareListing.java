package dev.portside.protocol;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** NetWare: {@code d [RWCEAFMS] owner 512 Jan 01 12:34 name}; some servers write no space before the bracket. */
final class NetWareListing implements ListingDialect {
    private final ServerClock clock;

    NetWareListing(ServerClock clock) {
        this.clock = clock;
    }

    @Override
    public @Nullable ListedLine read(String line) {
        Words words = new Words(line, DatedLine.MAX_WORDS);
        String mode = words.get(0);
        boolean apart = mode.length() == 1;
        String rights = apart ? words.get(1) : mode.isEmpty() ? "" : mode.substring(1);
        if (mode.isEmpty() || "d-".indexOf(mode.charAt(0)) < 0 || !rights.startsWith("[") || !rights.endsWith("]")) {
            return null;
        }
        DatedLine dated = DatedLine.find(words, apart ? 2 : 1, false, clock);
        if (dated == null) {
            return null;
        }
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("netware.rights", rights.substring(1, rights.length() - 1));
        if (!dated.owners().isEmpty()) {
            facts.put(Fact.UNIX_OWNER.key(), dated.owners().getFirst());
        }
        boolean directory = mode.charAt(0) == 'd';
        return ListedLine.entry(
                dated.name(),
                directory ? DirectoryEntry.Type.DIRECTORY : DirectoryEntry.Type.FILE,
                directory ? null : dated.bytes(),
                dated.date().instant(),
                facts);
    }
}
