package dev.portside.server.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.protocol.HostPort;
import dev.portside.protocol.PortRange;
import dev.portside.server.ClientNetwork;
import dev.portside.server.FtpServerNetwork;
import dev.portside.server.Heard;
import dev.portside.server.PeerCheck;
import dev.portside.testkit.ScriptedClient;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.HashSet;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which addresses and ports are named to whom, and from where a data connection may come. */
class DataPeerTest extends Conformance {
    private static final InetAddress FIFTH = InetAddress.ofLiteral("127.0.0.5");

    private final Heard heard = new Heard();

    private void with(UnaryOperator<FtpServerNetwork.Builder> network) throws IOException {
        restart(options -> options.listeners(heard)
                .network(network.apply(FtpServerNetwork.builder()).build()));
    }

    private ScriptedClient login(InetAddress from) throws IOException {
        ScriptedClient client = ScriptedClient.connect(server.address(), from);
        client.expect(220);
        client.login("alice", "open sesame").command("TYPE I", 200);
        return client;
    }

    private static HostPort pasv(ScriptedClient client) throws IOException {
        return HostPort.parsePassive(client.command("PASV", 227).text());
    }

    private void downloadOver(ScriptedClient client, Socket data) throws IOException {
        client.command("RETR a.bin", 150);
        assertThat(ScriptedClient.readAll(data)).isEqualTo(CONTENT.bytes());
        client.expect(226);
    }

    // Addresses

    @Test
    void externalAddress_isThatOfTheClientsNetwork() throws Exception {
        with(network -> network.externalAddress("192.0.2.1")
                .externalAddress(ClientNetwork.parse("127.0.0.4/30"), "192.0.2.4")
                .externalAddress(ClientNetwork.parse("127.0.0.6"), ""));
        try (ScriptedClient outside = server.login();
                ScriptedClient inside = login(FIFTH);
                ScriptedClient hairpin = login(InetAddress.ofLiteral("127.0.0.6"))) {
            assertThat(pasv(outside).address()).isEqualTo(InetAddress.ofLiteral("192.0.2.1"));
            assertThat(pasv(inside).address()).isEqualTo(InetAddress.ofLiteral("192.0.2.4"));
            assertThat(pasv(hairpin).address()).isEqualTo(InetAddress.ofLiteral("127.0.0.1"));
        }
    }

    @Test
    void externalName_isNamedAsSoonAsItIsKnown() throws Exception {
        with(network -> network.externalAddress("localhost"));
        try (ScriptedClient client = server.login()) {
            await("the name to be looked up", () -> {
                try {
                    return client.command("PASV", 227, 425).code().value() == 227;
                } catch (IOException lost) {
                    throw new AssertionError(lost);
                }
            });
            assertThat(pasv(client).address()).isEqualTo(InetAddress.ofLiteral("127.0.0.1"));
        }
    }

    @Test
    void externalName_thatIsNotKnown_is425_andEpsvWorks() throws Exception {
        with(network -> network.externalAddress("nowhere.invalid"));
        try (ScriptedClient client = server.login()) {
            assertThat(client.command("PASV", 425).text()).contains("not known", "EPSV");
            downloadOver(client, client.passive());
        }
    }

    @Test
    void passiveAddress_isListenedOn_andNamed() throws Exception {
        with(network -> network.passiveAddress(InetAddress.ofLiteral("127.0.0.9")));
        try (ScriptedClient client = server.login()) {
            HostPort named = pasv(client);
            assertThat(named.address()).isEqualTo(InetAddress.ofLiteral("127.0.0.9"));
            InetSocketAddress elsewhere =
                    new InetSocketAddress(client.remoteAddress().getAddress(), named.port());
            try (Socket data = new Socket()) {
                Assertions.assertThatThrownBy(() -> data.connect(elsewhere)).isInstanceOf(ConnectException.class);
            }
            downloadOver(client, client.connectData(new InetSocketAddress(named.address(), named.port())));
        }
        restart(options -> options);
    }

    @Test
    void externalAddress_goesBeforeThePassiveOne() throws Exception {
        with(network ->
                network.passiveAddress(InetAddress.ofLiteral("127.0.0.9")).externalAddress("192.0.2.1"));
        try (ScriptedClient client = server.login()) {
            assertThat(pasv(client).address()).isEqualTo(InetAddress.ofLiteral("192.0.2.1"));
        }
        restart(options -> options);
    }

    // Ports

    @Test
    void advertisedPort_isTheListeningOneAndTheOffset() throws Exception {
        int port = freePort();
        with(network -> network.passivePorts(new PortRange(port, port)).advertisedPortOffset(-1000));
        try (ScriptedClient client = server.login()) {
            InetSocketAddress pasv = client.pasv();
            assertThat(pasv.getPort()).isEqualTo(port - 1000);
            downloadOver(client, client.connectData(new InetSocketAddress(pasv.getAddress(), port)));
            InetSocketAddress epsv = client.epsv();
            assertThat(epsv.getPort()).isEqualTo(port - 1000);
            downloadOver(client, client.connectData(new InetSocketAddress(epsv.getAddress(), port)));
        }
        restart(options -> options);
    }

    @Test
    void rangesOfPorts_areAllUsed() throws Exception {
        int one = freePort();
        int other = freePort();
        with(network -> network.passivePorts(new PortRange(one, one), new PortRange(other, other)));
        Set<Integer> used = new HashSet<>();
        try (ScriptedClient client = server.login()) {
            for (int i = 0; i < 200 && used.size() < 2; i++) {
                used.add(client.epsv().getPort());
            }
        }
        assertThat(used).containsExactlyInAnyOrder(one, other);
    }

    // Peers

    @ParameterizedTest
    @CsvSource({
        "EXACT, 127.0.0.1, true",
        "EXACT, 127.0.0.2, false",
        "SUBNET, 127.0.0.1, true",
        "SUBNET, 127.0.0.254, true",
        "SUBNET, 127.0.1.1, false",
        "OFF, 127.0.0.1, true",
        "OFF, 127.99.0.1, true"
    })
    void peerCheck_tellsTheClientsConnectionFromAStrangers(PeerCheck check, String from, boolean taken)
            throws Exception {
        with(network -> network.peerCheck(check));
        try (ScriptedClient client = server.login()) {
            InetSocketAddress target = client.epsv();
            try (Socket data = client.connectData(target, InetAddress.ofLiteral(from))) {
                if (taken) {
                    downloadOver(client, data);
                } else {
                    client.send("RETR a.bin");
                    assertThat(data.getInputStream().read()).isEqualTo(-1);
                    assertThat(heard.until("stranger").getLast()).isEqualTo("stranger " + from);
                    try (Socket right = client.connectData(target)) {
                        assertThat(ScriptedClient.readAll(right)).isEqualTo(CONTENT.bytes());
                    }
                    client.expect(150);
                    client.expect(226);
                }
            }
        }
    }

    @Test
    void peerCheck_isThatOfTheClientsNetwork() throws Exception {
        with(network -> network.peerCheck(ClientNetwork.parse("127.0.0.5"), PeerCheck.OFF));
        try (ScriptedClient client = login(FIFTH);
                Socket data = client.connectData(client.epsv(), STRANGER)) {
            downloadOver(client, data);
        }
        try (ScriptedClient client = server.login();
                Socket data = client.connectData(client.epsv(), STRANGER)) {
            client.send("RETR a.bin");
            assertThat(data.getInputStream().read()).isEqualTo(-1);
        }
    }
}
