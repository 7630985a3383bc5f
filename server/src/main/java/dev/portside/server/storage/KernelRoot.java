package dev.portside.server.storage;

import dev.portside.server.posix.Errno;
import dev.portside.server.posix.SystemCallException;
import dev.portside.server.posix.SystemCalls;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * Linux: each path is opened by the kernel in one step, beneath the root ({@code openat2} with {@code RESOLVE_BENEATH}). No
 * moment is left at which a name could become a link that leads out.
 */
final class KernelRoot extends Root {
    private final int descriptor;
    private final ReadWriteLock open = new ReentrantReadWriteLock();
    private boolean closed;

    private KernelRoot(Path directory, Path real, int descriptor) {
        super(directory, real);
        this.descriptor = descriptor;
    }

    /** The root by this way, or null where the way is not there: another system, an old kernel, a sandbox without /proc. */
    static @Nullable KernelRoot open(Path directory) throws IOException {
        if (!SystemCalls.known() || !directory.getFileSystem().equals(FileSystems.getDefault())) {
            return null;
        }
        Path real = directory.toRealPath();
        int descriptor;
        try {
            descriptor = SystemCalls.openDirectory(DiskNames.bytes(directory));
        } catch (SystemCallException failed) {
            if (failed.errno() == Errno.ENOSYS || failed.errno() == Errno.EPERM) {
                return null;
            }
            throw new FileSystemException(directory.toString(), null, failed.getMessage());
        } catch (IllegalCallerException | LinkageError noNativeAccess) {
            return null;
        }
        if (!Files.isDirectory(Pinned.byDescriptor(descriptor).path())) {
            SystemCalls.close(descriptor);
            return null;
        }
        return new KernelRoot(directory, real, descriptor);
    }

    @Override
    Pinned follow(VirtualPath path) throws IOException {
        return follow(path, false);
    }

    @Override
    Pinned directory(VirtualPath path) throws IOException {
        return follow(path, true);
    }

    private Pinned follow(VirtualPath path, boolean directoryOnly) throws IOException {
        try {
            return beneath(path, directoryOnly);
        } catch (SystemCallException failed) {
            if (failed.errno() != Errno.EXDEV) {
                throw Failures.of(failed, path);
            }
        }
        // The kernel refuses absolute links even where they lead inside: read them here, and ask it again.
        try {
            return beneath(resolved(path), directoryOnly);
        } catch (SystemCallException failed) {
            throw Failures.of(failed, path);
        }
    }

    @Override
    Pinned step(VirtualPath directory) throws IOException {
        try {
            return beneath(directory, true);
        } catch (SystemCallException failed) {
            throw Failures.of(failed, directory);
        }
    }

    private Pinned beneath(VirtualPath path, boolean directoryOnly) throws IOException {
        open.readLock().lock();
        try {
            if (closed) {
                throw new ClosedChannelException();
            }
            return Pinned.byDescriptor(SystemCalls.openBeneath(descriptor, path.relativeBytes(), directoryOnly));
        } finally {
            open.readLock().unlock();
        }
    }

    /** Waits for whoever is on the way down: the number may be another's as soon as it is closed. */
    @Override
    public void close() {
        open.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                SystemCalls.close(descriptor);
            }
        } finally {
            open.writeLock().unlock();
        }
    }
}
