package dev.portside.server.storage;

import dev.portside.server.posix.SystemCalls;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A file or directory that was found beneath the root. Where it has a descriptor it stays the same one until this is closed,
 * whatever is renamed or linked meanwhile. The path is good for as long, and not longer: then its number may be another's.
 */
final class Pinned implements AutoCloseable {
    private static final int NONE = -1;
    private static final LinkOption[] FOLLOW = {};
    private static final LinkOption[] NO_FOLLOW = {LinkOption.NOFOLLOW_LINKS};

    /** Of a descriptor it is made when somebody asks for it. */
    private @Nullable Path path;

    private final int descriptor;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Pinned(@Nullable Path path, int descriptor) {
        this.path = path;
        this.descriptor = descriptor;
    }

    /** By an open descriptor, which is closed with this. */
    static Pinned byDescriptor(int descriptor) {
        return new Pinned(null, descriptor);
    }

    /** By nothing but a path without links in it. */
    static Pinned byPath(Path path) {
        return new Pinned(path, NONE);
    }

    Path path() {
        Path made = path;
        if (made == null) {
            made = Path.of("/proc/self/fd/" + descriptor);
            path = made;
        }
        return made;
    }

    boolean hasDescriptor() {
        return descriptor != NONE;
    }

    /** Which names the file or directory, and cannot be read. */
    int descriptor() {
        return descriptor;
    }

    /** How to treat the last step of the path: the descriptor's is a link of the kernel's own making. */
    LinkOption[] links() {
        return descriptor == NONE ? NO_FOLLOW : FOLLOW;
    }

    /** Opens it: a {@link FileChannel} where the file system has them. */
    SeekableByteChannel open(OpenOption... options) throws IOException {
        if (descriptor != NONE) {
            return channel(path(), Set.of(options));
        }
        Set<OpenOption> noFollow = new HashSet<>(Set.of(options));
        noFollow.add(LinkOption.NOFOLLOW_LINKS);
        try {
            return channel(path(), noFollow);
        } catch (UnsupportedOperationException | IllegalArgumentException noLinks) {
            return channel(path(), Set.of(options));
        }
    }

    static SeekableByteChannel channel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
            throws IOException {
        try {
            return FileChannel.open(path, options, attributes);
        } catch (UnsupportedOperationException noFileChannels) {
            return Files.newByteChannel(path, options, attributes);
        }
    }

    @Override
    public void close() {
        if (descriptor != NONE && closed.compareAndSet(false, true)) {
            SystemCalls.close(descriptor);
        }
    }
}
