package dev.portside.transport;

import static dev.portside.protocol.RepresentationType.ASCII;
import static dev.portside.protocol.RepresentationType.IMAGE;
import static dev.portside.transport.DataConnectionException.Failure.ABORTED;
import static dev.portside.transport.DataConnectionException.Failure.CORRUPT;
import static dev.portside.transport.DataConnectionException.Failure.INFLATED_TOO_FAR;
import static dev.portside.transport.DataConnectionException.Failure.LOST;
import static dev.portside.transport.DataConnectionException.Failure.STALLED;
import static dev.portside.transport.DataConnectionException.Failure.TRUNCATED;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portside.protocol.RepresentationType;
import dev.portside.transport.DataConnectionException.Failure;
import dev.portside.transport.Loopback.Running;
import dev.portside.transport.Loopback.Sink;
import dev.portside.transport.Loopback.Threads;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** MODE Z on a data connection. */
class DeflatedTransferTest {
    private Loopback pair;

    @BeforeEach
    void connect() throws IOException {
        pair = Loopback.connect();
    }

    @AfterEach
    void close() throws IOException {
        pair.close();
    }

    private DataConnection data(RepresentationType type) throws IOException {
        return pair.data(TransferParameters.deflate(type, 6, InflationLimit.USUAL), Loopback.LONG);
    }

    /** The peer sends this and then ends the stream, in a thread of its own. */
    private void peerSends(byte[] wire) {
        Threads.PLATFORM.run(() -> {
            pair.peer().getOutputStream().write(wire);
            pair.peer().shutdownOutput();
            return true;
        });
    }

    static Stream<Arguments> contents() {
        return Stream.of(
                        new byte[0],
                        new byte[1],
                        Loopback.random(5 << 20, 1),
                        Zlib.text(5 << 20, 2),
                        new byte[20 << 20])
                .flatMap(content -> Stream.of(Arguments.of(content, true), Arguments.of(content, false)));
    }

    @ParameterizedTest
    @MethodSource("contents")
    void send_andFinish_isOneZlibStream(byte[] content, boolean file, @TempDir Path directory) throws Exception {
        Path path = Files.write(directory.resolve("a.bin"), content);
        Running<Long> sending = Threads.VIRTUAL.run(() -> {
            try (FileChannel source = FileChannel.open(path);
                    DataConnection data = data(IMAGE)) {
                long sent = data.send(file ? source : Loopback.chunks(content, 50_000, 3));
                data.finish();
                assertThat(data.bytes()).isEqualTo(content.length);
                assertThat(sent).isEqualTo(content.length);
                return data.wireBytes();
            }
        });
        byte[] wire = pair.peer().getInputStream().readAllBytes();
        assertThat(Zlib.inflated(wire)).isEqualTo(content);
        assertThat(sending.result()).isEqualTo(wire.length);
    }

    @ParameterizedTest
    @MethodSource("contents")
    void receive_givesTheTargetTheData(byte[] content, boolean atOnce) throws Exception {
        byte[] wire = Zlib.deflated(content);
        peerSends(wire);
        try (DataConnection data = data(IMAGE)) {
            Sink sink = new Sink();
            long received = 0;
            if (atOnce) {
                received = data.receive(sink);
            } else {
                ByteBuffer some = ByteBuffer.allocate(10_007);
                while (data.read(some.clear()) >= 0) {
                    received += some.flip().remaining();
                    while (some.hasRemaining()) {
                        sink.write(some);
                    }
                }
            }
            assertThat(sink.bytes()).isEqualTo(content);
            assertThat(received).isEqualTo(content.length).isEqualTo(data.bytes());
            assertThat(data.wireBytes()).isEqualTo(wire.length);
            assertThat(data.read(ByteBuffer.allocate(10))).isEqualTo(-1);
        }
    }

    @Test
    void send_ascii_isConvertedFirst_andBytesCountsTheLineEnds() throws Exception {
        Running<Long> sending = Threads.VIRTUAL.run(() -> {
            try (DataConnection data = data(ASCII)) {
                data.write(ByteBuffer.wrap("one\ntwo\n".getBytes(ISO_8859_1)));
                data.finish();
                return data.bytes();
            }
        });
        byte[] wire = pair.peer().getInputStream().readAllBytes();
        assertThat(Zlib.inflated(wire)).asString(ISO_8859_1).isEqualTo("one\r\ntwo\r\n");
        assertThat(sending.result()).isEqualTo(10);
    }

    @Test
    void receive_ascii_isConvertedBehind() throws Exception {
        byte[] text = Zlib.text(1_000_000, 1);
        peerSends(Zlib.deflated(text));
        try (DataConnection data = data(ASCII)) {
            Sink sink = new Sink();
            data.receive(sink);
            String expected = new String(text, ISO_8859_1).replace("\r\n", "\n");
            assertThat(new String(sink.bytes(), ISO_8859_1)).isEqualTo(expected);
            assertThat(data.bytes()).isEqualTo(text.length);
        }
    }

    @Test
    void close_withoutFinish_isNoWholeStream() throws Exception {
        try (DataConnection data = data(IMAGE)) {
            data.write(ByteBuffer.wrap(Loopback.random(1_000_000, 1)));
        }
        byte[] wire = pair.peer().getInputStream().readAllBytes();
        assertThatThrownBy(() -> Zlib.inflated(wire)).isInstanceOf(EOFException.class);
    }

    private Failure receivingFails(byte[] wire) throws Exception {
        peerSends(wire);
        try (DataConnection data = data(IMAGE)) {
            return Threads.VIRTUAL.run(() -> data.receive(new Sink())).dataFailure();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 100_000, 299_999})
    void receive_ofAStreamThatEndsEarly_isTruncated(int length) throws Exception {
        byte[] whole = Zlib.deflated(Loopback.random(400_000, 1));
        assertThat(receivingFails(Arrays.copyOf(whole, length))).isEqualTo(TRUNCATED);
    }

    @Test
    void receive_ofWhatIsNoZlibStream_isCorrupt() throws Exception {
        assertThat(receivingFails(Loopback.random(100_000, 1))).isEqualTo(CORRUPT);
    }

    @Test
    void receive_ofMoreBehindTheStream_isCorrupt() throws Exception {
        byte[] wire = Zlib.deflated(Loopback.random(100_000, 1));
        assertThat(receivingFails(Arrays.copyOf(wire, wire.length + 1))).isEqualTo(CORRUPT);
    }

    @Test
    void receive_ofABomb_endsSoon_andSaysSo() throws Exception {
        peerSends(Zlib.bomb(4L << 30));
        try (DataConnection data = data(IMAGE)) {
            assertThatThrownBy(() -> data.receive(new Sink()))
                    .isInstanceOfSatisfying(
                            DataConnectionException.class,
                            failed -> assertThat(failed.failure()).isEqualTo(INFLATED_TOO_FAR))
                    .hasMessageMatching("the data connection to .*: inflated too far after \\d+ bytes: "
                            + "\\d+ bytes became \\d+");
            assertThat(data.bytes()).isLessThanOrEqualTo(64 << 20);
            assertThat(data.wireBytes()).isLessThan(1 << 20);
        }
    }

    @ParameterizedTest
    @EnumSource
    void abort_whileReceiving_isAborted(Threads threads) throws Exception {
        DataConnection data = data(IMAGE);
        Running<Long> receiving = threads.run(() -> data.receive(new Sink()));
        byte[] half = Arrays.copyOf(Zlib.deflated(Loopback.random(100_000, 1)), 50_000);
        pair.peer().getOutputStream().write(half);
        Loopback.awaitBlocked(data);
        data.abort();
        assertThat(receiving.dataFailure()).isEqualTo(ABORTED);
        data.close();
    }

    @ParameterizedTest
    @EnumSource
    void abort_whileSending_isAborted_andAResetForThePeer(Threads threads) throws Exception {
        DataConnection data = data(IMAGE);
        byte[] some = Loopback.random(1 << 20, 1);
        Running<Long> sending = threads.run(() -> data.send(Loopback.source(target -> {
            int count = Math.min(target.remaining(), some.length);
            target.put(some, 0, count);
            return count;
        })));
        Loopback.awaitBlocked(data);
        data.abort();
        assertThat(sending.dataFailure()).isEqualTo(ABORTED);
        assertThatThrownBy(data::finish).isInstanceOf(DataConnectionException.class);
        data.close();
        assertThatThrownBy(() -> pair.peer().getInputStream().readAllBytes()).isInstanceOf(SocketException.class);
    }

    @Test
    void finish_whenThePeerIsGone_fails() throws Exception {
        try (DataConnection data = data(IMAGE)) {
            data.write(ByteBuffer.wrap(new byte[] {1}));
            pair.peer().setSoLinger(true, 0);
            pair.peer().close();
            assertThatThrownBy(data::finish)
                    .isInstanceOfSatisfying(
                            DataConnectionException.class,
                            failed -> assertThat(failed.failure()).isEqualTo(LOST));
        }
    }

    @Test
    void receive_fromAPeerThatStops_isStalled() throws Exception {
        TransferParameters parameters = TransferParameters.deflate(IMAGE, 6, InflationLimit.USUAL);
        try (DataConnection data = pair.data(parameters, Duration.ofMillis(200))) {
            pair.peer().getOutputStream().write(Zlib.deflated(new byte[100]), 0, 5);
            assertThat(Threads.PLATFORM.run(() -> data.receive(new Sink())).dataFailure())
                    .isEqualTo(STALLED);
        }
    }
}
