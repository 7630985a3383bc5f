package dev.portside.transport;

import dev.portside.protocol.NameCharset;
import java.nio.ByteBuffer;
import java.util.List;

/** Lines as they go over a control connection: CRLF behind each, a byte 255 twice (RFC 854). */
final class TelnetLines {
    private static final byte IAC = (byte) 0xff;

    private TelnetLines() {}

    /** All of them in one buffer; an {@link IllegalArgumentException} if the charset has no bytes for one. */
    static ByteBuffer encoded(List<String> lines, NameCharset charset) {
        byte[][] encoded = new byte[lines.size()][];
        int length = 0;
        for (int i = 0; i < encoded.length; i++) {
            encoded[i] = charset.encode(lines.get(i));
            length += encoded[i].length * 2 + 2;
        }
        ByteBuffer out = ByteBuffer.allocate(length);
        for (byte[] line : encoded) {
            for (byte b : line) {
                out.put(b);
                if (b == IAC) {
                    out.put(b);
                }
            }
            out.put((byte) '\r').put((byte) '\n');
        }
        return out.flip();
    }
}
