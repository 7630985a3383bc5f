package dev.portside.server.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.protocol.HostPort;
import dev.portside.server.Heard;
import dev.portside.server.RunningServer;
import dev.portside.testkit.Content;
import dev.portside.testkit.LeakCheckExtension;
import dev.portside.testkit.ScriptedClient;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A listener at ::, to which clients of both protocols come. */
@ExtendWith(LeakCheckExtension.class)
class BothProtocolsTest {
    private static final Content CONTENT = new Content(50_000, 9);

    @TempDir
    Path home;

    private final Heard heard = new Heard();
    private RunningServer server;

    @BeforeEach
    void start() throws IOException {
        server = RunningServer.at("::", home, options -> options.listeners(heard));
        server.file("a.bin", CONTENT.bytes());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private ScriptedClient login(String address) throws IOException {
        InetSocketAddress at = new InetSocketAddress(
                InetAddress.ofLiteral(address), server.address().getPort());
        ScriptedClient client = ScriptedClient.login(at, RunningServer.USER, RunningServer.PASSWORD);
        client.command("TYPE I", 200);
        return client;
    }

    private static void downloadActively(ScriptedClient client, String verb) throws IOException {
        try (ServerSocket listener = client.active(verb)) {
            client.command("RETR a.bin", 150);
            assertThat(ScriptedClient.readAll(ScriptedClient.accept(listener))).isEqualTo(CONTENT.bytes());
        }
        client.expect(226);
    }

    @Test
    void clientOfIPv4_isOneOfIPv4() throws Exception {
        try (ScriptedClient client = login("127.0.0.1")) {
            assertThat(server.server().sessions().getFirst().remote().getAddress())
                    .isInstanceOf(Inet4Address.class);
            assertThat(server.server().sessions().getFirst().local().getAddress())
                    .isInstanceOf(Inet4Address.class);
            HostPort named = HostPort.parsePassive(client.command("PASV", 227).text());
            assertThat(named.address()).isEqualTo(InetAddress.ofLiteral("127.0.0.1"));
            try (Socket data = client.connectData(new InetSocketAddress(named.address(), named.port()))) {
                client.command("RETR a.bin", 150);
                assertThat(ScriptedClient.readAll(data)).isEqualTo(CONTENT.bytes());
            }
            client.expect(226);
            assertThat(client.download("RETR a.bin")).isEqualTo(CONTENT.bytes());
            downloadActively(client, "PORT");
            downloadActively(client, "EPRT");
            client.command("EPSV 1", 229);
            assertThat(client.command("EPSV 2", 522).text()).endsWith("use (1)");
            client.command("EPRT |2|2001:db8::1|50000|", 522);
        }
    }

    @Test
    void clientOfIPv4_isTheOnlyOneWhoseDataConnectionIsTaken() throws Exception {
        try (ScriptedClient client = login("127.0.0.1")) {
            InetSocketAddress target = client.pasv();
            try (Socket stranger = client.connectData(target, InetAddress.ofLiteral("127.0.0.3"))) {
                client.send("RETR a.bin");
                assertThat(stranger.getInputStream().read()).isEqualTo(-1);
                assertThat(heard.until("stranger").getLast()).isEqualTo("stranger 127.0.0.3");
            }
            try (Socket data = client.connectData(target)) {
                assertThat(ScriptedClient.readAll(data)).isEqualTo(CONTENT.bytes());
            }
            client.expect(150);
            client.expect(226);
        }
    }

    @Test
    void addressOfIPv4_thatIsWrittenAsOneOfIPv6_isTheIPv4Address() throws Exception {
        try (ScriptedClient client = login("127.0.0.1");
                ServerSocket listener = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            client.command("EPRT |2|::ffff:127.0.0.1|" + listener.getLocalPort() + "|", 200);
            client.command("RETR a.bin", 150);
            assertThat(ScriptedClient.readAll(ScriptedClient.accept(listener))).isEqualTo(CONTENT.bytes());
            client.expect(226);
        }
    }

    @Test
    void clientOfIPv6_isOneOfIPv6() throws Exception {
        try (ScriptedClient client = login("::1")) {
            assertThat(client.command("PASV", 425).text()).contains("EPSV");
            assertThat(client.command("EPSV 1", 522).text()).endsWith("use (2)");
            client.command("EPSV 2", 229);
            client.command("EPRT |1|127.0.0.1|50000|", 522);
            client.command("EPRT |3|x|50000|", 522);
            assertThat(client.download("RETR a.bin")).isEqualTo(CONTENT.bytes());
            downloadActively(client, "EPRT");
            client.command("EPSV ALL", 200);
            client.command("EPRT |2|::1|50000|", 503);
            assertThat(client.download("RETR a.bin")).isEqualTo(CONTENT.bytes());
        }
    }
}
