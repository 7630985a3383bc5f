package dev.portside.server.storage;

import dev.portside.server.storage.StorageException.Reason;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is in a directory, one entry after the other, in no order, read as it is asked for: {@link #next} until it is null,
 * then {@link #close}. Unfinished uploads are not shown. For one thread.
 */
public final class Entries implements AutoCloseable {
    /** A name in the directory, as it is on disk: it may hold control characters. */
    public record Entry(String name, FileFacts facts) {}

    private final VirtualFileStore store;
    private final VirtualPath directory;
    private final Pinned pinned;
    private final boolean removable;
    private final DirectoryStream<Path> stream;
    private final Iterator<Path> paths;
    private long left;

    private Entries(
            VirtualFileStore store,
            VirtualPath directory,
            Pinned pinned,
            boolean removable,
            DirectoryStream<Path> stream,
            long limit) {
        this.store = store;
        this.directory = directory;
        this.pinned = pinned;
        this.removable = removable;
        this.stream = stream;
        this.paths = stream.iterator();
        this.left = limit;
    }

    @SuppressWarnings("StreamResourceLeak") // It is closed with the entries.
    static Entries open(VirtualFileStore store, VirtualPath directory, Pinned pinned, boolean removable, long limit)
            throws IOException {
        return new Entries(store, directory, pinned, removable, Files.newDirectoryStream(pinned.path()), limit);
    }

    /**
     * The next entry, or null at the end.
     *
     * @throws StorageException {@link Reason#TOO_MANY_ENTRIES} past the limit, or whatever the disk says
     */
    public @Nullable Entry next() throws StorageException {
        try {
            while (paths.hasNext()) {
                Path path = paths.next();
                String name = store.nameOf(path);
                if (UploadName.matches(name)) {
                    store.sweep(path, name);
                    continue;
                }
                if (left-- <= 0) {
                    throw new StorageException(Reason.TOO_MANY_ENTRIES, directory);
                }
                FileFacts facts = store.listed(directory.child(name), path, removable);
                if (facts != null) {
                    return new Entry(name, facts);
                }
            }
            return null;
        } catch (DirectoryIteratorException failed) {
            throw Failures.of(Objects.requireNonNull(failed.getCause()), directory);
        }
    }

    @Override
    public void close() throws StorageException {
        try (pinned) {
            stream.close();
        } catch (IOException failed) {
            throw Failures.of(failed, directory);
        }
    }
}
