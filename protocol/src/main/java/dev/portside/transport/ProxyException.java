package dev.portside.transport;

import dev.portside.transport.DataConnectionException.Failure;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A proxy made no connection; the message says whether it did not want to, or the other side did not let it. */
public final class ProxyException extends IOException {
    private static final long serialVersionUID = 1;

    private final Failure failure;

    ProxyException(Failure failure, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.failure = failure;
    }

    /** {@link Failure#PROXY_REFUSED} if it was the proxy; otherwise what the proxy met on the way to the other side. */
    public Failure failure() {
        return failure;
    }
}
