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

    /**
     * The beginning of a zlib stream of so many zeros, of a thousandth of their size. Its end is missing: who comes so far has
     * taken too much.
     */
    static byte[] bomb(long size) {
        Deflater best = new Deflater(Deflater.BEST_COMPRESSION);
        byte[] room = new byte[1 << 16];
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        int length = 0;
        // Behind a full flush nothing refers to what was before: one block can stand again and again.
        for (int i = 0; i < 2; i++) {
            best.setInput(new byte[1 << 20]);
            length = best.deflate(room, 0, room.length, Deflater.FULL_FLUSH);
            wire.write(room, 0, length);
        }
        best.end();
        for (long made = 2 << 20; made < size; made += 1 << 20) {
            wire.write(room, 0, length);
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
