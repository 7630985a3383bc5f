package dev.portside.server.storage;

import dev.portside.server.posix.Errno;
import dev.portside.server.posix.SystemCallException;
import dev.portside.server.storage.StorageException.Reason;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;

/** The one place where what the disk says becomes a {@link Reason}. */
final class Failures {
    private Failures() {}

    /** The failure as clients may see it: about their path. */
    static StorageException of(IOException failed, VirtualPath path) {
        Reason reason = switch (failed) {
            case StorageException known -> known.reason();
            case SystemCallException call -> reason(call.errno());
            case NoSuchFileException _ -> Reason.NOT_FOUND;
            case NotLinkException _ -> Reason.NOT_FOUND;
            case FileAlreadyExistsException _ -> Reason.ALREADY_EXISTS;
            case AccessDeniedException _ -> Reason.NOT_PERMITTED;
            case NotDirectoryException _ -> Reason.NOT_A_DIRECTORY;
            case DirectoryNotEmptyException _ -> Reason.NOT_EMPTY;
            case FileSystemLoopException _ -> Reason.LINK_LOOP;
            case AtomicMoveNotSupportedException _ -> Reason.NOT_SUPPORTED;
            default -> Reason.FAILED;
        };
        return new StorageException(reason, path.toString(), failed);
    }

    private static Reason reason(int errno) {
        return switch (errno) {
            case Errno.ENOENT -> Reason.NOT_FOUND;
            case Errno.EACCES, Errno.EPERM, Errno.EXDEV -> Reason.NOT_PERMITTED;
            case Errno.ENOTDIR -> Reason.NOT_A_DIRECTORY;
            case Errno.ELOOP -> Reason.LINK_LOOP;
            case Errno.ENAMETOOLONG -> Reason.NAME_NOT_ALLOWED;
            default -> Reason.FAILED;
        };
    }
}
