package dev.portside.server.posix;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Linux: the names in a directory, many with one call ({@code getdents64(2)}), in no order, without {@code .} and
 * {@code ..}; and what the kernel knows about each, as soon as it is asked for. For one thread.
 */
public final class DirectoryReader implements AutoCloseable {
    /** Measured: with more the kernel is not asked noticeably less often for each name. */
    private static final long BUFFER = 64 << 10;

    /** {@code struct linux_dirent64}: inode, offset, length of the record, type; then the name, ended by a NUL. */
    private static final long LENGTH_OFFSET = 16;

    private static final long NAME_OFFSET = 19;

    private final int descriptor;
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment state = arena.allocate(CLibrary.STATE);
    private final MemorySegment records = arena.allocate(BUFFER, Long.BYTES);
    private final FileStatus status = new FileStatus();
    private long end;
    private long next;
    private long nameAt;
    private int nameLength;
    private byte[] name = new byte[256];

    private DirectoryReader(int descriptor) {
        this.descriptor = descriptor;
    }

    /**
     * Opens a directory.
     *
     * @param directory a descriptor that need only name it; it stays open
     */
    public static DirectoryReader open(int directory) throws SystemCallException {
        return new DirectoryReader(SystemCalls.openForReading(directory));
    }

    /** Goes on to the next name; false behind the last one. */
    public boolean next() throws SystemCallException {
        do {
            if (next == end && !fill()) {
                return false;
            }
            long record = next;
            next = record + Short.toUnsignedInt(records.get(JAVA_SHORT, record + LENGTH_OFFSET));
            nameAt = record + NAME_OFFSET;
            takeName();
        } while (isDots());
        return true;
    }

    private boolean fill() throws SystemCallException {
        end = CLibrary.call(state, CLibrary.GETDENTS64, descriptor, records.address(), BUFFER, 0, 0);
        next = 0;
        if (end < 0) {
            end = 0;
            throw new SystemCallException("getdents64", CLibrary.errno(state));
        }
        return end > 0;
    }

    /** The record is filled up to a multiple of eight: the name ends within its last eight bytes. */
    private void takeName() {
        int atMost = (int) (next - nameAt);
        if (name.length < atMost) {
            name = new byte[atMost];
        }
        MemorySegment.copy(records, JAVA_BYTE, nameAt, name, 0, atMost);
        nameLength = Math.max(0, atMost - Long.BYTES);
        while (nameLength < atMost && name[nameLength] != 0) {
            nameLength++;
        }
    }

    private boolean isDots() {
        return name[0] == '.' && (nameLength == 1 || (nameLength == 2 && name[1] == '.'));
    }

    /** The bytes of the name: those before {@link #nameLength}, until {@link #next} is called. */
    public byte[] name() {
        return name;
    }

    public int nameLength() {
        return nameLength;
    }

    /** Asks for {@link #status}: 0 if it is known now, otherwise an error number, as for a name that has gone since. */
    public int askStatus() {
        return status.askByAddress(descriptor, records.address() + nameAt);
    }

    /** What {@link #askStatus} has found. */
    public FileStatus status() {
        return status;
    }

    @Override
    public void close() {
        SystemCalls.close(descriptor);
        status.close();
        arena.close();
    }
}
