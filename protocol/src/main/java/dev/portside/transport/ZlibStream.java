package dev.portside.transport;

import dev.portside.transport.Inflation.RefusedException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * MODE Z between the data and the wire of one connection (draft-preston-ftpext-deflate-04). One thread moves data; {@link
 * #bytes} and {@link #free} are for all, and whoever moves data behind {@link #free} gets a {@link ClosedChannelException}.
 */
final class ZlibStream {
    interface ToWire {
        /** Sends all of the buffer. */
        void write(ByteBuffer wire) throws DataConnectionException;
    }

    interface FromWire {
        /** Gives at least one byte, or -1 at the end. */
        int read(ByteBuffer wire) throws DataConnectionException;
    }

    private final TransferParameters parameters;
    private final ToWire toWire;
    private final FromWire fromWire;
    private final AtomicLong bytes = new AtomicLong();

    // Each is made when it is needed: which of them is, the first byte or the end tells.
    private volatile @Nullable Deflation deflation;
    private volatile @Nullable Inflation inflation;
    private @Nullable ByteBuffer buffer;

    ZlibStream(TransferParameters parameters, ToWire toWire, FromWire fromWire) {
        this.parameters = parameters;
        this.toWire = toWire;
        this.fromWire = fromWire;
    }

    /** Bytes of the data so far, in either direction. */
    long bytes() {
        return bytes.get();
    }

    /** Takes all of the source. */
    void write(ByteBuffer source) throws DataConnectionException, ClosedChannelException {
        Deflation zlib = deflation();
        ByteBuffer wire = buffer();
        while (source.hasRemaining()) {
            int before = source.remaining();
            zlib.toWire(source, wire.clear());
            bytes.addAndGet(before - source.remaining());
            toWire.write(wire.flip());
        }
    }

    /** Sends the end of the stream, once. */
    void finish() throws DataConnectionException, ClosedChannelException {
        Deflation zlib = deflation();
        ByteBuffer wire = buffer();
        boolean ended = false;
        while (!ended) {
            ended = zlib.endToWire(wire.clear());
            toWire.write(wire.flip());
        }
    }

    /** Gives some bytes; -1 when the stream and the wire have ended, 0 when there is no room. */
    int read(ByteBuffer target) throws DataConnectionException, RefusedException, ClosedChannelException {
        if (!target.hasRemaining()) {
            return 0;
        }
        Inflation zlib = inflation();
        ByteBuffer wire = buffer();
        while (true) {
            int given = zlib.fromWire(wire, target);
            if (given > 0) {
                bytes.addAndGet(given);
                return given;
            }
            int read = fromWire.read(wire.clear());
            wire.flip();
            if (read < 0) {
                zlib.endFromWire();
                return -1;
            }
        }
    }

    private Deflation deflation() {
        Deflation zlib = deflation;
        if (zlib == null) {
            zlib = new Deflation(parameters.level());
            deflation = zlib;
        }
        return zlib;
    }

    private Inflation inflation() {
        Inflation zlib = inflation;
        if (zlib == null) {
            zlib = new Inflation(parameters.limit());
            inflation = zlib;
        }
        return zlib;
    }

    private ByteBuffer buffer() {
        ByteBuffer wire = buffer;
        if (wire == null) {
            wire = Buffers.take().limit(0);
            buffer = wire;
        }
        return wire;
    }

    /** Gives zlib's memory back, from any thread. */
    void free() {
        Deflation deflating = deflation;
        if (deflating != null) {
            deflating.close();
        }
        Inflation inflating = inflation;
        if (inflating != null) {
            inflating.close();
        }
    }

    /** Gives everything back; nobody moves data any more. */
    void close() {
        free();
        ByteBuffer wire = buffer;
        if (wire != null) {
            buffer = null;
            Buffers.giveBack(wire);
        }
    }
}
