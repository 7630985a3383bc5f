package dev.portside.server.posix;

import java.io.IOException;
import java.io.Serial;

/** A system call that failed, with the number that tells why: one of the constants of {@link Errno}, or another. */
public final class SystemCallException extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final int errno;

    public SystemCallException(String call, int errno) {
        super(call + ": errno " + errno);
        this.errno = errno;
    }

    public int errno() {
        return errno;
    }
}
