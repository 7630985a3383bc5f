package dev.portside.server.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/** Functions of the C library. Looked up when first used: it costs start-up time. */
final class CLibrary {
    /** Where a call that fails puts {@code errno}. */
    static final StructLayout STATE = Linker.Option.captureStateLayout();

    /** {@code struct open_how}: flags, mode, resolve; eight bytes each. */
    static final long OPEN_HOW_SIZE = 24;

    /** The same number on every architecture; the C library has no function for it before version 2.43. */
    static final long OPENAT2 = 437;

    static final long STATX = SystemCalls.isAArch64() ? 291 : 332;
    static final long GETDENTS64 = SystemCalls.isAArch64() ? 61 : 217;

    private static final VarHandle ERRNO = STATE.varHandle(PathElement.groupElement("errno"));
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle CALL = handle(
            "syscall",
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
            Linker.Option.firstVariadicArg(1),
            Linker.Option.captureCallState("errno"));
    private static final MethodHandle CLOSE = handle("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle SOCKET =
            handle("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle SEND = handle("send", transfer());
    private static final MethodHandle RECV = handle("recv", transfer());

    private CLibrary() {}

    private static FunctionDescriptor transfer() {
        return FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
    }

    @SuppressWarnings("restricted")
    private static MethodHandle handle(String name, FunctionDescriptor descriptor, Linker.Option... options) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor, options);
    }

    static int errno(MemorySegment state) {
        return (int) ERRNO.get(state, 0L);
    }

    /** Any call by its number, its arguments as the registers have them; -1 if it fails. */
    static long call(MemorySegment state, long number, long a, long b, long c, long d, long e) {
        try {
            return (long) CALL.invokeExact(state, number, a, b, c, d, e);
        } catch (Throwable thrown) {
            throw new LinkageError("system call " + number + " cannot be made", thrown);
        }
    }

    static void close(int descriptor) {
        try {
            // Only names a file or asks the kernel: there is nothing that close could fail to write.
            int ignored = (int) CLOSE.invokeExact(descriptor);
        } catch (Throwable thrown) {
            throw new LinkageError("close cannot be called", thrown);
        }
    }

    static int socket(int family, int type, int protocol) {
        try {
            return (int) SOCKET.invokeExact(family, type, protocol);
        } catch (Throwable thrown) {
            throw new LinkageError("socket cannot be called", thrown);
        }
    }

    static long send(int descriptor, MemorySegment message) {
        try {
            return (long) SEND.invokeExact(descriptor, message, message.byteSize(), 0);
        } catch (Throwable thrown) {
            throw new LinkageError("send cannot be called", thrown);
        }
    }

    static long receive(int descriptor, MemorySegment buffer) {
        try {
            return (long) RECV.invokeExact(descriptor, buffer, buffer.byteSize(), 0);
        } catch (Throwable thrown) {
            throw new LinkageError("recv cannot be called", thrown);
        }
    }
}
