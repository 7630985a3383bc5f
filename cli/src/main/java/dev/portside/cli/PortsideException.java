package dev.portside.cli;

import org.jspecify.annotations.Nullable;

/** A failure that has been put into words for the user: subject, reason in lower case, what to do. */
final class PortsideException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final ExitCode code;

    PortsideException(ExitCode code, String message) {
        this(code, message, null);
    }

    PortsideException(ExitCode code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    ExitCode code() {
        return code;
    }
}
