package dev.portside.server.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.protocol.HostPort;
import dev.portside.server.ClientNetwork;
import dev.portside.server.FtpServerNetwork;
import dev.portside.server.FtpServerOptions;
import dev.portside.server.Heard;
import dev.portside.server.RunningServer;
import dev.portside.testkit.ScriptedClient;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A balancer at 127.0.0.5 that tells who its clients are. */
class ProxyProtocolTest extends Conformance {
    private static final InetAddress BALANCER = InetAddress.ofLiteral("127.0.0.5");
    private static final String CLIENT = "PROXY TCP4 198.51.100.7 203.0.113.1 40000 21\r\n";
    private static final String OTHER_CLIENT = "PROXY TCP4 198.51.100.8 203.0.113.1 40000 21\r\n";

    private final Heard heard = new Heard();

    private void behindBalancer(UnaryOperator<FtpServerNetwork.Builder> network) throws IOException {
        behindBalancer(network, options -> options);
    }

    private void behindBalancer(
            UnaryOperator<FtpServerNetwork.Builder> network, UnaryOperator<FtpServerOptions.Builder> changes)
            throws IOException {
        FtpServerNetwork.Builder builder =
                FtpServerNetwork.builder().proxies(ClientNetwork.parse(BALANCER.getHostAddress()));
        restart(options -> changes.apply(
                options.listeners(heard).network(network.apply(builder).build())));
    }

    /** A connection of the balancer that begins like this. */
    private ScriptedClient begun(String start) throws IOException {
        ScriptedClient client = ScriptedClient.connect(server.address(), BALANCER);
        return client.sendRaw(start.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String version2(String hex) {
        return "\r\n\r\n\0\r\nQUIT\n" + new String(HexFormat.of().parseHex(hex), StandardCharsets.ISO_8859_1);
    }

    private ScriptedClient login(String header) throws IOException {
        ScriptedClient client = begun(header);
        client.expect(220);
        return client.login(RunningServer.USER, RunningServer.PASSWORD);
    }

    @Test
    void addressNamed_isTheClientsForTheAdministratorAndForTheClient() throws Exception {
        behindBalancer(network -> network);
        try (ScriptedClient client = login(CLIENT)) {
            assertThat(server.server().sessions().getFirst().remote()).hasToString("/198.51.100.7:40000");
            assertThat(client.command("STAT", 211).lines()).anyMatch(line -> line.contains("198.51.100.7:40000"));
        }
    }

    @Test
    void limitPerAddress_isThatOfTheAddressNamed() throws Exception {
        behindBalancer(network -> network, options -> options.maxSessionsPerAddress(1));
        try (ScriptedClient _ = login(CLIENT);
                ScriptedClient _ = login(OTHER_CLIENT);
                ScriptedClient second = begun(CLIENT)) {
            second.expect(421);
        }
    }

    @Test
    void failedLogins_areThoseOfTheAddressNamed() throws Exception {
        behindBalancer(network -> network, options -> options.maxFailedLoginsPerAddress(1, Duration.ofMinutes(1)));
        try (ScriptedClient client = begun(CLIENT)) {
            client.expect(220);
            client.command("USER alice", 331);
            client.command("PASS wrong", 530, 421);
        }
        try (ScriptedClient client = begun(CLIENT)) {
            client.expect(220);
            client.command("USER alice", 331, 421);
            client.command("PASS " + RunningServer.PASSWORD, 421, 530);
        }
        login(OTHER_CLIENT).close();
    }

    @Test
    void pasv_namesWhereTheClientHasConnectedTo() throws Exception {
        behindBalancer(network -> network);
        try (ScriptedClient client = login(CLIENT)) {
            assertThat(HostPort.parsePassive(client.command("PASV", 227).text()).address())
                    .isEqualTo(InetAddress.ofLiteral("203.0.113.1"));
        }
    }

    @Test
    void pasv_namesTheExternalAddressForTheAddressNamed() throws Exception {
        behindBalancer(network -> network.externalAddress(ClientNetwork.parse("198.51.100.0/24"), "192.0.2.1"));
        try (ScriptedClient client = login(CLIENT)) {
            assertThat(HostPort.parsePassive(client.command("PASV", 227).text()).address())
                    .isEqualTo(InetAddress.ofLiteral("192.0.2.1"));
        }
    }

    @Test
    void clientOfIPv6_behindABalancerOfIPv4_isOneOfIPv6() throws Exception {
        behindBalancer(network -> network);
        try (ScriptedClient client = login("PROXY TCP6 2001:db8::7 2001:db8::1 40000 21\r\n")) {
            client.command("PASV", 425);
            client.command("EPSV 1", 522);
            client.command("EPSV 2", 229);
            client.command("EPRT |1|198.51.100.7|50000|", 522);
            client.command("EPRT |2|2001:db8::7|50000|", 200);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "PROXY TCP4 198.51.100.7 203.0.113.1 40000 21, 'PORT 192,168,1,5,200,0', 192.168.1.5",
        "PROXY TCP4 198.51.100.7 203.0.113.1 40000 21, 'PORT 10,0,0,1,200,0', 10.0.0.1",
        "PROXY TCP4 198.51.100.7 203.0.113.1 40000 21, EPRT |1|172.16.3.4|50000|, 172.16.3.4",
        "PROXY TCP4 198.51.100.7 203.0.113.1 40000 21, EPRT |1|100.64.0.9|50000|, 100.64.0.9",
        "PROXY TCP4 198.51.100.7 203.0.113.1 40000 21, EPRT |1|169.254.1.1|50000|, 169.254.1.1",
        "PROXY TCP4 198.51.100.7 203.0.113.1 40000 21, EPRT |1|127.0.0.1|50000|, 127.0.0.1",
        "PROXY TCP6 2001:db8::7 2001:db8::1 40000 21, EPRT |2|fd00::5|50000|, fd00::5",
        "PROXY TCP6 2001:db8::7 2001:db8::1 40000 21, EPRT |2|fe80::5|50000|, fe80::5",
        "PROXY TCP6 2001:db8::7 2001:db8::1 40000 21, EPRT |2|::1|50000|, ::1"
    })
    void innerAddressOfAnOutsideClient_is504ThatSaysWhatToDo_evenWhereForeignAddressesAreAllowed(
            String header, String command, String inner) throws Exception {
        behindBalancer(network -> network.foreignDataAddresses(true));
        try (ScriptedClient client = login(header + "\r\n")) {
            assertThat(client.command(command, 504).text()).contains("inner address " + inner, "PASV", "EPSV");
        }
    }

    @Test
    void addressNamed_isTheOneThatPortMayName() throws Exception {
        behindBalancer(network -> network);
        try (ScriptedClient client = login(CLIENT)) {
            client.command("PORT 127,0,0,5,200,0", 504);
            client.command("PORT 198,51,100,8,200,0", 504);
            client.command("PORT 198,51,100,7,200,0", 200);
        }
    }

    @Test
    void active_reachesTheClientItself() throws Exception {
        behindBalancer(network -> network);
        try (ScriptedClient client = ScriptedClient.connect(server.address(), BALANCER)) {
            client.sendRaw("PROXY TCP4 127.0.0.5 127.0.0.1 40000 21\r\n".getBytes(StandardCharsets.US_ASCII));
            client.expect(220);
            client.login(RunningServer.USER, RunningServer.PASSWORD).command("TYPE I", 200);
            try (var listener = client.active()) {
                client.command("RETR a.bin", 150);
                assertThat(ScriptedClient.readAll(ScriptedClient.accept(listener)))
                        .isEqualTo(CONTENT.bytes());
            }
            client.expect(226);
        }
    }

    @Test
    void headerThatNamesNobody_isTheConnectionItself() throws Exception {
        behindBalancer(network -> network);
        for (String header : List.of("PROXY UNKNOWN\r\n", version2("20000000"))) {
            try (ScriptedClient _ = login(header)) {
                assertThat(server.server().sessions().getLast().remote().getAddress())
                        .isEqualTo(BALANCER);
            }
        }
    }

    @Test
    void version2_isReadLikeVersion1() throws Exception {
        behindBalancer(network -> network);
        try (ScriptedClient client = login(version2("2111000f" + "c6336407cb0071019c400015" + "040000"))) {
            assertThat(client.command("STAT", 211).lines()).anyMatch(line -> line.contains("198.51.100.7:40000"));
        }
    }

    @Test
    void header_mayComeInPieces_withACommandBehindIt() throws Exception {
        behindBalancer(network -> network);
        try (ScriptedClient client = begun("PRO")) {
            for (char each : (CLIENT.substring(3) + "NOOP\r\n").toCharArray()) {
                client.sendRaw(new byte[] {(byte) each});
            }
            client.expect(220);
            client.expect(200);
        }
    }

    @Test
    void commandsThatComeWithTheHeader_areAnsweredBehindTheGreeting() throws Exception {
        behindBalancer(network -> network);
        try (ScriptedClient client = begun(CLIENT + "USER alice\r\n")) {
            client.expect(220);
            client.expect(331);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "USER alice|PASS open sesame|, no PROXY header",
        "PROXY TCP4 198.51.100.7 here 1 2|, an address that is none",
        "PROXY, not within",
        "PROXY TCP4 198.51.100.7 203.0., not within",
        "'', not within"
    })
    void headerThatIsMissingMalformedOrLate_closesTheConnection_andIsTold(String start, String reason)
            throws Exception {
        behindBalancer(network -> network.proxyHeaderTimeout(Duration.ofMillis(300)));
        try (ScriptedClient client = begun(start.replace("|", "\r\n"))) {
            client.expectClosed();
        }
        assertThat(heard.until("proxy").getLast())
                .startsWith("proxy 127.0.0.5")
                .contains(reason.equals("not within") ? "no PROXY header within" : reason);
    }

    @Test
    void balancerThatOnlyLooks_isNotTold() throws Exception {
        behindBalancer(network -> network);
        ScriptedClient.connect(server.address(), BALANCER).close();
        begun("USER nobody, and more\r\n").close();
        assertThat(heard.until("proxy")).hasSize(1).last().asString().contains("no PROXY header");
    }

    @Test
    void serverThatIsClosed_doesNotWaitForAHeader() throws Exception {
        behindBalancer(network -> network.proxyHeaderTimeout(Duration.ofMinutes(10)));
        try (ScriptedClient client = begun("PROXY")) {
            // Answered behind the connection that waits: the server has accepted that one.
            server.connect().close();
            server.close();
            assertThat(client.socket().getInputStream().readAllBytes()).isEmpty();
        }
        restart(options -> options);
    }

    @Test
    void headerOfAnyoneElse_isASyntaxError_andChangesNothing() throws Exception {
        behindBalancer(network -> network);
        try (ScriptedClient client = server.connect()) {
            client.command(CLIENT.strip(), 500);
            client.login(RunningServer.USER, RunningServer.PASSWORD);
            assertThat(server.server().sessions().getFirst().remote().getAddress())
                    .isEqualTo(InetAddress.ofLiteral("127.0.0.1"));
        }
        try (ScriptedClient client = server.connect()) {
            client.sendRaw(version2("2111000c").getBytes(StandardCharsets.ISO_8859_1));
            client.expect(500);
        }
    }
}
