package dev.portside.lab.bench;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.SocketTimeoutException;

/** TLS on one connection: OpenSSL's {@code SSL}. Freed by {@link #close}, which leaves the descriptor to its owner. */
final class TlsSession implements AutoCloseable {
    /** Several records with one system call. */
    private static final long READ_AHEAD = Long.getLong("readahead", 33_000);

    private final MemorySegment ssl;

    TlsSession(MemorySegment ssl) {
        this.ssl = ssl;
    }

    /** Shakes hands; resumes a session unless it is null. */
    void connect(int descriptor, TlsSession other) throws IOException {
        int result;
        try {
            if (other != null) {
                Libssl.SSL_SET_READ_AHEAD.invokeExact(ssl, 1);
                Libssl.SSL_SET_DEFAULT_READ_BUFFER_LEN.invokeExact(ssl, READ_AHEAD);
                MemorySegment session = (MemorySegment) Libssl.SSL_GET1_SESSION.invokeExact(other.ssl);
                int ignored = (int) Libssl.SSL_SET_SESSION.invokeExact(ssl, session);
                Libssl.SSL_SESSION_FREE.invokeExact(session);
            }
            int ignored = (int) Libssl.SSL_SET_FD.invokeExact(ssl, descriptor);
            result = (int) Libssl.SSL_CONNECT.invokeExact(ssl);
        } catch (Throwable thrown) {
            throw Libssl.uncallable("SSL_connect", thrown);
        }
        if (result != 1) {
            throw failure("SSL_connect", result);
        }
    }

    /** Waits for bytes; returns how many have come, 0 after the peer's close_notify. */
    int read(MemorySegment buffer) throws IOException {
        int count;
        try {
            count = (int) Libssl.SSL_READ.invokeExact(ssl, buffer, (int) buffer.byteSize());
        } catch (Throwable thrown) {
            throw Libssl.uncallable("SSL_read", thrown);
        }
        if (count > 0) {
            return count;
        }
        if (error(count) == Libssl.SSL_ERROR_ZERO_RETURN) {
            return 0;
        }
        throw failure("SSL_read", count);
    }

    /** Sends from the start of a buffer; returns how many bytes were taken. */
    int write(MemorySegment buffer, long length) throws IOException {
        int count;
        try {
            count = (int) Libssl.SSL_WRITE.invokeExact(ssl, buffer, (int) length);
        } catch (Throwable thrown) {
            throw Libssl.uncallable("SSL_write", thrown);
        }
        if (count <= 0) {
            throw failure("SSL_write", count);
        }
        return count;
    }

    /** Sends close_notify. */
    void end() {
        try {
            // Fails if the peer has ended everything before us.
            int result = (int) Libssl.SSL_SHUTDOWN.invokeExact(ssl);
            if (result < 0) {
                String ignored = Libssl.reason();
            }
        } catch (Throwable thrown) {
            throw Libssl.uncallable("SSL_shutdown", thrown);
        }
    }

    /** Whether the handshake has resumed the session of another connection. */
    boolean resumed() {
        try {
            return (int) Libssl.SSL_SESSION_REUSED.invokeExact(ssl) == 1;
        } catch (Throwable thrown) {
            throw Libssl.uncallable("SSL_session_reused", thrown);
        }
    }

    /** For example {@code TLSv1.3}. */
    @SuppressWarnings("restricted")
    String version() {
        try {
            return ((MemorySegment) Libssl.SSL_GET_VERSION.invokeExact(ssl))
                    .reinterpret(16)
                    .getString(0);
        } catch (Throwable thrown) {
            throw Libssl.uncallable("SSL_get_version", thrown);
        }
    }

    private int error(int result) {
        try {
            return (int) Libssl.SSL_GET_ERROR.invokeExact(ssl, result);
        } catch (Throwable thrown) {
            throw Libssl.uncallable("SSL_get_error", thrown);
        }
    }

    private IOException failure(String call, int result) {
        int error = error(result);
        return error == Libssl.SSL_ERROR_WANT_READ || error == Libssl.SSL_ERROR_WANT_WRITE
                ? new SocketTimeoutException(call + ": nothing within " + Native.PATIENCE.toSeconds() + " s")
                : new IOException(call + ": " + Libssl.reason());
    }

    @Override
    public void close() {
        try {
            // Otherwise OpenSSL takes the session, which other connections share, for one that may not be resumed.
            Libssl.SSL_SET_SHUTDOWN.invokeExact(ssl, Libssl.SSL_SENT_AND_RECEIVED_SHUTDOWN);
            Libssl.SSL_FREE.invokeExact(ssl);
        } catch (Throwable thrown) {
            throw Libssl.uncallable("SSL_free", thrown);
        }
    }
}
