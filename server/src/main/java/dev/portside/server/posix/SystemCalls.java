package dev.portside.server.posix;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/**
 * Linux: descriptors that only name a file ({@code O_PATH}), opened beneath a directory.
 *
 * <p>Nothing of this is looked up before the first call. The module needs native access
 * ({@code --enable-native-access=dev.portside.server}).
 */
public final class SystemCalls {
    private static final int AT_FDCWD = -100;
    private static final long O_RDONLY = 0;
    private static final long O_DIRECTORY;
    private static final long O_PATH = 0x200000;
    private static final long O_CLOEXEC = 0x80000;
    private static final long RESOLVE_NO_MAGICLINKS = 0x02;
    private static final long RESOLVE_BENEATH = 0x08;

    /** A race with renames makes the kernel give up on a {@code ..} in a link; the next attempt mostly succeeds. */
    private static final int MAX_ATTEMPTS = 200;

    static {
        O_DIRECTORY = isAArch64() ? 0x4000 : 0x10000;
    }

    private SystemCalls() {}

    /** Whether this system is one whose numbers are known here. It may still lack {@code openat2}. */
    public static boolean known() {
        String architecture = System.getProperty("os.arch", "");
        return System.getProperty("os.name", "").equals("Linux")
                && (architecture.equals("amd64") || architecture.equals("aarch64"));
    }

    /** The other numbers are those of x86-64. */
    static boolean isAArch64() {
        return System.getProperty("os.arch", "").equals("aarch64");
    }

    /** Opens a directory by its pathname, following links. */
    public static int openDirectory(byte[] path) throws SystemCallException {
        return open(AT_FDCWD, path, O_PATH | O_CLOEXEC | O_DIRECTORY, 0);
    }

    /**
     * Opens what a relative pathname names, following links that stay beneath the directory, without reading or blocking.
     *
     * @param directoryOnly fail with {@code ENOTDIR} on anything else
     * @throws SystemCallException with {@code EXDEV} where a link is absolute or leads above the directory
     */
    public static int openBeneath(int directory, byte[] path, boolean directoryOnly) throws SystemCallException {
        long flags = O_PATH | O_CLOEXEC | (directoryOnly ? O_DIRECTORY : 0);
        return open(directory, path, flags, RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS);
    }

    /** Opens a directory that a descriptor names, so that what is in it can be read. Needs /proc. */
    static int openForReading(int directory) throws SystemCallException {
        // Not by "." in it: that takes the right to enter it, too.
        byte[] path = ("/proc/self/fd/" + directory).getBytes(StandardCharsets.US_ASCII);
        return open(AT_FDCWD, path, O_RDONLY | O_CLOEXEC | O_DIRECTORY, 0);
    }

    private static int open(int directory, byte[] path, long flags, long resolve) throws SystemCallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = FileStatus.terminated(arena, path);
            MemorySegment how = arena.allocate(CLibrary.OPEN_HOW_SIZE, Long.BYTES);
            how.setAtIndex(JAVA_LONG, 0, flags);
            how.setAtIndex(JAVA_LONG, 2, resolve);
            MemorySegment state = arena.allocate(CLibrary.STATE);
            for (int attempt = 1; ; attempt++) {
                long result = CLibrary.call(
                        state, CLibrary.OPENAT2, directory, name.address(), how.address(), CLibrary.OPEN_HOW_SIZE, 0);
                if (result >= 0) {
                    return (int) result;
                }
                int errno = CLibrary.errno(state);
                if ((errno != Errno.EAGAIN && errno != Errno.EINTR) || attempt == MAX_ATTEMPTS) {
                    throw new SystemCallException("openat2", errno);
                }
            }
        }
    }

    /** Closes a descriptor. Never twice: the number may belong to another file by then. */
    public static void close(int descriptor) {
        CLibrary.close(descriptor);
    }
}
