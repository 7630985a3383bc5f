package dev.portside.server.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portside.protocol.PortRange;
import dev.portside.server.FtpServerNetwork;
import dev.portside.server.Heard;
import dev.portside.testkit.FreePorts;
import dev.portside.testkit.ScriptedClient;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Data connections to and from where they should not be (RFC 2577). */
class DataPortTest extends Conformance {
    private static final Duration SHORT = Duration.ofMillis(300);

    /** Nothing may be connected to, not even tried: a listener at the victim sees nobody. */
    @Test
    void bounceToAThirdParty_isRefused_andNobodyConnects() throws Exception {
        try (ServerSocket victim = new ServerSocket(0, 16, STRANGER);
                ScriptedClient client = server.login()) {
            int port = victim.getLocalPort();
            client.command("PORT 127,0,0,2," + (port >> 8) + "," + (port & 255), 500, 501, 504);
            client.command("EPRT |1|127.0.0.2|" + port + "|", 500, 501, 504);
            client.command("RETR a.bin", 425);
            victim.setSoTimeout((int) SHORT.toMillis());
            assertThatThrownBy(victim::accept).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PORT 127,0,0,1,0,25",
                "PORT 127,0,0,1,3,255",
                "EPRT |1|127.0.0.1|22|",
                "EPRT |1|127.0.0.1|1023|",
                "PORT 0,0,0,0,200,200",
                "PORT 224,0,0,1,200,200",
                "PORT 255,255,255,255,200,200",
                "PORT 10,0,0,1,200,200",
                "EPRT |1|8.8.8.8|50000|",
                "EPRT |2|::1|50000|",
                "EPRT |2|::ffff:127.0.0.2|50000|",
                "EPRT |2|fe80::1%lo|50000|"
            })
    void portToAPrivilegedPort_orAForeignAddress_isRefused(String command) throws Exception {
        try (ScriptedClient client = server.login()) {
            client.command(command, 500, 501, 504, 522);
            client.command("RETR a.bin", 425);
        }
    }

    @Test
    void refusedPort_takesBackTheOneBefore_orLeavesIt_butNeverMixes() throws Exception {
        try (ScriptedClient client = server.login();
                ServerSocket mine = client.active("PORT")) {
            client.command("PORT 127,0,0,2,200,200", 500, 501, 504);
            client.send("RETR a.bin");
            if (client.expect(150, 425).code().value() == 150) {
                try (Socket data = ScriptedClient.accept(mine)) {
                    assertThat(ScriptedClient.readAll(data)).isEqualTo(CONTENT.bytes());
                }
                client.expect(226);
            }
        }
    }

    @Test
    void strangerOnThePassivePort_isThrownOut_andTheRightOneIsServed() throws Exception {
        Heard heard = new Heard();
        restart(options -> options.listeners(heard));
        try (ScriptedClient client = server.login()) {
            InetSocketAddress port = client.epsv();
            try (Socket thief = client.connectData(port, STRANGER);
                    Socket secondThief = client.connectData(port, STRANGER)) {
                client.send("RETR a.bin");
                assertThatIsThrownOut(thief);
                assertThatIsThrownOut(secondThief);
                try (Socket data = client.connectData(port)) {
                    client.expect(150);
                    assertThat(ScriptedClient.readAll(data)).isEqualTo(CONTENT.bytes());
                }
                client.expect(226);
            }
        }
        assertThat(heard.until("finished")).contains("stranger 127.0.0.2");
    }

    private static void assertThatIsThrownOut(Socket thief) throws IOException {
        try {
            assertThat(ScriptedClient.readAll(thief)).isEmpty();
        } catch (SocketException reset) {
            // Thrown out either way, and without a byte.
        }
    }

    @Test
    void strangerWhoUploads_changesNothing() throws Exception {
        try (ScriptedClient client = server.login()) {
            InetSocketAddress port = client.epsv();
            try (Socket thief = client.connectData(port, STRANGER)) {
                thief.getOutputStream().write(new byte[1000]);
                client.send("STOR up.bin");
                try (Socket data = client.connectData(port)) {
                    client.expect(150);
                    data.getOutputStream().write(7);
                }
                client.expect(226);
            }
            assertThat(client.download("RETR up.bin")).containsExactly(7);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"RETR a.bin", "STOR up.bin", "APPE up.bin", "LIST", "NLST", "MLSD", "STOU"})
    void passivePort_towardsWhichNobodyConnects_is425_inTime(String command) throws Exception {
        restart(options -> options.dataConnectWait(SHORT));
        try (ScriptedClient client = server.login()) {
            client.epsv();
            client.command(command, 425);
            client.command("NOOP", 200);
        }
        assertThat(names()).containsExactly("a.bin");
    }

    @Test
    void onlyStrangers_is425_inTime() throws Exception {
        restart(options -> options.dataConnectWait(SHORT));
        try (ScriptedClient client = server.login()) {
            try (Socket thief = client.connectData(client.epsv(), STRANGER)) {
                client.command("RETR a.bin", 425);
                assertThatIsThrownOut(thief);
            }
        }
    }

    @Test
    void secondPasv_closesThePortOfTheFirst() throws Exception {
        try (ScriptedClient client = server.login()) {
            InetSocketAddress first = client.pasv();
            InetSocketAddress second = client.epsv();
            assertThatThrownBy(() -> client.connectData(first)).isInstanceOf(ConnectException.class);
            try (Socket data = client.connectData(second)) {
                client.command("RETR a.bin", 150);
                assertThat(ScriptedClient.readAll(data)).isEqualTo(CONTENT.bytes());
            }
            client.expect(226);
        }
    }

    @Test
    void port_closesThePassivePort_andTheOtherWayRound() throws Exception {
        try (ScriptedClient client = server.login()) {
            InetSocketAddress passive = client.epsv();
            try (ServerSocket active = client.active("EPRT")) {
                assertThatThrownBy(() -> client.connectData(passive)).isInstanceOf(ConnectException.class);
                try (Socket data = client.passive()) {
                    client.command("RETR a.bin", 150);
                    assertThat(ScriptedClient.readAll(data)).isEqualTo(CONTENT.bytes());
                    client.expect(226);
                }
                active.setSoTimeout(100);
                assertThatThrownBy(active::accept).isInstanceOf(SocketTimeoutException.class);
            }
        }
    }

    @Test
    void passivePort_isGoneWithItsSession() throws Exception {
        InetSocketAddress port;
        try (ScriptedClient client = server.login()) {
            port = client.epsv();
        }
        await("the session to end", () -> server.server().sessions().isEmpty());
        try (Socket late = new Socket()) {
            assertThatThrownBy(() -> late.connect(port)).isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void passivePorts_areNotInSequence() throws Exception {
        restart(options -> options.network(FtpServerNetwork.builder()
                .passivePorts(new PortRange(21_000, 21_999))
                .build()));
        Set<Integer> steps = new HashSet<>();
        try (ScriptedClient client = server.login()) {
            int last = client.epsv().getPort();
            for (int i = 0; i < 20; i++) {
                int next = client.epsv().getPort();
                assertThat(next).isBetween(21_000, 21_999);
                steps.add(next - last);
                last = next;
            }
        }
        assertThat(steps).hasSizeGreaterThan(10);
    }

    @Test
    void rangeThatIsUsedUp_is425_untilAPortIsGivenBack() throws Exception {
        int free = FreePorts.one(InetAddress.getLoopbackAddress());
        restart(options -> options.network(FtpServerNetwork.builder()
                .passivePorts(new PortRange(free, free))
                .build()));
        try (ScriptedClient one = server.login();
                ScriptedClient two = server.login()) {
            one.epsv();
            two.command("EPSV", 425);
            two.command("PASV", 425);
            one.epsv();
            one.command("REIN", 220);
            assertThat(two.download("RETR a.bin")).isEqualTo(CONTENT.bytes());
        }
    }

    @Test
    void activePort_whereNobodyListens_is425() throws Exception {
        try (ScriptedClient client = server.login()) {
            client.active().close();
            client.command("RETR a.bin", 425);
            client.active("EPRT").close();
            client.command("STOR up.bin", 425);
            client.command("NOOP", 200);
        }
        assertThat(names()).containsExactly("a.bin");
    }

    @Test
    void clientFromAnotherAddress_isServedAtItsOwn() throws Exception {
        try (ScriptedClient client = ScriptedClient.connect(server.address(), STRANGER)) {
            client.expect(220);
            client.login("alice", "open sesame").command("TYPE I", 200);
            assertThat(client.download("RETR a.bin")).isEqualTo(CONTENT.bytes());
            client.command("PORT 127,0,0,1,200,200", 500, 501, 504);
            ServerSocket port = client.active("PORT");
            client.command("RETR a.bin", 150);
            try (Socket data = ScriptedClient.accept(port)) {
                assertThat(ScriptedClient.readAll(data)).isEqualTo(CONTENT.bytes());
            }
            client.expect(226);
        }
    }
}
