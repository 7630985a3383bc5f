package dev.portside.transport;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The few lines of DER (ITU-T X.690) that wrap an old private key into PKCS#8 and that a certificate is written with. */
final class Der {
    static final int BOOLEAN = 0x01;
    static final int INTEGER = 0x02;
    static final int BIT_STRING = 0x03;
    static final int OCTET_STRING = 0x04;
    static final int UTC_TIME = 0x17;
    static final int GENERALIZED_TIME = 0x18;
    static final int SEQUENCE = 0x30;

    private static final int OBJECT_IDENTIFIER = 0x06;
    /** {@code [0] EXPLICIT}: the curve of an ECPrivateKey. */
    private static final int CURVE = 0xA0;

    private static final byte[] VERSION_0 = {INTEGER, 1, 0};
    private static final byte[] NULL = {0x05, 0};
    private static final byte[] RSA_ENCRYPTION = objectIdentifier("2a864886f70d010101");
    private static final byte[] EC_PUBLIC_KEY = objectIdentifier("2a8648ce3d0201");

    private Der() {}

    /** An RSAPrivateKey (RFC 8017 A.1.2) as PrivateKeyInfo (RFC 5208 section 5). */
    static byte[] rsaToPkcs8(byte[] pkcs1) {
        return element(SEQUENCE, VERSION_0, element(SEQUENCE, RSA_ENCRYPTION, NULL), element(OCTET_STRING, pkcs1));
    }

    /** An ECPrivateKey (RFC 5915 section 3) as PrivateKeyInfo; null if it does not name its curve or is none. */
    static byte @Nullable [] ecToPkcs8(byte[] sec1) {
        byte[] curve = curve(sec1);
        return curve == null
                ? null
                : element(SEQUENCE, VERSION_0, element(SEQUENCE, EC_PUBLIC_KEY, curve), element(OCTET_STRING, sec1));
    }

    /** The kind of key in a PrivateKeyInfo, as the JDK calls it; null for one that TLS does not know. */
    static @Nullable String algorithm(byte[] pkcs8) {
        try {
            ByteBuffer fields = content(ByteBuffer.wrap(pkcs8), SEQUENCE);
            content(fields, INTEGER);
            ByteBuffer identifier = content(content(fields, SEQUENCE), OBJECT_IDENTIFIER);
            byte[] name = new byte[identifier.remaining()];
            identifier.get(name);
            return switch (HexFormat.of().formatHex(name)) {
                case "2a864886f70d010101" -> "RSA";
                case "2a864886f70d01010a" -> "RSASSA-PSS";
                case "2a8648ce3d0201" -> "EC";
                case "2b6570", "2b6571" -> "EdDSA";
                default -> null;
            };
        } catch (BufferUnderflowException | IllegalArgumentException notDer) {
            return null;
        }
    }

    private static byte @Nullable [] curve(byte[] sec1) {
        try {
            ByteBuffer fields = content(ByteBuffer.wrap(sec1), SEQUENCE);
            while (fields.hasRemaining()) {
                int tag = fields.get(fields.position()) & 0xFF;
                ByteBuffer field = content(fields, tag);
                if (tag == CURVE) {
                    byte[] curve = new byte[field.remaining()];
                    field.get(curve);
                    return curve;
                }
            }
            return null;
        } catch (BufferUnderflowException | IllegalArgumentException notDer) {
            return null;
        }
    }

    /** Takes one element, which must have the tag. */
    private static ByteBuffer content(ByteBuffer from, int tag) {
        if ((from.get() & 0xFF) != tag) {
            throw new IllegalArgumentException("another tag");
        }
        int length = from.get() & 0xFF;
        if (length >= 0x80) {
            int bytes = length & 0x7F;
            length = 0;
            for (int i = 0; i < bytes; i++) {
                length = (length << 8) | (from.get() & 0xFF);
            }
        }
        if (length < 0 || length > from.remaining()) {
            throw new IllegalArgumentException("longer than the whole");
        }
        ByteBuffer content = from.slice(from.position(), length);
        from.position(from.position() + length);
        return content;
    }

    /** The hexadecimal digits are those of the content. */
    static byte[] objectIdentifier(String content) {
        return element(OBJECT_IDENTIFIER, HexFormat.of().parseHex(content));
    }

    /** The tag of a field that the standard numbers: {@code [number]}, with elements inside or with plain content. */
    static int numbered(int number, boolean elementsInside) {
        return 0x80 | (elementsInside ? 0x20 : 0) | number;
    }

    /** One element; its content is the parts, one behind the other. */
    static byte[] element(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        int length = content.size();
        ByteArrayOutputStream element = new ByteArrayOutputStream();
        element.write(tag);
        if (length < 0x80) {
            element.write(length);
        } else {
            int bytes = (32 - Integer.numberOfLeadingZeros(length) + 7) / 8;
            element.write(0x80 | bytes);
            for (int i = bytes - 1; i >= 0; i--) {
                element.write(length >>> (8 * i));
            }
        }
        element.writeBytes(content.toByteArray());
        return element.toByteArray();
    }
}
