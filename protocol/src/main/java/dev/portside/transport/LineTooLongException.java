package dev.portside.transport;

import java.io.IOException;

/** A line of the control connection was longer than allowed. The rest of it was read and dropped. */
public final class LineTooLongException extends IOException {
    private static final long serialVersionUID = 1;

    LineTooLongException(int limit) {
        super("a line of the control connection is longer than " + limit + " bytes");
    }
}
