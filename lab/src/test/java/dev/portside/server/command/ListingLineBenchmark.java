package dev.portside.server.command;

import dev.portside.protocol.ListingLine;
import dev.portside.protocol.NameCharset;
import dev.portside.server.storage.FileFacts;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
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

/** What the server writes for each entry of a directory: {@code lab/jmh ListingLine -prof gc}. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ListingLineBenchmark {
    private final ListingLine line = new ListingLine(NameCharset.UTF_8);
    private final byte[] name = "file-00017.txt".getBytes(StandardCharsets.US_ASCII);
    private final Instant now = Instant.parse("2024-03-01T10:00:00Z");
    private final Instant modified = Instant.parse("2024-01-05T12:34:56.789Z");
    private final FileFacts facts = new FileFacts(
            FileFacts.Type.FILE,
            1234,
            modified,
            modified,
            0644,
            "owner",
            "group",
            1,
            new FileFacts.Inode(27, 4711),
            false,
            null,
            FileFacts.Access.READ.bit());

    @Benchmark
    public int mlsd() {
        ListedFacts.writeFacts(line.clear(), facts, ListedFacts.OFFERED);
        return line.name(name, name.length).length();
    }

    @Benchmark
    public int list() {
        ListedFacts.writeLsFacts(line.clear(), facts, now);
        return line.name(name, name.length).length();
    }

    @Benchmark
    public int nlst() {
        return line.clear().text("pub/").name(name, name.length).length();
    }
}
