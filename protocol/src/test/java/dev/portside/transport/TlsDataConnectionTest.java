package dev.portside.transport;

import static dev.portside.protocol.RepresentationType.ASCII;
import static dev.portside.protocol.RepresentationType.IMAGE;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portside.transport.DataConnectionException.Failure;
import dev.portside.transport.Loopback.Running;
import dev.portside.transport.Loopback.Sink;
import dev.portside.transport.Loopback.Threads;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TlsDataConnectionTest {
    private static final String TLS_1_3 = "TLSv1.3";
    private static final String TLS_1_2 = "TLSv1.2";

    private final TestTls tls = new TestTls();
    private Loopback pair;

    @BeforeEach
    void connect() throws IOException {
        pair = Loopback.connect();
    }

    @AfterEach
    void close() throws IOException {
        pair.close();
    }

    private DataConnection server() throws IOException {
        DataConnection data = pair.data(IMAGE);
        data.startTls(tls.engine("data", false), Loopback.LONG);
        return data;
    }

    @ParameterizedTest
    @CsvSource({
        "0, TLSv1.3, VIRTUAL", "1, TLSv1.3, PLATFORM", "16384, TLSv1.3, PLATFORM", "30000001, TLSv1.3, PLATFORM",
        "0, TLSv1.2, PLATFORM", "1, TLSv1.2, VIRTUAL", "16385, TLSv1.2, PLATFORM", "30000001, TLSv1.2, VIRTUAL"
    })
    void send_file_givesThePeerEveryByte_andTheEnd(int size, String protocol, Threads threads, @TempDir Path directory)
            throws Exception {
        byte[] bytes = Loopback.random(size, 1);
        Path path = Files.write(directory.resolve("a.bin"), bytes);
        Running<Long> sending = threads.run(() -> {
            try (FileChannel file = FileChannel.open(path);
                    DataConnection data = server()) {
                long sent = data.send(file);
                assertThat(data.bytes()).isEqualTo(size);
                return sent;
            }
        });
        SSLSocket peer = tls.peer(pair.peer(), true, protocol);
        // The JDK's sockets read -1 behind a close_notify only; a bare end is an exception.
        assertThat(peer.getInputStream().readAllBytes()).isEqualTo(bytes);
        assertThat(sending.result()).isEqualTo(size);
        assertThat(peer.getSession().getProtocol()).isEqualTo(protocol);
        peer.close();
    }

    @ParameterizedTest
    @CsvSource({
        "0, TLSv1.3, PLATFORM", "1, TLSv1.3, VIRTUAL", "16385, TLSv1.3, VIRTUAL", "30000001, TLSv1.3, VIRTUAL",
        "0, TLSv1.2, VIRTUAL", "1, TLSv1.2, PLATFORM", "16384, TLSv1.2, VIRTUAL", "30000001, TLSv1.2, PLATFORM"
    })
    void receive_takesEveryByte_andKnowsTheEnd(int size, String protocol, Threads threads) throws Exception {
        byte[] bytes = Loopback.random(size, 2);
        Sink sink = new Sink();
        Running<Long> receiving = threads.run(() -> {
            try (DataConnection data = server()) {
                long received = data.receive(sink);
                assertThat(data.isEndedByPeer()).isTrue();
                data.requireEndByPeer();
                return received;
            }
        });
        try (SSLSocket peer = tls.peer(pair.peer(), true, protocol)) {
            peer.startHandshake();
            peer.getOutputStream().write(bytes);
            peer.shutdownOutput();
            assertThat(receiving.result()).isEqualTo(size);
            assertThat(peer.getInputStream().read()).isEqualTo(-1);
        }
        assertThat(sink.bytes()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 100, 16_383, 16_384, 40_000})
    void read_intoLittleRoom_losesNothing(int room) throws Exception {
        byte[] bytes = Loopback.random(50_000, 3);
        Running<byte[]> receiving = Threads.VIRTUAL.run(() -> {
            try (DataConnection data = server()) {
                ByteBuffer all = ByteBuffer.allocate(bytes.length);
                ByteBuffer some = ByteBuffer.allocate(room);
                while (data.read(some.clear()) >= 0) {
                    all.put(some.flip());
                }
                return Arrays.copyOf(all.array(), all.position());
            }
        });
        try (SSLSocket peer = tls.peer(pair.peer(), true, TLS_1_3)) {
            peer.getOutputStream().write(bytes);
            peer.shutdownOutput();
            assertThat(receiving.result()).isEqualTo(bytes);
        }
    }

    @Test
    void typeA_isConvertedInside() throws Exception {
        Running<String> receiving = Threads.VIRTUAL.run(() -> {
            try (DataConnection data = pair.data(ASCII)) {
                data.startTls(tls.engine("data", false), Loopback.LONG);
                Sink sink = new Sink();
                data.receive(sink);
                return new String(sink.bytes(), ISO_8859_1);
            }
        });
        try (SSLSocket peer = tls.peer(pair.peer(), true, TLS_1_3)) {
            peer.getOutputStream().write("one\r\ntwo\r\n".getBytes(ISO_8859_1));
            peer.shutdownOutput();
            assertThat(receiving.result()).isEqualTo("one\ntwo\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {TLS_1_3, TLS_1_2})
    void bareEnd_isATruncation(String protocol) throws Exception {
        Running<Boolean> receiving = Threads.VIRTUAL.run(() -> {
            try (DataConnection data = server()) {
                data.receive(new Sink());
                assertThatThrownBy(data::requireEndByPeer)
                        .isInstanceOfSatisfying(
                                DataConnectionException.class,
                                truncated -> assertThat(truncated.failure()).isEqualTo(Failure.TRUNCATED))
                        .hasMessageContaining("after 1000 bytes without close_notify");
                return data.isEndedByPeer();
            }
        });
        SSLSocket peer = tls.peer(pair.peer(), true, protocol);
        peer.getOutputStream().write(new byte[1000]);
        pair.peer().shutdownOutput();
        assertThat(receiving.result()).isFalse();
    }

    @Test
    void abort_isNoEnd_forThePeer() throws Exception {
        Running<Boolean> sending = Threads.VIRTUAL.run(() -> {
            try (DataConnection data = server()) {
                data.write(ByteBuffer.allocate(1000));
                data.abort();
                return true;
            }
        });
        SSLSocket peer = tls.peer(pair.peer(), true, TLS_1_3);
        assertThatThrownBy(() -> peer.getInputStream().readAllBytes()).isInstanceOf(IOException.class);
        sending.result();
    }

    @ParameterizedTest
    @ValueSource(strings = {TLS_1_3, TLS_1_2})
    void endAndAwaitPeer_returnsWhenThePeerHasEnded_andLeavesWhatItSays(String protocol) throws Exception {
        Running<Boolean> sending = Threads.VIRTUAL.run(() -> {
            try (DataConnection data = server()) {
                data.write(ByteBuffer.allocate(1000));
                data.endAndAwaitPeer(Loopback.LONG);
                return data.isEndedByPeer();
            }
        });
        try (SSLSocket peer = tls.peer(pair.peer(), true, protocol)) {
            assertThat(peer.getInputStream().readAllBytes()).hasSize(1000);
        }
        assertThat(sending.result()).isTrue();
    }

    @Test
    void endAndAwaitPeer_waitsNoLongerThanItWasTold() throws Exception {
        Running<Boolean> sending = Threads.VIRTUAL.run(() -> {
            try (DataConnection data = server()) {
                data.endAndAwaitPeer(Duration.ofMillis(50));
                return data.isEndedByPeer();
            }
        });
        SSLSocket peer = tls.peer(pair.peer(), true, TLS_1_3);
        peer.startHandshake();
        assertThat(sending.result()).isFalse();
    }

    @Test
    void peerThatSaysNothing_failsTheHandshakeInTime() throws Exception {
        try (DataConnection data = pair.data(IMAGE)) {
            assertThatThrownBy(() -> data.startTls(tls.engine("data", false), Duration.ofMillis(50)))
                    .isInstanceOfSatisfying(
                            DataConnectionException.class,
                            failed -> assertThat(failed.failure()).isEqualTo(Failure.TLS_FAILED))
                    .hasMessageContaining("no answer within");
        }
    }

    @Test
    void peerThatSpeaksNoTls_failsTheHandshake() throws Exception {
        try (DataConnection data = pair.data(IMAGE);
                OutputStream peer = pair.peer().getOutputStream()) {
            peer.write("this is the content of a file".getBytes(ISO_8859_1));
            assertThatThrownBy(() -> data.startTls(tls.engine("data", false), Loopback.LONG))
                    .isInstanceOfSatisfying(
                            DataConnectionException.class,
                            failed -> assertThat(failed.failure()).isEqualTo(Failure.TLS_FAILED));
        }
    }

    @Test
    void peerThatLeaves_failsTheHandshake() throws Exception {
        try (DataConnection data = pair.data(IMAGE)) {
            pair.peer().close();
            assertThatThrownBy(() -> data.startTls(tls.engine("data", false), Loopback.LONG))
                    .isInstanceOfSatisfying(
                            DataConnectionException.class,
                            failed -> assertThat(failed.failure()).isEqualTo(Failure.TLS_FAILED));
        }
    }

    @Test
    void abort_inTheHandshake_isAnAbort() throws Exception {
        DataConnection data = pair.data(IMAGE);
        Running<Boolean> shaking = Threads.PLATFORM.run(() -> {
            data.startTls(tls.engine("data", true), Loopback.LONG);
            return true;
        });
        assertThat(pair.peer().getInputStream().read()).isEqualTo(0x16);
        data.abort();
        assertThat(shaking.dataFailure()).isEqualTo(Failure.ABORTED);
    }

    @Test
    void renegotiation_isRefused() throws Exception {
        Running<Long> receiving = Threads.VIRTUAL.run(() -> {
            try (DataConnection data = server()) {
                return data.receive(new Sink());
            }
        });
        SSLSocket peer = tls.peer(pair.peer(), true, TLS_1_2);
        peer.getOutputStream().write(new byte[10]);
        peer.getSession().invalidate();
        peer.startHandshake();
        Exception failure = receiving.failure();
        assertThat(failure).isInstanceOf(DataConnectionException.class).hasCauseInstanceOf(SSLException.class);
        assertThat(failure.getCause()).hasMessageContaining("renegotiation");
    }

    @ParameterizedTest
    @ValueSource(strings = {TLS_1_3, TLS_1_2})
    void resumedSession_bringsTheNameThatTheServerGaveIt_freshOneDoesNot(String protocol) throws Exception {
        for (int i = 0; i < 5; i++) {
            boolean first = i == 0;
            String hint = first ? "token" : "data";
            String seen = peerHostSeen(tls.engine(hint, false), tls.engine("server", true, protocol));
            assertThat(seen).isEqualTo("token");
        }
        String stranger = peerHostSeen(tls.engine("data", false), tls.engine("other", true, protocol));
        assertThat(stranger).isEqualTo("data");
    }

    /** What the server's end of a new connection says about whom it speaks with. */
    private @Nullable String peerHostSeen(SSLEngine server, SSLEngine client) throws Exception {
        try (Loopback both = Loopback.connect()) {
            Running<SSLSession> serving = Threads.VIRTUAL.run(() -> {
                try (DataConnection data = both.data(IMAGE)) {
                    data.startTls(server, Loopback.LONG);
                    data.write(ByteBuffer.allocate(10));
                    return data.tlsSession();
                }
            });
            TlsStream stream = new TlsStream(new ByteByByte(both.peer()), client, false);
            stream.handshake();
            ByteBuffer target = ByteBuffer.allocate(100);
            while (stream.read(target) >= 0) {
                assertThat(target.position()).isLessThanOrEqualTo(10);
            }
            assertThat(stream.isEnded()).isTrue();
            return serving.result().getPeerHost();
        }
    }
}
