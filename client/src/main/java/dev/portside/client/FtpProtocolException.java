package dev.portside.client;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The server broke the rules of the protocol: a line that is no reply, a reply or a listing beyond its limit, a reply
 * without what it must hold. When it leaves open where the next reply begins, the connection is closed.
 */
public final class FtpProtocolException extends IOException {
    private static final long serialVersionUID = 1;

    FtpProtocolException(String message) {
        this(message, null);
    }

    FtpProtocolException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
