package dev.portside.server.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.protocol.HostPort;
import dev.portside.protocol.PortRange;
import dev.portside.server.FtpServerNetwork;
import dev.portside.server.Heard;
import dev.portside.server.RunningServer;
import dev.portside.testkit.FreePorts;
import dev.portside.testkit.LeakCheckExtension;
import dev.portside.testkit.ScriptedClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
@ExtendWith(LeakCheckExtension.class)
class TransferParameterCommandsTest {
    private static final byte[] HELLO = "hello\n".getBytes(UTF_8);

    @TempDir
    Path home;

    @Test
    void passive_namesAddressAndPortInExactWords() throws IOException {
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.login()) {
            assertThat(client.command("PASV", 227).text())
                    .matches("Entering Passive Mode \\(127,0,0,1,\\d{1,3},\\d{1,3}\\)\\.");
            assertThat(client.command("EPSV", 229).text())
                    .matches("Entering Extended Passive Mode \\(\\|\\|\\|\\d{1,5}\\|\\)");
        }
    }

    @Test
    void externalAddress_isNamedIn227() throws IOException {
        InetAddress outside = InetAddress.ofLiteral("192.0.2.1");
        try (RunningServer server = RunningServer.on(
                        home,
                        o -> o.network(FtpServerNetwork.builder()
                                .externalAddress("192.0.2.1")
                                .build()));
                ScriptedClient client = server.login()) {
            HostPort named = HostPort.parsePassive(client.command("PASV", 227).text());
            assertThat(named.address()).isEqualTo(outside);
            server.file("a.txt", HELLO);
            try (Socket data = client.connectData(
                    new InetSocketAddress(client.remoteAddress().getAddress(), named.port()))) {
                client.command("RETR a.txt", 150);
                assertThat(ScriptedClient.readAll(data)).isEqualTo(HELLO);
            }
            client.expect(226);
        }
    }

    @Test
    void pasv_overIPv6_advisesEpsv() throws IOException {
        try (RunningServer server = RunningServer.at("::1", home, o -> o);
                ScriptedClient client = server.login()) {
            assertThat(client.command("PASV", 425).text()).contains("EPSV");
            client.command("EPSV 1", 522);
            client.command("EPSV 2", 229);
            client.command("EPRT |1|127.0.0.1|2000|", 522);
        }
    }

    @Test
    void epsv_ofAnotherProtocol_is522() throws IOException {
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.login()) {
            assertThat(client.command("EPSV 2", 522).text()).endsWith("(1)");
            client.command("EPSV 1", 229);
            client.command("EPSV 3", 522);
            client.command("EPRT |3|127.0.0.1|2000|", 522);
            client.command("EPRT |2|::1|50000|", 522);
        }
    }

    @Test
    void epsvAll_leavesEpsvOnly() throws IOException {
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.login()) {
            client.command("EPSV ALL", 200);
            client.command("PASV", 503);
            client.command("PORT 127,0,0,1,200,0", 503);
            client.command("EPRT |1|127.0.0.1|50000|", 503);
            client.command("EPSV", 229);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PORT 127,0,0,2,200,0",
                "EPRT |1|127.0.0.2|50000|",
                "PORT 127,0,0,1,0,25",
                "EPRT |1|127.0.0.1|1023|",
                "PORT 0,0,0,0,200,0"
            })
    void port_toAnotherHostOrAPrivilegedPort_is504(String command) throws IOException {
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.login()) {
            server.file("a.txt", HELLO);
            client.command(command, 504);
            client.command("RETR a.txt", 425);
        }
    }

    @Test
    void port_toAnotherHost_isAnOption() throws IOException {
        try (RunningServer server = RunningServer.on(
                        home,
                        o -> o.network(FtpServerNetwork.builder()
                                .foreignDataAddresses(true)
                                .build()));
                ScriptedClient client = server.login();
                ServerSocket elsewhere = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.2"))) {
            server.file("a.txt", HELLO);
            HostPort target = new HostPort(elsewhere.getInetAddress(), elsewhere.getLocalPort());
            client.command("PORT " + target.portArgument(), 200);
            client.send("RETR a.txt");
            assertThat(ScriptedClient.readAll(ScriptedClient.accept(elsewhere))).isEqualTo(HELLO);
            client.expect(150);
            client.expect(226);
            client.command("PORT 224,0,0,1,200,0", 504);
            client.command("PORT 127,0,0,2,0,25", 504);
        }
    }

    @Test
    void activeMode_canBeSwitchedOff() throws IOException {
        try (RunningServer server = RunningServer.on(
                        home,
                        o -> o.network(
                                FtpServerNetwork.builder().activeMode(false).build()));
                ScriptedClient client = server.login()) {
            assertThat(client.command("PORT 127,0,0,1,200,0", 502).text()).contains("PASV");
            assertThat(client.command("FEAT", 211).lines()).doesNotContain(" EPRT");
        }
    }

    @Test
    void activeSourcePort_isUsedByManyAtOnce() throws IOException {
        int port = freePort();
        try (RunningServer server = RunningServer.on(
                        home,
                        o -> o.network(FtpServerNetwork.builder()
                                .activeSourcePort(port)
                                .build()));
                ScriptedClient first = server.login();
                ScriptedClient second = server.login()) {
            server.largeFile("large");
            try (ServerSocket one = first.active();
                    ServerSocket two = second.active()) {
                first.send("RETR large");
                second.send("RETR large");
                try (Socket a = ScriptedClient.accept(one);
                        Socket b = ScriptedClient.accept(two)) {
                    assertThat(a.getPort()).isEqualTo(port);
                    assertThat(b.getPort()).isEqualTo(port);
                    assertThat(a.getInputStream().readAllBytes()).hasSize(RunningServer.LARGE);
                    assertThat(b.getInputStream().readAllBytes()).hasSize(RunningServer.LARGE);
                }
            }
        }
    }

    @Test
    void stranger_isRefusedAndTheRightOneAwaited() throws IOException, InterruptedException {
        Heard heard = new Heard();
        try (RunningServer server = RunningServer.on(home, o -> o.listeners(heard));
                ScriptedClient client = server.login()) {
            server.file("a.txt", HELLO);
            InetSocketAddress target = client.pasv();
            try (Socket stranger = client.connectData(target, InetAddress.ofLiteral("127.0.0.3"))) {
                client.send("RETR a.txt");
                assertThat(stranger.getInputStream().read()).isEqualTo(-1);
                assertThat(heard.until("stranger")).last().isEqualTo("stranger 127.0.0.3");
                try (Socket data = client.connectData(target)) {
                    assertThat(ScriptedClient.readAll(data)).isEqualTo(HELLO);
                }
            }
            client.expect(150);
            client.expect(226);
        }
    }

    @Test
    void passivePorts_comeFromTheRangeAndNeverFromElsewhere() throws IOException {
        int port = freePort();
        try (RunningServer server = RunningServer.on(
                        home,
                        o -> o.network(FtpServerNetwork.builder()
                                .passivePorts(new PortRange(port, port))
                                .build()));
                ScriptedClient first = server.login();
                ScriptedClient second = server.login()) {
            assertThat(first.epsv().getPort()).isEqualTo(port);
            assertThat(first.pasv().getPort())
                    .as("the own port is given back first")
                    .isEqualTo(port);
            second.command("EPSV", 425);
            second.command("PASV", 425);
            first.command("QUIT", 221);
            first.expectClosed();
        }
    }

    @Test
    void types_thatAreNotImplemented_are504() throws IOException {
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.login()) {
            client.command("TYPE A N", 200);
            client.command("TYPE L 8", 200);
            client.command("TYPE E", 504);
            client.command("TYPE L 36", 504);
            client.command("MODE S", 200);
            client.command("MODE B", 504);
            client.command("MODE C", 504);
            client.command("STRU F", 200);
            client.command("STRU R", 504);
            client.command("STRU P", 504);
        }
    }

    private static int freePort() throws IOException {
        return FreePorts.one(InetAddress.getLoopbackAddress());
    }

    @ParameterizedTest
    @CsvSource({
        "198.51.100.7, 192.0.2.1, true",
        "127.0.0.2, 127.0.0.1, true",
        "127.0.0.1, 192.0.2.1, false",
        "::1, 2001:db8::1, false",
        "224.0.0.1, 192.0.2.1, false",
        "0.0.0.0, 192.0.2.1, false"
    })
    void foreignTarget_isAHost_andNotOurOwnForAnotherHostsClient(String target, String client, boolean allowed) {
        assertThat(TransferParameterCommands.isForeignTarget(
                        InetAddress.ofLiteral(target), InetAddress.ofLiteral(client)))
                .isEqualTo(allowed);
    }
}
