package dev.portside.cli;

import dev.portside.client.Download;
import dev.portside.client.FtpClient;
import dev.portside.client.FtpReplyException;
import dev.portside.protocol.DirectoryEntry;
import dev.portside.protocol.RepresentationType;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Downloads a file: into {@code name.part} beside the target, which it replaces when every byte is there. A part that is left
 * by a download that failed is where {@code --resume} goes on.
 */
final class FileDownload {
    /**
     * What a download did.
     *
     * @param bytes of the whole file
     * @param moved bytes that went over the network
     */
    record Result(long bytes, long moved, Duration duration, boolean resumed) {}

    /** A link under the temporary name is none of ours: what it leads to must not be overwritten. */
    private static final Set<OpenOption> TO_GO_ON = Set.of(StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);

    private static final Set<OpenOption> FROM_THE_START = Set.of(
            StandardOpenOption.WRITE,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            LinkOption.NOFOLLOW_LINKS);

    private final Console console;
    private final boolean showProgress;
    private final boolean resume;

    FileDownload(Console console, boolean showProgress, boolean resume) {
        this.console = console;
        this.showProgress = showProgress;
        this.resume = resume;
    }

    /**
     * Downloads it.
     *
     * @param entry what is known about the file, or null
     * @param fresh whether nothing can be there, so that nobody has to look
     */
    Result fetch(FtpClient client, RemoteUrl url, @Nullable DirectoryEntry entry, Path target, boolean fresh)
            throws IOException {
        boolean image = url.representationType() == RepresentationType.IMAGE;
        long size = image && entry != null && entry.size() != null ? entry.size() : -1;
        BasicFileAttributes there = fresh ? null : attributes(target, LinkOption.NOFOLLOW_LINKS);
        if (there != null && !there.isRegularFile() && isDevice(target)) {
            return writeInto(client, url, target, size);
        }
        Path part = target.resolveSibling(target.getFileName() + ".part");
        Instant modified = entry != null && entry.timeIsExact() ? entry.modified() : null;
        long offset = 0;
        if (resume && image) {
            if (there != null && isComplete(there, size, modified)) {
                return new Result(size, 0, Duration.ZERO, true);
            }
            offset = usablePart(part, size, modified);
        }
        client.type(url.representationType());
        Result result = transfer(client, url, part, offset, size);
        if (modified != null) {
            setModifiedTime(part, FileTime.from(modified));
        }
        replace(part, target);
        return result;
    }

    /** Null: there is nothing of that name. */
    private static @Nullable BasicFileAttributes attributes(Path file, LinkOption... options) throws IOException {
        return file.getFileSystem().provider().readAttributesIfExists(file, BasicFileAttributes.class, options);
    }

    /** Whether what is there, or where a link leads, is to be written to. */
    private static boolean isDevice(Path target) throws IOException {
        BasicFileAttributes there = attributes(target);
        if (there != null && there.isDirectory()) {
            throw new PortsideException(ExitCode.LOCAL_FILE, target + ": is a directory, choose another name with -o");
        }
        if (there == null || there.isRegularFile()) {
            throw new PortsideException(
                    ExitCode.LOCAL_FILE,
                    target + ": is a symbolic link, which the file would replace: remove it, or choose another name"
                            + " with -o");
        }
        return true;
    }

    private static void setModifiedTime(Path file, FileTime modified) throws IOException {
        // With the time of access too nobody has to find that out first.
        Files.getFileAttributeView(file, BasicFileAttributeView.class)
                .setTimes(modified, FileTime.from(Instant.now()), null);
    }

    /** A device or a pipe is written to: a file that is renamed over it would take its place, for everybody. */
    private Result writeInto(FtpClient client, RemoteUrl url, Path device, long size) throws IOException {
        client.type(url.representationType());
        try (WritableByteChannel open = Files.newByteChannel(device, StandardOpenOption.WRITE)) {
            Download download = client.retrieve(url.path());
            try (download;
                    Progress _ = Progress.shown(showProgress, console, url, 0, size, download::bytes)) {
                if (size >= 0) {
                    download.expectSize(size);
                }
                download.transferTo(LocalFile.of(open, device));
            }
            return new Result(download.bytes(), download.bytes(), duration(download, url), false);
        }
    }

    private static boolean isComplete(BasicFileAttributes target, long size, @Nullable Instant modified) {
        return size >= 0
                && target.size() == size
                && (modified == null
                        || !modified.isAfter(target.lastModifiedTime().toInstant()));
    }

    /** How much of the part can be kept: nothing when the file was changed after it was written. */
    private static long usablePart(Path part, long size, @Nullable Instant modified) throws IOException {
        if (!Files.isRegularFile(part, LinkOption.NOFOLLOW_LINKS)) {
            return 0;
        }
        long there = Files.size(part);
        boolean changed = modified != null
                && modified.isAfter(Files.getLastModifiedTime(part).toInstant());
        return changed || (size >= 0 && there > size) ? 0 : there;
    }

    private Result transfer(FtpClient client, RemoteUrl url, Path part, long offset, long size) throws IOException {
        Download download = begin(client, url, offset);
        long first = download == null ? 0 : offset;
        if (download == null) {
            console.message(
                    "portside: " + Console.visible(Remotes.shown(url)) + ": the server cannot resume, from the start");
            download = client.retrieve(url.path());
        }
        long end = size >= 0 ? size : download.size().orElse(-1);
        Download running = download;
        long written;
        try (running;
                FileChannel file = FileChannel.open(part, first > 0 ? TO_GO_ON : FROM_THE_START);
                Progress _ = Progress.shown(showProgress, console, url, first, end, running::bytes)) {
            if (size >= 0) {
                running.expectSize(size);
            }
            if (first > 0) {
                file.truncate(first).position(first);
            }
            written = running.transferTo(LocalFile.of(file, part));
        } catch (IOException | RuntimeException failed) {
            removeIfEmpty(part);
            throw failed;
        }
        return new Result(first + written, running.bytes(), duration(running, url), first > 0);
    }

    /** And tells that the control connection was lost in the meantime: the file is whole, but the next one will fail. */
    private Duration duration(Download complete, RemoteUrl url) {
        if (complete.result().completion().isEmpty()) {
            console.message("portside: " + Console.visible(Remotes.shown(url))
                    + ": complete by its size, but the server's final reply (226) did not come: a gateway may have forgotten the"
                    + " control connection during the transfer");
        }
        return complete.result().duration();
    }

    /** Null when the server cannot begin at an offset. */
    private static @Nullable Download begin(FtpClient client, RemoteUrl url, long offset) throws IOException {
        if (offset == 0) {
            return client.retrieve(url.path());
        }
        try {
            return client.retrieve(url.path(), offset);
        } catch (FtpReplyException refused) {
            if (RemoteCommand.cannotResume(refused)) {
                return null;
            }
            throw refused;
        }
    }

    /** A failure before the first byte leaves nothing worth keeping. */
    private static void removeIfEmpty(Path part) throws IOException {
        if (Files.exists(part, LinkOption.NOFOLLOW_LINKS) && Files.size(part) == 0) {
            Files.delete(part);
        }
    }

    private static void replace(Path part, Path target) throws IOException {
        try {
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException notHere) {
            Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
