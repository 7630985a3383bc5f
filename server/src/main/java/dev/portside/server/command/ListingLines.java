package dev.portside.server.command;

import dev.portside.protocol.NameCharset;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** Lines on a data connection: text, ended by CRLF whatever the TYPE, many in one write. */
final class ListingLines {
    private static final int BUFFER = 32 << 10;

    private final WritableByteChannel data;
    private final NameCharset charset;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);

    ListingLines(WritableByteChannel data, NameCharset charset) {
        this.data = data;
        this.charset = charset;
    }

    void write(String line) throws IOException {
        byte[] bytes = encoded(line);
        if (buffer.remaining() < bytes.length + 2) {
            flush();
        }
        if (buffer.remaining() < bytes.length + 2) {
            writeFully(ByteBuffer.wrap(bytes));
        } else {
            buffer.put(bytes);
        }
        buffer.put((byte) '\r').put((byte) '\n');
    }

    /** What the charset lacks becomes a question mark: the entry is seen, though it cannot be named. */
    private byte[] encoded(String line) {
        try {
            return charset.encode(line);
        } catch (IllegalArgumentException unwritable) {
            return charset.encode(line.replaceAll("[^\\x20-\\x7e]", "?"));
        }
    }

    void flush() throws IOException {
        writeFully(buffer.flip());
        buffer.clear();
    }

    private void writeFully(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            data.write(bytes);
        }
    }
}
