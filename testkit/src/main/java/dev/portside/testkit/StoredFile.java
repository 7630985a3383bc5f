package dev.portside.testkit;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;

/** A file of a {@link ScriptedServer}. */
interface StoredFile {
    long size();

    ReadableByteChannel from(long offset);

    static StoredFile of(byte[] bytes) {
        return new StoredFile() {
            @Override
            public long size() {
                return bytes.length;
            }

            @Override
            public ReadableByteChannel from(long offset) {
                int start = (int) Math.min(offset, bytes.length);
                return Channels.newChannel(new ByteArrayInputStream(bytes, start, bytes.length - start));
            }
        };
    }

    static StoredFile of(Content content) {
        return new StoredFile() {
            @Override
            public long size() {
                return content.size();
            }

            @Override
            public ReadableByteChannel from(long offset) {
                return content.channel(Math.min(offset, content.size()));
            }
        };
    }

    /** All of it, if it fits in the heap. */
    default byte[] bytes() {
        ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(size()));
        try (ReadableByteChannel in = from(0)) {
            while (all.hasRemaining() && in.read(all) >= 0) {
                // On to the end.
            }
            return all.array();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
