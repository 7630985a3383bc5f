package dev.portside.transport;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portside.protocol.NameCharset;
import dev.portside.protocol.Reply;
import dev.portside.protocol.ReplyCode;
import dev.portside.transport.Loopback.Running;
import dev.portside.transport.Loopback.Threads;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class TlsControlConnectionTest {
    private static final String TLS_1_3 = "TLSv1.3";
    private static final String TLS_1_2 = "TLSv1.2";
    private static final Reply OKAY = new Reply(ReplyCode.COMMAND_OKAY_200, "okay");

    private final TestTls tls = new TestTls();
    private Loopback pair;
    private ControlConnection control;

    @BeforeEach
    void connect() throws IOException {
        pair = Loopback.connect();
        control = new ControlConnection(
                pair.channel(), NameCharset.UTF_8, ControlConnection.DEFAULT_MAX_LINE, Loopback.LONG);
    }

    @AfterEach
    void close() throws IOException {
        control.abort();
        pair.close();
    }

    private SSLSocket secured(String protocol) throws Exception {
        Running<Boolean> shaking = Threads.VIRTUAL.run(() -> {
            control.startTls(tls.engine("token", false), Loopback.LONG);
            return true;
        });
        SSLSocket peer = tls.peer(pair.peer(), true, protocol);
        peer.startHandshake();
        shaking.result();
        return peer;
    }

    private static void say(Socket peer, String text) throws IOException {
        peer.getOutputStream().write(text.getBytes(ISO_8859_1));
        peer.getOutputStream().flush();
    }

    private static String hear(Socket peer, int length) throws IOException {
        return new String(peer.getInputStream().readNBytes(length), ISO_8859_1);
    }

    @ParameterizedTest
    @ValueSource(strings = {TLS_1_3, TLS_1_2})
    void linesPass_bothWays(String protocol) throws Exception {
        SSLSocket peer = secured(protocol);
        say(peer, "NOOP\r\nQUIT\r\n");
        assertThat(control.readLine(Loopback.LONG)).isEqualTo("NOOP");
        assertThat(control.readLine(Loopback.LONG)).isEqualTo("QUIT");
        control.write(OKAY);
        assertThat(hear(peer, 10)).isEqualTo("200 okay\r\n");
        assertThat(control.tlsSession())
                .isNotNull()
                .satisfies(session -> assertThat(session.getProtocol()).isEqualTo(protocol));
    }

    @Test
    void longLine_inOneRecord_isRead() throws Exception {
        SSLSocket peer = secured(TLS_1_3);
        String path = "x".repeat(12_000);
        say(peer, "RETR " + path + "\r\nNOOP\r\n");
        assertThat(control.readLine(Loopback.LONG)).isEqualTo("RETR " + path);
        assertThat(control.readLine(Loopback.LONG)).isEqualTo("NOOP");
    }

    @Test
    void plaintextBehindAuth_isThrownAway() throws Exception {
        say(pair.peer(), "AUTH TLS\r\nUSER mallory\r\n");
        assertThat(control.readLine(Loopback.LONG)).isEqualTo("AUTH TLS");
        assertThat(control.hasBufferedInput()).isTrue();
        SSLSocket peer = secured(TLS_1_3);
        assertThat(control.hasBufferedInput()).isFalse();
        say(peer, "USER alice\r\n");
        assertThat(control.readLine(Loopback.LONG)).isEqualTo("USER alice");
    }

    @Test
    void plaintextInsteadOfAHandshake_isRefused() throws Exception {
        say(pair.peer(), "USER mallory\r\n");
        assertThatThrownBy(() -> control.startTls(tls.engine("token", false), Loopback.LONG))
                .isInstanceOf(SSLException.class);
    }

    @Test
    void silence_failsTheHandshakeInTime() {
        assertThatThrownBy(() -> control.startTls(tls.engine("token", false), Duration.ofMillis(50)))
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("did not answer within");
        assertThat(control.isOpen()).isFalse();
    }

    @Test
    void hugeClientHello_isRefused_longBeforeItsEnd() throws Exception {
        Running<Boolean> shaking = Threads.VIRTUAL.run(() -> {
            control.startTls(tls.engine("token", false), Loopback.LONG);
            return true;
        });
        // A handshake message of 10 MiB, in records of 16 KiB.
        ByteBuffer record = ByteBuffer.allocate(5 + 16_384);
        record.put((byte) 0x16).putShort((short) 0x0301).putShort((short) 16_384);
        record.put((byte) 1).put((byte) 0xa0).putShort((short) 0);
        Running<Boolean> sending = Threads.PLATFORM.run(() -> {
            for (int sent = 0; sent < 10 << 20; sent += 16_384) {
                pair.peer().getOutputStream().write(record.array());
            }
            return true;
        });
        assertThat(shaking.failure()).isInstanceOf(SSLException.class);
        control.abort();
        assertThat(sending.failure()).isInstanceOf(IOException.class);
    }

    @Test
    void line_thatDoesNotComeInTime_isReadLater() throws Exception {
        SSLSocket peer = secured(TLS_1_3);
        assertThatThrownBy(() -> control.peek(Duration.ofMillis(20))).isInstanceOf(SocketTimeoutException.class);
        say(peer, "NO");
        assertThat(control.peek(Loopback.LONG)).isEqualTo('N');
        say(peer, "OP\r\n");
        assertThat(control.readLine(Loopback.LONG)).isEqualTo("NOOP");
    }

    @ParameterizedTest
    @ValueSource(strings = {TLS_1_3, TLS_1_2})
    void stopTls_goesOnInTheClear_andKeepsWhatCameBehindTheEnd(String protocol) throws Exception {
        Running<Boolean> shaking = Threads.VIRTUAL.run(() -> {
            control.startTls(tls.engine("token", false), Loopback.LONG);
            return true;
        });
        TlsStream peer = new TlsStream(new ByteByByte(pair.peer()), tls.engine("server", true, protocol), false);
        peer.handshake();
        shaking.result();
        Running<Boolean> stopping = Threads.VIRTUAL.run(() -> {
            control.stopTls(Loopback.LONG);
            return true;
        });
        ByteBuffer nothing = ByteBuffer.allocate(10);
        assertThat(peer.read(nothing)).isEqualTo(-1);
        assertThat(peer.isEnded()).isTrue();
        peer.end();
        say(pair.peer(), "NOOP\r\n");
        stopping.result();
        assertThat(control.tlsSession()).isNull();
        assertThat(control.readLine(Loopback.LONG)).isEqualTo("NOOP");
        control.write(OKAY);
        assertThat(hear(pair.peer(), 10)).isEqualTo("200 okay\r\n");
    }

    @Test
    void stopTls_withAPeerThatDoesNotAnswer_failsInTime() throws Exception {
        secured(TLS_1_3);
        assertThatThrownBy(() -> control.stopTls(Duration.ofMillis(50))).isInstanceOf(SSLException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {TLS_1_3, TLS_1_2})
    void close_saysThatThereIsNoMore(String protocol) throws Exception {
        SSLSocket peer = secured(protocol);
        Running<Boolean> closing = Threads.VIRTUAL.run(() -> {
            control.write(OKAY);
            control.close();
            return true;
        });
        // A bare end would be an exception.
        assertThat(new String(peer.getInputStream().readAllBytes(), ISO_8859_1)).isEqualTo("200 okay\r\n");
        peer.close();
        closing.result();
    }

    @Test
    void renegotiation_isRefused() throws Exception {
        SSLSocket peer = secured(TLS_1_2);
        Running<String> reading = Threads.VIRTUAL.run(() -> control.readLine(Loopback.LONG));
        peer.getSession().invalidate();
        Running<Boolean> asking = Threads.PLATFORM.run(() -> {
            peer.startHandshake();
            return true;
        });
        assertThat(reading.failure()).isInstanceOf(SSLException.class).hasMessageContaining("renegotiation");
        control.abort();
        asking.ended();
    }

    /** In TLS 1.3 the same call makes a new key (RFC 8446 section 4.6.3), which is no handshake, and asks for one. */
    @Test
    void newKey_changesNothing() throws Exception {
        SSLSocket peer = secured(TLS_1_3);
        for (int i = 0; i < 3; i++) {
            peer.startHandshake();
            say(peer, "NOOP\r\n");
            assertThat(control.readLine(Loopback.LONG)).isEqualTo("NOOP");
            control.write(OKAY);
            assertThat(hear(peer, 10)).isEqualTo("200 okay\r\n");
        }
    }
}
