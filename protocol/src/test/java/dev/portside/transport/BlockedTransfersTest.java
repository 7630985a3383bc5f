package dev.portside.transport;

import static dev.portside.protocol.RepresentationType.IMAGE;
import static dev.portside.transport.DataConnectionException.Failure.ABORTED;
import static dev.portside.transport.DataConnectionException.Failure.STALLED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.transport.Loopback.Running;
import dev.portside.transport.Loopback.Sink;
import dev.portside.transport.Loopback.Threads;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.net.StandardSocketOptions;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A {@link DataConnection} whose peer neither reads nor writes: what ends the wait, in either kind of thread. */
class BlockedTransfersTest {
    private static final Duration SHORT = Duration.ofMillis(300);

    enum Transfer {
        SEND,
        SEND_FILE,
        RECEIVE;

        long move(DataConnection data, Path file) throws IOException {
            if (this == SEND_FILE) {
                try (FileChannel source = FileChannel.open(file)) {
                    return data.send(source);
                }
            }
            return this == SEND ? data.send(Loopback.endless()) : data.receive(new Sink());
        }
    }

    static Stream<Arguments> everyTransferInEveryThread() {
        return Stream.of(Transfer.values())
                .flatMap(transfer -> Stream.of(Threads.values()).map(threads -> Arguments.of(transfer, threads)));
    }

    @TempDir
    private Path directory;

    private Loopback pair;

    @BeforeEach
    void connect() throws IOException {
        pair = Loopback.connect();
    }

    @AfterEach
    void close() throws IOException {
        pair.close();
    }

    /** Larger than any socket buffer. */
    static Path sparse(Path directory) throws IOException {
        Path file = directory.resolve("sparse.bin");
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            out.setLength(1L << 30);
        }
        return file;
    }

    private Running<Long> blocked(Transfer transfer, Threads threads, DataConnection data) throws IOException {
        Path file = sparse(directory);
        Running<Long> running = threads.run(() -> transfer.move(data, file));
        if (transfer == Transfer.RECEIVE) {
            Loopback.awaitWaiting(running.thread());
        } else {
            Loopback.awaitBlocked(data);
        }
        return running;
    }

    @ParameterizedTest
    @MethodSource("everyTransferInEveryThread")
    void abort_endsTheWait(Transfer transfer, Threads threads) throws Exception {
        try (DataConnection data = pair.data(IMAGE)) {
            Running<Long> running = blocked(transfer, threads, data);
            data.abort();
            assertThat(running.dataFailure()).isEqualTo(ABORTED);
        }
    }

    @ParameterizedTest
    @MethodSource("everyTransferInEveryThread")
    void interrupt_endsTheWait(Transfer transfer, Threads threads) throws Exception {
        try (DataConnection data = pair.data(IMAGE)) {
            Running<Long> running = blocked(transfer, threads, data);
            running.thread().interrupt();
            assertThat(running.dataFailure()).isEqualTo(ABORTED);
        }
    }

    @ParameterizedTest
    @MethodSource("everyTransferInEveryThread")
    void stall_endsTheWait(Transfer transfer, Threads threads) throws Exception {
        try (DataConnection data = pair.data(IMAGE, SHORT)) {
            Path file = sparse(directory);
            Running<Long> running = threads.run(() -> transfer.move(data, file));
            assertThat(running.dataFailure()).isEqualTo(STALLED);
            assertThat(running.failure()).hasMessageEndingWith("moved nothing for 0.3 s");
        }
    }

    /** The peer takes little at a time, for three times as long as a stall lasts. */
    @ParameterizedTest
    @EnumSource
    void slowPeer_isNoStall(Threads threads) throws Exception {
        pair.channel().setOption(StandardSocketOptions.SO_SNDBUF, 16 << 10);
        pair.peer().setReceiveBufferSize(16 << 10);
        try (DataConnection data = pair.data(IMAGE, SHORT)) {
            Path file = sparse(directory);
            Running<Long> running = threads.run(() -> Transfer.SEND_FILE.move(data, file));
            InputStream in = pair.peer().getInputStream();
            long end = System.nanoTime() + SHORT.multipliedBy(3).toNanos();
            while (System.nanoTime() < end) {
                assertThat(in.readNBytes(64 << 10)).hasSize(64 << 10);
                LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            }
            data.abort();
            assertThat(running.dataFailure()).isEqualTo(ABORTED);
        }
    }
}
