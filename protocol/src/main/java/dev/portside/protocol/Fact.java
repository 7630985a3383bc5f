package dev.portside.protocol;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The standard facts of MLSx lines (RFC 3659 section 7.5), and those about Unix that all servers share. */
public enum Fact {
    /** {@code file}, {@code dir}, {@code cdir}, {@code pdir}, or {@code OS.name=type} (section 7.5.1). */
    TYPE("type"),
    /** In bytes, approximate (section 7.5.7). */
    SIZE("size"),
    /** When the content was changed: a {@link Timestamp} (section 7.5.3). */
    MODIFY("modify"),
    /** When the object was created: a {@link Timestamp} (section 7.5.4). */
    CREATE("create"),
    /** What the user may do: letters of {@link Perm} (section 7.5.5). */
    PERM("perm"),
    /** The same for two names if and only if they are the same object (section 7.5.2). */
    UNIQUE("unique"),
    /** The language of the name (section 7.5.6). */
    LANG("lang"),
    MEDIA_TYPE("media-type"),
    CHARSET("charset"),
    /** Permissions in octal, {@code 0644}. */
    UNIX_MODE("UNIX.mode"),
    UNIX_OWNER("UNIX.owner"),
    UNIX_GROUP("UNIX.group");

    private final String wireName;
    private final String key;

    Fact(String wireName) {
        this.wireName = wireName;
        this.key = wireName.toLowerCase(Locale.ROOT);
    }

    /** The name as FEAT and MLSx lines write it. */
    public String wireName() {
        return wireName;
    }

    /** The name in lower case: the key in {@link DirectoryEntry#facts()}. */
    public String key() {
        return key;
    }

    /** The fact of that name, in any case, or null if it is none of these. */
    public static @Nullable Fact named(String name) {
        String key = name.toLowerCase(Locale.ROOT);
        for (Fact fact : values()) {
            if (fact.key.equals(key)) {
                return fact;
            }
        }
        return null;
    }
}
