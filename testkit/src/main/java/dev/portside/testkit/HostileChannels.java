package dev.portside.testkit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Random;
import java.util.random.RandomGenerator;

/** Channels that keep to the letter of their contract: they move as little as it allows. The same in every run. */
public final class HostileChannels {
    private HostileChannels() {}

    /** Gives one byte at a time. */
    public static ReadableByteChannel oneByteAtATime(ReadableByteChannel source) {
        return new Source(source, () -> 1);
    }

    /** Takes one byte at a time. */
    public static WritableByteChannel oneByteAtATime(WritableByteChannel target) {
        return new Target(target, () -> 1);
    }

    /** Gives 0 to {@code most} bytes at a time. */
    public static ReadableByteChannel randomChunks(ReadableByteChannel source, int most, long seed) {
        RandomGenerator random = new Random(seed);
        return new Source(source, () -> random.nextInt(most + 1));
    }

    /** Takes 0 to {@code most} bytes at a time. */
    public static WritableByteChannel randomChunks(WritableByteChannel target, int most, long seed) {
        RandomGenerator random = new Random(seed);
        return new Target(target, () -> random.nextInt(most + 1));
    }

    /** Gives the first bytes of the source and then fails, as a disk does. */
    public static ReadableByteChannel failingAfter(ReadableByteChannel source, long bytes, IOException failure) {
        return new ReadableByteChannel() {
            private long left = bytes;

            @Override
            public int read(ByteBuffer target) throws IOException {
                if (left == 0) {
                    throw failure;
                }
                int read = limited(target, (int) Math.min(left, target.remaining()), source::read);
                left -= Math.max(0, read);
                return read;
            }

            @Override
            public boolean isOpen() {
                return source.isOpen();
            }

            @Override
            public void close() throws IOException {
                source.close();
            }
        };
    }

    /** Takes the first bytes and then fails, as a full disk does. */
    public static WritableByteChannel failingAfter(WritableByteChannel target, long bytes, IOException failure) {
        return new WritableByteChannel() {
            private long left = bytes;

            @Override
            public int write(ByteBuffer source) throws IOException {
                if (left == 0) {
                    throw failure;
                }
                int written = limited(source, (int) Math.min(left, source.remaining()), target::write);
                left -= written;
                return written;
            }

            @Override
            public boolean isOpen() {
                return target.isOpen();
            }

            @Override
            public void close() throws IOException {
                target.close();
            }
        };
    }

    private interface Move {
        int bytes(ByteBuffer buffer) throws IOException;
    }

    private interface Chunk {
        int next();
    }

    private static int limited(ByteBuffer buffer, int most, Move move) throws IOException {
        int limit = buffer.limit();
        buffer.limit(buffer.position() + Math.min(most, buffer.remaining()));
        try {
            return move.bytes(buffer);
        } finally {
            buffer.limit(limit);
        }
    }

    private record Source(ReadableByteChannel source, Chunk chunk) implements ReadableByteChannel {
        @Override
        public int read(ByteBuffer target) throws IOException {
            int most = chunk.next();
            return most == 0 ? 0 : limited(target, most, source::read);
        }

        @Override
        public boolean isOpen() {
            return source.isOpen();
        }

        @Override
        public void close() throws IOException {
            source.close();
        }
    }

    private record Target(WritableByteChannel target, Chunk chunk) implements WritableByteChannel {
        @Override
        public int write(ByteBuffer source) throws IOException {
            int most = chunk.next();
            return most == 0 ? 0 : limited(source, most, target::write);
        }

        @Override
        public boolean isOpen() {
            return target.isOpen();
        }

        @Override
        public void close() throws IOException {
            target.close();
        }
    }
}
