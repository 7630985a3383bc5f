package dev.portside.server.tls;

import static dev.portside.server.RunningServer.PASSWORD;
import static dev.portside.server.RunningServer.USER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portside.server.Heard;
import dev.portside.server.TlsPolicy;
import dev.portside.testkit.LeakCheckExtension;
import dev.portside.testkit.ScriptedClient;
import dev.portside.testkit.TlsSocket;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is done to a server with TLS; after each it still serves. */
@ExtendWith(LeakCheckExtension.class)
class TlsAttackTest {
    private static final int HANDSHAKE = 22;
    private static final int ALERT = 21;
    private static final int LONGEST_RECORD = 1 << 14;
    private static final int TLS_1_1 = 0x0302;
    private static final int TLS_1_2 = 0x0303;
    private static final int RC4_128_MD5 = 0x0004;
    private static final int ECDHE_ECDSA_AES_128_GCM = 0xc02b;
    private static final int PROTOCOL_VERSION = 70;
    private static final int HANDSHAKE_FAILURE = 40;

    private final Heard heard = new Heard();

    @TempDir
    Path home;

    private TlsServer server;

    @BeforeEach
    void start() throws IOException {
        server = TlsServer.on(
                home,
                TlsPolicy.OFFERED,
                tls -> tls.handshakeTimeout(Duration.ofSeconds(1)),
                options -> options.listeners(heard));
    }

    @AfterEach
    void stillServes() throws IOException {
        try (TlsServer last = server) {
            last.mustServe();
        }
    }

    @Test
    void whatIsPipelinedBehindAuth_isThrownAway() throws IOException {
        try (ScriptedClient client = server.connect()) {
            client.send("AUTH TLS", "USER mallory", "NOOP").expect(234);
            client.secure(TlsServer.engines());
            client.command("PASS x", 503);
            client.login(USER, PASSWORD);
        }
    }

    @Test
    void whatComesInTheClearBehind234_endsTheSession() throws Exception {
        try (ScriptedClient client = server.connect()) {
            client.command("AUTH TLS", 234);
            client.sendRaw("USER mallory\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            assertThat(heard.until("closed").getLast()).contains("TLS");
        }
    }

    @Test
    void aHandshakeThatDoesNotGoOn_endsTheSession() throws Exception {
        try (ScriptedClient client = server.connect()) {
            client.command("AUTH TLS", 234);
            client.sendRaw(new byte[] {HANDSHAKE, 3, 1});
            client.expectClosed();
        }
        assertThat(heard.until("closed").getLast()).contains("did not answer within 1 s");
        try (ScriptedClient client = ScriptedClient.connect(server.implicitAddress())) {
            client.expectClosed();
        }
    }

    @Test
    void aHandshakeOnTheDataConnectionThatDoesNotGoOn_is425() throws IOException {
        try (ScriptedClient client = server.login();
                Socket data = client.passive()) {
            client.command("LIST", 150);
            data.getOutputStream().write(new byte[] {HANDSHAKE, 3, 1});
            client.expect(425);
            client.lines("LIST");
        }
    }

    @Test
    void aClientHelloOnThePlainPort_closesTheConnection() throws IOException {
        try (ScriptedClient client = server.connect()) {
            client.sendRaw(clientHello(TLS_1_2, ECDHE_ECDSA_AES_128_GCM));
            client.expectClosed();
        }
    }

    @Test
    void anOldProtocol_getsAnAlert() throws IOException {
        assertThat(alertFor(clientHello(TLS_1_1, ECDHE_ECDSA_AES_128_GCM))).isEqualTo(PROTOCOL_VERSION);
    }

    @Test
    void anOldCipher_getsAnAlert() throws IOException {
        assertThat(alertFor(clientHello(TLS_1_2, RC4_128_MD5))).isEqualTo(HANDSHAKE_FAILURE);
    }

    private int alertFor(byte[] hello) throws IOException {
        try (ScriptedClient client = ScriptedClient.connect(server.implicitAddress())) {
            client.sendRaw(hello);
            InputStream in = client.socket().getInputStream();
            byte[] record = in.readNBytes(7);
            assertThat(record[0]).isEqualTo((byte) ALERT);
            assertThat(in.read()).isEqualTo(-1);
            return record[6];
        }
    }

    /** Without extensions, as TLS 1.1 had it. */
    private static byte[] clientHello(int version, int cipher) {
        ByteBuffer body = ByteBuffer.allocate(2 + 32 + 1 + 4 + 2);
        body.putShort((short) version).put(new byte[32]).put((byte) 0);
        body.putShort((short) 2).putShort((short) cipher).put((byte) 1).put((byte) 0);
        ByteBuffer record = ByteBuffer.allocate(5 + 4 + body.capacity());
        record.put((byte) HANDSHAKE).putShort((short) 0x0301).putShort((short) (4 + body.capacity()));
        record.put((byte) 1).put((byte) 0).putShort((short) body.capacity()).put(body.flip());
        return record.array();
    }

    @Test
    void aClientHelloOf10MiB_endsTheSessionEarly() throws Exception {
        try (ScriptedClient client = ScriptedClient.connect(server.implicitAddress())) {
            OutputStream out = client.socket().getOutputStream();
            byte[] record = new byte[5 + LONGEST_RECORD];
            ByteBuffer.wrap(record)
                    .put((byte) HANDSHAKE)
                    .putShort((short) 0x0301)
                    .putShort((short) LONGEST_RECORD)
                    .put(new byte[] {1, (byte) 0xa0, 0, 0});
            assertThatThrownBy(() -> {
                        for (int sent = 0; sent < 10 << 20; sent += LONGEST_RECORD) {
                            out.write(record);
                        }
                        client.readLine();
                    })
                    .isInstanceOf(IOException.class);
        }
        assertThat(heard.until("closed").getLast()).contains("TLS failed");
    }

    @Test
    void renegotiation_endsTheSession() throws Exception {
        try (ScriptedClient client = server.login(TlsServer.engines("TLSv1.2"))) {
            assertThatThrownBy(() -> ((TlsSocket) client.socket()).handshake()).isInstanceOf(IOException.class);
        }
        assertThat(heard.until("closed").getLast()).contains("TLS");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void aControlConnectionThatIsCutOffUnderTls_isAnEnd(String protocol) throws Exception {
        try (ScriptedClient client = server.login(TlsServer.engines(protocol))) {
            ((TlsSocket) client.socket()).wire().close();
            List<String> events = heard.until("closed");
            assertThat(events.getLast()).contains("control connection");
        }
    }
}
