package dev.portside.server.posix;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;

/**
 * Linux: what the kernel knows about a file ({@code statx(2)}), until the next one is asked for in the same place. For one
 * thread.
 */
public final class FileStatus implements AutoCloseable {
    /** {@code struct statx}; it has the same layout on every architecture. */
    private static final long SIZE = 256;

    private static final long AT_SYMLINK_NOFOLLOW = 0x100;
    private static final long AT_NO_AUTOMOUNT = 0x800;
    private static final long AT_EMPTY_PATH = 0x1000;
    private static final long STATX_BASIC_STATS = 0x7ff;
    private static final int STATX_BTIME = 0x800;

    private static final int S_IFMT = 0170000;
    private static final int S_IFREG = 0100000;
    private static final int S_IFDIR = 0040000;
    private static final int S_IFLNK = 0120000;
    private static final int MODE_BITS = 07777;

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment state = arena.allocate(CLibrary.STATE);
    private final MemorySegment statx = arena.allocate(SIZE, Long.BYTES);

    /**
     * Asks about a file that is open, if only by name.
     *
     * @throws SystemCallException if the kernel does not tell
     */
    public FileStatus ask(int descriptor) throws SystemCallException {
        return known(ask(descriptor, arena.allocateFrom("").address(), AT_EMPTY_PATH));
    }

    /**
     * Asks about a name in a directory; about a symbolic link, not about what it leads to.
     *
     * @param name one step, without a NUL
     * @throws SystemCallException with {@code ENOENT} and others
     */
    public FileStatus ask(int directory, byte[] name) throws SystemCallException {
        return known(askByAddress(directory, terminated(arena, name).address()));
    }

    static MemorySegment terminated(SegmentAllocator allocator, byte[] path) {
        MemorySegment name = allocator.allocate(path.length + 1L);
        MemorySegment.copy(path, 0, name, JAVA_BYTE, 0, path.length);
        return name;
    }

    private FileStatus known(int errno) throws SystemCallException {
        if (errno != 0) {
            throw new SystemCallException("statx", errno);
        }
        return this;
    }

    /** Asks about the name that is at an address: 0 if it is known now, otherwise an error number. */
    int askByAddress(int directory, long name) {
        return ask(directory, name, AT_SYMLINK_NOFOLLOW);
    }

    private int ask(int directory, long name, long flags) {
        long result = CLibrary.call(
                state,
                CLibrary.STATX,
                directory,
                name,
                flags | AT_NO_AUTOMOUNT,
                STATX_BASIC_STATS | STATX_BTIME,
                statx.address());
        return result == 0 ? 0 : CLibrary.errno(state);
    }

    public boolean isFile() {
        return format() == S_IFREG;
    }

    public boolean isDirectory() {
        return format() == S_IFDIR;
    }

    public boolean isSymbolicLink() {
        return format() == S_IFLNK;
    }

    private int format() {
        return statx.get(JAVA_SHORT, 28) & S_IFMT;
    }

    /** The permissions, the set-id and sticky bits included. */
    public int mode() {
        return statx.get(JAVA_SHORT, 28) & MODE_BITS;
    }

    /** How many names the file has. */
    public int links() {
        return statx.get(JAVA_INT, 16);
    }

    public int owner() {
        return statx.get(JAVA_INT, 20);
    }

    public int group() {
        return statx.get(JAVA_INT, 24);
    }

    /** In bytes. */
    public long size() {
        return statx.get(JAVA_LONG, 40);
    }

    public long inode() {
        return statx.get(JAVA_LONG, 32);
    }

    /** The device as the C library numbers it. */
    public long device() {
        long major = Integer.toUnsignedLong(statx.get(JAVA_INT, 136));
        long minor = Integer.toUnsignedLong(statx.get(JAVA_INT, 140));
        return (major & ~0xfffL) << 32 | (major & 0xfff) << 8 | (minor & ~0xffL) << 12 | (minor & 0xff);
    }

    /** Since 1970. */
    public long modifiedSecond() {
        return statx.get(JAVA_LONG, 112);
    }

    public int modifiedNano() {
        return statx.get(JAVA_INT, 120);
    }

    /** Whether the file system knows when the file was created. */
    public boolean hasCreated() {
        return (statx.get(JAVA_INT, 0) & STATX_BTIME) != 0;
    }

    /** Since 1970. */
    public long createdSecond() {
        return statx.get(JAVA_LONG, 80);
    }

    public int createdNano() {
        return statx.get(JAVA_INT, 88);
    }

    @Override
    public void close() {
        arena.close();
    }
}
