package dev.portside.server.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.protocol.PortRange;
import dev.portside.server.ClientNetwork;
import dev.portside.server.FtpServerNetwork;
import dev.portside.server.Heard;
import dev.portside.server.PeerCheck;
import dev.portside.server.RunningServer;
import dev.portside.server.TlsPolicy;
import dev.portside.server.tls.TlsServer;
import dev.portside.testkit.Content;
import dev.portside.testkit.LeakCheckExtension;
import dev.portside.testkit.ScriptedClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Data connections that come through a balancer, as the control connection does: with shared ports and with others. */
@Timeout(120)
@ExtendWith(LeakCheckExtension.class)
class ProxiedDataTest {
    private static final Content CONTENT = new Content(200_000, 4);
    private static final InetAddress BALANCER = InetAddress.ofLiteral("127.0.0.5");
    private static final String CLIENT = "PROXY TCP4 198.51.100.7 203.0.113.1 40000 50000\r\n";
    private static final String NEIGHBOUR = "PROXY TCP4 198.51.100.8 203.0.113.1 40000 50000\r\n";

    enum Ports {
        SHARED,
        ANY
    }

    @TempDir
    Path home;

    private final Heard heard = new Heard();

    private TlsServer server(Ports ports, PeerCheck check) throws IOException {
        int port = Conformance.freePort();
        FtpServerNetwork.Builder network = FtpServerNetwork.builder()
                .proxies(ClientNetwork.parse("127.0.0.5"))
                .proxyHeaderTimeout(Duration.ofSeconds(2))
                .peerCheck(check);
        if (ports == Ports.SHARED) {
            network.passivePorts(new PortRange(port, port));
        }
        TlsServer server = TlsServer.on(
                home,
                TlsPolicy.OFFERED,
                tls -> tls,
                options -> options.listeners(heard).network(network.build()));
        server.running().file("a", CONTENT.bytes());
        return server;
    }

    private static ScriptedClient connect(TlsServer server, String header) throws IOException {
        ScriptedClient client = ScriptedClient.connect(server.address(), BALANCER);
        client.sendRaw(header.getBytes(StandardCharsets.US_ASCII));
        client.expect(220);
        return client;
    }

    private static ScriptedClient login(TlsServer server, String header) throws IOException {
        ScriptedClient client = connect(server, header).login(RunningServer.USER, RunningServer.PASSWORD);
        client.command("TYPE I", 200);
        return client;
    }

    /** A data connection through the balancer, which says this first. */
    private static Socket through(InetSocketAddress target, ScriptedClient client, String header) throws IOException {
        Socket data = client.connectData(target, BALANCER);
        data.getOutputStream().write(header.getBytes(StandardCharsets.US_ASCII));
        return data;
    }

    private static void mustBeClosed(Socket data) throws IOException {
        try {
            assertThat(data.getInputStream().read()).isEqualTo(-1);
        } catch (SocketException reset) {
            // Closed is closed.
        }
    }

    @ParameterizedTest
    @EnumSource
    void connectionOfTheClientNamed_isTaken_andIsThatClientsInTheLog(Ports ports) throws Exception {
        try (TlsServer server = server(ports, PeerCheck.EXACT);
                ScriptedClient client = login(server, CLIENT)) {
            server.running().largeFile("large");
            try (Socket data = through(client.epsv(), client, CLIENT)) {
                client.command("RETR large", 150);
                assertThat(server.running()
                                .server()
                                .sessions()
                                .getFirst()
                                .transfer()
                                .remote())
                        .hasToString("/198.51.100.7:40000");
                assertThat(ScriptedClient.readAll(data)).hasSize(RunningServer.LARGE);
            }
            client.expect(226);
        }
    }

    @ParameterizedTest
    @EnumSource
    void upload_beginsBehindTheHeader(Ports ports) throws Exception {
        try (TlsServer server = server(ports, PeerCheck.EXACT);
                ScriptedClient client = login(server, CLIENT)) {
            try (Socket data = through(client.epsv(), client, CLIENT)) {
                data.getOutputStream().write(CONTENT.bytes());
                client.command("STOR b", 150);
            }
            client.expect(226);
            assertThat(server.running().file("b")).hasBinaryContent(CONTENT.bytes());
        }
    }

    @ParameterizedTest
    @EnumSource
    void header_comesBeforeTls(Ports ports) throws Exception {
        try (TlsServer server = server(ports, PeerCheck.EXACT);
                ScriptedClient client = connect(server, CLIENT).startTls(TlsServer.engines())) {
            client.login(RunningServer.USER, RunningServer.PASSWORD)
                    .protectData()
                    .command("TYPE I", 200);
            for (int i = 0; i < 3; i++) {
                try (Socket data = through(client.epsv(), client, CLIENT)) {
                    client.command("RETR a", 150);
                    assertThat(ScriptedClient.readAll(client.secured(data))).isEqualTo(CONTENT.bytes());
                }
                client.expect(226);
                assertThat(heard.until("finished").getLast()).endsWith(" resumed");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "SHARED, EXACT, false",
        "ANY, EXACT, false",
        "SHARED, SUBNET, true",
        "ANY, SUBNET, true",
    })
    void connectionOfSomebodyElse_throughTheSameBalancer_isCheckedAsHis(Ports ports, PeerCheck check, boolean taken)
            throws Exception {
        try (TlsServer server = server(ports, check);
                ScriptedClient client = login(server, CLIENT)) {
            InetSocketAddress target = client.epsv();
            try (Socket data = through(target, client, NEIGHBOUR)) {
                client.send("RETR a");
                if (taken) {
                    assertThat(ScriptedClient.readAll(data)).isEqualTo(CONTENT.bytes());
                } else {
                    mustBeClosed(data);
                    assertThat(heard.until("stranger").getLast()).isEqualTo("stranger 198.51.100.8");
                    try (Socket right = through(target, client, CLIENT)) {
                        assertThat(ScriptedClient.readAll(right)).isEqualTo(CONTENT.bytes());
                    }
                }
                client.expect(150);
                client.expect(226);
            }
        }
    }

    /** As when PROXY is switched on for the control port only. */
    @ParameterizedTest
    @CsvSource({
        "SHARED, 'What else comes first', no PROXY header",
        "ANY, 'What else comes first', no PROXY header",
        "SHARED, PROXY TCP4 198, within 2 s",
        "ANY, PROXY TCP4 198, within 2 s",
    })
    void connectionWithoutAHeader_isClosedAndTold_andTheRightOneAwaited(Ports ports, String first, String told)
            throws Exception {
        try (TlsServer server = server(ports, PeerCheck.OFF);
                ScriptedClient client = login(server, CLIENT)) {
            InetSocketAddress target = client.epsv();
            try (Socket data = through(target, client, first)) {
                client.send("RETR a");
                mustBeClosed(data);
                assertThat(heard.until("proxy").getLast())
                        .startsWith("proxy 127.0.0.5")
                        .contains(told);
                try (Socket right = through(target, client, CLIENT)) {
                    assertThat(ScriptedClient.readAll(right)).isEqualTo(CONTENT.bytes());
                }
            }
            client.expect(150);
            client.expect(226);
        }
    }

    @Test
    void slowHeader_holdsUpNobody_atASharedPort() throws Exception {
        try (TlsServer server = server(Ports.SHARED, PeerCheck.EXACT);
                ScriptedClient client = login(server, CLIENT)) {
            InetSocketAddress target = client.epsv();
            try (Socket slow = through(target, client, "PROXY");
                    Socket right = through(target, client, CLIENT)) {
                client.command("RETR a", 150);
                assertThat(ScriptedClient.readAll(right)).isEqualTo(CONTENT.bytes());
                client.expect(226);
                assertThat(slow.isClosed()).isFalse();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void transferThatWaitsForAHeader_canBeAborted(Ports ports) throws Exception {
        try (TlsServer server = server(ports, PeerCheck.EXACT);
                ScriptedClient client = login(server, CLIENT);
                Socket slow = through(client.epsv(), client, "PROXY")) {
            client.send("RETR a");
            client.send("ABOR");
            client.expect(426, 425);
            client.expect(226, 225);
            mustBeClosed(slow);
        }
    }

    @ParameterizedTest
    @EnumSource
    void clientThatComesToTheServerItself_needsNoHeader(Ports ports) throws Exception {
        String near = "PROXY TCP4 127.0.0.6 127.0.0.1 40000 21\r\n";
        try (TlsServer server = server(ports, PeerCheck.EXACT);
                ScriptedClient client = login(server, near);
                Socket data = client.connectData(client.epsv(), InetAddress.ofLiteral("127.0.0.6"))) {
            client.command("RETR a", 150);
            assertThat(ScriptedClient.readAll(data)).isEqualTo(CONTENT.bytes());
            client.expect(226);
        }
    }
}
