package dev.portside.server;

import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A log file, as a listener: give it to {@link FtpServerOptions.Builder#listeners} and close it after the server. Lines are
 * appended and leave at once; passwords never appear, and a name cannot forge a line.
 */
public abstract sealed class TransferLog implements FtpServerListener, Closeable permits XferLog, JsonLog {
    private final BufferedWriter out;

    TransferLog(Path file) throws IOException {
        // Not the writer of Files: a name that is no text would stay in its buffer, and be refused again with every
        // line.
        out = new BufferedWriter(new OutputStreamWriter(
                Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                StandardCharsets.UTF_8));
    }

    /**
     * The format of {@code xferlog(5)}, which many programs read: one line for each file that was sent or received,
     * complete ({@code c}) or not ({@code i}). Times are local; spaces in names become underscores, and bytes that are not
     * UTF-8 question marks.
     */
    public static TransferLog xferlog(Path file) throws IOException {
        return new XferLog(file);
    }

    /** One JSON object a line for every event but {@link #transferProgress}; times are UTC. */
    public static TransferLog json(Path file) throws IOException {
        return new JsonLog(file);
    }

    /** Only the thread of the events calls. */
    final void append(String line) {
        try {
            out.write(line);
            out.write('\n');
            out.flush();
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot write to the log: " + failed.getMessage(), failed);
        }
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
