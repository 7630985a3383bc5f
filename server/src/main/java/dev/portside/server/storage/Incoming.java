package dev.portside.server.storage;

import dev.portside.server.storage.StorageException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * An upload.
 *
 * <ol>
 *   <li>{@link VirtualFileStore} makes it.
 *   <li>{@link #write} takes what arrives.
 *   <li>{@link #commit} when everything has: only then the file is what was sent.
 *   <li>{@link #close} in any case. Without a commit the upload is discarded; what was written in place stays.
 * </ol>
 *
 * <p>One thread writes and commits. Any thread may close, which ends a write.
 */
public final class Incoming implements WritableByteChannel {
    private static final long NOWHERE = -1;

    private final VirtualFileStore store;
    private final VirtualPath path;
    private final SeekableByteChannel channel;
    private final @Nullable Draft draft;
    private final AtomicBoolean ended = new AtomicBoolean();

    /** Where the old content is to end; it is left alone until there is something to put in its place. */
    private long cutAt;

    /**
     * A file under a hidden name that is to be moved.
     *
     * @param directory where both names stand
     * @param reserved what keeps the name free for this upload, or null if that is not asked
     */
    record Draft(
            Pinned directory,
            Path hidden,
            Path target,
            @Nullable Reservation reserved) {}

    /** An empty file that keeps a name free. */
    record Reservation(@Nullable Object key) {
        static Reservation of(Path file) throws IOException {
            return new Reservation(read(file).fileKey());
        }

        /** Whether nobody else has written a file of that name since. */
        boolean stands(Path file) throws IOException {
            BasicFileAttributes now = read(file);
            return now.size() == 0 && Objects.equals(now.fileKey(), key);
        }

        private static BasicFileAttributes read(Path file) throws IOException {
            return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        }
    }

    private Incoming(
            VirtualFileStore store, VirtualPath path, SeekableByteChannel channel, @Nullable Draft draft, long cutAt) {
        this.store = store;
        this.path = path;
        this.channel = channel;
        this.draft = draft;
        this.cutAt = cutAt;
    }

    static Incoming atomic(VirtualFileStore store, VirtualPath path, SeekableByteChannel channel, Draft draft) {
        return new Incoming(store, path, channel, draft, NOWHERE);
    }

    /** Into the file itself, from the channel's position on, where the old content is cut off. */
    static Incoming inPlace(VirtualFileStore store, VirtualPath path, SeekableByteChannel channel) throws IOException {
        return new Incoming(store, path, channel, null, channel.position());
    }

    /** Behind what is in the file; the channel stands at its end, or makes the file with the first write. */
    static Incoming appending(VirtualFileStore store, VirtualPath path, SeekableByteChannel channel) {
        return new Incoming(store, path, channel, null, NOWHERE);
    }

    /** The file's name when the upload is complete. */
    public VirtualPath path() {
        return path;
    }

    @Override
    public boolean isOpen() {
        return channel.isOpen();
    }

    /**
     * Writes all of the buffer.
     *
     * @throws StorageException {@link Reason#NO_SPACE}, or whatever the disk says
     */
    @Override
    public int write(ByteBuffer source) throws StorageException {
        int length = source.remaining();
        try {
            cut();
            while (source.hasRemaining()) {
                channel.write(source);
            }
            return length;
        } catch (IOException failed) {
            throw store.failedChange(failed, path, source.remaining());
        }
    }

    private void cut() throws IOException {
        if (cutAt != NOWHERE) {
            channel.truncate(cutAt);
            cutAt = NOWHERE;
        }
    }

    /**
     * Makes what was written the file. The last one to commit wins; what another was replacing is never mixed with it.
     *
     * @throws StorageException if that fails; the upload is discarded then
     */
    public void commit() throws StorageException {
        if (!ended.compareAndSet(false, true)) {
            throw new StorageException(Reason.FAILED, path);
        }
        try {
            cut();
            // An upload of no bytes makes a file too.
            channel.write(ByteBuffer.allocate(0));
            channel.close();
            if (draft != null) {
                move(draft);
                draft.directory.close();
            }
        } catch (IOException failed) {
            discard();
            throw store.failedChange(failed, path, 0);
        }
    }

    private void move(Draft draft) throws IOException {
        if (Files.isDirectory(draft.target, LinkOption.NOFOLLOW_LINKS)) {
            throw new StorageException(Reason.NOT_A_FILE, path); // there are file systems that would replace it
        }
        try {
            Files.move(draft.hidden, draft.target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException notLocal) {
            Files.move(draft.hidden, draft.target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    @Override
    public void close() {
        if (ended.compareAndSet(false, true)) {
            discard();
        }
    }

    /** A discarded upload has failed already: that its remains cannot be removed is no further failure. */
    private void discard() {
        try (channel) {
            if (draft != null) {
                Files.deleteIfExists(draft.hidden);
                if (draft.reserved != null && draft.reserved.stands(draft.target)) {
                    Files.delete(draft.target);
                }
            }
        } catch (IOException remains) {
            // Listings sweep them later.
        } finally {
            if (draft != null) {
                draft.directory.close();
            }
        }
    }
}
