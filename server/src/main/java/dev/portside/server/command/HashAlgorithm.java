package dev.portside.server.command;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.BooleanSupplier;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** The algorithms of HASH, by the names that the IANA registry of FTP hash algorithms gives them. */
public enum HashAlgorithm {
    SHA_256("SHA-256", "XSHA256"),
    SHA_512("SHA-512", "XSHA512"),
    SHA_1("SHA-1", "XSHA"),
    MD5("MD5", "XMD5"),
    CRC32("CRC32", "XCRC");

    private static final int BUFFER = 64 << 10;

    private final String wireName;
    private final String olderVerb;

    HashAlgorithm(String wireName, String olderVerb) {
        this.wireName = wireName;
        this.olderVerb = olderVerb;
    }

    public String wireName() {
        return wireName;
    }

    /** The algorithm of that name, in any case, or null. */
    static @Nullable HashAlgorithm named(String name) {
        for (HashAlgorithm algorithm : values()) {
            if (algorithm.wireName.equalsIgnoreCase(name)) {
                return algorithm;
            }
        }
        return null;
    }

    /**
     * The algorithm of one of the commands that were there before HASH.
     *
     * @throws IllegalArgumentException if the verb is none of them
     */
    static HashAlgorithm ofOlderVerb(String verb) {
        for (HashAlgorithm algorithm : values()) {
            if (algorithm.olderVerb.equals(verb)) {
                return algorithm;
            }
        }
        throw new IllegalArgumentException("no algorithm is called " + verb);
    }

    /**
     * The hash of the next bytes of a file, in lower-case hexadecimal digits.
     *
     * @param length how many bytes, fewer if the file ends before
     * @return null when aborted
     */
    @Nullable
    String of(ReadableByteChannel file, long length, BooleanSupplier aborted) throws IOException {
        CRC32 crc = new CRC32();
        MessageDigest digest = this == CRC32 ? null : digest();
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        long left = length;
        while (left > 0) {
            if (aborted.getAsBoolean()) {
                return null;
            }
            buffer.clear().limit((int) Math.min(BUFFER, left));
            int read = file.read(buffer);
            if (read < 0) {
                break;
            }
            left -= read;
            if (digest == null) {
                crc.update(buffer.flip());
            } else {
                digest.update(buffer.flip());
            }
        }
        HexFormat hex = HexFormat.of();
        return digest == null ? hex.toHexDigits((int) crc.getValue()) : hex.formatHex(digest.digest());
    }

    private MessageDigest digest() {
        try {
            return MessageDigest.getInstance(wireName);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has " + wireName, impossible);
        }
    }
}
