package dev.portside.server.storage;

import dev.portside.protocol.ListingLine;
import dev.portside.server.storage.StorageException.Reason;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What is in a directory, one entry after the other, in no order, read as it is asked for. Unfinished uploads are not shown.
 * For one thread.
 *
 * <ol>
 *   <li>{@link #advance} until it is false; each time {@link #name} or {@link #writeName} tells the name, and {@link #facts}
 *       looks at the file. Who needs both anyway uses {@link #next}.
 *   <li>{@link #close}.
 * </ol>
 */
public abstract sealed class Entries implements AutoCloseable permits KernelEntries, PathEntries {
    /** A name in the directory, as it is on disk: it may hold control characters. */
    public record Entry(String name, FileFacts facts) {}

    /**
     * The directory that is listed.
     *
     * @param removable whether it permits that what is in it is removed
     * @param limit entries at most
     */
    record Place(
            VirtualFileStore store,
            FactsReader facts,
            DiskNames names,
            VirtualPath path,
            Pinned pinned,
            boolean removable,
            long limit) {}

    final Place place;
    private long left;

    Entries(Place place) {
        this.place = place;
        this.left = place.limit;
    }

    /**
     * Goes on to the next entry; false at the end.
     *
     * @throws StorageException {@link Reason#TOO_MANY_ENTRIES} past the limit, or whatever the disk says
     */
    public final boolean advance() throws StorageException {
        while (step()) {
            if (mayBeUpload() && UploadName.matches(name())) {
                place.store.sweep(path(), name());
                continue;
            }
            if (left-- <= 0) {
                throw new StorageException(Reason.TOO_MANY_ENTRIES, place.path);
            }
            return true;
        }
        return false;
    }

    /** Goes on to the next name that is on disk, whatever it is. */
    abstract boolean step() throws StorageException;

    /** False where it is clear without making a string of the name. */
    abstract boolean mayBeUpload();

    abstract Path path() throws StorageException;

    /** The name, as it is on disk: it may hold control characters. */
    public abstract String name();

    /** Adds the name to a line. */
    public abstract void writeName(ListingLine line);

    /** Looks at the entry: the facts that {@link VirtualFileStore#attributes} would tell, or null if it has gone since. */
    public final @Nullable FileFacts facts() throws StorageException {
        try {
            FileFacts own = look();
            return own == null || own.type() != FileFacts.Type.SYMBOLIC_LINK
                    ? own
                    : place.store.reached(place.path.child(name()), place.pinned, own);
        } catch (NoSuchFileException gone) {
            return null;
        } catch (AccessDeniedException notEntered) {
            return FactsReader.unknown();
        } catch (IOException failed) {
            throw Failures.of(failed, place.path.child(name()));
        }
    }

    /** The facts of the entry, of a link those of the link; null if it has gone since. */
    abstract @Nullable FileFacts look() throws IOException;

    /** The next entry that is still there, or null at the end; fails as {@link #advance}. */
    public final @Nullable Entry next() throws StorageException {
        while (advance()) {
            FileFacts facts = facts();
            if (facts != null) {
                return new Entry(name(), facts);
            }
        }
        return null;
    }

    @Override
    public abstract void close() throws StorageException;
}
