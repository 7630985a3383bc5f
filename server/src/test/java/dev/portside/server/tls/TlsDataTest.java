package dev.portside.server.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portside.protocol.Reply;
import dev.portside.server.DataSessionReuse;
import dev.portside.server.Heard;
import dev.portside.server.RunningServer;
import dev.portside.server.TlsPolicy;
import dev.portside.testkit.Content;
import dev.portside.testkit.LeakCheckExtension;
import dev.portside.testkit.ScriptedClient;
import dev.portside.testkit.TlsSocket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

/** Data connections under PROT P: whose they are, and how they end. */
@ExtendWith(LeakCheckExtension.class)
class TlsDataTest {
    private static final Content CONTENT = new Content(300_000, 3);
    private static final int TRANSFERS = 120;

    @TempDir
    Path home;

    private final Heard heard = new Heard();

    private TlsServer server(DataSessionReuse reuse) throws IOException {
        TlsServer server = TlsServer.on(
                home, TlsPolicy.DATA, tls -> tls.dataSessionReuse(reuse), options -> options.listeners(heard));
        server.running().file("a", CONTENT.bytes());
        return server;
    }

    private TlsServer server() throws IOException {
        return server(DataSessionReuse.REQUIRED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void manyTransfersInOneSession_allResumeIt(String protocol) throws Exception {
        try (TlsServer server = server();
                ScriptedClient client = server.login(TlsServer.engines(protocol))) {
            for (int i = 0; i < TRANSFERS; i++) {
                switch (i % 5) {
                    case 0 -> assertThat(client.download("RETR a")).isEqualTo(CONTENT.bytes());
                    case 1 -> client.upload("STOR up" + i, CONTENT.bytes());
                    case 2 -> assertThat(client.lines("MLSD")).isNotEmpty();
                    case 3 -> activeDownload(client);
                    default -> activeUpload(client, "up" + i);
                }
                assertThat(heard.until("finished").getLast()).endsWith(" resumed");
            }
        }
        assertThat(Files.readAllBytes(home.resolve("up1"))).isEqualTo(CONTENT.bytes());
        assertThat(Files.readAllBytes(home.resolve("up4"))).isEqualTo(CONTENT.bytes());
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void manyUploadsAndNothingElse_allResumeIt(String protocol) throws Exception {
        try (TlsServer server = server();
                ScriptedClient client = server.login(TlsServer.engines(protocol))) {
            for (int i = 0; i < TRANSFERS; i++) {
                client.upload("STOR up" + i, new byte[i]);
                assertThat(heard.until("finished").getLast()).endsWith(" resumed");
            }
        }
    }

    private static void activeDownload(ScriptedClient client) throws IOException {
        ServerSocket listener = client.active();
        client.command("RETR a", 150);
        assertThat(ScriptedClient.readAll(client.secured(ScriptedClient.accept(listener))))
                .isEqualTo(CONTENT.bytes());
        client.expect(226);
    }

    private static void activeUpload(ScriptedClient client, String name) throws IOException {
        ServerSocket listener = client.active();
        client.command("STOR " + name, 150);
        try (TlsSocket data = client.secured(ScriptedClient.accept(listener))) {
            data.getOutputStream().write(CONTENT.bytes());
            data.shutdownOutput();
            data.getInputStream().readAllBytes();
        }
        client.expect(226);
    }

    @Test
    void data_endsInOrder() throws IOException {
        try (TlsServer server = server();
                ScriptedClient client = server.login();
                Socket data = client.passive()) {
            client.command("RETR a", 150);
            TlsSocket secured = client.secured(data);
            assertThat(ScriptedClient.readAll(secured)).isEqualTo(CONTENT.bytes());
            assertThat(secured.isEndedByPeer()).isTrue();
            client.expect(226);
        }
    }

    // Whose it is

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void aNewSession_whereReuseIsRequired_is522ThatSaysWhatToDo(String protocol) throws Exception {
        try (TlsServer server = server();
                ScriptedClient client = server.login(TlsServer.engines(protocol))) {
            try (Socket data = client.passive()) {
                client.command("STOR b", 150);
                TlsSocket fresh = TlsServer.secured(data, TlsServer.engines(protocol));
                assertThat(fresh.getInputStream().readAllBytes()).isEmpty();
                assertThat(fresh.isEndedByPeer()).isTrue();
                assertThat(client.expect(522).text()).contains("reuse");
            }
            assertThat(heard.until("refused").getLast()).contains("a new TLS session");
            assertThat(home.resolve("b")).doesNotExist();
            assertThat(client.download("RETR a")).isEqualTo(CONTENT.bytes());
        }
    }

    @Test
    void aNewSession_inActiveMode_is522() throws IOException {
        try (TlsServer server = server();
                ScriptedClient client = server.login();
                ServerSocket listener = client.active()) {
            client.command("RETR a", 150);
            TlsSocket fresh = TlsServer.secured(ScriptedClient.accept(listener), TlsServer.engines());
            assertThat(ScriptedClient.readAll(fresh)).isEmpty();
            client.expect(522);
        }
    }

    @ParameterizedTest
    @EnumSource(value = DataSessionReuse.class, names = "REQUIRED", mode = Mode.EXCLUDE)
    void aNewSession_whereReuseIsNotRequired_isServed(DataSessionReuse reuse) throws Exception {
        try (TlsServer server = server(reuse);
                ScriptedClient client = server.login();
                Socket data = client.passive()) {
            client.command("RETR a", 150);
            assertThat(ScriptedClient.readAll(TlsServer.secured(data, TlsServer.engines())))
                    .isEqualTo(CONTENT.bytes());
            client.expect(226);
            assertThat(heard.until("finished").getLast()).endsWith(" under a new session");
        }
    }

    /** Somebody else who is logged in too, behind the same address, is faster than the client. */
    @ParameterizedTest
    @EnumSource(value = DataSessionReuse.class, names = "OFF", mode = Mode.EXCLUDE)
    void aStrangersSession_isRefused_andTheRightClientIsStillServed(DataSessionReuse reuse) throws Exception {
        for (String protocol : List.of("TLSv1.3", "TLSv1.2")) {
            Supplier<SSLEngine> thief = TlsServer.engines(protocol);
            try (TlsServer server = server(reuse);
                    ScriptedClient client = server.login(TlsServer.engines(protocol));
                    ScriptedClient other = server.login(thief)) {
                InetSocketAddress port = client.epsv();
                try (Socket theft = other.connectData(port);
                        Socket data = client.connectData(port)) {
                    client.command("RETR a", 150);
                    assertThat(ScriptedClient.readAll(other.secured(theft))).isEmpty();
                    assertThat(ScriptedClient.readAll(client.secured(data))).isEqualTo(CONTENT.bytes());
                    client.expect(226);
                }
                assertThat(heard.until("refused").getLast()).contains("another TLS session");
                assertThat(other.download("RETR a")).isEqualTo(CONTENT.bytes());
            }
        }
    }

    /** A session that began on a data connection must not pass for that of a control connection which resumes it. */
    @Test
    void aSessionOfADataConnection_asThatOfAControlConnection_provesNothing() throws IOException {
        Supplier<SSLEngine> second = TlsServer.engines();
        try (TlsServer server = server(DataSessionReuse.REQUIRED)) {
            try (ScriptedClient client = server.login();
                    Socket data = client.passive()) {
                client.command("RETR a", 150);
                TlsServer.secured(data, second).getInputStream().readAllBytes();
                client.expect(522);
            }
            try (ScriptedClient client = server.login(second);
                    Socket data = client.passive()) {
                client.command("RETR a", 150);
                ScriptedClient.readAll(TlsServer.secured(data, TlsServer.engines()));
                client.expect(522);
            }
        }
    }

    @Test
    void dataInTheClear_underProtP_is425_andTheRightClientIsStillServed() throws Exception {
        try (TlsServer server = server();
                ScriptedClient client = server.login()) {
            try (Socket data = client.passive()) {
                client.command("STOR b", 150);
                data.getOutputStream().write("in the clear".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                data.shutdownOutput();
                data.getInputStream().readAllBytes();
                client.expect(425);
            }
            assertThat(home.resolve("b")).doesNotExist();
            InetSocketAddress port = client.epsv();
            try (Socket clear = client.connectData(port);
                    Socket data = client.connectData(port)) {
                client.command("RETR a", 150);
                clear.getOutputStream().write(new byte[100]);
                assertThat(ScriptedClient.readAll(client.secured(data))).isEqualTo(CONTENT.bytes());
                client.expect(226);
            }
        }
    }

    // How it ends

    /** Clients that upload, read nothing and close would answer a ticket by a reset, which eats what they have sent. */
    @Test
    void anUpload_isNotAnsweredBeforeItsEnd_butItsTicketComes() throws IOException {
        try (TlsServer server = server();
                ScriptedClient client = server.login();
                Socket data = client.passive()) {
            client.command("STOR b", 150);
            TlsSocket secured = client.secured(data);
            secured.getOutputStream().write(CONTENT.bytes());
            data.setSoTimeout(300);
            assertThatThrownBy(() -> data.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
            secured.shutdownOutput();
            secured.getInputStream().readAllBytes();
            assertThat(secured.isEndedByPeer()).isTrue();
            client.expect(226);
            // JSSE uses a ticket once: without the new one this would be a new session.
            client.upload("STOR c", CONTENT.bytes());
        }
    }

    /** As curl does, which uses a ticket once, and in an upload reads only what has come when it closes. */
    @Test
    void aClientThatBeginsItsHandshakeAheadOfTheCommand_hasItsTicketWhen150Comes() throws IOException {
        Supplier<SSLEngine> engines = TlsServer.engines();
        try (TlsServer server = server();
                ScriptedClient client = server.login(engines);
                Socket data = client.passive()) {
            SSLEngine engine = engines.get();
            engine.beginHandshake();
            ByteBuffer hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
            engine.wrap(ByteBuffer.allocate(0), hello);
            data.getOutputStream().write(hello.array(), 0, hello.position());
            client.send("STOR b");
            TlsSocket secured = TlsSocket.over(data, engine);
            client.expect(150);
            assertThat(data.getInputStream().available()).isPositive();
            secured.getOutputStream().write(CONTENT.bytes());
            secured.shutdownOutput();
            secured.getInputStream().readAllBytes();
            client.expect(226);
            client.upload("STOR c", CONTENT.bytes());
        }
    }

    private static Reply cutOff(ScriptedClient client) throws IOException {
        try (Socket data = client.passive()) {
            client.command("STOR cut", 150);
            TlsSocket secured = client.secured(data);
            secured.getOutputStream().write(CONTENT.bytes());
            secured.wire().shutdownOutput();
            return client.readReply();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void anUpload_withoutCloseNotify_is426_andNothingAppears(String protocol) throws IOException {
        try (TlsServer server = server();
                ScriptedClient client = server.login(TlsServer.engines(protocol))) {
            Reply reply = cutOff(client);
            assertThat(reply.code().value()).isEqualTo(426);
            assertThat(reply.text()).contains("close_notify");
            assertThat(home.resolve("cut")).doesNotExist();
            server.mustServe();
        }
    }

    @Test
    void anUpload_withoutCloseNotify_isStoredWhereTheOptionSaysSo() throws IOException {
        try (TlsServer server = TlsServer.on(home, TlsPolicy.OFFERED, tls -> tls.truncatedUploads(true));
                ScriptedClient client = server.login()) {
            assertThat(cutOff(client).code().value()).isEqualTo(226);
            assertThat(Files.readAllBytes(home.resolve("cut"))).isEqualTo(CONTENT.bytes());
        }
    }

    @Test
    void abor_inTheHandshake_is426Then226() throws IOException {
        try (TlsServer server = server();
                ScriptedClient client = server.login();
                Socket data = client.passive()) {
            client.command("RETR a", 150);
            client.command("ABOR", 426);
            client.expect(226);
            assertThat(data.isConnected()).isTrue();
        }
    }

    @Test
    void protC_leavesDataInTheClear() throws IOException {
        try (TlsServer server = TlsServer.on(home);
                ScriptedClient client = server.connect()
                        .startTls(TlsServer.engines())
                        .login(RunningServer.USER, RunningServer.PASSWORD)) {
            client.command("TYPE I", 200);
            client.upload("STOR a", CONTENT.bytes());
            assertThat(client.download("RETR a")).isEqualTo(CONTENT.bytes());
        }
    }
}
