package dev.portside.testkit;

import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** Compares what it is given with a {@link Content}, without keeping it. */
public final class ContentCheck implements WritableByteChannel {
    private final Content content;
    private final ByteBuffer expected = ByteBuffer.allocate(64 << 10);
    private final long from;
    private long position;
    private boolean open = true;

    ContentCheck(Content content, long from) {
        this.content = content;
        this.from = from;
        this.position = from;
    }

    /**
     * Takes all of the buffer.
     *
     * @throws AssertionError at the first byte that differs, and for a byte too many
     */
    @Override
    public int write(ByteBuffer source) {
        int length = source.remaining();
        if (length > content.size() - position) {
            throw new AssertionError("more than the " + content.size() + " bytes that were expected");
        }
        while (source.hasRemaining()) {
            expected.clear().limit(Math.min(expected.capacity(), source.remaining()));
            content.fill(expected, position);
            expected.flip();
            int differs = expected.mismatch(source.slice(source.position(), expected.remaining()));
            if (differs >= 0) {
                throw new AssertionError("byte " + (position + differs) + " differs");
            }
            source.position(source.position() + expected.remaining());
            position += expected.remaining();
        }
        return length;
    }

    /** How many bytes came, all of them right. */
    public long bytes() {
        return position - from;
    }

    /**
     * Checks the end.
     *
     * @throws AssertionError unless the content came to its end
     */
    public void assertComplete() {
        if (position != content.size()) {
            throw new AssertionError("cut short at byte " + position + " of " + content.size());
        }
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public void close() {
        open = false;
    }
}
