package dev.portside.lab.bench;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/**
 * What the TLS connections of the load generator share: OpenSSL's {@code SSL_CTX} with its usual settings, and no
 * verification of certificates.
 */
final class SharedTls implements AutoCloseable {
    private final MemorySegment context;

    /** The versions of TLS that it offers. */
    enum Versions {
        /** TLS 1.2 only. */
        TLS_1_2(0x0303, 0x0303),
        /** TLS 1.2 and 1.3. */
        BOTH(0x0303, 0x0304);

        private final long oldest;
        private final long newest;

        Versions(long oldest, long newest) {
            this.oldest = oldest;
            this.newest = newest;
        }
    }

    /**
     * Loads the library.
     *
     * @throws IOException if there is none
     */
    SharedTls(Versions versions) throws IOException {
        Libssl.require();
        try {
            MemorySegment method = (MemorySegment) Libssl.TLS_CLIENT_METHOD.invokeExact();
            context = (MemorySegment) Libssl.SSL_CTX_NEW.invokeExact(method);
            if (context.address() == 0) {
                throw new IOException("SSL_CTX_new: " + Libssl.reason());
            }
            // Each control connection holds its own session.
            control(Libssl.SSL_CTRL_SET_SESS_CACHE_MODE, 0);
            control(Libssl.SSL_CTRL_SET_MIN_PROTO_VERSION, versions.oldest);
            control(Libssl.SSL_CTRL_SET_MAX_PROTO_VERSION, versions.newest);
        } catch (IOException e) {
            throw e;
        } catch (Throwable thrown) {
            throw Libssl.uncallable("SSL_CTX_new", thrown);
        }
    }

    private void control(int command, long value) throws Throwable {
        long ignored = (long) Libssl.SSL_CTX_CTRL.invokeExact(context, command, value, MemorySegment.NULL);
    }

    /** Shakes hands on a connection, resuming the session of another one unless that is null. */
    TlsSession connect(int descriptor, TlsSession other) throws IOException {
        MemorySegment ssl;
        try {
            ssl = (MemorySegment) Libssl.SSL_NEW.invokeExact(context);
        } catch (Throwable thrown) {
            throw Libssl.uncallable("SSL_new", thrown);
        }
        TlsSession session = new TlsSession(ssl);
        try {
            session.connect(descriptor, other);
            return session;
        } catch (IOException e) {
            session.close();
            throw e;
        }
    }

    /** Connections that exist go on. */
    @Override
    public void close() {
        try {
            Libssl.SSL_CTX_FREE.invokeExact(context);
        } catch (Throwable thrown) {
            throw Libssl.uncallable("SSL_CTX_free", thrown);
        }
    }
}
