package dev.portside.protocol;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one line of a listing says about one object: of MLSD or MLST (RFC 3659 section 7), or of LIST in one of its many
 * dialects.
 *
 * <p>A listing comes from a stranger. Before a name becomes part of a local path, {@link #hasSafeName} must hold.
 *
 * @param name as {@link NameCharset} decoded it, with every space it has
 * @param size in bytes, or null where the listing does not tell it, or tells it in another unit
 * @param modified when the content was last changed, or null where the listing does not tell
 * @param timeIsExact whether the listing gave the time with its zone (MLSx, EPLF, ISO with offset); otherwise the zone is an
 *     assumption, and so may be the year, and seconds may be missing
 * @param linkTarget where a symbolic link leads, or null where the listing does not tell or the object is none
 * @param facts all that the line says, in the order it came; keys are in lower case: {@code unix.mode}, {@code unix.owner}
 */
public record DirectoryEntry(
        String name,
        Type type,
        @Nullable Long size,
        @Nullable Instant modified,
        boolean timeIsExact,
        @Nullable String linkTarget,
        Map<String, String> facts) {

    /** What an object is (RFC 3659 section 7.5.1). */
    public enum Type {
        FILE,
        DIRECTORY,
        /** The listed directory itself: {@code cdir}, or {@code .} in a Unix listing. */
        CURRENT_DIRECTORY,
        /** The parent of the listed directory: {@code pdir}, or {@code ..} in a Unix listing. */
        PARENT_DIRECTORY,
        SYMBOLIC_LINK,
        /** A device, a socket, or an object whose type the listing does not tell. */
        OTHER
    }

    public DirectoryEntry {
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    }

    /** An entry with nothing but a name and a type. */
    static DirectoryEntry named(String name, Type type) {
        return new DirectoryEntry(name, type, null, null, false, null, Map.of());
    }

    /** Whether this is a directory, the listed one and its parent included. */
    public boolean isDirectory() {
        return type == Type.DIRECTORY || isSelfOrParent();
    }

    /** Whether this is the listed directory or its parent: who walks down a tree passes them by. */
    public boolean isSelfOrParent() {
        return type == Type.CURRENT_DIRECTORY || type == Type.PARENT_DIRECTORY;
    }

    /**
     * Whether the name is a name inside the listed directory: not empty, not {@code .} or {@code ..}, without slash and
     * without control characters.
     */
    public boolean hasSafeName() {
        return hasSafeName(false);
    }

    /**
     * Whether the name is a name inside the listed directory.
     *
     * @param onWindows refuse backslash and colon too, which lead elsewhere there (another directory, drive or stream)
     */
    public boolean hasSafeName(boolean onWindows) {
        return !name.isEmpty()
                && !name.equals(".")
                && !name.equals("..")
                && name.chars().noneMatch(c -> c == '/' || Character.isISOControl(c))
                && !(onWindows && (name.indexOf('\\') >= 0 || name.indexOf(':') >= 0));
    }
}
