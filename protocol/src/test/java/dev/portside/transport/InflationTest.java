package dev.portside.transport;

import static dev.portside.transport.DataConnectionException.Failure.CORRUPT;
import static dev.portside.transport.DataConnectionException.Failure.INFLATED_TOO_FAR;
import static dev.portside.transport.DataConnectionException.Failure.TRUNCATED;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portside.transport.DataConnectionException.Failure;
import dev.portside.transport.Inflation.RefusedException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InflationTest {
    /** Gives the wire in parts, and takes what comes in parts, of sizes that the seed decides. */
    static byte[] inflated(byte[] wire, InflationLimit limit, int most, long seed) throws Exception {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        inflate(wire, limit, most, seed, data);
        return data.toByteArray();
    }

    private static void inflate(byte[] wire, InflationLimit limit, int most, long seed, ByteArrayOutputStream data)
            throws Exception {
        Random random = new Random(seed);
        try (Inflation inflation = new Inflation(limit)) {
            for (int at = 0; at < wire.length; ) {
                int count = Math.min(1 + random.nextInt(most), wire.length - at);
                ByteBuffer in =
                        ByteBuffer.allocateDirect(count).put(wire, at, count).flip();
                at += count;
                int given = 1;
                while (in.hasRemaining() || given > 0) {
                    ByteBuffer out = ByteBuffer.allocate(1 + random.nextInt(most));
                    given = inflation.fromWire(in, out);
                    assertThat(out.position()).isEqualTo(given);
                    data.write(out.array(), 0, given);
                }
            }
            inflation.endFromWire();
        }
    }

    private static Failure failure(byte[] wire, InflationLimit limit) {
        try {
            return fail(inflated(wire, limit, 4096, 1).length);
        } catch (RefusedException refused) {
            return refused.failure();
        } catch (Exception other) {
            throw new AssertionError(other);
        }
    }

    private static Failure fail(int length) {
        throw new AssertionError("taken for " + length + " bytes of data");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 1000, 300_000})
    void fromWire_inPartsOfAnySize_isTheData(int size) throws Exception {
        byte[] data = Loopback.random(size, 1);
        assertThat(inflated(Zlib.deflated(data), InflationLimit.USUAL, 7, 2)).isEqualTo(data);
        assertThat(inflated(Zlib.deflated(data), InflationLimit.USUAL, 70_000, 3))
                .isEqualTo(data);
    }

    @Test
    void fromWire_ofWhatDeflationMade_isTheData() throws Exception {
        byte[] data = Zlib.text(3_000_000, 4);
        byte[] wire = DeflationTest.deflated(data, 9, 100_000, 5);
        assertThat(inflated(wire, InflationLimit.USUAL, 100_000, 6)).isEqualTo(data);
    }

    @Test
    void endFromWire_beforeTheStreamHasEnded_isTruncated() {
        byte[] wire = Zlib.deflated(Zlib.text(2000, 1));
        for (int length = 0; length < wire.length; length++) {
            assertThat(failure(Arrays.copyOf(wire, length), InflationLimit.USUAL))
                    .as("%d of %d bytes", length, wire.length)
                    .isEqualTo(TRUNCATED);
        }
    }

    @Test
    void fromWire_ofMoreBehindTheEnd_isCorrupt() {
        byte[] wire = Zlib.deflated(Zlib.text(2000, 1));
        assertThat(failure(Arrays.copyOf(wire, wire.length + 1), InflationLimit.USUAL))
                .isEqualTo(CORRUPT);
        byte[] twice = Arrays.copyOf(wire, 2 * wire.length);
        System.arraycopy(wire, 0, twice, wire.length, wire.length);
        assertThat(failure(twice, InflationLimit.USUAL)).isEqualTo(CORRUPT);
    }

    @Test
    void fromWire_behindTheEnd_givenLater_isCorrupt() throws Exception {
        try (Inflation inflation = new Inflation(InflationLimit.USUAL)) {
            inflation.fromWire(ByteBuffer.wrap(Zlib.deflated(new byte[5])), ByteBuffer.allocate(100));
            inflation.endFromWire();
            assertThatThrownBy(() -> inflation.fromWire(ByteBuffer.allocate(1), ByteBuffer.allocate(100)))
                    .isInstanceOf(RefusedException.class);
        }
    }

    @Test
    void fromWire_ofSomethingElse_isCorrupt() {
        assertThat(failure("hello, world, this is no zlib".getBytes(US_ASCII), InflationLimit.USUAL))
                .isEqualTo(CORRUPT);
        byte[] changed = Zlib.deflated(Zlib.text(20_000, 1));
        changed[changed.length - 1] ^= 1; // of the checksum
        assertThat(failure(changed, InflationLimit.USUAL)).isEqualTo(CORRUPT);
    }

    @Test
    void fromWire_thatNeedsADictionary_isCorrupt() {
        Deflater withDictionary = new Deflater();
        withDictionary.setDictionary("one two three ".getBytes(US_ASCII));
        withDictionary.setInput(Zlib.text(1000, 1));
        withDictionary.finish();
        byte[] wire = new byte[2000];
        int length = withDictionary.deflate(wire);
        withDictionary.end();
        assertThat(failure(Arrays.copyOf(wire, length), InflationLimit.USUAL)).isEqualTo(CORRUPT);
    }

    @Test
    void fromWire_ofABomb_isRefusedSoonBehindTheGrace() throws Exception {
        byte[] wire = Zlib.bomb(1 << 30);
        assertThat(wire.length).isLessThan(1_100_000);
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        assertThatThrownBy(() -> inflate(wire, InflationLimit.USUAL, 64 << 10, 1, data))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.failure()).isEqualTo(INFLATED_TOO_FAR))
                .hasMessageMatching("\\d+ bytes became \\d+");
        assertThat(data.size()).isBetween(63 << 20, 64 << 20);
    }

    @Test
    void fromWire_withinTheGrace_mayInflateAsFarAsItLikes() throws Exception {
        byte[] wire = Zlib.deflated(new byte[100_000]);
        assertThat(inflated(wire, new InflationLimit(1, 100_000), 4096, 1)).hasSize(100_000);
        assertThat(failure(wire, new InflationLimit(1, 99_999))).isEqualTo(INFLATED_TOO_FAR);
    }

    @Test
    void fromWire_withinTheRatio_mayBeOfAnyLength() throws Exception {
        byte[] text = Zlib.text(1_000_000, 1);
        assertThat(inflated(Zlib.deflated(text), new InflationLimit(10, 0), 4096, 1))
                .isEqualTo(text);
        assertThat(failure(Zlib.deflated(text), new InflationLimit(2, 0))).isEqualTo(INFLATED_TOO_FAR);
    }

    @Test
    void fromWire_behindClose_isRefused() {
        Inflation inflation = new Inflation(InflationLimit.USUAL);
        inflation.close();
        inflation.close();
        assertThatThrownBy(() -> inflation.fromWire(ByteBuffer.allocate(1), ByteBuffer.allocate(1)))
                .isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(inflation::endFromWire).isInstanceOf(ClosedChannelException.class);
    }
}
