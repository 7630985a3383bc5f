package dev.portside.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/**
 * Bytes that look random, are the same in every run, and need no memory: each is a function of the seed and its position.
 *
 * @param size in bytes
 * @param seed another seed gives other bytes
 */
public record Content(long size, long seed) {
    public Content {
        if (size < 0) {
            throw new IllegalArgumentException("a size is not negative: " + size);
        }
    }

    /** The byte at a position, also beyond the end. */
    public byte at(long position) {
        return (byte) (word(position >>> 3) >>> ((position & 7) << 3));
    }

    private long word(long index) {
        // Splitmix64: passes for random, and any position can be had without those before it.
        long z = seed + (index + 1) * 0x9e3779b97f4a7c15L;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }

    /** All of it; for sizes that fit in the heap. */
    public byte[] bytes() {
        return bytes(0, size);
    }

    /** The bytes from one position up to another. */
    public byte[] bytes(long from, long to) {
        byte[] bytes = new byte[Math.toIntExact(to - from)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = at(from + i);
        }
        return bytes;
    }

    public ReadableByteChannel channel() {
        return channel(0);
    }

    /** The content from a position to its end. */
    public ReadableByteChannel channel(long from) {
        Objects.checkIndex(from, size + 1);
        return new ContentChannel(this, from);
    }

    /** A target that compares what it is given with this content. */
    public ContentCheck check() {
        return check(0);
    }

    /** A target that compares what it is given with this content from a position on. */
    public ContentCheck check(long from) {
        return new ContentCheck(this, from);
    }

    /** Writes it to a file, which is replaced. */
    public Path writeTo(Path file) {
        try (FileChannel out = FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE);
                ReadableByteChannel in = channel()) {
            for (long done = 0; done < size; ) {
                done += out.transferFrom(in, done, size - done);
            }
            return file;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /**
     * Compares a file with this content.
     *
     * @throws AssertionError when it differs, telling where
     */
    public void assertIn(Path file) {
        try (ReadableByteChannel in = Files.newByteChannel(file);
                ContentCheck check = check()) {
            ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
            while (in.read(buffer.clear()) >= 0) {
                check.write(buffer.flip());
            }
            check.assertComplete();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Fills what room there is; package-private for the channel. */
    int fill(ByteBuffer target, long position) {
        int count = (int) Math.min(target.remaining(), size - position);
        int left = count;
        long at = position;
        while (left > 0 && (at & 7) != 0) {
            target.put(at(at++));
            left--;
        }
        for (; left >= 8; left -= 8, at += 8) {
            target.putLong(Long.reverseBytes(word(at >>> 3)));
        }
        for (; left > 0; left--) {
            target.put(at(at++));
        }
        return count;
    }

    private static final class ContentChannel implements ReadableByteChannel {
        private final Content content;
        private long position;
        private boolean open = true;

        ContentChannel(Content content, long position) {
            this.content = content;
            this.position = position;
        }

        @Override
        public int read(ByteBuffer target) {
            if (position == content.size) {
                return -1;
            }
            int count = content.fill(target, position);
            position += count;
            return count;
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
}
