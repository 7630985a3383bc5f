package dev.portside.transport;

import dev.portside.transport.DataConnectionException.Failure;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** The zlib stream of MODE Z (RFC 1950) to the data of one transfer. {@link #close}, from any thread, frees its memory. */
final class Inflation implements AutoCloseable {
    /** What came is not, or not only, the zlib stream of a transfer. */
    static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1;

        private final Failure failure;

        private RefusedException(Failure failure, String message) {
            super(message, null, false, false);
            this.failure = failure;
        }

        Failure failure() {
            return failure;
        }
    }

    private final Inflater zlib = new Inflater();
    private final InflationLimit limit;
    /** Freed memory must not be used: the thread that aborts is another one. */
    private final ReentrantLock lock = new ReentrantLock();

    private boolean closed;

    Inflation(InflationLimit limit) {
        this.limit = limit;
    }

    /**
     * Takes input until it is used up or the output is full. Nothing may stand behind the end of the stream.
     *
     * @return bytes that the output was given; 0 when more input is needed, or there is no room, or the stream has ended
     */
    int fromWire(ByteBuffer in, ByteBuffer out) throws RefusedException, ClosedChannelException {
        lock.lock();
        try {
            requireOpen();
            zlib.setInput(in);
            int given = zlib.inflate(out);
            if (zlib.needsDictionary()) {
                throw new RefusedException(Failure.CORRUPT, "it needs a dictionary");
            }
            if (zlib.finished() && in.hasRemaining()) {
                throw new RefusedException(Failure.CORRUPT, "there is more behind its end");
            }
            if (limit.isExceeded(zlib.getBytesRead(), zlib.getBytesWritten())) {
                throw new RefusedException(
                        Failure.INFLATED_TOO_FAR, zlib.getBytesRead() + " bytes became " + zlib.getBytesWritten());
            }
            return given;
        } catch (DataFormatException corrupt) {
            throw new RefusedException(Failure.CORRUPT, String.valueOf(corrupt.getMessage()));
        } finally {
            lock.unlock();
        }
    }

    /** The end of the input: there the stream must have ended. */
    void endFromWire() throws RefusedException, ClosedChannelException {
        lock.lock();
        try {
            requireOpen();
            if (!zlib.finished()) {
                throw new RefusedException(Failure.TRUNCATED, "the end of the compressed data is missing");
            }
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
