package dev.portside.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicLong;

/** From a file into the socket of a data connection, in the clear, without a buffer between them. */
final class ZeroCopy {
    /** Between two looks at the progress; a peer that is slower than we are ends a step earlier. */
    private static final long LONGEST_STEP = 8 << 20;
    /** Sent by copying while zero copy has no room. */
    private static final int WAITING_BYTES = 64 << 10;

    private final WatchedChannel network;
    private final AtomicLong sent;

    /** @param sent counts on with every byte */
    ZeroCopy(WatchedChannel network, AtomicLong sent) {
        this.network = network;
        this.sent = sent;
    }

    /** A pipe, as standard input may be one, is a file channel too. */
    static boolean hasPositions(FileChannel file) {
        try {
            file.position();
            return true;
        } catch (IOException pipe) {
            return false;
        }
    }

    /** Sends from the position of the file to its end, or so much; how much. */
    long send(FileChannel file, long limit) throws IOException {
        long start = file.position();
        long end = limit > Long.MAX_VALUE - start ? Long.MAX_VALUE : start + limit;
        long position = start;
        // One read and one write take a small file away in less time than zero copy takes to begin.
        boolean small = true;
        ByteBuffer buffer = Buffers.take();
        try {
            while (position < end) {
                long moved = small ? 0 : move(file, position, Math.min(LONGEST_STEP, end - position));
                if (moved == 0) {
                    moved = copy(file, position, end - position, buffer);
                    small = moved < WAITING_BYTES;
                }
                if (moved < 0) {
                    break;
                }
                position += moved;
            }
            file.position(position);
            return position - start;
        } catch (ClosedByInterruptException interrupted) {
            throw broken(interrupted);
        } finally {
            Buffers.giveBack(buffer);
        }
    }

    /**
     * Moves what the socket takes at once, perhaps nothing. Never waits: a thread that waits in {@code transferTo} shows no
     * progress, and a virtual one holds its carrier there and cannot be woken by closing the socket.
     */
    private long move(FileChannel file, long position, long count) throws IOException {
        try {
            SocketChannel channel = network.socket();
            channel.configureBlocking(false);
            long moved = file.transferTo(position, count, channel);
            sent.addAndGet(moved);
            channel.configureBlocking(true);
            return moved;
        } catch (IOException failed) {
            if (!(failed instanceof ClosedByInterruptException)) {
                // Zero copy does not say which side failed: if the file can still be read, it was the network.
                file.read(ByteBuffer.allocate(1), position);
            }
            throw broken(failed);
        }
    }

    /** Waits until the socket takes bytes again, by giving it some. -1 at the end of the file. */
    private int copy(FileChannel file, long position, long count, ByteBuffer buffer) throws IOException {
        buffer.clear().limit((int) Math.min(WAITING_BYTES, count));
        int read = file.read(buffer, position);
        if (read < 0) {
            return read;
        }
        try {
            int written = network.write(buffer.flip());
            sent.addAndGet(written);
            return written;
        } catch (IOException failed) {
            throw broken(failed);
        }
    }

    private DataConnectionException broken(IOException cause) {
        return network.broken(cause, sent.get());
    }
}
