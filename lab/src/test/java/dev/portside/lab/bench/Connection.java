package dev.portside.lab.bench;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.util.Random;

/** A connection of the load generator, in the clear or under TLS. Belongs to one thread at a time. */
final class Connection implements AutoCloseable {
    /** With 256 KiB the raw limit is a quarter lower, and the generator's CPU time as much higher; 2 MiB win nothing. */
    static final int CHUNK = 1 << 20;

    private static final long PAGE = 4096;

    /** All connections share it: nobody looks at what was drained. */
    private static final MemorySegment DRAINED = Arena.global().allocate(CHUNK, PAGE);

    private static final MemorySegment CONTENT = content();

    private final int descriptor;
    private TlsSession tls;
    private boolean closed;

    private Connection(int descriptor) {
        this.descriptor = descriptor;
    }

    static Connection open(InetSocketAddress address) throws IOException {
        return new Connection(Native.connect(address));
    }

    private static MemorySegment content() {
        byte[] bytes = new byte[CHUNK];
        new Random(959).nextBytes(bytes);
        MemorySegment content = Arena.global().allocate(CHUNK, PAGE);
        MemorySegment.copy(bytes, 0, content, ValueLayout.JAVA_BYTE, 0, CHUNK);
        return content;
    }

    /** The first bytes of what {@link #fill} sends. */
    static byte[] content(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = CONTENT.get(ValueLayout.JAVA_BYTE, i % CHUNK);
        }
        return bytes;
    }

    /** Goes on under TLS, in the session of another connection unless that is null. */
    void startTls(SharedTls context, Connection other) throws IOException {
        tls = context.connect(descriptor, other == null ? null : other.tls);
    }

    /** The version of TLS, with a note if the session was resumed; empty in the clear. */
    String protection() {
        if (tls == null) {
            return "";
        }
        return tls.version() + (tls.resumed() ? ", resumed" : "");
    }

    /** Waits for bytes; returns how many have come, 0 at the end. */
    int read(MemorySegment buffer) throws IOException {
        return tls == null ? Native.receive(descriptor, buffer) : tls.read(buffer);
    }

    /** Sends from the start of a buffer. */
    void write(MemorySegment buffer, long length) throws IOException {
        for (long sent = 0; sent < length; ) {
            MemorySegment rest = sent == 0 ? buffer : buffer.asSlice(sent);
            sent += tls == null ? Native.send(descriptor, rest, length - sent) : tls.write(rest, length - sent);
        }
    }

    /** Reads to the end; returns how many bytes have come. */
    long drain() throws IOException {
        return drain(System.nanoTime() + Long.MAX_VALUE / 2);
    }

    /** Reads to the end, or until a moment of {@link System#nanoTime} has passed; returns how many bytes have come. */
    long drain(long deadline) throws IOException {
        long total = 0;
        while (true) {
            int count = read(DRAINED);
            total += count;
            if (count == 0 && tls != null) {
                tls.end();
            }
            if (count == 0 || System.nanoTime() - deadline > 0) {
                return total;
            }
        }
    }

    /** Sends so many bytes, then the end, and waits until the peer has ended too. */
    void fill(long bytes) throws IOException {
        for (long left = bytes; left > 0; left -= CHUNK) {
            write(CONTENT, Math.min(left, CHUNK));
        }
        if (tls != null) {
            tls.end();
        }
        Native.shutdownOutput(descriptor);
        // Whoever closes before the tickets were read resets the connection: servers take that for a broken upload.
        while (Native.receive(descriptor, DRAINED) > 0) {}
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            if (tls != null) {
                tls.close();
            }
            Native.close(descriptor);
        }
    }
}
