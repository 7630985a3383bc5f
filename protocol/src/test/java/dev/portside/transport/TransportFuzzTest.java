package dev.portside.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.portside.transport.Inflation.RefusedException;
import java.io.ByteArrayOutputStream;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/** Hostile input to what reads bytes from the data connection; runs like {@code ProtocolFuzzTest}. */
class TransportFuzzTest {
    private static final InflationLimit LIMIT = new InflationLimit(100, 10_000);

    /** In parts of any size, a stream is what it is as a whole; nothing comes of anything else, and never too much. */
    @FuzzTest(maxDuration = "4s")
    void inflation(byte[] wire) throws Exception {
        byte @Nullable [] expected = inflatedAtOnce(wire);
        for (int most : new int[] {1, 5, 1000}) {
            try {
                byte[] data = InflationTest.inflated(wire, LIMIT, most, 1);
                assertThat(data).isEqualTo(expected);
            } catch (RefusedException refused) {
                boolean tooFar = refused.failure() == DataConnectionException.Failure.INFLATED_TOO_FAR;
                assertThat(tooFar || expected == null).isTrue();
            }
        }
        assertThat(InflationTest.inflated(DeflationTest.deflated(wire, 6, 9, 1), LIMIT, 9, 1))
                .isEqualTo(wire);
    }

    /** Null if it is not one stream, or is beyond what the limit allows to so few bytes. */
    private static byte @Nullable [] inflatedAtOnce(byte[] wire) {
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(wire);
            ByteArrayOutputStream data = new ByteArrayOutputStream();
            byte[] some = new byte[1 << 16];
            int given = inflater.inflate(some);
            while (given > 0) {
                data.write(some, 0, given);
                given = inflater.inflate(some);
            }
            return inflater.finished() && inflater.getRemaining() == 0 ? data.toByteArray() : null;
        } catch (DataFormatException corrupt) {
            return null;
        } finally {
            inflater.end();
        }
    }
}
