package dev.portside.server.storage;

import java.time.Instant;
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
 * @param key equal for two names if and only if they are the same file, or null
 * @param link whether the name itself is a symbolic link
 * @param linkTarget where the link leads, as clients may see it: never a pathname of this machine; null for anything else
 *     and where the link cannot be followed
 * @param access the bits of what the account and the operating system permit; a hint, the operation decides
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
        @Nullable Object key,
        boolean link,
        @Nullable String linkTarget,
        int access) {

    public enum Type {
        FILE,
        DIRECTORY,
        SYMBOLIC_LINK,
        /** A pipe, a device, a socket, or something whose attributes cannot be read. */
        OTHER
    }

    public enum Access {
        /** Of a file: its content. Of a directory: the names in it. */
        READ(4),
        /** Of a file: changing its content. Of a directory: creating and removing in it. */
        WRITE(2),
        /** Of a directory: reaching what is in it. */
        ENTER(1),
        /** Deleting and renaming it. */
        REMOVE(8);

        /** More than any sum of bits. */
        public static final int BOUND = 16;

        private final int bit;

        Access(int bit) {
            this.bit = bit;
        }

        public int bit() {
            return bit;
        }
    }

    /** A file, as file systems of Unix number it. */
    public record Inode(long device, long number) {
        @Override
        public String toString() {
            return Long.toHexString(device) + "-" + Long.toHexString(number);
        }
    }

    /** A text that is the same for two names if and only if they are the same file (RFC 3659 section 7.5.2), or null. */
    public @Nullable String unique() {
        return key == null ? null : key.toString();
    }

    public boolean isDirectory() {
        return type == Type.DIRECTORY;
    }

    public boolean isFile() {
        return type == Type.FILE;
    }

    public boolean permits(Access access) {
        return (this.access & access.bit) != 0;
    }

    public Set<Access> permitted() {
        Set<Access> permitted = EnumSet.allOf(Access.class);
        permitted.removeIf(access -> !permits(access));
        return permitted;
    }

    FileFacts reachedBy(@Nullable String target) {
        return new FileFacts(type, size, modified, created, mode, owner, group, links, key, true, target, access);
    }

    FileFacts permitting(int access) {
        return new FileFacts(type, size, modified, created, mode, owner, group, links, key, link, linkTarget, access);
    }
}
