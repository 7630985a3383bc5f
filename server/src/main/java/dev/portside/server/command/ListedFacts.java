package dev.portside.server.command;

import dev.portside.protocol.DirectoryEntry;
import dev.portside.protocol.Fact;
import dev.portside.protocol.ListingLine;
import dev.portside.protocol.LsLine;
import dev.portside.protocol.MlsxLine;
import dev.portside.protocol.Perm;
import dev.portside.server.storage.FileFacts;
import dev.portside.server.storage.FileFacts.Access;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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

    private static final List<Fact> OFFERED_IN_ORDER = List.copyOf(OFFERED);
    /** The letters for anything else, files and directories, and all that may be permitted, as far as somebody has asked. */
    private static final @Nullable String[] PERMS = new String[3 * Access.BOUND];

    private static final int UNKNOWN_FILE_MODE = 0644;
    private static final int UNKNOWN_DIRECTORY_MODE = 0755;

    private ListedFacts() {}

    /** Writes the line of MLSD and MLST up to where the name begins. */
    static void writeFacts(ListingLine line, FileFacts file, Set<Fact> selected) {
        for (Fact fact : OFFERED_IN_ORDER) {
            if (selected.contains(fact)) {
                write(line, fact, file);
            }
        }
        MlsxLine.writeEndOfFacts(line);
    }

    private static void write(ListingLine line, Fact fact, FileFacts file) {
        switch (fact) {
            case TYPE -> MlsxLine.writeFact(line, fact, type(file));
            case SIZE -> {
                if (file.isFile()) {
                    MlsxLine.writeFact(line, fact, file.size());
                }
            }
            case MODIFY -> MlsxLine.writeFact(line, fact, file.modified());
            case CREATE -> {
                if (file.created() != null) {
                    MlsxLine.writeFact(line, fact, file.created());
                }
            }
            case PERM -> MlsxLine.writeFact(line, fact, perm(file));
            case UNIQUE -> {
                if (file.key() instanceof FileFacts.Inode(long device, long number)) {
                    MlsxLine.writeUnique(line, device, number);
                } else {
                    writeWord(line, fact, file.unique());
                }
            }
            case UNIX_MODE -> {
                if (file.mode() != null) {
                    MlsxLine.writeMode(line, file.mode());
                }
            }
            case UNIX_OWNER -> writeWord(line, fact, file.owner());
            case UNIX_GROUP -> writeWord(line, fact, file.group());
            case LANG, MEDIA_TYPE, CHARSET -> {}
        }
    }

    private static void writeWord(ListingLine line, Fact fact, @Nullable String value) {
        if (value != null) {
            MlsxLine.writeFact(line, fact, MlsxLine.word(value));
        }
    }

    private static String type(FileFacts file) {
        return switch (file.type()) {
            case FILE -> "file";
            case DIRECTORY -> "dir";
            case SYMBOLIC_LINK -> "OS.unix=slink";
            case OTHER -> "OS.unix=special";
        };
    }

    private static String perm(FileFacts file) {
        int index = file.access() + (file.isFile() ? Access.BOUND : file.isDirectory() ? 2 * Access.BOUND : 0);
        String known = PERMS[index];
        if (known == null) {
            // Two threads may do it at once, and find the same.
            known = Perm.format(permissions(file));
            PERMS[index] = known;
        }
        return known;
    }

    private static Set<Perm> permissions(FileFacts file) {
        Set<Perm> may = EnumSet.noneOf(Perm.class);
        add(may, file.permits(Access.REMOVE), Perm.DELETE, Perm.RENAME);
        if (file.isDirectory()) {
            add(may, file.permits(Access.ENTER), Perm.ENTER);
            add(may, file.permits(Access.READ), Perm.LIST);
            boolean changes = file.permits(Access.WRITE) && file.permits(Access.ENTER);
            add(may, changes, Perm.CREATE, Perm.MAKE_DIRECTORY, Perm.PURGE);
        } else if (file.isFile()) {
            add(may, file.permits(Access.READ), Perm.RETRIEVE);
            add(may, file.permits(Access.WRITE), Perm.STORE, Perm.APPEND);
        }
        return may;
    }

    private static void add(Set<Perm> may, boolean permitted, Perm... perms) {
        if (permitted) {
            may.addAll(List.of(perms));
        }
    }

    /** Writes the line of LIST up to where the name begins. */
    static void writeLsFacts(ListingLine line, FileFacts file, Instant now) {
        DirectoryEntry.Type type = file.link()
                ? DirectoryEntry.Type.SYMBOLIC_LINK
                : switch (file.type()) {
                    case FILE -> DirectoryEntry.Type.FILE;
                    case DIRECTORY -> DirectoryEntry.Type.DIRECTORY;
                    case SYMBOLIC_LINK -> DirectoryEntry.Type.SYMBOLIC_LINK;
                    case OTHER -> DirectoryEntry.Type.OTHER;
                };
        int unknownMode = file.isDirectory() ? UNKNOWN_DIRECTORY_MODE : UNKNOWN_FILE_MODE;
        LsLine.writeFacts(
                line,
                type,
                file.mode() == null ? unknownMode : file.mode(),
                file.links() == null ? 1 : file.links(),
                file.owner() == null ? "ftp" : file.owner(),
                file.group() == null ? "ftp" : file.group(),
                file.size(),
                file.modified(),
                now);
    }
}
