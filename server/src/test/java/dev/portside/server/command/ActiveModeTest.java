package dev.portside.server.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portside.server.FtpServerNetwork;
import dev.portside.server.RunningServer;
import dev.portside.testkit.FreePorts;
import dev.portside.testkit.LeakCheckExtension;
import dev.portside.testkit.ScriptedClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From where the server connects in active mode, and for how long it tries. */
@Timeout(120)
@ExtendWith(LeakCheckExtension.class)
class ActiveModeTest {
    private static final byte[] HELLO = {'h', 'e', 'l', 'l', 'o'};
    private static final int SESSIONS = 40;
    private static final int IN_A_ROW = 50;

    @TempDir
    Path home;

    private RunningServer with(UnaryOperator<FtpServerNetwork.Builder> network) throws IOException {
        RunningServer server = RunningServer.on(
                home,
                options -> options.network(
                        network.apply(FtpServerNetwork.builder()).build()));
        server.file("a.txt", HELLO);
        return server;
    }

    private static int freePort() throws IOException {
        return FreePorts.one(InetAddress.getLoopbackAddress());
    }

    @Test
    void transfersInARow_allComeFromTheSourcePort() throws IOException {
        int port = freePort();
        try (RunningServer server = with(network -> network.activeSourcePort(port));
                ScriptedClient client = server.login()) {
            for (int i = 0; i < IN_A_ROW; i++) {
                ServerSocket listener = client.active(i % 2 == 0 ? "PORT" : "EPRT");
                client.command("RETR a.txt", 150);
                try (Socket data = ScriptedClient.accept(listener)) {
                    assertThat(data.getPort()).isEqualTo(port);
                    assertThat(ScriptedClient.readAll(data)).isEqualTo(HELLO);
                }
                client.expect(226);
            }
        }
    }

    @Test
    void transfersAtOnce_allComeFromTheSourcePort() throws IOException {
        int port = freePort();
        List<ScriptedClient> clients = new ArrayList<>();
        List<Socket> connections = new ArrayList<>();
        try (RunningServer server = with(network -> network.activeSourcePort(port))) {
            server.largeFile("large");
            for (int i = 0; i < SESSIONS; i++) {
                ScriptedClient client = server.login();
                clients.add(client);
                ServerSocket listener = client.active();
                client.command("RETR large", 150);
                connections.add(ScriptedClient.accept(listener));
            }
            assertThat(connections).hasSize(SESSIONS).allMatch(each -> each.getPort() == port);
            // All of them are open: nobody has read anything yet.
            for (int i = 0; i < 3; i++) {
                assertThat(ScriptedClient.readAll(connections.get(i))).hasSize(RunningServer.LARGE);
                clients.get(i).expect(226);
            }
        } finally {
            for (Socket each : connections) {
                each.close();
            }
            for (ScriptedClient each : clients) {
                each.close();
            }
        }
    }

    @Test
    void connection_comesFromTheAddressThatTheClientHasConnectedTo() throws IOException {
        try (RunningServer server = RunningServer.at("0.0.0.0", home, options -> options);
                ScriptedClient client = ScriptedClient.login(
                        new InetSocketAddress(
                                InetAddress.ofLiteral("127.0.0.7"),
                                server.address().getPort()),
                        RunningServer.USER,
                        RunningServer.PASSWORD)) {
            server.file("a.txt", HELLO);
            ServerSocket listener = client.active();
            client.command("RETR a.txt", 150);
            try (Socket data = ScriptedClient.accept(listener)) {
                assertThat(data.getInetAddress()).isEqualTo(InetAddress.ofLiteral("127.0.0.7"));
            }
        }
    }

    @Test
    void sourcePortThatCannotBeHad_isToldAtTheStart() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            assertThatThrownBy(() -> with(network -> network.activeSourcePort(taken.getLocalPort())))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("cannot connect from 127.0.0.1:" + taken.getLocalPort() + " in active mode");
            with(network -> network.activeSourcePort(taken.getLocalPort()).activeMode(false))
                    .close();
        }
    }

    @Test
    void clientThatDoesNotAnswer_isTriedForAsLongAsItIsSaid() throws IOException {
        try (RunningServer server = with(network -> network.activeConnectTimeout(Duration.ofMillis(300)));
                ScriptedClient client = server.login();
                ServerSocket silent = client.active("PORT")) {
            List<SocketChannel> fillers = new ArrayList<>();
            // Once the queue of the listener is full, the kernel drops what comes.
            for (int i = 0; i < 20; i++) {
                SocketChannel filler = SocketChannel.open();
                filler.configureBlocking(false);
                filler.connect(silent.getLocalSocketAddress());
                fillers.add(filler);
            }
            long began = System.nanoTime();
            assertThat(client.command("RETR a.txt", 425).text()).contains("timed out");
            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .isBetween(Duration.ofMillis(300), Duration.ofSeconds(10));
            for (SocketChannel each : fillers) {
                each.close();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "192.168.1.5, 198.51.100.7, true",
        "10.1.2.3, 198.51.100.7, true",
        "172.31.255.1, 198.51.100.7, true",
        "172.32.0.1, 198.51.100.7, false",
        "100.127.0.1, 198.51.100.7, true",
        "100.128.0.1, 198.51.100.7, false",
        "169.254.9.9, 198.51.100.7, true",
        "fdff::1, 2001:db8::7, true",
        "2001:db8::8, 2001:db8::7, false",
        "192.168.1.5, 192.168.1.6, false",
        "192.168.1.5, 10.0.0.1, false"
    })
    void innerAddressOfAnOutsider_isTold(String target, String client, boolean told) {
        assertThat(TransferParameterCommands.isInnerOfOutsider(
                        InetAddress.ofLiteral(target), InetAddress.ofLiteral(client)))
                .isEqualTo(told);
    }
}
