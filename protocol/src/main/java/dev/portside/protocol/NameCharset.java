package dev.portside.protocol;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Between the bytes of the control connection and strings: UTF-8 by default (RFC 2640), any other charset by option.
 *
 * <p>Names are bytes on the wire. A byte that is not valid in the charset becomes a lone surrogate, {@code U+DC80} to
 * {@code U+DCFF}, and becomes that byte again: a name of any bytes survives decoding and encoding unchanged.
 *
 * @param charset a superset of ASCII
 */
public record NameCharset(Charset charset) {
    /** RFC 2640. */
    public static final NameCharset UTF_8 = new NameCharset(StandardCharsets.UTF_8);

    private static final int ESCAPE = 0xDC00;

    /** The string for some bytes; never fails. */
    public String decode(byte[] bytes, int offset, int length) {
        if (isUtf8() && isAscii(bytes, offset, length)) {
            return new String(bytes, offset, length, StandardCharsets.ISO_8859_1);
        }
        String text = decodeWhatIsValid(bytes, offset, length);
        // UTF-8 has one form for a string. Elsewhere several bytes may mean one character, and shift sequences none.
        return isUtf8() || isEncoded(text, bytes, offset, length) ? text : escaped(bytes, offset, length);
    }

    boolean isUtf8() {
        return charset.equals(StandardCharsets.UTF_8);
    }

    private static boolean isAscii(byte[] bytes, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            if (bytes[i] < 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    private boolean isEncoded(String text, byte[] bytes, int offset, int length) {
        try {
            byte[] encoded = encode(text);
            return Arrays.equals(encoded, 0, encoded.length, bytes, offset, offset + length);
        } catch (IllegalArgumentException notInTheCharset) {
            return false;
        }
    }

    private static String escaped(byte[] bytes, int offset, int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = offset; i < offset + length; i++) {
            text.append(escaped(bytes[i]));
        }
        return text.toString();
    }

    private static char escaped(byte invalid) {
        int value = invalid & 0xff;
        return (char) (value < 0x80 ? value : ESCAPE + value);
    }

    private String decodeWhatIsValid(byte[] bytes, int offset, int length) {
        CharsetDecoder decoder = charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes, offset, length);
        CharBuffer out = CharBuffer.allocate((int) Math.ceil(length * (double) decoder.maxCharsPerByte()) + 1);
        CoderResult result = decoder.decode(in, out, true);
        while (result.isError()) {
            for (int i = 0; i < result.length(); i++) {
                out.put(escaped(in.get()));
            }
            result = decoder.reset().decode(in, out, true);
        }
        decoder.flush(out);
        return out.flip().toString();
    }

    public String decode(byte[] bytes) {
        return decode(bytes, 0, bytes.length);
    }

    /**
     * The bytes of a string.
     *
     * @throws IllegalArgumentException if the charset has no bytes for it
     */
    public byte[] encode(String text) {
        if (isUtf8() && isAscii(text)) {
            return text.getBytes(StandardCharsets.ISO_8859_1);
        }
        CharsetEncoder encoder = charset.newEncoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        CharBuffer in = CharBuffer.wrap(text);
        ByteBuffer out = ByteBuffer.allocate((int) Math.ceil(text.length() * (double) encoder.maxBytesPerChar()) + 8);
        CoderResult result = encoder.encode(in, out, true);
        while (result.isError()) {
            char c = in.get();
            if (c < ESCAPE + 0x80 || c > ESCAPE + 0xff) {
                throw new IllegalArgumentException("\"" + text + "\" cannot be written in " + charset.name());
            }
            out.put((byte) (c - ESCAPE));
            result = encoder.reset().encode(in, out, true);
        }
        encoder.flush(out);
        byte[] bytes = new byte[out.flip().remaining()];
        out.get(bytes);
        return bytes;
    }

    /** Whether the string holds a byte that was not valid in the charset it was decoded with. */
    public static boolean hasUndecodableBytes(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c)) {
                i++;
            } else if (c >= ESCAPE + 0x80 && c <= ESCAPE + 0xff) {
                return true;
            }
        }
        return false;
    }
}
