package dev.portside.transport;

import java.io.IOException;

/** A connection that was to begin with a PROXY header did not. */
public final class ProxyHeaderException extends IOException {
    private static final long serialVersionUID = 1;

    private final boolean nothingSent;

    ProxyHeaderException(String message, boolean nothingSent) {
        super(message);
        this.nothingSent = nothingSent;
    }

    /** Whether the peer has closed the connection without a word, as one that only looks whether somebody listens. */
    public boolean isNothingSent() {
        return nothingSent;
    }
}
