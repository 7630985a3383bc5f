package dev.portside.server.storage;

import dev.portside.server.storage.FileFacts.Access;
import dev.portside.server.storage.StorageException.Reason;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The files of one account: the one place where a client's pathname becomes a {@link Path}.
 *
 * <p>Nothing outside the root can be named, listed, looked at or reached: not by {@code ..}, not by absolute pathnames, and
 * not by symbolic links, which are followed only while they stay inside. Where {@link #isRaceFree} says so, not even
 * somebody who swaps directories for links at the same time can change that.
 *
 * <p>Whatever fails is a {@link StorageException} that knows its reason and names the client's path. For many threads.
 */
public final class VirtualFileStore implements AutoCloseable {
    /** An unfinished upload that nobody has written to for so long belongs to a server that was killed. */
    private static final Duration STALE = Duration.ofDays(1);

    private static final long HARDLY_ANY_SPACE = 64 << 10;
    private static final LinkOption NO_FOLLOW = LinkOption.NOFOLLOW_LINKS;

    private final Root root;
    private final boolean writable;
    private final FactsReader facts;
    private final Receiver receiver;
    private final AtomicInteger users = new AtomicInteger(1);
    private volatile Runnable afterClose = () -> {};

    private VirtualFileStore(Root root, boolean writable, Uploads uploads) {
        this.root = root;
        this.writable = writable;
        this.facts = new FactsReader(root.directory.getFileSystem(), writable);
        this.receiver = new Receiver(this, root, facts, uploads);
    }

    /**
     * Opens a store.
     *
     * @param root a directory of any file system
     * @param writable whether anything may be changed
     * @throws IOException if the root is not there or is not a directory; this message is for the administrator
     */
    public static VirtualFileStore open(Path root, boolean writable, Uploads uploads) throws IOException {
        requireDirectory(root);
        Root beneath = KernelRoot.open(root);
        return new VirtualFileStore(beneath != null ? beneath : new CheckedRoot(root), writable, uploads);
    }

    /** Opens a store in the way that works on any file system. */
    static VirtualFileStore openChecked(Path root, boolean writable, Uploads uploads) throws IOException {
        requireDirectory(root);
        return new VirtualFileStore(new CheckedRoot(root), writable, uploads);
    }

    private static void requireDirectory(Path root) throws IOException {
        if (!Files.isDirectory(root.toRealPath())) {
            throw new NotDirectoryException(root.toString());
        }
    }

    /** Whether the kernel keeps every path beneath the root, or checks before use have to do. */
    public boolean isRaceFree() {
        return root instanceof KernelRoot;
    }

    /**
     * What is known about a file or directory: what {@link #list} would say of it.
     *
     * @throws StorageException {@link Reason#NOT_FOUND} and others; not for a link that cannot be followed, which is shown
     */
    public FileFacts attributes(VirtualPath path) throws StorageException {
        return attempt(path, () -> {
            if (path.isRoot()) {
                try (Pinned pinned = root.follow(path)) {
                    return facts.read(pinned);
                }
            }
            try (Pinned parent = root.parent(path)) {
                return reached(path, parent, facts.read(parent, path.name(), root.names, permitsRemoval(parent)));
            }
        });
    }

    /**
     * What is known about what a path leads to, with fewer looks at the disk: neither whether it may be removed nor how a
     * link to it reads.
     *
     * @throws StorageException as {@link #attributes}
     */
    public FileFacts target(VirtualPath path) throws StorageException {
        try (Pinned pinned = root.follow(path)) {
            return facts.read(pinned);
        } catch (IOException noWay) {
            return attributes(path);
        }
    }

    private boolean permitsRemoval(Pinned directory) throws IOException {
        FileFacts read = facts.read(directory);
        return read.permits(Access.WRITE) && read.permits(Access.ENTER);
    }

    /** The facts of a name, or for a link that can be followed, of what it leads to. */
    FileFacts reached(VirtualPath path, Pinned directory, FileFacts own) throws IOException {
        if (own.type() != FileFacts.Type.SYMBOLIC_LINK) {
            return own;
        }
        int removal = own.access() & Access.REMOVE.bit();
        try (Pinned target = root.follow(path)) {
            Path link = root.names.child(directory.path(), path.name());
            String shown = root.shown(path.parent(), Files.readSymbolicLink(link));
            FileFacts found = facts.read(target);
            return found.permitting(found.access() | removal).reachedBy(shown);
        } catch (StorageException leadsNowhere) {
            return own.reachedBy(null).permitting(removal);
        }
    }

    /**
     * Lists a directory.
     *
     * @param limit entries at most; reading past it fails
     */
    public Entries list(VirtualPath path, long limit) throws StorageException {
        return attempt(path, () -> {
            Pinned pinned = root.directory(path);
            try {
                boolean removable = permitsRemoval(pinned);
                Entries.Place place = new Entries.Place(this, facts, root.names, path, pinned, removable, limit);
                return pinned.hasDescriptor() ? KernelEntries.open(place) : PathEntries.open(place);
            } catch (IOException failed) {
                pinned.close();
                throw failed;
            }
        });
    }

    /** Removes an unfinished upload if its server cannot be alive any more. */
    void sweep(Path entry, String name) {
        try {
            if (writable && UploadName.isOurs(name) && isStale(entry)) {
                Files.deleteIfExists(entry);
            }
        } catch (IOException remains) {
            // It is hidden, and the next listing tries again.
        }
    }

    private static boolean isStale(Path entry) throws IOException {
        Instant written = Files.getLastModifiedTime(entry, NO_FOLLOW).toInstant();
        return written.isBefore(Instant.now().minus(STALE));
    }

    /**
     * Opens a plain file for reading: a {@link java.nio.channels.FileChannel} where the file system has them. Never waits
     * for the other end of a pipe, and never opens a device.
     */
    public SeekableByteChannel read(VirtualPath path) throws StorageException {
        return attempt(path, () -> {
            try (Pinned file = root.follow(path)) {
                requireFile(path, facts.read(file));
                return file.open(StandardOpenOption.READ);
            }
        });
    }

    static void requireFile(VirtualPath path, FileFacts found) throws StorageException {
        if (!found.isFile()) {
            throw new StorageException(Reason.NOT_A_FILE, path);
        }
    }

    /** Receives a whole file, new or instead of what is there. A link inside the root stays, and leads to the new file. */
    public Incoming receive(VirtualPath path) throws StorageException {
        return change(path, () -> receiver.whole(newName(path)));
    }

    /** Receives a whole file under a name that is not taken: this one, or one like it. See {@link Incoming#path}. */
    public Incoming receiveUnique(VirtualPath path) throws StorageException {
        return change(path, () -> receiver.unique(newName(path)));
    }

    /** Receives what is to follow the content of a file, in place; the file is created where there is none. */
    public Incoming append(VirtualPath path) throws StorageException {
        return change(path, () -> receiver.append(newName(path)));
    }

    /**
     * Receives the rest of a file that is there, in place: what is behind the offset is cut off when the first byte comes
     * (RFC 3659 section 5).
     *
     * @param offset in bytes; 0 is the same as {@link #receive}
     * @throws StorageException {@link Reason#OFFSET_PAST_END}, {@link Reason#NOT_FOUND} and others
     */
    public Incoming resume(VirtualPath path, long offset) throws StorageException {
        return offset == 0 ? receive(path) : change(path, () -> receiver.rest(path, offset));
    }

    public void makeDirectory(VirtualPath path) throws StorageException {
        change(path, () -> {
            if (path.isRoot()) {
                throw new StorageException(Reason.ALREADY_EXISTS, path);
            }
            try (Pinned parent = root.parent(newName(path))) {
                return Files.createDirectory(root.names.child(parent.path(), path.name()));
            }
        });
    }

    /** Removes an empty directory. A link to one is not one. */
    public void removeDirectory(VirtualPath path) throws StorageException {
        change(path, () -> {
            try (Pinned parent = root.parent(notRoot(path))) {
                Path directory = root.names.child(parent.path(), path.name());
                if (!facts.read(directory, false, NO_FOLLOW).isDirectory()) {
                    throw new StorageException(Reason.NOT_A_DIRECTORY, path);
                }
                try {
                    Files.delete(directory);
                } catch (DirectoryNotEmptyException notEmpty) {
                    sweepAll(path, notEmpty);
                    Files.delete(directory);
                }
                return path;
            }
        });
    }

    /** To the client a directory is empty that holds nothing but remains of uploads. */
    private void sweepAll(VirtualPath path, DirectoryNotEmptyException notEmpty) throws IOException {
        try (Entries entries = list(path, 1)) {
            if (entries.next() != null) {
                throw notEmpty;
            }
        }
    }

    /** Deletes anything that is not a directory; of a symbolic link, the link. */
    public void deleteFile(VirtualPath path) throws StorageException {
        change(path, () -> {
            try (Pinned parent = root.parent(notRoot(path))) {
                Path file = root.names.child(parent.path(), path.name());
                if (facts.read(file, false, NO_FOLLOW).isDirectory()) {
                    throw new StorageException(Reason.NOT_A_FILE, path);
                }
                Files.delete(file);
                return path;
            }
        });
    }

    /**
     * Renames a file, directory or link in one step. A file that has the new name is replaced, a directory is not.
     *
     * @throws StorageException {@link Reason#ALREADY_EXISTS} for a directory of the new name, {@link Reason#NOT_SUPPORTED}
     *     between file systems, and others; it names the new path where that is what is wrong
     */
    public void rename(VirtualPath from, VirtualPath to) throws StorageException {
        change(from, () -> {
            if (to.startsWith(from) && !to.equals(from)) {
                throw new StorageException(Reason.NAME_NOT_ALLOWED, to);
            }
            try (Pinned source = root.parent(notRoot(from));
                    Pinned target = root.parent(notRoot(newName(to)))) {
                Path old = root.names.child(source.path(), from.name());
                Path renamed = root.names.child(target.path(), to.name());
                requireReplaceable(old, renamed, to);
                return Files.move(old, renamed, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
        });
    }

    /** The same name in other letters counts as the same file where the file system says so. */
    private void requireReplaceable(Path old, Path renamed, VirtualPath to) throws IOException {
        FileFacts moved = facts.read(old, false, NO_FOLLOW);
        if (Root.exists(renamed)) {
            FileFacts replaced = facts.read(renamed, false, NO_FOLLOW);
            boolean same = moved.unique() != null && moved.unique().equals(replaced.unique());
            if (!same && (moved.isDirectory() || replaced.isDirectory())) {
                throw new StorageException(Reason.ALREADY_EXISTS, to);
            }
        }
    }

    /** Sets when a file or directory was changed (MFMT). */
    public void setModified(VirtualPath path, Instant time) throws StorageException {
        change(path, () -> {
            try (Pinned pinned = fileOrDirectory(path)) {
                times(pinned).setTimes(FileTime.from(time), null, null);
                return path;
            }
        });
    }

    /**
     * Sets when a file or directory was created (MFCT).
     *
     * @throws StorageException {@link Reason#NOT_SUPPORTED} where that is not for anyone to set, as on Linux
     */
    public void setCreated(VirtualPath path, Instant time) throws StorageException {
        change(path, () -> {
            try (Pinned pinned = fileOrDirectory(path)) {
                times(pinned).setTimes(null, null, FileTime.from(time));
                // A file system that cannot do it says nothing.
                Instant now = times(pinned).readAttributes().creationTime().toInstant();
                if (Duration.between(time, now).abs().compareTo(Duration.ofSeconds(2)) > 0) {
                    throw new StorageException(Reason.NOT_SUPPORTED, path);
                }
                return path;
            }
        });
    }

    private static BasicFileAttributeView times(Pinned pinned) {
        return Files.getFileAttributeView(pinned.path(), BasicFileAttributeView.class, pinned.links());
    }

    /**
     * Sets the permissions of a file or directory (SITE CHMOD).
     *
     * @param mode nine bits as in POSIX; more are refused: no client makes a program run as somebody else
     */
    public void setPermissions(VirtualPath path, int mode) throws StorageException {
        change(path, () -> {
            if ((mode & ~PermissionBits.ALL) != 0) {
                throw new StorageException(Reason.NOT_PERMITTED, path);
            }
            try (Pinned pinned = fileOrDirectory(path)) {
                PosixFileAttributeView view =
                        Files.getFileAttributeView(pinned.path(), PosixFileAttributeView.class, pinned.links());
                if (view == null) {
                    throw new StorageException(Reason.NOT_SUPPORTED, path);
                }
                view.setPermissions(PermissionBits.permissions(mode));
                return path;
            }
        });
    }

    /** To change the attributes of a pipe it would have to be opened. */
    private Pinned fileOrDirectory(VirtualPath path) throws IOException {
        Pinned pinned = root.follow(path);
        try {
            FileFacts found = facts.read(pinned);
            if (!found.isDirectory()) {
                requireFile(path, found);
            }
            return pinned;
        } catch (IOException failed) {
            pinned.close();
            throw failed;
        }
    }

    /** Bytes that can still be written to the file system that holds the path (AVBL). */
    public long availableSpace(VirtualPath path) throws StorageException {
        return attempt(path, () -> {
            try (Pinned pinned = root.follow(path)) {
                return Files.getFileStore(pinned.path()).getUsableSpace();
            }
        });
    }

    /** One more who is to close it; false if the last one has. */
    boolean join() {
        return users.getAndUpdate(count -> count == 0 ? 0 : count + 1) > 0;
    }

    /** Runs behind the last close. */
    void whenClosed(Runnable task) {
        afterClose = task;
    }

    /** Files that are open stay open; so does the store as long as others have it open. */
    @Override
    public void close() {
        if (users.decrementAndGet() == 0) {
            root.close();
            afterClose.run();
        }
    }

    private static VirtualPath notRoot(VirtualPath path) throws StorageException {
        if (path.isRoot()) {
            throw new StorageException(Reason.NOT_PERMITTED, path);
        }
        return path;
    }

    /** Control characters make trouble in listings and terminals; what has them can be read and removed, not made. */
    private static VirtualPath newName(VirtualPath path) throws StorageException {
        if (path.name().chars().anyMatch(Character::isISOControl)) {
            throw new StorageException(Reason.NAME_NOT_ALLOWED, path);
        }
        return path;
    }

    /**
     * A failure to change something, with a look at the disk where the failure itself does not tell.
     *
     * @param bytes that were to be written
     */
    StorageException failedChange(IOException failed, VirtualPath path, long bytes) {
        StorageException failure = Failures.of(failed, path);
        if (failure.reason() != Reason.FAILED) {
            return failure;
        }
        try (Pinned pinned = root.parent(path)) {
            FileStore disk = Files.getFileStore(pinned.path());
            if (disk.isReadOnly()) {
                return new StorageException(Reason.NOT_PERMITTED, path.toString(), failed);
            }
            if (disk.getUsableSpace() < HARDLY_ANY_SPACE + bytes) {
                return new StorageException(Reason.NO_SPACE, path.toString(), failed);
            }
        } catch (IOException lookFailed) {
            failure.addSuppressed(lookFailed);
        }
        return failure;
    }

    @FunctionalInterface
    private interface Operation<T> {
        T run() throws IOException;
    }

    private static <T> T attempt(VirtualPath path, Operation<T> operation) throws StorageException {
        try {
            return operation.run();
        } catch (StorageException known) {
            throw known;
        } catch (IOException failed) {
            throw Failures.of(failed, path);
        }
    }

    private <T> T change(VirtualPath path, Operation<T> operation) throws StorageException {
        if (!writable) {
            throw new StorageException(Reason.NOT_PERMITTED, path);
        }
        try {
            return operation.run();
        } catch (StorageException known) {
            // It may be another path that is wrong, as the new name of a rename.
            throw known.reason() == Reason.FAILED ? failedChange(known, path, 0) : known;
        } catch (IOException failed) {
            throw failedChange(failed, path, 0);
        } catch (ReadOnlyFileSystemException readOnly) {
            throw new StorageException(Reason.NOT_PERMITTED, path.toString(), readOnly);
        } catch (UnsupportedOperationException lacking) {
            throw new StorageException(Reason.NOT_SUPPORTED, path.toString(), lacking);
        }
    }
}
