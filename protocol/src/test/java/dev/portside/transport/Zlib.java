package dev.portside.transport;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/** What MODE Z has on the wire, made and read without the classes under test. */
final class Zlib {
    private Zlib() {}

    static byte[] deflated(byte[] data) {
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        try (DeflaterOutputStream out = new DeflaterOutputStream(wire)) {
            out.write(data);
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
        return wire.toByteArray();
    }

    static byte[] inflated(byte[] wire) throws IOException {
        return new InflaterInputStream(new ByteArrayInputStream(wire)).readAllBytes();
    }

    /** As small as zlib makes it: about a thousandth. */
    static byte[] zeros(long size) {
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        Deflater best = new Deflater(Deflater.BEST_COMPRESSION);
        byte[] some = new byte[1 << 20];
        try (DeflaterOutputStream out = new DeflaterOutputStream(wire, best, 1 << 16)) {
            for (long left = size; left > 0; left -= some.length) {
                out.write(some, 0, (int) Math.min(some.length, left));
            }
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        } finally {
            best.end();
        }
        return wire.toByteArray();
    }

    /** Words in a random order. */
    static byte[] text(int size, long seed) {
        Random random = new Random(seed);
        String[] words = {"one ", "two ", "three ", "four\n", "five\r\n", "six\r"};
        ByteBuffer text = ByteBuffer.allocate(size + 8);
        while (text.position() < size) {
            text.put(words[random.nextInt(words.length)].getBytes(StandardCharsets.US_ASCII));
        }
        return Arrays.copyOf(text.array(), size);
    }
}
