package dev.portside.transport;

import java.nio.ByteBuffer;

/**
 * Line ends between this system (LF) and TYPE A (CRLF, RFC 959 section 3.1.1.1), across the borders of buffers. A CRLF
 * that is there already stays one; a CR alone is data. One direction of one transfer each.
 */
final class AsciiLines {
    private static final byte CR = '\r';
    private static final byte LF = '\n';

    private boolean afterCr;

    /** LF to CRLF, until the input is used up or the output has no room for two more bytes. */
    void toWire(ByteBuffer in, ByteBuffer out) {
        while (in.hasRemaining() && out.remaining() >= 2) {
            if (copiedUpTo(LF, in, out, out.remaining() - 1)) {
                afterCr = in.get(in.position() - 1) == CR;
                continue;
            }
            if (!afterCr) {
                out.put(CR);
            }
            out.put(in.get());
            afterCr = false;
        }
    }

    /** Copies what stands before the next end, many bytes at once; false if that is nothing. */
    private static boolean copiedUpTo(byte end, ByteBuffer in, ByteBuffer out, int room) {
        int from = in.position();
        int limit = from + Math.min(in.remaining(), room);
        int to = from;
        while (to < limit && in.get(to) != end) {
            to++;
        }
        out.put(out.position(), in, from, to - from);
        out.position(out.position() + to - from);
        in.position(to);
        return to > from;
    }

    /** CRLF to LF, until the input is used up or the output is full. */
    void fromWire(ByteBuffer in, ByteBuffer out) {
        while (in.hasRemaining() && out.hasRemaining()) {
            if (!afterCr && copiedUpTo(CR, in, out, out.remaining())) {
                continue;
            }
            byte next = in.get(in.position());
            if (afterCr && next != LF) {
                // The byte itself waits for the next turn, when there may be no room for it yet.
                out.put(CR);
                afterCr = false;
                continue;
            }
            in.position(in.position() + 1);
            afterCr = next == CR;
            if (!afterCr) {
                out.put(next);
            }
        }
    }

    /** The end of the input: a CR that waited for its LF was data. */
    void endFromWire(ByteBuffer out) {
        if (afterCr) {
            out.put(CR);
            afterCr = false;
        }
    }
}
