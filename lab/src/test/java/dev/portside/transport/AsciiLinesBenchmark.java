package dev.portside.transport;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** TYPE A, 256 KiB of text with lines of 60 bytes, in direct buffers: {@code lab/jmh AsciiLines}. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class AsciiLinesBenchmark {
    private static final int BYTES = 256 << 10;

    private final ByteBuffer here = filled("x".repeat(59) + "\n");
    private final ByteBuffer wire = filled("x".repeat(58) + "\r\n");
    private final ByteBuffer out = ByteBuffer.allocateDirect(2 * BYTES);

    private static ByteBuffer filled(String line) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BYTES);
        byte[] bytes = line.getBytes(StandardCharsets.US_ASCII);
        while (buffer.remaining() >= bytes.length) {
            buffer.put(bytes);
        }
        return buffer.flip();
    }

    @Benchmark
    public int toWire() {
        new AsciiLines().toWire(here.rewind(), out.clear());
        return out.position();
    }

    @Benchmark
    public int fromWire() {
        new AsciiLines().fromWire(wire.rewind(), out.clear());
        return out.position();
    }
}
