package dev.portside.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeflationTest {
    /** Gives the data in parts, and takes what comes in parts, of sizes that the seed decides. */
    static byte[] deflated(byte[] data, int level, int most, long seed) throws Exception {
        Random random = new Random(seed);
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        try (Deflation deflation = new Deflation(level)) {
            for (int at = 0; at < data.length; ) {
                int count = Math.min(1 + random.nextInt(most), data.length - at);
                ByteBuffer in = ByteBuffer.wrap(data, at, count);
                while (in.hasRemaining()) {
                    ByteBuffer out = ByteBuffer.allocateDirect(1 + random.nextInt(most));
                    deflation.toWire(in, out);
                    append(wire, out);
                }
                at += count;
            }
            boolean ended = false;
            while (!ended) {
                ByteBuffer out = ByteBuffer.allocateDirect(1 + random.nextInt(most));
                ended = deflation.endToWire(out);
                append(wire, out);
            }
        }
        return wire.toByteArray();
    }

    private static void append(ByteArrayOutputStream wire, ByteBuffer out) {
        byte[] some = new byte[out.flip().remaining()];
        out.get(some);
        wire.writeBytes(some);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 1000, 300_000})
    void toWire_inPartsOfAnySize_isOneZlibStream(int size) throws Exception {
        byte[] data = Loopback.random(size, 1);
        assertThat(Zlib.inflated(deflated(data, 6, 7, 2))).isEqualTo(data);
        assertThat(Zlib.inflated(deflated(data, 6, 70_000, 3))).isEqualTo(data);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 6, 9})
    void toWire_atEveryLevel_isOneZlibStream(int level) throws Exception {
        byte[] data = Zlib.text(200_000, 4);
        byte[] wire = deflated(data, level, 5000, 5);
        assertThat(Zlib.inflated(wire)).isEqualTo(data);
        assertThat(wire.length < data.length / 2).isEqualTo(level > 0);
    }

    @Test
    void endToWire_isTheEnd_whateverHasBecomeOfTheInput() throws Exception {
        ByteBuffer in = ByteBuffer.wrap(new byte[] {1, 2, 3});
        ByteBuffer out = ByteBuffer.allocate(100);
        try (Deflation deflation = new Deflation(6)) {
            deflation.toWire(in, out);
            in.clear();
            assertThat(deflation.endToWire(out)).isTrue();
        }
        assertThat(Zlib.inflated(Arrays.copyOf(out.array(), out.position()))).containsExactly(1, 2, 3);
    }

    @Test
    void toWire_behindTheEnd_isRefused() throws Exception {
        try (Deflation deflation = new Deflation(6)) {
            deflation.endToWire(ByteBuffer.allocate(100));
            assertThatThrownBy(() -> deflation.toWire(ByteBuffer.allocate(1), ByteBuffer.allocate(100)))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void toWire_behindClose_isRefused() {
        Deflation deflation = new Deflation(6);
        deflation.close();
        deflation.close();
        ByteBuffer room = ByteBuffer.allocate(10);
        assertThatThrownBy(() -> deflation.toWire(ByteBuffer.allocate(1), room))
                .isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> deflation.endToWire(room)).isInstanceOf(ClosedChannelException.class);
    }
}
