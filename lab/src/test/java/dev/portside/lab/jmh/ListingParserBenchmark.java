package dev.portside.lab.jmh;

import dev.portside.protocol.DirectoryEntry;
import dev.portside.protocol.Listing;
import dev.portside.protocol.ListingParser;
import dev.portside.protocol.MlsxLine;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What the client makes of each line of a listing: {@code lab/jmh ListingParser -prof gc}. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ListingParserBenchmark {
    private static final int LINES = 1_000;

    private final Instant now = Instant.parse("2024-03-01T10:00:00Z");
    private final String unix = "-rw-r--r--   1 owner group         1234 Jan 05 12:34 file-00017.txt";
    private final String mlsd = "type=file;size=1234;modify=20240105123456;create=20240105123456;perm=adfrw;"
            + "unique=1b-52d;UNIX.mode=0644;UNIX.owner=owner;UNIX.group=group; file-00017.txt";

    @Benchmark
    @OperationsPerInvocation(LINES)
    public Listing parseList() {
        ListingParser parser = ListingParser.list(now, ZoneOffset.UTC, LINES);
        for (int i = 0; i < LINES; i++) {
            parser.add(unix);
        }
        return parser.listing();
    }

    @Benchmark
    public DirectoryEntry parseMlsd() {
        return MlsxLine.parse(mlsd);
    }
}
