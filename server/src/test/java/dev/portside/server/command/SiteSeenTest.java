package dev.portside.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.protocol.HostPort;
import dev.portside.protocol.Reply;
import dev.portside.server.FtpServerNetwork;
import dev.portside.server.FtpServerOptions;
import dev.portside.server.RunningServer;
import dev.portside.server.TlsPolicy;
import dev.portside.server.tls.TlsServer;
import dev.portside.testkit.LeakCheckExtension;
import dev.portside.testkit.ScriptedClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
@ExtendWith(LeakCheckExtension.class)
class SiteSeenTest {
    @TempDir
    Path home;

    private static FtpServerOptions.Builder seen(FtpServerOptions.Builder options) {
        return options.network(FtpServerNetwork.builder().siteSeen(true).build());
    }

    private static String text(InetSocketAddress address) {
        return new HostPort(address.getAddress(), address.getPort()).toString();
    }

    private static List<String> seen(ScriptedClient client) throws IOException {
        Reply reply = client.command("SITE SEEN", 211);
        assertThat(reply.wireLines().subList(1, reply.lines().size() - 1))
                .as("no line begins as a reply that a gateway would rewrite")
                .allMatch(line -> line.startsWith(" "));
        return reply.lines().stream().map(String::strip).toList();
    }

    @Test
    void siteSeen_isOffUnlessAskedFor() throws IOException {
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.login()) {
            client.command("SITE SEEN", 504);
            assertThat(client.command("FEAT", 211).lines()).doesNotContain(" SITE SEEN");
            assertThat(client.command("SITE HELP", 214).lines()).doesNotContain(" SITE SEEN");
        }
    }

    @Test
    void siteSeen_isListed_andBehindTheLogin() throws IOException {
        try (RunningServer server = RunningServer.on(home, SiteSeenTest::seen);
                ScriptedClient client = server.connect()) {
            client.command("SITE SEEN", 530);
            client.login(RunningServer.USER, RunningServer.PASSWORD);
            assertThat(client.command("FEAT", 211).lines()).contains(" SITE SEEN");
            assertThat(client.command("SITE HELP", 214).lines()).contains(" SITE SEEN");
            assertThat(client.command("HELP SITE", 214).lines()).contains(" SITE SEEN");
            assertThat(seen(client))
                    .containsExactly(
                            "Seen:",
                            "client=" + text(client.localAddress()),
                            "server=" + text(client.remoteAddress()),
                            "End");
        }
    }

    @Test
    void passive_tellsWhatWasSent_andWhoCame() throws IOException {
        try (RunningServer server = RunningServer.on(
                        home,
                        options -> options.network(FtpServerNetwork.builder()
                                .siteSeen(true)
                                .externalAddress("203.0.113.7")
                                .build()));
                ScriptedClient client = server.login()) {
            server.file("a.bin", new byte[1000]);
            int port = client.epsv().getPort();
            InetSocketAddress named = client.pasv();
            assertThat(seen(client)).contains("sent-229=" + port, "sent-227=203.0.113.7:" + named.getPort());
            try (Socket data = client.connectData(
                    new InetSocketAddress(client.remoteAddress().getAddress(), named.getPort()))) {
                client.command("RETR a.bin", 150);
                data.getInputStream().readAllBytes();
                client.expect(226);
                assertThat(seen(client))
                        .contains(
                                "data-remote=" + text((InetSocketAddress) data.getLocalSocketAddress()),
                                "data-local=" + text((InetSocketAddress) data.getRemoteSocketAddress()),
                                "data-outcome=complete, 1000 bytes")
                        .noneMatch(line -> line.startsWith("data-tls"));
            }
        }
    }

    @Test
    void active_tellsWhatArrived_alsoWhenItIsRefused() throws IOException {
        try (RunningServer server = RunningServer.on(home, SiteSeenTest::seen);
                ScriptedClient client = server.login()) {
            client.command("PORT 10,0,0,5,200,1", 504);
            client.command("EPRT |1|127.0.0.1|51201|", 200);
            assertThat(seen(client)).contains("got-port=10.0.0.5:51201", "got-eprt=127.0.0.1:51201");
            client.command("PORT  10,0,0,5,\t200", 501);
            assertThat(seen(client)).contains("got-port=\" 10,0,0,5,?200\"");
        }
    }

    @Test
    void activeConnection_thatIsRefused_isTold() throws IOException {
        try (RunningServer server = RunningServer.on(home, SiteSeenTest::seen);
                ScriptedClient client = server.login()) {
            InetSocketAddress closed;
            try (ServerSocket listener = client.active("EPRT")) {
                closed = (InetSocketAddress) listener.getLocalSocketAddress();
            }
            client.command("NLST", 425);
            assertThat(seen(client))
                    .contains(
                            "got-eprt=" + text(closed),
                            "data-remote=" + text(closed),
                            "data-outcome=refused: the connection to " + text(closed) + " was refused");
        }
    }

    @Test
    void passiveConnection_ofAStranger_isTold() throws IOException {
        try (RunningServer server =
                        RunningServer.on(home, options -> seen(options).dataConnectWait(Duration.ofMillis(300)));
                ScriptedClient client = server.login()) {
            InetSocketAddress port = client.epsv();
            try (Socket stranger = client.connectData(port, InetAddress.ofLiteral("127.0.0.2"))) {
                client.command("NLST", 425);
                String who = text((InetSocketAddress) stranger.getLocalSocketAddress());
                assertThat(seen(client))
                        .contains("data-remote=" + who, "data-local=" + text(port))
                        .anyMatch(line -> line.startsWith("data-outcome=timed out: ") && line.contains(who));
            }
        }
    }

    @Test
    void underTls_itTellsWhatSecuredTheData() throws IOException {
        try (TlsServer server = TlsServer.on(home, TlsPolicy.DATA, tls -> tls, SiteSeenTest::seen);
                ScriptedClient client = server.login()) {
            server.running().file("a.bin", new byte[10]);
            client.download("RETR a.bin");
            assertThat(seen(client)).contains("data-tls=TLSv1.3, resumed", "data-outcome=complete, 10 bytes");
        }
    }
}
