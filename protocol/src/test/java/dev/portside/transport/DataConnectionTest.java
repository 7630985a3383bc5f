package dev.portside.transport;

import static dev.portside.protocol.RepresentationType.ASCII;
import static dev.portside.protocol.RepresentationType.IMAGE;
import static dev.portside.transport.DataConnectionException.Failure.LOST;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.portside.transport.Loopback.Running;
import dev.portside.transport.Loopback.Sink;
import dev.portside.transport.Loopback.Threads;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DataConnectionTest {
    private Loopback pair;

    @BeforeEach
    void connect() throws IOException {
        pair = Loopback.connect();
    }

    @AfterEach
    void close() throws IOException {
        pair.close();
    }

    @ParameterizedTest
    @CsvSource({
        "0, PLATFORM", "1, PLATFORM", "65536, PLATFORM", "5242880, PLATFORM", "50000001, PLATFORM",
        "0, VIRTUAL", "1, VIRTUAL", "65536, VIRTUAL", "5242880, VIRTUAL", "50000001, VIRTUAL"
    })
    void send_file_givesThePeerEveryByte(int size, Threads threads, @TempDir Path directory) throws Exception {
        byte[] bytes = Loopback.random(size, 1);
        Path path = Files.write(directory.resolve("a.bin"), bytes);
        Running<Long> sending = threads.run(() -> {
            try (FileChannel file = FileChannel.open(path);
                    DataConnection data = pair.data(IMAGE)) {
                long sent = data.send(file);
                assertThat(data.bytes()).isEqualTo(size);
                assertThat(file.position()).isEqualTo(size);
                return sent;
            }
        });
        assertThat(pair.peer().getInputStream().readAllBytes()).isEqualTo(bytes);
        assertThat(sending.result()).isEqualTo(size);
    }

    @Test
    void send_file_beginsAtItsPosition_andEndsAtTheLimit(@TempDir Path directory) throws Exception {
        byte[] bytes = Loopback.random(300_000, 2);
        Path path = Files.write(directory.resolve("a.bin"), bytes);
        try (FileChannel file = FileChannel.open(path);
                DataConnection data = pair.data(IMAGE)) {
            file.position(100_000);
            assertThat(data.send(file, 70_000)).isEqualTo(70_000);
            assertThat(file.position()).isEqualTo(170_000);
        }
        assertThat(pair.peer().getInputStream().readAllBytes()).isEqualTo(Arrays.copyOfRange(bytes, 100_000, 170_000));
    }

    @Test
    void send_ofAPipe_whichIsAFileChannelToo_givesEveryByte(@TempDir Path directory) throws Exception {
        byte[] bytes = Loopback.random(300_000, 6);
        Path pipe = directory.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString())
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
        Running<Path> writing = Threads.PLATFORM.run(() -> Files.write(pipe, bytes));
        Running<Long> sending = Threads.PLATFORM.run(() -> {
            try (FileChannel source = FileChannel.open(pipe);
                    DataConnection data = pair.data(IMAGE)) {
                return data.send(source);
            }
        });
        assertThat(pair.peer().getInputStream().readAllBytes()).isEqualTo(bytes);
        assertThat(sending.result()).isEqualTo(bytes.length);
        writing.result();
    }

    @Test
    void send_ofChunks_endsAtTheLimit() throws Exception {
        byte[] bytes = Loopback.random(300_000, 3);
        try (DataConnection data = pair.data(IMAGE)) {
            assertThat(data.send(Loopback.chunks(bytes, 5000, 3), 200_001)).isEqualTo(200_001);
        }
        assertThat(pair.peer().getInputStream().readAllBytes()).isEqualTo(Arrays.copyOf(bytes, 200_001));
    }

    @ParameterizedTest
    @EnumSource
    void receive_givesTheTargetEveryByte(Threads threads) throws Exception {
        byte[] bytes = Loopback.random(5 << 20, 4);
        Sink sink = new Sink();
        Running<Long> receiving = threads.run(() -> {
            try (DataConnection data = pair.data(IMAGE)) {
                return data.receive(sink);
            }
        });
        writeInChunks(bytes);
        assertThat(receiving.result()).isEqualTo(bytes.length);
        assertThat(sink.bytes()).isEqualTo(bytes);
    }

    private void writeInChunks(byte[] bytes) throws IOException {
        Random random = new Random(5);
        OutputStream out = pair.peer().getOutputStream();
        for (int at = 0; at < bytes.length; ) {
            int count = Math.min(1 + random.nextInt(20_000), bytes.length - at);
            out.write(bytes, at, count);
            at += count;
        }
        pair.peer().shutdownOutput();
    }

    /** Many line ends of every kind, so that buffers end in the middle of them. */
    private static byte[] text(int size, long seed) {
        Random random = new Random(seed);
        byte[] text = new byte[size];
        for (int i = 0; i < size; i++) {
            text[i] = (byte) "\r\nab".charAt(random.nextInt(4));
        }
        return text;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 1000, 1_500_000})
    void send_ascii_endsEveryLineInCrLf(int size) throws Exception {
        byte[] text = text(size, 6);
        Running<Long> sending = Threads.VIRTUAL.run(() -> {
            try (DataConnection data = pair.data(ASCII)) {
                return data.send(Loopback.chunks(text, 3000, 7));
            }
        });
        byte[] wire = pair.peer().getInputStream().readAllBytes();
        String expected = new String(text, ISO_8859_1).replaceAll("(?<!\r)\n", "\r\n");
        assertThat(wire).isEqualTo(expected.getBytes(ISO_8859_1));
        assertThat(sending.result()).isEqualTo(size);
    }

    @Test
    void send_asciiFile_isConverted(@TempDir Path directory) throws Exception {
        Path path = Files.writeString(directory.resolve("a.txt"), "one\ntwo\n");
        try (FileChannel file = FileChannel.open(path);
                DataConnection data = pair.data(ASCII)) {
            assertThat(data.send(file)).isEqualTo(8);
            assertThat(data.bytes()).isEqualTo(10);
        }
        assertThat(pair.peer().getInputStream().readAllBytes()).isEqualTo("one\r\ntwo\r\n".getBytes(ISO_8859_1));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 1000, 1_500_000})
    void receive_ascii_makesEveryCrLfOneLineEnd_andKeepsALoneCr(int size) throws Exception {
        byte[] wire = text(size, 8);
        Sink sink = new Sink();
        Running<Long> receiving = Threads.VIRTUAL.run(() -> {
            try (DataConnection data = pair.data(ASCII)) {
                return data.receive(sink);
            }
        });
        writeInChunks(wire);
        String expected = new String(wire, ISO_8859_1).replace("\r\n", "\n");
        assertThat(receiving.result()).isEqualTo(expected.length());
        assertThat(sink.bytes()).isEqualTo(expected.getBytes(ISO_8859_1));
    }

    @Test
    void read_ascii_byteByByte_givesTheSameBytes() throws Exception {
        byte[] wire = text(3000, 9);
        writeInChunks(wire);
        StringBuilder read = new StringBuilder();
        try (DataConnection data = pair.data(ASCII)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            while (data.read(one.clear()) >= 0) {
                read.append((char) (one.get(0) & 0xff));
            }
        }
        assertThat(read.toString()).isEqualTo(new String(wire, ISO_8859_1).replace("\r\n", "\n"));
    }

    @Test
    void write_andRead_moveWholeBuffers() throws Exception {
        try (DataConnection data = pair.data(IMAGE)) {
            assertThat(data.write(ByteBuffer.wrap(new byte[] {1, 2, 3}))).isEqualTo(3);
            assertThat(pair.peer().getInputStream().readNBytes(3)).containsExactly(1, 2, 3);
            pair.peer().getOutputStream().write(7);
            ByteBuffer read = ByteBuffer.allocate(10);
            assertThat(data.read(read)).isEqualTo(1);
            assertThat(read.get(0)).isEqualTo((byte) 7);
            assertThat(data.bytes()).isEqualTo(4);
            pair.peer().shutdownOutput();
            assertThat(data.read(read)).isEqualTo(-1);
        }
    }

    @Test
    void bytes_areCountedWhileTheTransferRuns() throws Exception {
        Running<Long> sending;
        try (DataConnection data = pair.data(IMAGE)) {
            sending = Threads.VIRTUAL.run(() -> data.send(Loopback.endless()));
            pair.peer().getInputStream().readNBytes(10 << 20);
            assertThat(data.bytes()).isGreaterThanOrEqualTo(10 << 20);
            data.abort();
            sending.failure();
        }
    }

    @Test
    void send_whenTheSourceFails_failsAsTheSourceDid() throws Exception {
        IOException diskFailed = new IOException("input/output error");
        ReadableByteChannel source = Loopback.source(buffer -> {
            throw diskFailed;
        });
        try (DataConnection data = pair.data(IMAGE)) {
            assertThatThrownBy(() -> data.send(source)).isSameAs(diskFailed);
        }
    }

    @Test
    void send_whenTheFileWasClosed_isNoFailureOfTheNetwork(@TempDir Path directory) throws Exception {
        FileChannel file = FileChannel.open(Files.write(directory.resolve("a.bin"), new byte[100]));
        file.close();
        try (DataConnection data = pair.data(IMAGE)) {
            assertThatThrownBy(() -> data.send(file))
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(DataConnectionException.class);
        }
    }

    @Test
    void receive_whenTheTargetFails_failsAsTheTargetDid() throws Exception {
        pair.peer().getOutputStream().write(new byte[10_000]);
        try (DataConnection data = pair.data(IMAGE)) {
            assertThatThrownBy(() -> data.receive(new Sink(5000)))
                    .isNotInstanceOf(DataConnectionException.class)
                    .hasMessage("no space left on device");
        }
    }

    @ParameterizedTest
    @EnumSource
    void receive_whenThePeerResets_isLost(Threads threads) throws Exception {
        try (DataConnection data = pair.data(IMAGE)) {
            Running<Long> receiving = threads.run(() -> data.receive(new Sink()));
            pair.peer().getOutputStream().write(new byte[1000]);
            resetPeer();
            assertThat(receiving.failure())
                    .asInstanceOf(type(DataConnectionException.class))
                    .satisfies(lost -> {
                        assertThat(lost.failure()).isEqualTo(LOST);
                        assertThat(lost.remote()).isEqualTo(data.remoteAddress());
                        assertThat(lost)
                                .hasMessageMatching(
                                        "the data connection to 127\\.0\\.0\\.1:\\d+ broke after \\d+ bytes");
                    });
        }
    }

    @ParameterizedTest
    @EnumSource
    void send_whenThePeerResets_isLost(Threads threads, @TempDir Path directory) throws Exception {
        Path path = BlockedTransfersTest.sparse(directory);
        try (FileChannel file = FileChannel.open(path);
                DataConnection data = pair.data(IMAGE)) {
            Running<Long> sending = threads.run(() -> data.send(file));
            pair.peer().getInputStream().readNBytes(1000);
            resetPeer();
            assertThat(sending.dataFailure()).isEqualTo(LOST);
        }
    }

    private void resetPeer() throws IOException {
        pair.peer().setSoLinger(true, 0);
        pair.peer().close();
    }

    @Test
    void close_givesThePeerTheLastByte_alsoWhenItSentWhatNobodyRead() throws Exception {
        byte[] bytes = Loopback.random(50_000, 10);
        pair.peer().getOutputStream().write(new byte[30_000]);
        try (DataConnection data = pair.data(IMAGE)) {
            data.send(Loopback.chunks(bytes, 50_000, 1));
        }
        assertThat(pair.peer().getInputStream().readAllBytes()).isEqualTo(bytes);
    }

    @Test
    void close_again_doesNothing() throws Exception {
        DataConnection data = pair.data(ASCII);
        data.write(ByteBuffer.wrap(new byte[] {1}));
        data.close();
        data.close();
        assertThat(data.isOpen()).isFalse();
        assertThat(pair.peer().getInputStream().readAllBytes()).containsExactly(1);
    }

    @Test
    void abort_isAResetForThePeer() throws Exception {
        DataConnection data = pair.data(IMAGE);
        data.write(ByteBuffer.allocate(100));
        data.abort();
        data.close();
        assertThatThrownBy(() -> pair.peer().getInputStream().readAllBytes()).isInstanceOf(SocketException.class);
    }
}
