package dev.portside.lab.bench;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.portside.lab.peer.Programs;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The functions of OpenSSL 3 that a client takes. Without the library all handles are null: ask {@link #require} first. */
final class Libssl {
    static final int SSL_ERROR_SYSCALL = 5;
    static final int SSL_ERROR_ZERO_RETURN = 6;
    static final int SSL_ERROR_WANT_READ = 2;
    static final int SSL_ERROR_WANT_WRITE = 3;
    static final int SSL_CTRL_SET_SESS_CACHE_MODE = 44;
    static final int SSL_CTRL_SET_MIN_PROTO_VERSION = 123;
    static final int SSL_CTRL_SET_MAX_PROTO_VERSION = 124;
    static final int SSL_SENT_AND_RECEIVED_SHUTDOWN = 3;

    private static final List<String> REFUSALS = new ArrayList<>();
    private static final Optional<SymbolLookup> LIBRARY = library();

    static final MethodHandle TLS_CLIENT_METHOD = handle("TLS_client_method", ADDRESS);
    static final MethodHandle SSL_CTX_NEW = handle("SSL_CTX_new", ADDRESS, ADDRESS);
    static final MethodHandle SSL_CTX_FREE = handle("SSL_CTX_free", null, ADDRESS);
    static final MethodHandle SSL_CTX_CTRL = handle("SSL_CTX_ctrl", JAVA_LONG, ADDRESS, JAVA_INT, JAVA_LONG, ADDRESS);
    static final MethodHandle SSL_NEW = handle("SSL_new", ADDRESS, ADDRESS);
    static final MethodHandle SSL_FREE = handle("SSL_free", null, ADDRESS);
    static final MethodHandle SSL_SET_FD = handle("SSL_set_fd", JAVA_INT, ADDRESS, JAVA_INT);
    static final MethodHandle SSL_SET_READ_AHEAD = handle("SSL_set_read_ahead", null, ADDRESS, JAVA_INT);
    static final MethodHandle SSL_SET_DEFAULT_READ_BUFFER_LEN =
            handle("SSL_set_default_read_buffer_len", null, ADDRESS, JAVA_LONG);
    static final MethodHandle SSL_CONNECT = handle("SSL_connect", JAVA_INT, ADDRESS);
    static final MethodHandle SSL_READ = handle("SSL_read", JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);
    static final MethodHandle SSL_WRITE = handle("SSL_write", JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);
    static final MethodHandle SSL_SHUTDOWN = handle("SSL_shutdown", JAVA_INT, ADDRESS);
    static final MethodHandle SSL_SET_SHUTDOWN = handle("SSL_set_shutdown", null, ADDRESS, JAVA_INT);
    static final MethodHandle SSL_GET_ERROR = handle("SSL_get_error", JAVA_INT, ADDRESS, JAVA_INT);
    static final MethodHandle SSL_GET_VERSION = handle("SSL_get_version", ADDRESS, ADDRESS);
    static final MethodHandle SSL_GET1_SESSION = handle("SSL_get1_session", ADDRESS, ADDRESS);
    static final MethodHandle SSL_SET_SESSION = handle("SSL_set_session", JAVA_INT, ADDRESS, ADDRESS);
    static final MethodHandle SSL_SESSION_FREE = handle("SSL_SESSION_free", null, ADDRESS);
    static final MethodHandle SSL_SESSION_REUSED = handle("SSL_session_reused", JAVA_INT, ADDRESS);
    private static final MethodHandle ERR_GET_ERROR = handle("ERR_get_error", JAVA_LONG);
    private static final MethodHandle ERR_ERROR_STRING =
            handle("ERR_error_string_n", null, JAVA_LONG, ADDRESS, JAVA_LONG);

    private Libssl() {}

    @SuppressWarnings("restricted")
    private static Optional<SymbolLookup> library() {
        // What lab/peers has unpacked is there only if the machine has none.
        String unpacked = Programs.unpacked("lib").toString();
        for (String folder : List.of("", unpacked + "/")) {
            try {
                // The one takes the other, which is looked for in the machine's folders only.
                SymbolLookup crypto = SymbolLookup.libraryLookup(folder + "libcrypto.so.3", Arena.global());
                return Optional.of(SymbolLookup.libraryLookup(folder + "libssl.so.3", Arena.global())
                        .or(crypto));
            } catch (IllegalArgumentException e) {
                REFUSALS.add(e.getMessage());
            }
        }
        return Optional.empty();
    }

    @SuppressWarnings("restricted")
    private static MethodHandle handle(String name, MemoryLayout result, MemoryLayout... arguments) {
        FunctionDescriptor descriptor =
                result == null ? FunctionDescriptor.ofVoid(arguments) : FunctionDescriptor.of(result, arguments);
        return LIBRARY.map(library -> Linker.nativeLinker().downcallHandle(library.findOrThrow(name), descriptor))
                .orElse(null);
    }

    /** Fails where there is no OpenSSL 3. */
    static void require() throws IOException {
        if (LIBRARY.isEmpty()) {
            throw new IOException(
                    "TLS: no libssl.so.3 (" + String.join("; ", REFUSALS) + "): install the package libssl3");
        }
    }

    /** What this thread's last failure was, and forgets it. */
    static String reason() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocate(256);
            StringBuilder reasons = new StringBuilder();
            for (long code = (long) ERR_GET_ERROR.invokeExact(); code != 0; code = (long) ERR_GET_ERROR.invokeExact()) {
                ERR_ERROR_STRING.invokeExact(code, text, text.byteSize());
                reasons.append(reasons.isEmpty() ? "" : "; ").append(text.getString(0));
            }
            return reasons.isEmpty() ? "the peer has ended the connection" : reasons.toString();
        } catch (Throwable thrown) {
            throw uncallable("ERR_get_error", thrown);
        }
    }

    static LinkageError uncallable(String function, Throwable thrown) {
        return new LinkageError(function + " cannot be called", thrown);
    }
}
