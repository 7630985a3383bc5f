package dev.portside.server.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portside.protocol.PortRange;
import dev.portside.server.FtpServerNetwork;
import dev.portside.server.Heard;
import dev.portside.testkit.Content;
import dev.portside.testkit.FreePorts;
import dev.portside.testkit.ScriptedClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The ports of a range, which the sessions of all clients share. */
class SharedPortsTest extends Conformance {
    private static final InetAddress LOCALHOST = InetAddress.ofLiteral("127.0.0.1");
    private static final Duration SHORT = Duration.ofMillis(300);

    private final Heard heard = new Heard();

    private PortRange restartWith(int ports) throws IOException {
        PortRange range = FreePorts.range(LOCALHOST, ports);
        restartWith(range);
        return range;
    }

    private void restartWith(PortRange range) throws IOException {
        restart(options -> options.listeners(heard)
                .maxSessions(5_000)
                .maxSessionsPerUser(5_000)
                .maxSessionsNotLoggedIn(5_000)
                .network(FtpServerNetwork.builder().passivePorts(range).build()));
    }

    private ScriptedClient loginFrom(InetAddress address) throws IOException {
        ScriptedClient client = ScriptedClient.connect(server.address(), address);
        client.expect(220);
        client.login("alice", "open sesame").command("TYPE I", 200);
        return client;
    }

    private static byte[] retrieved(ScriptedClient client, Socket data) throws IOException {
        client.command("RETR a.bin", 150);
        byte[] bytes = ScriptedClient.readAll(data);
        client.expect(226);
        return bytes;
    }

    // Whose a port is

    @Test
    void onePort_isForEachClientAddress_atTheSameTime() throws Exception {
        restartWith(1);
        try (ScriptedClient one = loginFrom(LOCALHOST);
                ScriptedClient two = loginFrom(STRANGER)) {
            two.upload("STOR b.bin", new byte[] {2});
            InetSocketAddress port = one.epsv();
            assertThat(two.epsv()).isEqualTo(port);
            try (Socket second = two.connectData(port);
                    Socket first = one.connectData(port)) {
                two.command("RETR b.bin", 150);
                one.command("RETR a.bin", 150);
                assertThat(ScriptedClient.readAll(first)).isEqualTo(CONTENT.bytes());
                assertThat(ScriptedClient.readAll(second)).containsExactly(2);
            }
            one.expect(226);
            two.expect(226);
        }
        assertThat(server.server().passivePorts().refused()).isZero();
    }

    @Test
    void moreThanThePortsOfOneAddress_is425_thatIsCounted_untilOneIsFree() throws Exception {
        restartWith(2);
        try (ScriptedClient one = loginFrom(LOCALHOST);
                ScriptedClient two = loginFrom(LOCALHOST);
                ScriptedClient third = loginFrom(LOCALHOST);
                ScriptedClient other = loginFrom(STRANGER)) {
            assertThat(one.epsv()).isNotEqualTo(two.epsv());
            assertThat(third.command("EPSV", 425).text()).contains("every passive port is taken for your address");
            third.command("PASV", 425);
            assertThat(server.server().passivePorts())
                    .matches(ports -> ports.listening() == 2 && ports.waiting() == 2 && ports.refused() == 2);
            heard.until("used up");
            assertThat(other.download("RETR a.bin")).isEqualTo(CONTENT.bytes());
            one.command("REIN", 220);
            assertThat(third.download("RETR a.bin")).isEqualTo(CONTENT.bytes());
        }
        await("the sessions to end", () -> server.server().passivePorts().waiting() == 0);
    }

    @Test
    void ports_areTakenAtRandom_andNeverOutsideOfTheRange() throws Exception {
        PortRange range = restartWith(200);
        Set<Integer> steps = new HashSet<>();
        try (ScriptedClient client = server.login()) {
            int last = client.epsv().getPort();
            for (int i = 0; i < 50; i++) {
                int next = client.epsv().getPort();
                assertThat(next).isBetween(range.first(), range.last());
                steps.add(next - last);
                last = next;
            }
        }
        assertThat(steps).hasSizeGreaterThan(20);
    }

    // Who connects

    @Test
    void connectionFromAnAddressThatNobodyWaitsFor_isClosedAndTold_andTheWaitGoesOn() throws Exception {
        restartWith(1);
        try (ScriptedClient client = server.login()) {
            InetSocketAddress port = client.epsv();
            try (Socket thief = client.connectData(port, STRANGER)) {
                assertThatIsThrownOut(thief);
                assertThat(heard.until("stranger")).contains("stranger 127.0.0.2");
                assertThat(retrieved(client, client.connectData(port))).isEqualTo(CONTENT.bytes());
            }
        }
    }

    private static void assertThatIsThrownOut(Socket socket) throws IOException {
        try {
            assertThat(ScriptedClient.readAll(socket)).isEmpty();
        } catch (java.net.SocketException reset) {
            // Thrown out either way, and without a byte.
        }
    }

    @Test
    void scan_isToldSoManyTimesOnly() throws Exception {
        restartWith(1);
        try (ScriptedClient client = server.login()) {
            InetSocketAddress port = client.epsv();
            for (int i = 0; i < 50; i++) {
                assertThatIsThrownOut(client.connectData(port, STRANGER));
            }
            assertThat(retrieved(client, client.connectData(port))).isEqualTo(CONTENT.bytes());
            assertThat(heard.until("finished"))
                    .filteredOn(line -> line.startsWith("stranger"))
                    .hasSize(10);
        }
    }

    @Test
    void portThatNobodyWaitsAt_throwsOutWhoeverComes() throws Exception {
        PortRange range = restartWith(1);
        try (Socket early = new Socket(LOCALHOST, range.first())) {
            assertThatIsThrownOut(early);
        }
    }

    /** Behind the reply to EPSV a port is the session's; who connected for the one before is not let in. */
    @Test
    void connectionForAReservationThatWasGivenBack_doesNotReachTheNextOne() throws Exception {
        restartWith(1);
        try (ScriptedClient client = server.login()) {
            InetSocketAddress port = client.epsv();
            try (Socket stale = client.connectData(port)) {
                assertThat(client.epsv()).isEqualTo(port);
                stale.getOutputStream().write(13);
                try (Socket data = client.connectData(port)) {
                    client.command("STOR up.bin", 150);
                    data.getOutputStream().write(7);
                }
                client.expect(226);
            } catch (java.net.SocketException reset) {
                throw new AssertionError("the wrong one was closed", reset);
            }
            assertThat(client.download("RETR up.bin")).containsExactly(7);
        }
    }

    @Test
    void connectionOfASessionThatHasEnded_doesNotReachTheNextOne() throws Exception {
        restartWith(1);
        Socket stale;
        try (ScriptedClient gone = server.login()) {
            stale = gone.passive();
        }
        await("the session to end", () -> server.server().sessions().isEmpty());
        try (stale;
                ScriptedClient client = server.login()) {
            assertThat(client.download("RETR a.bin")).isEqualTo(CONTENT.bytes());
            assertThatIsThrownOut(stale);
        }
    }

    @Test
    void nobody_is425_inTime_andThePortIsFree() throws Exception {
        PortRange range = FreePorts.range(LOCALHOST, 1);
        restart(options -> options.dataConnectWait(SHORT)
                .network(FtpServerNetwork.builder().passivePorts(range).build()));
        try (ScriptedClient client = server.login();
                ScriptedClient other = server.login()) {
            client.epsv();
            client.command("RETR a.bin", 425);
            assertThat(other.download("RETR a.bin")).isEqualTo(CONTENT.bytes());
        }
    }

    @Test
    void abor_endsTheWait_andFreesThePort() throws Exception {
        restartWith(1);
        try (ScriptedClient client = server.login();
                ScriptedClient other = server.login()) {
            client.epsv();
            client.send("RETR a.bin", "ABOR");
            client.expect(426);
            client.expect(226);
            assertThat(other.download("RETR a.bin")).isEqualTo(CONTENT.bytes());
        }
    }

    @Test
    void moreConnectionsThanAnyClientNeeds_areClosed_andTheFirstIsServed() throws Exception {
        restartWith(1);
        try (ScriptedClient client = server.login()) {
            InetSocketAddress port = client.epsv();
            List<Socket> all = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                all.add(client.connectData(port));
            }
            assertThatIsThrownOut(all.getLast());
            assertThat(retrieved(client, all.getFirst())).isEqualTo(CONTENT.bytes());
            for (Socket each : all) {
                assertThatIsThrownOut(each);
            }
        }
    }

    // IPv6

    @Test
    void wildcardListener_sharesItsPortsAmongIPv4AndIPv6() throws Exception {
        PortRange range = FreePorts.range(LOCALHOST, 1);
        restartAt(
                "::",
                options -> options.listeners(heard)
                        .network(FtpServerNetwork.builder().passivePorts(range).build()));
        InetSocketAddress four =
                new InetSocketAddress(LOCALHOST, server.address().getPort());
        InetSocketAddress six = new InetSocketAddress(
                InetAddress.ofLiteral("::1"), server.address().getPort());
        try (ScriptedClient one = ScriptedClient.login(four, "alice", "open sesame");
                ScriptedClient two = ScriptedClient.login(six, "alice", "open sesame")) {
            one.command("TYPE I", 200);
            two.command("TYPE I", 200);
            InetSocketAddress first = one.pasv();
            InetSocketAddress second = two.epsv();
            assertThat(first.getPort()).isEqualTo(second.getPort());
            try (Socket secondData = two.connectData(second);
                    Socket firstData = one.connectData(first)) {
                assertThat(retrieved(one, firstData)).isEqualTo(CONTENT.bytes());
                assertThat(retrieved(two, secondData)).isEqualTo(CONTENT.bytes());
            }
        }
        assertThat(heard.until("finished")).noneMatch(line -> line.startsWith("stranger"));
    }

    // Start and end

    @Test
    void start_whereAnotherProcessHasSomeOfThePorts_takesTheOthers_andSaysSo() throws Exception {
        PortRange range = FreePorts.range(LOCALHOST, 4);
        try (ServerSocket somebody = new ServerSocket(range.first() + 1, 1, LOCALHOST)) {
            restartWith(range);
            assertThat(server.server().passivePorts().listening()).isEqualTo(3);
            assertThat(server.server().passivePorts().missing())
                    .containsExactly(new InetSocketAddress(LOCALHOST, somebody.getLocalPort()));
            assertThat(heard.until("warning").getLast()).endsWith(" 127.0.0.1:" + somebody.getLocalPort());
            try (ScriptedClient client = server.login()) {
                for (int i = 0; i < 30; i++) {
                    assertThat(client.epsv().getPort()).isNotEqualTo(somebody.getLocalPort());
                }
            }
        }
    }

    @Test
    void start_whereAnotherProcessHasAllOfThePorts_fails_andSaysWhy() throws Exception {
        PortRange range = FreePorts.range(LOCALHOST, 1);
        try (ServerSocket somebody = new ServerSocket(range.first(), 1, LOCALHOST)) {
            assertThat(somebody.isBound()).isTrue();
            assertThatThrownBy(() -> restartWith(range))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("no passive port of " + range + " can be had on 127.0.0.1: ");
        }
        restartWith(range);
    }

    @Test
    void close_givesBackEveryPort_andEndsWhoWaits() throws Exception {
        PortRange range = restartWith(4);
        try (ScriptedClient client = server.login()) {
            client.epsv();
            client.send("RETR a.bin");
            await("the transfer", () -> server.server().sessions().stream().anyMatch(each -> each.transfer() != null));
            server.close();
        }
        for (int port = range.first(); port <= range.last(); port++) {
            new ServerSocket(port, 1, LOCALHOST).close();
        }
        restartWith(range);
    }

    // Many

    /** What a range of 16 is for: 200 clients with 10 sessions each, which all have a data connection at the same time. */
    @Test
    void sixteenPorts_serveTwoThousandTransfersAtOnce_of200Addresses() throws Exception {
        PortRange range = FreePorts.range(LOCALHOST, 16);
        int addresses = 200;
        int each = 10;
        restart(options -> options.maxSessions(5_000)
                .maxSessionsPerUser(5_000)
                .maxSessionsNotLoggedIn(5_000)
                .closeGrace(Duration.ZERO)
                .network(FtpServerNetwork.builder().passivePorts(range).build()));
        Content content = new Content(100, 1);
        CyclicBarrier all = new CyclicBarrier(addresses * each);
        List<Future<Void>> sessions = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < addresses * each; i++) {
                InetAddress from = InetAddress.ofLiteral("127.0." + (1 + i / each / 100) + "." + (1 + i / each % 100));
                sessions.add(threads.submit(() -> {
                    try (ScriptedClient client = loginFrom(from)) {
                        InetSocketAddress port = client.epsv();
                        assertThat(port.getPort()).isBetween(range.first(), range.last());
                        all.await(60, TimeUnit.SECONDS);
                        try (Socket data = client.connectData(port)) {
                            client.command("STOR " + from.getHostAddress() + "-" + data.getLocalPort(), 150);
                            all.await(60, TimeUnit.SECONDS);
                            data.getOutputStream().write(content.bytes());
                        }
                        client.expect(226);
                    }
                    return null;
                }));
            }
            for (Future<Void> one : sessions) {
                one.get();
            }
        }
        assertThat(server.server().passivePorts())
                .matches(ports -> ports.listening() == 16 && ports.waiting() == 0 && ports.refused() == 0);
        assertThat(names()).hasSize(1 + addresses * each);
    }
}
