package dev.portside.server.storage;

import dev.portside.protocol.NameCharset;
import dev.portside.server.posix.FileStatus;
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
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Reads the facts of a file with one look at it, in the richest way that the file system has. */
final class FactsReader {
    private static final String UNIX = "unix:mode,ino,dev,nlink,uid,gid,size,lastModifiedTime,creationTime,"
            + "isRegularFile,isDirectory,isSymbolicLink";
    private static final LinkOption[] NO_FOLLOW = {LinkOption.NOFOLLOW_LINKS};
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

    /** Reads the facts of what was found. */
    FileFacts read(Pinned found) throws IOException {
        if (!found.hasDescriptor()) {
            return read(found.path(), false, found.links());
        }
        try (FileStatus status = new FileStatus()) {
            status.ask(found.descriptor());
            return of(status, false, name -> Files.getAttribute(found.path(), name, found.links()));
        }
    }

    /** Reads the facts of a name in a directory; of a symbolic link, those of the link. */
    FileFacts read(Pinned directory, String name, DiskNames names, boolean removable) throws IOException {
        if (!directory.hasDescriptor()) {
            return read(names.child(directory.path(), name), removable, NO_FOLLOW);
        }
        try (FileStatus status = new FileStatus()) {
            status.ask(directory.descriptor(), NameCharset.UTF_8.encode(name));
            return of(
                    status,
                    removable,
                    attribute -> Files.getAttribute(names.child(directory.path(), name), attribute, NO_FOLLOW));
        }
    }

    /** Reads an attribute of the file that it is about: the name of an owner that is not known yet. */
    @FunctionalInterface
    interface Attributes {
        Object read(String name) throws IOException;
    }

    /** The facts that a status tells. */
    FileFacts of(FileStatus status, boolean removable, Attributes attributes) throws IOException {
        FileFacts.Type type = type(status.isFile(), status.isDirectory(), status.isSymbolicLink());
        int mode = status.mode();
        Instant modified = instant(status.modifiedSecond(), status.modifiedNano());
        return new FileFacts(
                type,
                status.size(),
                modified,
                status.hasCreated() ? instant(status.createdSecond(), status.createdNano()) : modified,
                mode,
                principal(owners, status.owner(), attributes, "unix:owner"),
                principal(groups, status.group(), attributes, "unix:group"),
                status.links(),
                new FileFacts.Inode(status.device(), status.inode()),
                false,
                null,
                access(type, ProcessIdentity.CURRENT.bits(mode, status.owner(), status.group()), removable));
    }

    private static Instant instant(long second, int nano) {
        return Instant.ofEpochSecond(
                Math.clamp(second, Instant.MIN.getEpochSecond(), Instant.MAX.getEpochSecond()), nano);
    }

    private FileFacts unix(Path path, boolean removable, LinkOption... links) throws IOException {
        Map<String, Object> read = Files.readAttributes(path, UNIX, links);
        Attributes attributes = name -> Files.getAttribute(path, name, links);
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
                principal(owners, owner, attributes, "unix:owner"),
                principal(groups, group, attributes, "unix:group"),
                number(read, "nlink").intValue(),
                new FileFacts.Inode(
                        number(read, "dev").longValue(), number(read, "ino").longValue()),
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
                FileFacts.Type.OTHER, 0, Instant.EPOCH, null, null, null, null, null, null, false, null, 0);
    }

    /** @param bits those of a mode, which are the same */
    private int access(FileFacts.Type type, int bits, boolean removable) {
        int access = bits & Access.READ.bit();
        access |= writable ? bits & Access.WRITE.bit() : 0;
        access |= type == FileFacts.Type.DIRECTORY ? bits & Access.ENTER.bit() : 0;
        return removable && writable ? access | Access.REMOVE.bit() : access;
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

    private static String principal(Map<Integer, String> known, int id, Attributes attributes, String attribute)
            throws IOException {
        String name = known.get(id);
        if (name == null) {
            name = attributes.read(attribute) instanceof Principal principal
                    ? principal.getName()
                    : Integer.toString(id);
            if (known.size() < MAX_PRINCIPALS) {
                known.put(id, name);
            }
        }
        return name;
    }
}
