package dev.portside.server.storage;

import dev.portside.server.storage.Incoming.Reservation;
import dev.portside.server.storage.StorageException.Reason;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where uploads begin. */
final class Receiver {
    private static final Set<StandardOpenOption> CREATE =
            Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
    private static final int MAX_ATTEMPTS = 10;
    private static final int UNIQUE_BYTES = 4;

    private final VirtualFileStore store;
    private final Root root;
    private final FactsReader facts;
    private final Uploads uploads;

    Receiver(VirtualFileStore store, Root root, FactsReader facts, Uploads uploads) {
        this.store = store;
        this.root = root;
        this.facts = facts;
        this.uploads = uploads;
    }

    Incoming whole(VirtualPath path) throws IOException {
        if (uploads == Uploads.IN_PLACE) {
            return Incoming.inPlace(store, path, openInPlace(path, true));
        }
        Place place = place(path);
        try {
            Set<PosixFilePermission> permissions = null;
            if (Root.exists(place.file)) {
                VirtualFileStore.requireFile(path, facts.read(place.file, false, LinkOption.NOFOLLOW_LINKS));
                if (!Files.isWritable(place.file)) {
                    throw new AccessDeniedException(path.toString());
                }
                permissions = permissions(place.file);
            }
            return draft(path, place, permissions, null);
        } catch (IOException | RuntimeException failed) {
            place.close();
            throw failed;
        }
    }

    Incoming unique(VirtualPath path) throws IOException {
        VirtualPath candidate = path;
        for (int attempt = 1; ; attempt++) {
            Place place = place(candidate);
            try {
                return reserved(candidate, place);
            } catch (FileAlreadyExistsException taken) {
                place.close();
                if (attempt == MAX_ATTEMPTS) {
                    throw taken;
                }
                candidate = path.parent().child(path.name() + "." + UploadName.randomHex(UNIQUE_BYTES));
            } catch (IOException | RuntimeException failed) {
                place.close();
                throw failed;
            }
        }
    }

    private Incoming reserved(VirtualPath path, Place place) throws IOException {
        SeekableByteChannel empty = Pinned.channel(place.file, CREATE);
        if (uploads == Uploads.IN_PLACE) {
            place.close();
            return Incoming.inPlace(store, path, empty);
        }
        try {
            empty.close();
            return draft(path, place, null, Reservation.of(place.file));
        } catch (IOException | RuntimeException failed) {
            Files.deleteIfExists(place.file);
            throw failed;
        }
    }

    Incoming append(VirtualPath path) throws IOException {
        SeekableByteChannel existing = openOrNull(path);
        if (existing != null) {
            return Incoming.appending(store, path, atItsEnd(existing));
        }
        try (Place place = place(path)) {
            if (!Files.isWritable(place.directory.path())) {
                throw new AccessDeniedException(path.toString());
            }
        }
        return Incoming.appending(store, path, new LateFile(() -> atItsEnd(openInPlace(path, true))));
    }

    private static SeekableByteChannel atItsEnd(SeekableByteChannel file) throws IOException {
        return file.position(file.size());
    }

    private @Nullable SeekableByteChannel openOrNull(VirtualPath path) throws IOException {
        try {
            return openInPlace(path, false);
        } catch (StorageException missing) {
            if (missing.reason() == Reason.NOT_FOUND) {
                return null;
            }
            throw missing;
        }
    }

    Incoming rest(VirtualPath path, long offset) throws IOException {
        SeekableByteChannel channel = openInPlace(path, false);
        if (offset < 0 || offset > channel.size()) {
            channel.close();
            throw new StorageException(Reason.OFFSET_PAST_END, path);
        }
        channel.position(offset);
        return Incoming.inPlace(store, path, channel);
    }

    /** Where a file is or is to be: not a link, or it has become one since. */
    private record Place(Pinned directory, Path file) implements AutoCloseable {
        @Override
        public void close() {
            directory.close();
        }
    }

    private Place place(VirtualPath path) throws IOException {
        VirtualPath real = path;
        for (int attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
            if (real.isRoot()) {
                throw new StorageException(Reason.NOT_A_FILE, path);
            }
            Pinned parent = root.parent(real);
            Place place;
            try {
                place = new Place(parent, root.names.child(parent.path(), real.name()));
            } catch (IOException failed) {
                parent.close();
                throw failed;
            }
            if (!Files.isSymbolicLink(place.file)) {
                return place;
            }
            place.close();
            real = root.resolved(path);
        }
        throw new StorageException(Reason.LINK_LOOP, path);
    }

    private Incoming draft(
            VirtualPath path,
            Place place,
            @Nullable Set<PosixFilePermission> permissions,
            @Nullable Reservation reserved)
            throws IOException {
        Path hidden = root.names.child(place.directory.path(), UploadName.random());
        SeekableByteChannel channel;
        if (permissions == null) {
            channel = Pinned.channel(hidden, CREATE);
        } else {
            channel = Pinned.channel(hidden, CREATE, PosixFilePermissions.asFileAttribute(permissions));
            try {
                keep(permissions, hidden);
            } catch (IOException | RuntimeException failed) {
                channel.close();
                Files.deleteIfExists(hidden);
                throw failed;
            }
        }
        return Incoming.atomic(store, path, channel, new Incoming.Draft(place.directory, hidden, place.file, reserved));
    }

    /** The permissions of a file that is to be replaced, or null if the file system has none. */
    private static @Nullable Set<PosixFilePermission> permissions(Path file) throws IOException {
        PosixFileAttributeView view = posix(file);
        return view == null ? null : view.readAttributes().permissions();
    }

    /** Gives back what the umask took. Not to be able to is no reason to refuse an upload. */
    private static void keep(Set<PosixFilePermission> permissions, Path file) throws IOException {
        PosixFileAttributeView view = posix(file);
        if (view != null && !view.readAttributes().permissions().equals(permissions)) {
            try {
                view.setPermissions(permissions);
            } catch (AccessDeniedException notReadableByOwner) {
                // To change the mode without following links the file is opened for reading first.
            }
        }
    }

    private static @Nullable PosixFileAttributeView posix(Path file) {
        return Files.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    }

    /** Opens a plain file for writing, for this upload alone. */
    private SeekableByteChannel openInPlace(VirtualPath path, boolean create) throws IOException {
        SeekableByteChannel channel = null;
        for (int attempt = 1; channel == null && attempt <= MAX_ATTEMPTS; attempt++) {
            channel = openExisting(path);
            if (channel == null && !create) {
                throw new StorageException(Reason.NOT_FOUND, path);
            }
            if (channel == null) {
                channel = createNew(path);
            }
        }
        if (channel == null) {
            throw new StorageException(Reason.BUSY, path);
        }
        if (channel instanceof FileChannel file && !isLocked(file)) {
            channel.close();
            throw new StorageException(Reason.BUSY, path);
        }
        return channel;
    }

    private @Nullable SeekableByteChannel openExisting(VirtualPath path) throws IOException {
        try (Pinned file = root.follow(path)) {
            VirtualFileStore.requireFile(path, facts.read(file.path(), false, file.links()));
            return file.open(StandardOpenOption.WRITE);
        } catch (StorageException missing) {
            if (missing.reason() == Reason.NOT_FOUND) {
                return null;
            }
            throw missing;
        }
    }

    private @Nullable SeekableByteChannel createNew(VirtualPath path) throws IOException {
        try (Place place = place(path)) {
            return Pinned.channel(place.file, CREATE);
        } catch (FileAlreadyExistsException createdSince) {
            return null;
        }
    }

    /** Locks it until it is closed. Two sessions that write to one file would mix it. */
    private static boolean isLocked(FileChannel file) {
        try {
            FileLock lock = file.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException held) {
            return false;
        } catch (IOException withoutLocks) {
            return true;
        }
    }
}
