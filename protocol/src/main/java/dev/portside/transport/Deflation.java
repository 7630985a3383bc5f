package dev.portside.transport;

import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.Deflater;

/** The data of one transfer to the zlib stream of MODE Z (RFC 1950). {@link #close}, from any thread, frees its memory. */
final class Deflation implements AutoCloseable {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Deflater zlib;
    /** Freed memory must not be used: the thread that aborts is another one. */
    private final ReentrantLock lock = new ReentrantLock();

    private boolean ending;
    private boolean closed;

    Deflation(int level) {
        zlib = new Deflater(level);
    }

    /** Takes input until it is used up or the output is full; most of it comes out only later. */
    void toWire(ByteBuffer in, ByteBuffer out) throws ClosedChannelException {
        lock.lock();
        try {
            requireOpen();
            if (ending) {
                throw new IllegalStateException("the data has ended");
            }
            zlib.setInput(in);
            zlib.deflate(out);
            // It would go on reading there, whatever the buffer is used for next.
            zlib.setInput(NOTHING);
        } finally {
            lock.unlock();
        }
    }

    /**
     * The end of the input.
     *
     * @return whether the stream has ended; if not, there is more for another output
     */
    boolean endToWire(ByteBuffer out) throws ClosedChannelException {
        lock.lock();
        try {
            requireOpen();
            ending = true;
            zlib.finish();
            zlib.deflate(out);
            return zlib.finished();
        } finally {
            lock.unlock();
        }
    }

    private void requireOpen() throws ClosedChannelException {
        if (closed) {
            throw new ClosedChannelException();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            zlib.end();
        } finally {
            lock.unlock();
        }
    }
}
