package dev.portside.lab.bench;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteOrder;
import java.time.Duration;

/**
 * Blocking TCP sockets of Linux by their descriptors, IPv4 only: libssl wants a descriptor, and sockets in the clear are
 * the same ones.
 */
final class Native {
    /** No single call waits for longer than this. */
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final int AF_INET = 2;
    private static final int SOCK_STREAM_CLOEXEC = 1 | 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVTIMEO = 20;
    private static final int SO_SNDTIMEO = 21;
    private static final int IPPROTO_TCP = 6;
    private static final int TCP_NODELAY = 1;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int SHUT_WR = 1;
    private static final int EINTR = 4;
    private static final int EAGAIN = 11;
    private static final int EINPROGRESS = 115;

    private static final ValueLayout.OfShort PORT = JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);
    private static final Linker LINKER = Linker.nativeLinker();
    private static final VarHandle ERRNO =
            Linker.Option.captureStateLayout().varHandle(PathElement.groupElement("errno"));
    private static final MethodHandle SOCKET = handle("socket", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle CONNECT = handle("connect", JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle SETSOCKOPT =
            handle("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle SEND = handle("send", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
    private static final MethodHandle RECV = handle("recv", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
    private static final MethodHandle SHUTDOWN = handle("shutdown", JAVA_INT, JAVA_INT);
    private static final MethodHandle CLOSE = handle("close", JAVA_INT);

    /** What the calls of a thread need beside their buffer: room for {@code errno}, and for an address or an option. */
    private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

    private Native() {}

    private static final class Scratch {
        private static final int ARGUMENT = 16;

        private final Arena arena = Arena.ofAuto();
        private final MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
        private final MemorySegment argument = arena.allocate(ARGUMENT, Long.BYTES);
    }

    /** All return a {@code long} here, and a negative one when they fail: what an {@code int} has above is cut off. */
    @SuppressWarnings("restricted")
    private static MethodHandle handle(String name, ValueLayout... arguments) {
        boolean counts = name.equals("send") || name.equals("recv");
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(counts ? JAVA_LONG : JAVA_INT, arguments),
                Linker.Option.captureCallState("errno"));
    }

    /** Opens a connection that sends at once what is written. */
    static int connect(InetSocketAddress address) throws IOException {
        if (!(address.getAddress() instanceof Inet4Address ip)) {
            throw new IOException("connect " + address + ": not an IPv4 address");
        }
        Scratch scratch = SCRATCH.get();
        int descriptor;
        try {
            descriptor = (int) SOCKET.invokeExact(scratch.state, AF_INET, SOCK_STREAM_CLOEXEC, 0);
        } catch (Throwable thrown) {
            throw uncallable("socket", thrown);
        }
        if (descriptor < 0) {
            throw failure("socket", scratch);
        }
        try {
            option(scratch, descriptor, SOL_SOCKET, SO_RCVTIMEO, PATIENCE.toSeconds(), 2 * Long.BYTES);
            option(scratch, descriptor, SOL_SOCKET, SO_SNDTIMEO, PATIENCE.toSeconds(), 2 * Long.BYTES);
            option(scratch, descriptor, IPPROTO_TCP, TCP_NODELAY, 1, Integer.BYTES);
            scratch.argument.fill((byte) 0);
            scratch.argument.set(JAVA_SHORT, 0, (short) AF_INET);
            scratch.argument.set(PORT, 2, (short) address.getPort());
            MemorySegment.copy(ip.getAddress(), 0, scratch.argument, ValueLayout.JAVA_BYTE, 4, 4);
            if (connect(scratch, descriptor) < 0) {
                throw failure("connect " + address, scratch);
            }
            return descriptor;
        } catch (IOException e) {
            close(descriptor);
            throw e;
        }
    }

    private static int connect(Scratch scratch, int descriptor) {
        try {
            return (int) CONNECT.invokeExact(scratch.state, descriptor, scratch.argument, Scratch.ARGUMENT);
        } catch (Throwable thrown) {
            throw uncallable("connect", thrown);
        }
    }

    private static void option(Scratch scratch, int descriptor, int level, int name, long value, int size)
            throws IOException {
        scratch.argument.set(JAVA_LONG, 0, value);
        scratch.argument.set(JAVA_LONG, Long.BYTES, 0);
        int result;
        try {
            result = (int) SETSOCKOPT.invokeExact(scratch.state, descriptor, level, name, scratch.argument, size);
        } catch (Throwable thrown) {
            throw uncallable("setsockopt", thrown);
        }
        if (result < 0) {
            throw failure("setsockopt", scratch);
        }
    }

    /** Waits for bytes; returns how many have come, 0 at the end of the stream. */
    static int receive(int descriptor, MemorySegment buffer) throws IOException {
        Scratch scratch = SCRATCH.get();
        while (true) {
            long count;
            try {
                count = (long) RECV.invokeExact(scratch.state, descriptor, buffer, buffer.byteSize(), 0);
            } catch (Throwable thrown) {
                throw uncallable("recv", thrown);
            }
            if (count >= 0) {
                return (int) count;
            }
            if (errno(scratch) != EINTR) {
                throw failure("recv", scratch);
            }
        }
    }

    /** Sends from the start of a buffer; returns how many bytes were taken. */
    static int send(int descriptor, MemorySegment buffer, long length) throws IOException {
        Scratch scratch = SCRATCH.get();
        while (true) {
            long count;
            try {
                count = (long) SEND.invokeExact(scratch.state, descriptor, buffer, length, MSG_NOSIGNAL);
            } catch (Throwable thrown) {
                throw uncallable("send", thrown);
            }
            if (count >= 0) {
                return (int) count;
            }
            if (errno(scratch) != EINTR) {
                throw failure("send", scratch);
            }
        }
    }

    /** Tells the peer that nothing more comes. */
    static void shutdownOutput(int descriptor) {
        try {
            // Fails if the peer is gone already, which the next read tells.
            int ignored = (int) SHUTDOWN.invokeExact(SCRATCH.get().state, descriptor, SHUT_WR);
        } catch (Throwable thrown) {
            throw uncallable("shutdown", thrown);
        }
    }

    /** Closes a descriptor. Never twice: the number may belong to another connection by then. */
    static void close(int descriptor) {
        try {
            int ignored = (int) CLOSE.invokeExact(SCRATCH.get().state, descriptor);
        } catch (Throwable thrown) {
            throw uncallable("close", thrown);
        }
    }

    private static int errno(Scratch scratch) {
        return (int) ERRNO.get(scratch.state, 0L);
    }

    private static IOException failure(String call, Scratch scratch) {
        int errno = errno(scratch);
        return errno == EAGAIN || errno == EINPROGRESS
                ? new SocketTimeoutException(call + ": nothing within " + PATIENCE.toSeconds() + " s")
                : new IOException(call + ": " + Reason.of(errno));
    }

    private static LinkageError uncallable(String call, Throwable thrown) {
        return new LinkageError(call + " cannot be called", thrown);
    }

    /** The C library's words for an error. */
    private static final class Reason {
        private static final long LONGEST = 256;
        private static final MethodHandle STRERROR = strerror();

        @SuppressWarnings("restricted")
        private static MethodHandle strerror() {
            return LINKER.downcallHandle(
                    LINKER.defaultLookup().findOrThrow("strerror"), FunctionDescriptor.of(ADDRESS, JAVA_INT));
        }

        @SuppressWarnings("restricted")
        private static String of(int errno) {
            try {
                return ((MemorySegment) STRERROR.invokeExact(errno))
                        .reinterpret(LONGEST)
                        .getString(0)
                        .toLowerCase(java.util.Locale.ROOT);
            } catch (Throwable thrown) {
                throw uncallable("strerror", thrown);
            }
        }
    }
}
