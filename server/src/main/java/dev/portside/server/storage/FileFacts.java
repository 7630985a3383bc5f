package dev.portside.server.storage;

import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known about a stored file or directory. Of a symbolic link that can be followed, it is what is known about the
 * file or directory that it leads to.
 *
 * @param type {@link Type#SYMBOLIC_LINK} only for a link that cannot be followed: broken, in a circle, or out of the root
 * @param size in bytes; of a directory, whatever the file system says
 * @param created null where the file system does not tell
 * @param mode the permissions as in POSIX, the set-id and sticky bits included ({@code 0644}), or null
 * @param owner a name or a number, or null
 * @param group a name or a number, or null
 * @param links how many names the file has, or null
 * @param unique the same for two names if and only if they are the same file (RFC 3659 section 7.5.2), or null
 * @param link whether the name itself is a symbolic link
 * @param linkTarget where the link leads, as clients may see it: never a pathname of this machine; null for anything else
 *     and where the link cannot be followed
 * @param permitted what the account and the operating system permit; a hint, the operation decides
 */
public record FileFacts(
        Type type,
        long size,
        Instant modified,
        @Nullable Instant created,
        @Nullable Integer mode,
        @Nullable String owner,
        @Nullable String group,
        @Nullable Integer links,
        @Nullable String unique,
        boolean link,
        @Nullable String linkTarget,
        Set<Access> permitted) {

    public enum Type {
        FILE,
        DIRECTORY,
        SYMBOLIC_LINK,
        /** A pipe, a device, a socket, or something whose attributes cannot be read. */
        OTHER
    }

    public enum Access {
        /** Of a file: its content. Of a directory: the names in it. */
        READ,
        /** Of a file: changing its content. Of a directory: creating and removing in it. */
        WRITE,
        /** Of a directory: reaching what is in it. */
        ENTER,
        /** Deleting and renaming it. */
        REMOVE
    }

    public FileFacts {
        permitted = permitted.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(permitted));
    }

    public boolean isDirectory() {
        return type == Type.DIRECTORY;
    }

    public boolean isFile() {
        return type == Type.FILE;
    }

    public boolean permits(Access access) {
        return permitted.contains(access);
    }

    FileFacts reachedBy(@Nullable String target) {
        return new FileFacts(type, size, modified, created, mode, owner, group, links, unique, true, target, permitted);
    }

    FileFacts permitting(Set<Access> access) {
        return new FileFacts(
                type, size, modified, created, mode, owner, group, links, unique, link, linkTarget, access);
    }
}
