package dev.portside.server.tls;

import static dev.portside.server.RunningServer.PASSWORD;
import static dev.portside.server.RunningServer.USER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.protocol.HostPort;
import dev.portside.server.DataSessionReuse;
import dev.portside.server.FtpServerNetwork;
import dev.portside.server.TlsPolicy;
import dev.portside.testkit.Content;
import dev.portside.testkit.LeakCheckExtension;
import dev.portside.testkit.ScriptedClient;
import dev.portside.transport.TlsIdentity;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** SSCN and CPSV: a file goes from one server to the other. */
@ExtendWith(LeakCheckExtension.class)
class ServerToServerTest {
    private static final Content CONTENT = new Content(200_000, 9);
    private static final TestAuthority OTHERS = new TestAuthority("another authority");

    @TempDir
    Path folder;

    private Path home;
    private Path otherHome;
    private TlsServer server;

    @BeforeEach
    void start() throws IOException {
        home = Files.createDirectory(folder.resolve("home"));
        otherHome = Files.createDirectory(folder.resolve("other"));
        Path authorities = Files.writeString(
                folder.resolve("authorities.pem"),
                TestAuthority.certificates(List.of(TlsServer.AUTHORITY.certificate())));
        server = TlsServer.on(
                home,
                TlsPolicy.OFFERED,
                tls -> tls.serverToServer(true).clientAuthorities(authorities),
                options -> options.network(
                        FtpServerNetwork.builder().foreignDataAddresses(true).build()));
    }

    @AfterEach
    void stop() throws IOException {
        try (TlsServer last = server) {
            last.mustServe();
        }
    }

    private TlsServer other() throws IOException {
        TlsServer other =
                TlsServer.on(otherHome, TlsPolicy.DATA, tls -> tls.dataSessionReuse(DataSessionReuse.PREFERRED));
        other.running().file("a", CONTENT.bytes());
        return other;
    }

    private static String argument(InetSocketAddress address) {
        return new HostPort(address.getAddress(), address.getPort()).portArgument();
    }

    private static InetSocketAddress cpsv(ScriptedClient client) throws IOException {
        HostPort target = HostPort.parsePassive(client.command("CPSV", 227).text());
        return new InetSocketAddress(target.address(), target.port());
    }

    @Test
    void sscn_beginsTheHandshakes_untilItIsOff() throws IOException {
        try (TlsServer other = other();
                ScriptedClient to = server.login();
                ScriptedClient from = other.login()) {
            assertThat(to.command("FEAT", 211).lines()).contains(" SSCN", " CPSV");
            assertThat(to.command("SSCN", 200).text()).contains("SERVER METHOD");
            assertThat(to.command("SSCN ON", 200).text()).contains("CLIENT METHOD");
            to.command("PORT " + argument(from.pasv()), 200);
            transferred(from, to);
            assertThat(Files.readAllBytes(home.resolve("b"))).isEqualTo(CONTENT.bytes());
            to.command("SSCN OFF", 200);
            assertThat(to.download("RETR b")).isEqualTo(CONTENT.bytes());
        }
    }

    @Test
    void cpsv_beginsTheNextHandshake_andNoOther() throws IOException {
        try (TlsServer other = other();
                ScriptedClient to = server.login();
                ScriptedClient from = other.login()) {
            from.command("PORT " + argument(cpsv(to)), 200);
            transferred(from, to);
            assertThat(Files.readAllBytes(home.resolve("b"))).isEqualTo(CONTENT.bytes());
            assertThat(to.download("RETR b")).isEqualTo(CONTENT.bytes());
        }
    }

    private static void transferred(ScriptedClient from, ScriptedClient to) throws IOException {
        to.send("STOR b");
        from.send("RETR a");
        to.expect(150);
        from.expect(150);
        from.expect(226);
        to.expect(226);
    }

    @Test
    void aServerOfAnotherAuthority_isRefused() throws IOException {
        TlsIdentity unknown = OTHERS.identity("EC", "unknown.example");
        Supplier<SSLEngine> engines = new TlsClient(OTHERS.certificate())::engine;
        TlsServer other = TlsServer.on(
                otherHome,
                TlsPolicy.OFFERED,
                tls -> tls.certificate(unknown.key(), unknown.chain()).dataSessionReuse(DataSessionReuse.OFF));
        try (other;
                ScriptedClient to = server.login();
                ScriptedClient from = other.connect()) {
            other.running().file("a", CONTENT.bytes());
            from.command("HOST unknown.example", 220);
            from.startTls(engines).login(USER, PASSWORD).protectData();
            to.command("SSCN ON", 200);
            to.command("PORT " + argument(from.pasv()), 200);
            to.send("STOR b");
            from.send("RETR a");
            to.expect(150);
            to.expect(425);
            // It finds out ahead of 150 if the other one begins its handshake soon enough.
            if (from.expect(150, 425).code().isPreliminary()) {
                from.expect(425, 426);
            }
            assertThat(home.resolve("b")).doesNotExist();
        }
    }

    @Test
    void whatIsNotReady_isRefused() throws IOException {
        try (ScriptedClient client = server.connect()) {
            client.command("SSCN ON", 530);
            client.startTls(TlsServer.engines()).login(USER, PASSWORD);
            client.command("SSCN ON", 503);
            client.command("CPSV", 503);
        }
        try (TlsServer other = other();
                ScriptedClient client = other.login()) {
            client.command("SSCN ON", 502);
            client.command("CPSV", 502);
        }
    }
}
