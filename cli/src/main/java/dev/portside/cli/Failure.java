package dev.portside.cli;

import dev.portside.client.FtpCertificateException;
import dev.portside.client.FtpDataConnectionException;
import dev.portside.client.FtpProtocolException;
import dev.portside.client.FtpReplyException;
import dev.portside.protocol.Command;
import dev.portside.protocol.ReplyCode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The one place that turns an exception into an exit code and a message for people. */
record Failure(ExitCode code, String message) {
    static Failure of(Exception failure) {
        return switch (failure) {
            case PortsideException told -> new Failure(told.code(), text(told));
            case FtpReplyException refused -> new Failure(code(refused), text(refused));
            case FtpCertificateException refused -> new Failure(ExitCode.CERTIFICATE, text(refused));
            case FtpDataConnectionException none -> new Failure(ExitCode.DATA_CONNECTION, text(none));
            case FtpProtocolException broken -> new Failure(ExitCode.PROTOCOL, text(broken));
            // Of the client, and of the server's files; local ones are a FileSystemException.
            case FileNotFoundException missing -> new Failure(ExitCode.REFUSED, text(missing));
            case UnknownHostException unknown -> new Failure(ExitCode.CANNOT_CONNECT, text(unknown));
            case ConnectException unreachable -> new Failure(ExitCode.CANNOT_CONNECT, text(unreachable));
            case FileSystemException file -> new Failure(ExitCode.LOCAL_FILE, file.getFile() + ": " + reason(file));
            case InvalidPathException name ->
                new Failure(ExitCode.LOCAL_FILE, name.getInput() + ": cannot be a name here, try --charset or -o");
            case UncheckedIOException wrapped -> of(cause(wrapped));
            case IOException network -> new Failure(ExitCode.CANNOT_CONNECT, text(network));
            case IllegalArgumentException argument -> new Failure(ExitCode.USAGE, text(argument));
            default -> internal(failure);
        };
    }

    private static IOException cause(UncheckedIOException wrapped) {
        IOException cause = wrapped.getCause();
        return cause == null ? new IOException(wrapped.getMessage()) : cause;
    }

    private static ExitCode code(FtpReplyException refused) {
        int reply = refused.code().value();
        Command command = refused.command();
        if (reply == ReplyCode.SERVICE_NOT_AVAILABLE_421.value()) {
            return ExitCode.CANNOT_CONNECT;
        }
        if (command instanceof Command.User || command instanceof Command.Pass || command instanceof Command.Acct) {
            return ExitCode.LOGIN_REFUSED;
        }
        boolean data = reply == ReplyCode.CANNOT_OPEN_DATA_CONNECTION_425.value()
                || reply == ReplyCode.TRANSFER_ABORTED_426.value();
        return data ? ExitCode.DATA_CONNECTION : ExitCode.REFUSED;
    }

    /** The reason in lower case: an exception's class name is nothing for people. */
    static String reason(FileSystemException failure) {
        return switch (failure) {
            case NoSuchFileException missing -> "no such file or directory";
            case AccessDeniedException denied -> "permission denied";
            case FileAlreadyExistsException exists -> "exists already";
            case DirectoryNotEmptyException full -> "directory not empty";
            case NotDirectoryException file -> "not a directory";
            default -> lowerCase(failure.getReason());
        };
    }

    /** The reason of a failure that names no file, {@code no space left on device}. */
    static String reason(IOException failure) {
        return failure instanceof FileSystemException file ? reason(file) : lowerCase(failure.getMessage());
    }

    private static String lowerCase(@Nullable String reason) {
        if (reason == null || reason.isEmpty()) {
            return "input/output error";
        }
        return reason.substring(0, 1).toLowerCase(Locale.ROOT) + reason.substring(1);
    }

    private static String text(Exception failure) {
        String message = failure.getMessage();
        return message == null || message.isEmpty() ? "the connection broke" : message;
    }

    private static Failure internal(Exception failure) {
        StackTraceElement[] trace = failure.getStackTrace();
        String place = trace.length == 0 ? "" : " at " + trace[0].getFileName() + ":" + trace[0].getLineNumber();
        return new Failure(
                ExitCode.INTERNAL,
                "internal error (" + failure.getClass().getSimpleName() + place + "), please report it");
    }
}
