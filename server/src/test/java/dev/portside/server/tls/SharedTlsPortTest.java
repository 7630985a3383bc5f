package dev.portside.server.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.protocol.PortRange;
import dev.portside.server.DataSessionReuse;
import dev.portside.server.FtpServerNetwork;
import dev.portside.server.FtpServerOptions;
import dev.portside.server.Heard;
import dev.portside.server.TlsPolicy;
import dev.portside.testkit.Content;
import dev.portside.testkit.FreePorts;
import dev.portside.testkit.LeakCheckExtension;
import dev.portside.testkit.ScriptedClient;
import dev.portside.testkit.TlsSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One passive port for all clients behind one address, where each data connection resumes the session of its own. */
@ExtendWith(LeakCheckExtension.class)
class SharedTlsPortTest {
    private static final Content CONTENT = new Content(300_000, 3);
    private static final Content OTHER = new Content(200_000, 4);

    @TempDir
    Path home;

    private final Heard heard = new Heard();

    private TlsServer server(DataSessionReuse reuse, UnaryOperator<FtpServerOptions.Builder> more) throws IOException {
        int port = FreePorts.one(InetAddress.ofLiteral("127.0.0.1"));
        FtpServerNetwork network = FtpServerNetwork.builder()
                .passivePorts(new PortRange(port, port))
                .build();
        TlsServer server = TlsServer.on(
                home,
                TlsPolicy.OFFERED,
                tls -> tls.dataSessionReuse(reuse),
                options -> more.apply(options.listeners(heard).network(network)));
        server.running().file("a", CONTENT.bytes());
        server.running().file("b", OTHER.bytes());
        return server;
    }

    private TlsServer server() throws IOException {
        return server(DataSessionReuse.REQUIRED, options -> options);
    }

    private static void mustComplete(ScriptedClient client, Socket data, Content content) throws IOException {
        assertThat(ScriptedClient.readAll(client.secured(data))).isEqualTo(content.bytes());
        client.expect(226);
    }

    private static void mustBeClosed(Socket data) throws IOException {
        try {
            assertThat(data.getInputStream().read()).isEqualTo(-1);
        } catch (SocketException reset) {
            // That is an end too.
        }
    }

    /** Two sessions that have the port, and a connection each. */
    private static final class Pair implements AutoCloseable {
        final ScriptedClient one;
        final ScriptedClient two;
        final InetSocketAddress port;

        Pair(TlsServer server, String first, String second) throws IOException {
            one = server.login(TlsServer.engines(first));
            two = server.login(TlsServer.engines(second));
            port = one.epsv();
            assertThat(two.epsv()).isEqualTo(port);
        }

        @Override
        public void close() {
            one.close();
            two.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void connectionsOfTwoSessions_areToldApart_inWhateverOrderTheyCome(String protocol) throws Exception {
        try (TlsServer server = server();
                Pair pair = new Pair(server, protocol, "TLSv1.3");
                Socket second = pair.two.connectData(pair.port);
                Socket first = pair.one.connectData(pair.port)) {
            pair.one.command("RETR a", 150);
            pair.two.command("RETR b", 150);
            mustComplete(pair.two, second, OTHER);
            mustComplete(pair.one, first, CONTENT);
            assertThat(heard.until("finished").getLast()).endsWith(" resumed");
            assertThat(heard.until("finished").getLast()).endsWith(" resumed");
        }
    }

    @Test
    void manySessionsOfOneAddress_transferAtOnce() throws Exception {
        int count = 40;
        CyclicBarrier all = new CyclicBarrier(count);
        List<Future<Void>> sessions = new ArrayList<>();
        try (TlsServer server = server();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < count; i++) {
                Content content = new Content(50_000 + i, i);
                String name = "file-" + i;
                String protocol = i % 2 == 0 ? "TLSv1.3" : "TLSv1.2";
                sessions.add(threads.submit(() -> {
                    try (ScriptedClient client = server.login(TlsServer.engines(protocol))) {
                        InetSocketAddress port = client.epsv();
                        all.await(60, TimeUnit.SECONDS);
                        try (Socket data = client.connectData(port)) {
                            all.await(60, TimeUnit.SECONDS);
                            upload(client, data, "STOR " + name, content.bytes());
                        }
                        for (int round = 0; round < 3; round++) {
                            assertThat(client.download("RETR " + name)).isEqualTo(content.bytes());
                            client.upload("STOR " + name, content.bytes());
                        }
                    }
                    return null;
                }));
            }
            for (Future<Void> each : sessions) {
                each.get();
            }
            assertThat(server.running().server().passivePorts().refused()).isZero();
        }
        assertThat(Files.readAllBytes(home.resolve("file-7"))).isEqualTo(new Content(50_007, 7).bytes());
    }

    private static void upload(ScriptedClient client, Socket data, String command, byte[] bytes) throws IOException {
        client.command(command, 150);
        TlsSocket secured = client.secured(data);
        secured.getOutputStream().write(bytes);
        secured.shutdownOutput();
        secured.getInputStream().readAllBytes();
        client.expect(226);
    }

    /** As curl does: its ClientHello is there before its command, and its tickets must be there when 150 comes. */
    @Test
    void handshakeAheadOfTheCommand_isServed_andHasItsTicketWhen150Comes() throws Exception {
        Supplier<SSLEngine> engines = TlsServer.engines();
        try (TlsServer server = server();
                ScriptedClient other = server.login();
                ScriptedClient client = server.login(engines)) {
            InetSocketAddress port = other.epsv();
            try (Socket silent = other.connectData(port);
                    Socket second = other.connectData(client.epsv());
                    Socket data = client.connectData(port)) {
                SSLEngine engine = engines.get();
                engine.beginHandshake();
                ByteBuffer hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
                engine.wrap(ByteBuffer.allocate(0), hello);
                data.getOutputStream().write(hello.array(), 0, hello.position());
                client.send("STOR up");
                TlsSocket secured = TlsSocket.over(data, engine);
                client.expect(150);
                assertThat(data.getInputStream().available()).isPositive();
                secured.getOutputStream().write(CONTENT.bytes());
                secured.shutdownOutput();
                secured.getInputStream().readAllBytes();
                client.expect(226);
                assertThat(second.isConnected()).isTrue();
                other.command("RETR b", 150);
                mustComplete(other, silent, OTHER);
            }
            client.upload("STOR again", CONTENT.bytes());
        }
    }

    /** The whole handshake, before either session has said what it wants. */
    @Test
    void handshakeBeforeAnyCommand_isKeptForItsSession() throws Exception {
        try (TlsServer server = server();
                Pair pair = new Pair(server, "TLSv1.3", "TLSv1.2");
                Socket first = pair.one.connectData(pair.port);
                Socket second = pair.two.connectData(pair.port)) {
            TlsSocket two = pair.two.secured(second);
            TlsSocket one = pair.one.secured(first);
            pair.one.command("RETR a", 150);
            assertThat(ScriptedClient.readAll(one)).isEqualTo(CONTENT.bytes());
            pair.one.expect(226);
            pair.two.command("RETR b", 150);
            assertThat(ScriptedClient.readAll(two)).isEqualTo(OTHER.bytes());
            pair.two.expect(226);
        }
    }

    // Who does not belong there

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void aNewSession_isRefusedAndTold_andNobodyIsHarmed(String protocol) throws Exception {
        try (TlsServer server = server();
                Pair pair = new Pair(server, "TLSv1.3", "TLSv1.2");
                Socket first = pair.one.connectData(pair.port);
                Socket second = pair.two.connectData(pair.port);
                Socket third = pair.two.connectData(pair.port)) {
            pair.one.command("RETR a", 150);
            pair.two.command("RETR b", 150);
            TlsSocket fresh = TlsServer.secured(third, TlsServer.engines(protocol));
            assertThat(fresh.getInputStream().readAllBytes()).isEmpty();
            assertThat(heard.until("refused").getLast()).contains("a new TLS session");
            mustComplete(pair.one, first, CONTENT);
            mustComplete(pair.two, second, OTHER);
        }
    }

    @Test
    void theSessionOfSomebodyWhoDoesNotWait_isRefused_andNobodyIsHarmed() throws Exception {
        try (TlsServer server = server();
                ScriptedClient thief = server.login();
                Pair pair = new Pair(server, "TLSv1.3", "TLSv1.2");
                Socket theft = thief.connectData(pair.port);
                Socket first = pair.one.connectData(pair.port);
                Socket second = pair.two.connectData(pair.port)) {
            pair.one.command("RETR a", 150);
            pair.two.command("RETR b", 150);
            assertThat(ScriptedClient.readAll(thief.secured(theft))).isEmpty();
            assertThat(heard.until("refused").getLast()).contains("another TLS session");
            mustComplete(pair.one, first, CONTENT);
            mustComplete(pair.two, second, OTHER);
            assertThat(thief.download("RETR a")).isEqualTo(CONTENT.bytes());
        }
    }

    @Test
    void dataInTheClear_isRefused_andNobodyIsHarmed() throws Exception {
        try (TlsServer server = server();
                Pair pair = new Pair(server, "TLSv1.3", "TLSv1.3");
                Socket clear = pair.one.connectData(pair.port);
                Socket first = pair.one.connectData(pair.port);
                Socket second = pair.two.connectData(pair.port)) {
            clear.getOutputStream().write(new byte[100]);
            pair.two.command("RETR b", 150);
            mustComplete(pair.two, second, OTHER);
            pair.one.command("RETR a", 150);
            mustComplete(pair.one, first, CONTENT);
            assertThat(heard.until("refused").getLast()).contains("TLS handshake failed");
        }
    }

    /** It may have been somebody else's, so the wait goes on; behind it, it was most likely the client's own. */
    @Test
    void aClientThatDoesNotResume_isToldSoWhenNobodyElseHasCome() throws Exception {
        try (TlsServer server =
                        server(DataSessionReuse.REQUIRED, options -> options.dataConnectWait(Duration.ofMillis(300)));
                Pair pair = new Pair(server, "TLSv1.3", "TLSv1.3");
                Socket second = pair.two.connectData(pair.port);
                Socket first = pair.one.connectData(pair.port)) {
            pair.one.command("RETR a", 150);
            TlsServer.secured(first, TlsServer.engines()).getInputStream().readAllBytes();
            assertThat(pair.one.expect(522).text()).contains("reuse");
            pair.two.command("RETR b", 150);
            mustComplete(pair.two, second, OTHER);
        }
    }

    @Test
    void connectionsThatSayNothing_keepNobodyOut() throws Exception {
        List<Socket> silent = new ArrayList<>();
        try (TlsServer server = server();
                Pair pair = new Pair(server, "TLSv1.3", "TLSv1.2")) {
            for (int i = 0; i < 100; i++) {
                silent.add(pair.one.connectData(pair.port));
            }
            try (Socket second = pair.two.connectData(pair.port);
                    Socket first = pair.one.connectData(pair.port)) {
                pair.one.command("RETR a", 150);
                pair.two.command("RETR b", 150);
                mustComplete(pair.two, second, OTHER);
                mustComplete(pair.one, first, CONTENT);
            }
        } finally {
            for (Socket each : silent) {
                each.close();
            }
        }
    }

    @Test
    void connectionForAReservationThatWasGivenBack_isNotThatOfTheNextOne() throws Exception {
        try (TlsServer server = server();
                Pair pair = new Pair(server, "TLSv1.3", "TLSv1.2");
                Socket stale = pair.one.connectData(pair.port)) {
            assertThat(pair.one.epsv()).isEqualTo(pair.port);
            TlsSocket late = pair.one.secured(stale);
            try (Socket first = pair.one.connectData(pair.port)) {
                pair.one.command("RETR a", 150);
                assertThat(late.getInputStream().readAllBytes()).isEmpty();
                mustComplete(pair.one, first, CONTENT);
            }
        }
    }

    @Test
    void abor_endsOneTransfer_andNotTheOther() throws Exception {
        try (TlsServer server = server();
                Pair pair = new Pair(server, "TLSv1.3", "TLSv1.2");
                Socket first = pair.one.connectData(pair.port);
                Socket second = pair.two.connectData(pair.port)) {
            pair.one.command("RETR a", 150);
            pair.two.command("RETR b", 150);
            pair.one.command("ABOR", 426);
            pair.one.expect(226);
            mustComplete(pair.two, second, OTHER);
            mustBeClosed(first);
            assertThat(pair.one.download("RETR a")).isEqualTo(CONTENT.bytes());
        }
    }

    // Who may not share

    @Test
    void sessionInTheClear_doesNotShare() throws Exception {
        try (TlsServer server = server();
                ScriptedClient secured = server.login();
                ScriptedClient clear = server.running().login()) {
            secured.epsv();
            clear.command("EPSV", 425);
            secured.command("REIN", 220);
            clear.epsv();
            try (ScriptedClient another = server.login()) {
                another.command("EPSV", 425);
            }
        }
    }

    @Test
    void sessionsThatNeedNotResume_doNotShare() throws Exception {
        try (TlsServer server = server(DataSessionReuse.PREFERRED, options -> options);
                ScriptedClient one = server.login();
                ScriptedClient two = server.login()) {
            one.epsv();
            two.command("EPSV", 425);
        }
    }

    /** Their data connections would all show the same. */
    @Test
    void sessionsThatHaveResumedOneAnother_doNotShare() throws Exception {
        Supplier<SSLEngine> engines = TlsServer.engines("TLSv1.2");
        try (TlsServer server = server();
                ScriptedClient one = server.login(engines);
                ScriptedClient two = server.login(engines)) {
            one.epsv();
            two.command("EPSV", 425);
            assertThat(one.download("RETR a")).isEqualTo(CONTENT.bytes());
            assertThat(two.download("RETR b")).isEqualTo(OTHER.bytes());
        }
    }
}
