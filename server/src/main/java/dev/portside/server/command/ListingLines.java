package dev.portside.server.command;

import dev.portside.protocol.ListingLine;
import dev.portside.protocol.NameCharset;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** Lines on a data connection: text, ended by CRLF whatever the TYPE, many in one write. */
final class ListingLines {
    private static final int BUFFER = 32 << 10;

    private final WritableByteChannel data;
    private final ListingLine line;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);

    ListingLines(WritableByteChannel data, NameCharset charset) {
        this.data = data;
        this.line = new ListingLine(charset);
    }

    /** The next line, to be written; {@link #end} sends it. */
    ListingLine begin() {
        return line.clear();
    }

    void end() throws IOException {
        int length = line.length();
        if (buffer.remaining() < length + 2) {
            flush();
        }
        if (buffer.remaining() < length + 2) {
            writeFully(ByteBuffer.wrap(line.bytes(), 0, length));
        } else {
            buffer.put(line.bytes(), 0, length);
        }
        buffer.put((byte) '\r').put((byte) '\n');
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
