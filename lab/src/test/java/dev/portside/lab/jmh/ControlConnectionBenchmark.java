package dev.portside.lab.jmh;

import dev.portside.protocol.Command;
import dev.portside.protocol.CommandParser;
import dev.portside.protocol.CommandSyntaxException;
import dev.portside.protocol.NameCharset;
import dev.portside.protocol.Reply;
import dev.portside.protocol.ReplyCode;
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
import org.openjdk.jmh.infra.Blackhole;

/** From the bytes of a command to the command, and from a reply to its bytes: {@code lab/jmh ControlConnection -prof gc}. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ControlConnectionBenchmark {
    private final byte[] retr = "RETR pub/files/file-00017.txt".getBytes(StandardCharsets.US_ASCII);
    private final byte[] unicode = "RETR übergröße-日本.txt".getBytes(StandardCharsets.UTF_8);
    private final byte[] pasv = "PASV".getBytes(StandardCharsets.US_ASCII);
    private final byte[] port = "PORT 192,168,150,80,14,178".getBytes(StandardCharsets.US_ASCII);

    @Benchmark
    public Command parseRetr() throws CommandSyntaxException {
        return CommandParser.parse(NameCharset.UTF_8.decode(retr));
    }

    @Benchmark
    public Command parseRetrOfUnicode() throws CommandSyntaxException {
        return CommandParser.parse(NameCharset.UTF_8.decode(unicode));
    }

    @Benchmark
    public Command parsePasv() throws CommandSyntaxException {
        return CommandParser.parse(NameCharset.UTF_8.decode(pasv));
    }

    @Benchmark
    public Command parsePort() throws CommandSyntaxException {
        return CommandParser.parse(NameCharset.UTF_8.decode(port));
    }

    @Benchmark
    public void encodeReply(Blackhole bytes) {
        Reply reply = new Reply(ReplyCode.CLOSING_DATA_CONNECTION_226, "Transfer complete");
        for (String line : reply.wireLines()) {
            bytes.consume(NameCharset.UTF_8.encode(line));
        }
    }
}
