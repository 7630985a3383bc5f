package dev.portside.cli;

import dev.portside.client.FtpClient;
import dev.portside.client.FtpReplyException;
import dev.portside.client.Upload;
import dev.portside.protocol.RepresentationType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Uploads a file, or standard input. */
final class FileUpload {
    /**
     * What an upload did.
     *
     * @param moved bytes that went over the network
     */
    record Result(long moved, Duration duration, boolean resumed) {}

    private final Console console;
    private final boolean showProgress;
    private final boolean resume;
    private boolean timesRefused;

    FileUpload(Console console, boolean showProgress, boolean resume) {
        this.console = console;
        this.showProgress = showProgress;
        this.resume = resume;
    }

    Result send(FtpClient client, Path source, RemoteUrl url) throws IOException {
        client.type(url.representationType());
        try (FileChannel file = FileChannel.open(source)) {
            long size = file.size();
            boolean image = url.representationType() == RepresentationType.IMAGE;
            long offset = resume && image && !isNewer(client, source, url) ? sizeThere(client, url) : 0;
            if (offset == size && offset > 0) {
                return new Result(0, Duration.ZERO, true);
            }
            // More than there is here: it is another file.
            long first = offset < size ? offset : 0;
            Upload upload = first > 0 ? client.store(url.path(), first) : client.store(url.path());
            try (upload;
                    Progress _ = Progress.shown(showProgress, console, url, first, image ? size : -1, upload::bytes)) {
                upload.transferFrom(file.position(first));
            }
            keepTime(client, source, url);
            return new Result(upload.bytes(), upload.result().duration(), first > 0);
        }
    }

    Result send(FtpClient client, InputStream source, RemoteUrl url) throws IOException {
        client.type(url.representationType());
        Upload upload = client.store(url.path());
        try (upload;
                Progress _ = Progress.shown(showProgress, console, url, 0, -1, upload::bytes)) {
            upload.transferFrom(new StandardInput(source));
        }
        return new Result(upload.bytes(), upload.result().duration(), false);
    }

    private static long sizeThere(FtpClient client, RemoteUrl url) throws IOException {
        try {
            return client.size(url.path());
        } catch (FtpReplyException notThere) {
            return 0;
        }
    }

    /** Whether the file here was changed after what is there was written: then that is part of another file. */
    private static boolean isNewer(FtpClient client, Path source, RemoteUrl url) throws IOException {
        Instant here = Files.getLastModifiedTime(source).toInstant().truncatedTo(ChronoUnit.SECONDS);
        try {
            return here.isAfter(client.modifiedTime(url.path()));
        } catch (FtpReplyException unknown) {
            return false;
        }
    }

    private void keepTime(FtpClient client, Path source, RemoteUrl url) throws IOException {
        if (timesRefused) {
            return;
        }
        Instant modified = Files.getLastModifiedTime(source).toInstant();
        try {
            client.setModifiedTime(url.path(), modified);
        } catch (FtpReplyException refused) {
            // The file is there; its time is a courtesy, and is not asked for again.
            timesRefused = true;
        }
    }
}
