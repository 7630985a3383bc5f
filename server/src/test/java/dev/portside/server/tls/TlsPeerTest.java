package dev.portside.server.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.protocol.PortRange;
import dev.portside.server.ClientNetwork;
import dev.portside.server.DataSessionReuse;
import dev.portside.server.FtpServerNetwork;
import dev.portside.server.Heard;
import dev.portside.server.PeerCheck;
import dev.portside.server.RunningServer;
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
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The TLS session as the proof whose a data connection is, in place of the address; and TLS behind PROXY headers. */
@ExtendWith(LeakCheckExtension.class)
class TlsPeerTest {
    private static final Content CONTENT = new Content(300_000, 7);
    private static final InetAddress ELSEWHERE = InetAddress.ofLiteral("127.0.0.3");

    private static final byte[] HELLO = {'h', 'e', 'l', 'l', 'o'};

    @TempDir
    Path home;

    private final Heard heard = new Heard();

    private TlsServer server(DataSessionReuse reuse, FtpServerNetwork.Builder network) throws IOException {
        TlsServer server = TlsServer.on(
                home,
                TlsPolicy.OFFERED,
                tls -> tls.dataSessionReuse(reuse),
                options -> options.listeners(heard).network(network.build()));
        server.running().file("a", CONTENT.bytes());
        return server;
    }

    private TlsServer server(DataSessionReuse reuse) throws IOException {
        return server(reuse, FtpServerNetwork.builder().peerCheck(PeerCheck.TLS_SESSION));
    }

    @ParameterizedTest
    @EnumSource
    void connectionFromAnotherAddress_thatResumesTheSession_isTheClients(DataSessionReuse reuse) throws Exception {
        try (TlsServer server = server(reuse);
                ScriptedClient client = server.login();
                Socket data = client.connectData(client.epsv(), ELSEWHERE)) {
            client.command("RETR a", 150);
            assertThat(ScriptedClient.readAll(client.secured(data))).isEqualTo(CONTENT.bytes());
            client.expect(226);
            assertThat(heard.until("finished").getLast()).endsWith(" resumed");
        }
    }

    @ParameterizedTest
    @EnumSource
    void connectionThatDoesNot_isRefused_fromWhateverAddress(DataSessionReuse reuse) throws Exception {
        try (TlsServer server = server(reuse);
                ScriptedClient client = server.login()) {
            for (String from : new String[] {"127.0.0.3", "127.0.0.1"}) {
                try (Socket data = client.connectData(client.epsv(), InetAddress.ofLiteral(from))) {
                    client.command("RETR a", 150);
                    TlsSocket fresh = TlsServer.secured(data, TlsServer.engines());
                    assertThat(fresh.getInputStream().readAllBytes()).isEmpty();
                    client.expect(522);
                }
                assertThat(heard.until("refused").getLast()).contains(from, "a new TLS session");
            }
        }
    }

    @Test
    void stranger_doesNotKeepTheClientOut() throws Exception {
        try (TlsServer server = server(DataSessionReuse.REQUIRED);
                ScriptedClient client = server.login()) {
            InetSocketAddress target = client.epsv();
            try (Socket stranger = client.connectData(target, ELSEWHERE)) {
                client.command("RETR a", 150);
                TlsServer.secured(stranger, TlsServer.engines())
                        .getInputStream()
                        .readAllBytes();
                try (Socket right = client.connectData(target, InetAddress.ofLiteral("127.0.0.4"))) {
                    assertThat(ScriptedClient.readAll(client.secured(right))).isEqualTo(CONTENT.bytes());
                }
                client.expect(226);
            }
        }
    }

    @Test
    void sessions_shareOnePort_andGetTheirOwn_fromWhateverAddress() throws Exception {
        int port = FreePorts.one(InetAddress.getLoopbackAddress());
        FtpServerNetwork.Builder network = FtpServerNetwork.builder()
                .passivePorts(new PortRange(port, port))
                .peerCheck(PeerCheck.TLS_SESSION);
        try (TlsServer server = server(DataSessionReuse.REQUIRED, network);
                ScriptedClient one = server.login();
                ScriptedClient two = server.login()) {
            server.running().file("b", HELLO);
            InetSocketAddress target = one.epsv();
            assertThat(two.epsv()).isEqualTo(target);
            try (Socket data = one.connectData(target, ELSEWHERE);
                    Socket other = two.connectData(target, ELSEWHERE)) {
                one.send("RETR a");
                two.send("RETR b");
                assertThat(ScriptedClient.readAll(two.secured(other))).isEqualTo(HELLO);
                assertThat(ScriptedClient.readAll(one.secured(data))).isEqualTo(CONTENT.bytes());
            }
            for (ScriptedClient each : new ScriptedClient[] {one, two}) {
                each.expect(150);
                each.expect(226);
            }
        }
    }

    @Test
    void inTheClear_theAddressIsTheProof() throws Exception {
        try (TlsServer server = server(DataSessionReuse.REQUIRED);
                ScriptedClient client = server.running().login()) {
            InetSocketAddress target = client.epsv();
            try (Socket stranger = client.connectData(target, ELSEWHERE)) {
                client.send("RETR a");
                assertThat(stranger.getInputStream().read()).isEqualTo(-1);
                assertThat(heard.until("stranger").getLast()).isEqualTo("stranger 127.0.0.3");
                try (Socket right = client.connectData(target)) {
                    assertThat(ScriptedClient.readAll(right)).isEqualTo(CONTENT.bytes());
                }
                client.expect(150);
                client.expect(226);
            }
        }
    }

    @Test
    void portThatAnybodyMayConnectTo_isGivenBack_whenDataIsToBeInTheClear() throws Exception {
        try (TlsServer server = server(DataSessionReuse.REQUIRED);
                ScriptedClient client = server.login()) {
            InetSocketAddress target = client.epsv();
            try (Socket stranger = client.connectData(target, ELSEWHERE)) {
                client.command("PROT C", 200);
                client.command("RETR a", 425);
                assertThat(stranger.isConnected()).isTrue();
                assertThatNothingCame(stranger);
            }
        }
    }

    private static void assertThatNothingCame(Socket socket) throws IOException {
        try {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        } catch (SocketException reset) {
            // Closed is closed.
        }
    }

    // PROXY headers

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void header_comesBeforeTls(boolean implicit) throws Exception {
        FtpServerNetwork.Builder network = FtpServerNetwork.builder().proxies(ClientNetwork.parse("127.0.0.5"));
        Supplier<SSLEngine> engines = TlsServer.engines();
        try (TlsServer server = server(DataSessionReuse.REQUIRED, network);
                ScriptedClient client = ScriptedClient.connect(
                        implicit ? server.implicitAddress() : server.address(), InetAddress.ofLiteral("127.0.0.5"))) {
            client.sendRaw("PROXY TCP4 198.51.100.7 203.0.113.1 40000 990\r\n".getBytes(StandardCharsets.US_ASCII));
            if (implicit) {
                client.secure(engines).expect(220);
            } else {
                client.expect(220);
                client.startTls(engines);
            }
            client.login(RunningServer.USER, RunningServer.PASSWORD);
            assertThat(server.running().server().sessions().getFirst().remote()).hasToString("/198.51.100.7:40000");
        }
    }
}
