package dev.portside.server.storage;

import dev.portside.server.storage.StorageException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The directory that a store serves, and the ways down from it. Nothing else turns a virtual path into a path. */
abstract sealed class Root implements AutoCloseable permits KernelRoot, CheckedRoot {
    private static final int MAX_LINKS = 40;
    private static final int MAX_STEPS = 4096;

    final Path directory;
    final DiskNames names;

    /** An absolute link leads inside if it begins with the root, as it was named or as it really is. */
    private final List<Path> aliases;

    /**
     * A root.
     *
     * @param named the directory as the administrator wrote it
     */
    Root(Path named, Path real) {
        this.directory = real;
        this.names = new DiskNames(real.getFileSystem());
        this.aliases = List.of(real, named.toAbsolutePath().normalize());
    }

    /** What a path leads to, links followed while they stay inside. */
    abstract Pinned follow(VirtualPath path) throws IOException;

    /** A directory, links followed while they stay inside. */
    abstract Pinned directory(VirtualPath path) throws IOException;

    /** The directory of a path on which {@link #resolved} has been: no link in it needs to be followed. */
    abstract Pinned step(VirtualPath directory) throws IOException;

    @Override
    public abstract void close();

    /** The directory in which the last name of a path stands. */
    final Pinned parent(VirtualPath path) throws IOException {
        return directory(path.parent());
    }

    /**
     * The path without links in it, found by reading one after the other. By the time it is used it may be true no more.
     *
     * @throws StorageException where a link leads out of the root, in a circle, or where there are too many
     */
    final VirtualPath resolved(VirtualPath path) throws IOException {
        Deque<String> ahead = new ArrayDeque<>(path.names());
        List<String> done = new ArrayList<>();
        int links = 0;
        for (int steps = 0; !ahead.isEmpty(); steps++) {
            if (steps > MAX_STEPS) {
                throw new StorageException(Reason.LINK_LOOP, path);
            }
            String name = ahead.removeFirst();
            if (name.equals("..")) {
                if (done.isEmpty()) {
                    throw new StorageException(Reason.NOT_PERMITTED, path);
                }
                done.removeLast();
                continue;
            }
            Path target = link(VirtualPath.of(done), name);
            if (target == null) {
                done.add(name);
                continue;
            }
            if (++links > MAX_LINKS) {
                throw new StorageException(Reason.LINK_LOOP, path);
            }
            List<String> steppingStones = inside(target);
            if (steppingStones == null) {
                throw new StorageException(Reason.NOT_PERMITTED, path);
            }
            if (target.isAbsolute()) {
                done.clear();
            }
            steppingStones.reversed().forEach(ahead::addFirst);
        }
        return VirtualPath.of(done);
    }

    /** Where a symbolic link leads, or null if it is none. */
    private @Nullable Path link(VirtualPath directory, String name) throws IOException {
        try (Pinned pinned = step(directory)) {
            return link(names.child(pinned.path(), name));
        }
    }

    static @Nullable Path link(Path path) throws IOException {
        return Files.isSymbolicLink(path) ? Files.readSymbolicLink(path) : null;
    }

    /** The names in a link's target; of an absolute one those after the root, or null if it does not begin with the root. */
    private @Nullable List<String> inside(Path target) {
        int skipped = 0;
        if (target.isAbsolute()) {
            Path alias = null;
            for (Path candidate : aliases) {
                alias = target.startsWith(candidate) ? candidate : alias;
            }
            if (alias == null) {
                return null;
            }
            skipped = alias.getNameCount();
        }
        List<String> inside = new ArrayList<>();
        for (int i = skipped; i < target.getNameCount(); i++) {
            String name = names.name(target.getName(i));
            if (!name.isEmpty() && !name.equals(".")) {
                inside.add(name);
            }
        }
        return inside;
    }

    /** A link's target as clients may see it: null if it tells anything about what is outside. */
    final @Nullable String shown(VirtualPath directory, Path target) {
        List<String> inside = inside(target);
        if (inside == null) {
            return null;
        }
        int depth = target.isAbsolute() ? 0 : directory.names().size();
        for (String name : inside) {
            depth += name.equals("..") ? -1 : 1;
            if (depth < 0) {
                return null;
            }
        }
        return (target.isAbsolute() ? "/" : "") + String.join("/", inside);
    }

    /** Whether there is something of that name, be it a link. */
    static boolean exists(Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }
}
