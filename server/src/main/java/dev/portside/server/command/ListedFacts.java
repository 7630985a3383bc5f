package dev.portside.server.command;

import dev.portside.protocol.DirectoryEntry;
import dev.portside.protocol.Fact;
import dev.portside.protocol.LsLine;
import dev.portside.protocol.Perm;
import dev.portside.protocol.Timestamp;
import dev.portside.server.storage.FileFacts;
import dev.portside.server.storage.FileFacts.Access;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** What the store knows about a file, as the lines of MLSx and LIST say it. */
public final class ListedFacts {
    /** The facts that this server knows (RFC 3659 section 7.8); all are shown until OPTS MLST says otherwise. */
    public static final Set<Fact> OFFERED = Collections.unmodifiableSet(EnumSet.of(
            Fact.TYPE,
            Fact.SIZE,
            Fact.MODIFY,
            Fact.CREATE,
            Fact.PERM,
            Fact.UNIQUE,
            Fact.UNIX_MODE,
            Fact.UNIX_OWNER,
            Fact.UNIX_GROUP));

    private static final int UNKNOWN_FILE_MODE = 0644;
    private static final int UNKNOWN_DIRECTORY_MODE = 0755;

    private ListedFacts() {}

    static Map<Fact, String> values(FileFacts file) {
        Map<Fact, String> values = new EnumMap<>(Fact.class);
        values.put(Fact.TYPE, type(file));
        if (file.isFile()) {
            values.put(Fact.SIZE, Long.toString(file.size()));
        }
        putTime(values, Fact.MODIFY, file.modified());
        if (file.created() != null) {
            putTime(values, Fact.CREATE, file.created());
        }
        values.put(Fact.PERM, Perm.format(permissions(file)));
        if (file.unique() != null) {
            values.put(Fact.UNIQUE, oneWord(file.unique()));
        }
        if (file.mode() != null) {
            values.put(Fact.UNIX_MODE, octal(file.mode()));
        }
        if (file.owner() != null) {
            values.put(Fact.UNIX_OWNER, oneWord(file.owner()));
        }
        if (file.group() != null) {
            values.put(Fact.UNIX_GROUP, oneWord(file.group()));
        }
        return values;
    }

    private static String type(FileFacts file) {
        return switch (file.type()) {
            case FILE -> "file";
            case DIRECTORY -> "dir";
            case SYMBOLIC_LINK -> "OS.unix=slink";
            case OTHER -> "OS.unix=special";
        };
    }

    /** A time that four digits of a year cannot tell is not told. */
    private static void putTime(Map<Fact, String> values, Fact fact, Instant time) {
        try {
            values.put(fact, new Timestamp(time).toString());
        } catch (IllegalArgumentException farAway) {
            values.remove(fact);
        }
    }

    private static Set<Perm> permissions(FileFacts file) {
        Set<Perm> may = EnumSet.noneOf(Perm.class);
        if (file.permits(Access.REMOVE)) {
            may.add(Perm.DELETE);
            may.add(Perm.RENAME);
        }
        if (file.isDirectory()) {
            add(may, file.permits(Access.ENTER), Perm.ENTER);
            add(may, file.permits(Access.READ), Perm.LIST);
            boolean changes = file.permits(Access.WRITE) && file.permits(Access.ENTER);
            add(may, changes, Perm.CREATE);
            add(may, changes, Perm.MAKE_DIRECTORY);
            add(may, changes, Perm.PURGE);
        } else if (file.isFile()) {
            add(may, file.permits(Access.READ), Perm.RETRIEVE);
            add(may, file.permits(Access.WRITE), Perm.STORE);
            add(may, file.permits(Access.WRITE), Perm.APPEND);
        }
        return may;
    }

    private static void add(Set<Perm> may, boolean permitted, Perm perm) {
        if (permitted) {
            may.add(perm);
        }
    }

    /** {@code 0644}, as clients expect it. */
    private static String octal(int mode) {
        return "0" + Integer.toOctalString(mode);
    }

    /** The value of a fact has neither spaces nor semicolons. */
    private static String oneWord(String value) {
        StringBuilder word = new StringBuilder(value);
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            if (c <= ' ' || c == ';' || c == 0x7f) {
                word.setCharAt(i, '_');
            }
        }
        return word.toString();
    }

    /** A line of LIST. */
    static String lsLine(FileFacts file, String name, Instant now) {
        DirectoryEntry.Type type = file.link()
                ? DirectoryEntry.Type.SYMBOLIC_LINK
                : switch (file.type()) {
                    case FILE -> DirectoryEntry.Type.FILE;
                    case DIRECTORY -> DirectoryEntry.Type.DIRECTORY;
                    case SYMBOLIC_LINK -> DirectoryEntry.Type.SYMBOLIC_LINK;
                    case OTHER -> DirectoryEntry.Type.OTHER;
                };
        int unknownMode = file.isDirectory() ? UNKNOWN_DIRECTORY_MODE : UNKNOWN_FILE_MODE;
        LsLine line = new LsLine(
                type,
                file.mode() == null ? unknownMode : file.mode(),
                file.links() == null ? 1 : file.links(),
                file.owner() == null ? "ftp" : file.owner(),
                file.group() == null ? "ftp" : file.group(),
                file.size(),
                file.modified(),
                name,
                file.linkTarget());
        return line.format(now);
    }
}
