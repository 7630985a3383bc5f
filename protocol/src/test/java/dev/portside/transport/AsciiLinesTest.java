package dev.portside.transport;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AsciiLinesTest {
    private interface Conversion {
        void convert(ByteBuffer in, ByteBuffer out);
    }

    /** Feeds {@code step} bytes at a time into an output of {@code room} bytes. */
    private static String run(String text, int step, int room, Conversion conversion) {
        StringBuilder all = new StringBuilder();
        ByteBuffer out = ByteBuffer.allocate(room);
        byte[] bytes = text.getBytes(ISO_8859_1);
        for (int at = 0; at < bytes.length; at += step) {
            ByteBuffer in = ByteBuffer.wrap(bytes, at, Math.min(step, bytes.length - at));
            while (in.hasRemaining()) {
                conversion.convert(in, out.clear());
                all.append(ISO_8859_1.decode(out.flip()));
            }
        }
        return all.toString();
    }

    private static String unescaped(String text) {
        return text.replace("\\r", "\r").replace("\\n", "\n");
    }

    @ParameterizedTest
    @CsvSource({
        "a, a",
        "\\n, \\r\\n",
        "a\\nb\\n, a\\r\\nb\\r\\n",
        "a\\r\\nb, a\\r\\nb",
        "a\\rb, a\\rb",
        "\\r\\r\\n, \\r\\r\\n",
        "\\n\\n, \\r\\n\\r\\n",
        "\\n\\r, \\r\\n\\r"
    })
    void toWire_makesEveryLfCrLf_once(String text, String wire) {
        for (int step = 1; step <= 3; step++) {
            for (int room = 2; room <= 4; room++) {
                AsciiLines lines = new AsciiLines();
                assertThat(run(unescaped(text), step, room, lines::toWire)).isEqualTo(unescaped(wire));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "a, a",
        "\\r\\n, \\n",
        "a\\r\\nb\\r\\n, a\\nb\\n",
        "a\\nb, a\\nb",
        "a\\rb, a\\rb",
        "a\\r, a\\r",
        "\\r\\r\\n, \\r\\n",
        "\\r\\r, \\r\\r",
        "\\r\\n\\r, \\n\\r"
    })
    void fromWire_makesEveryCrLfLf_andKeepsALoneCr(String wire, String text) {
        for (int step = 1; step <= 3; step++) {
            for (int room = 1; room <= 3; room++) {
                AsciiLines lines = new AsciiLines();
                String converted = run(unescaped(wire), step, room, lines::fromWire);
                ByteBuffer end = ByteBuffer.allocate(1);
                lines.endFromWire(end);
                assertThat(converted + ISO_8859_1.decode(end.flip())).isEqualTo(unescaped(text));
            }
        }
    }
}
