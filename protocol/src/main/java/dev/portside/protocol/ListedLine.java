package dev.portside.protocol;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a dialect makes of a line that is its own. */
sealed interface ListedLine {
    /** A heading, a total or another line that names no object. */
    ListedLine HEADING = new Heading();

    /** The name of an object; the rest of it stands on the next line. */
    ListedLine BEGUN = new Begun();

    record Entry(DirectoryEntry entry) implements ListedLine {}

    record Heading() implements ListedLine {}

    record Begun() implements ListedLine {}

    /** An entry as LIST gives it: the time is never exact, nor is there a link. */
    static ListedLine entry(
            String name,
            DirectoryEntry.Type type,
            @Nullable Long size,
            @Nullable Instant modified,
            Map<String, String> facts) {
        return new Entry(new DirectoryEntry(name, type, size, modified, false, null, facts));
    }
}
