package dev.portside.server.storage;

import dev.portside.server.storage.FileFacts.Access;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.security.Principal;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Reads the facts of a file with one look at it, in the richest way that the file system has. */
final class FactsReader {
    private static final String UNIX = "unix:mode,ino,dev,nlink,uid,gid,size,lastModifiedTime,creationTime,"
            + "isRegularFile,isDirectory,isSymbolicLink";
    private static final int MODE_BITS = 07777;
    private static final int MAX_PRINCIPALS = 10_000;

    private final Set<String> views;
    private final boolean writable;

    /** Looking up a user's name reads the system's user data base, each time. */
    private final Map<Integer, String> owners = new ConcurrentHashMap<>();

    private final Map<Integer, String> groups = new ConcurrentHashMap<>();

    FactsReader(FileSystem fileSystem, boolean writable) {
        this.views = fileSystem.supportedFileAttributeViews();
        this.writable = writable;
    }

    /**
     * Reads the facts.
     *
     * @param removable whether the directory permits that it is removed or renamed
     */
    FileFacts read(Path path, boolean removable, LinkOption... links) throws IOException {
        if (views.contains("unix")) {
            return unix(path, removable, links);
        }
        if (views.contains("posix")) {
            PosixFileAttributes posix = Files.readAttributes(path, PosixFileAttributes.class, links);
            int mode = PermissionBits.of(posix.permissions());
            return facts(posix, mode, posix.owner().getName(), posix.group().getName(), removable);
        }
        return facts(Files.readAttributes(path, BasicFileAttributes.class, links), null, null, null, removable);
    }

    private FileFacts unix(Path path, boolean removable, LinkOption... links) throws IOException {
        Map<String, Object> read = Files.readAttributes(path, UNIX, links);
        int mode = number(read, "mode").intValue() & MODE_BITS;
        int owner = number(read, "uid").intValue();
        int group = number(read, "gid").intValue();
        Instant modified = time(read, "lastModifiedTime");
        FileFacts.Type type = type(
                Boolean.TRUE.equals(read.get("isRegularFile")),
                Boolean.TRUE.equals(read.get("isDirectory")),
                Boolean.TRUE.equals(read.get("isSymbolicLink")));
        return new FileFacts(
                type,
                number(read, "size").longValue(),
                modified == null ? Instant.EPOCH : modified,
                time(read, "creationTime"),
                mode,
                principal(owners, owner, path, "unix:owner", links),
                principal(groups, group, path, "unix:group", links),
                number(read, "nlink").intValue(),
                Long.toHexString(number(read, "dev").longValue()) + "-"
                        + Long.toHexString(number(read, "ino").longValue()),
                false,
                null,
                access(type, ProcessIdentity.CURRENT.bits(mode, owner, group), removable));
    }

    private FileFacts facts(
            BasicFileAttributes basic,
            @Nullable Integer mode,
            @Nullable String owner,
            @Nullable String group,
            boolean removable) {
        FileFacts.Type type = type(basic.isRegularFile(), basic.isDirectory(), basic.isSymbolicLink());
        Object key = basic.fileKey();
        return new FileFacts(
                type,
                basic.size(),
                basic.lastModifiedTime().toInstant(),
                basic.creationTime().toInstant(),
                mode,
                owner,
                group,
                null,
                key == null ? null : key.toString().replaceAll("[^0-9A-Za-z]+", "-"),
                false,
                null,
                access(type, 7, removable));
    }

    /** What is there but cannot be looked at, as in a directory that may be listed and not be entered. */
    static FileFacts unknown() {
        return new FileFacts(
                FileFacts.Type.OTHER, 0, Instant.EPOCH, null, null, null, null, null, null, false, null, Set.of());
    }

    private Set<Access> access(FileFacts.Type type, int bits, boolean removable) {
        Set<Access> access = EnumSet.noneOf(Access.class);
        if ((bits & 4) != 0) {
            access.add(Access.READ);
        }
        if ((bits & 2) != 0 && writable) {
            access.add(Access.WRITE);
        }
        if ((bits & 1) != 0 && type == FileFacts.Type.DIRECTORY) {
            access.add(Access.ENTER);
        }
        if (removable && writable) {
            access.add(Access.REMOVE);
        }
        return access;
    }

    private static FileFacts.Type type(boolean file, boolean directory, boolean link) {
        if (file) {
            return FileFacts.Type.FILE;
        }
        if (directory) {
            return FileFacts.Type.DIRECTORY;
        }
        return link ? FileFacts.Type.SYMBOLIC_LINK : FileFacts.Type.OTHER;
    }

    private static Number number(Map<String, Object> attributes, String name) {
        return attributes.get(name) instanceof Number number ? number : 0;
    }

    private static @Nullable Instant time(Map<String, Object> attributes, String name) {
        return attributes.get(name) instanceof FileTime time ? time.toInstant() : null;
    }

    private static String principal(
            Map<Integer, String> known, int id, Path path, String attribute, LinkOption... links) throws IOException {
        String name = known.get(id);
        if (name == null) {
            name = Files.getAttribute(path, attribute, links) instanceof Principal principal
                    ? principal.getName()
                    : Integer.toString(id);
            if (known.size() < MAX_PRINCIPALS) {
                known.put(id, name);
            }
        }
        return name;
    }
}
