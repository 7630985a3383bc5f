package dev.portside.server.storage;

import java.io.Serial;
import java.nio.file.FileSystemException;
import org.jspecify.annotations.Nullable;

/**
 * Why an operation on stored files failed. The file it names is the client's pathname, never one of this machine; the cause
 * may hold one, and is for logs only.
 */
public final class StorageException extends FileSystemException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** What went wrong; the text is fit to be shown to the client. */
    public enum Reason {
        NOT_FOUND("no such file or directory"),
        ALREADY_EXISTS("already exists"),
        /** By the account, by the operating system, or because a link leads out of the root. */
        NOT_PERMITTED("permission denied"),
        NOT_A_DIRECTORY("not a directory"),
        /** A file was asked for, and this is a directory, a pipe, a device or a socket. */
        NOT_A_FILE("not a plain file"),
        NOT_EMPTY("directory not empty"),
        LINK_LOOP("too many levels of symbolic links"),
        /** A pathname that cannot be one: too long, or with characters that names may not have. */
        NAME_NOT_ALLOWED("file name not allowed"),
        /** A restart marker past the end of the file (RFC 3659 section 5). */
        OFFSET_PAST_END("restart offset is past the end of the file"),
        /** Another session is writing to the file in place. */
        BUSY("file is being written by another session"),
        NO_SPACE("no space left"),
        TOO_MANY_ENTRIES("directory has too many entries to be listed"),
        /** The file system cannot do it: no modes, no creation times, or a rename across file systems. */
        NOT_SUPPORTED("not supported by the file system"),
        /** Anything else: a failing disk, no more file descriptors. */
        FAILED("local error in processing");

        private final String text;

        Reason(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }

    private final Reason reason;

    public StorageException(Reason reason, VirtualPath path) {
        this(reason, path.toString(), null);
    }

    StorageException(Reason reason, String pathname, @Nullable Throwable cause) {
        super(pathname, null, reason.text);
        this.reason = reason;
        if (cause != null) {
            initCause(cause);
        }
    }

    public Reason reason() {
        return reason;
    }
}
