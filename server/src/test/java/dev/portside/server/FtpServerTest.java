package dev.portside.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portside.testkit.LeakCheckExtension;
import dev.portside.testkit.ScriptedClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
@ExtendWith(LeakCheckExtension.class)
class FtpServerTest {
    @TempDir
    Path home;

    private static InetSocketAddress loopback(String address) {
        return new InetSocketAddress(InetAddress.ofLiteral(address), 0);
    }

    @Test
    void manyListeners_serveTheSameSessions() throws IOException {
        try (RunningServer server = RunningServer.on(home, o -> o.listenOn(loopback("::1")))) {
            List<InetSocketAddress> addresses = server.server().addresses();
            assertThat(addresses).hasSize(2).first().isEqualTo(server.address());
            for (InetSocketAddress address : addresses) {
                try (ScriptedClient client =
                        ScriptedClient.login(address, RunningServer.USER, RunningServer.PASSWORD)) {
                    client.command("PWD", 257);
                }
            }
        }
    }

    @Test
    void anAddressThatIsTaken_isToldAndNothingIsLeft() throws IOException {
        try (RunningServer server = RunningServer.on(home)) {
            FtpServerOptions options = FtpServerOptions.builder()
                    .listenOn(loopback("127.0.0.1"))
                    .listenOn(server.address())
                    .authenticator(Authenticator.anonymous(home))
                    .build();
            try (FtpServer second = new FtpServer(options)) {
                assertThatIOException().isThrownBy(second::start).withMessageContaining("cannot listen on 127.0.0.1:");
            }
        }
    }

    @Test
    void options_areCheckedAtTheDoor() {
        FtpServerOptions.Builder builder = FtpServerOptions.builder();
        assertThatThrownBy(builder::build).isInstanceOf(IllegalArgumentException.class);
        builder.listenOn(loopback("127.0.0.1"));
        assertThatThrownBy(builder::build).hasMessageContaining("authenticator");
        assertThatThrownBy(() -> builder.maxSessions(0)).hasMessageContaining("sessions");
        assertThatThrownBy(() -> builder.idleTimeout(Duration.ZERO)).hasMessageContaining("idle");
        FtpServerOptions options =
                builder.authenticator(Authenticator.anonymous(home)).build();
        builder.maxSessions(7);
        assertThat(options.maxSessions()).as("built options do not change").isEqualTo(1000);
    }

    @Test
    void limits_are421InWords() throws IOException, InterruptedException {
        Heard heard = new Heard();
        try (RunningServer server = RunningServer.on(
                home,
                o -> o.maxSessions(4)
                        .maxSessionsPerAddress(3)
                        .maxSessionsNotLoggedIn(2)
                        .maxSessionsPerUser(1)
                        .listeners(heard))) {
            try (ScriptedClient first = server.connect();
                    ScriptedClient second = server.connect()) {
                refused(server, "127.0.0.1", "have not logged in (2)");
                first.login(RunningServer.USER, RunningServer.PASSWORD);
                second.command("USER " + RunningServer.USER, 331);
                assertThat(second.command("PASS " + RunningServer.PASSWORD, 421).text())
                        .contains("of this user");
                second.expectClosed();
                try (ScriptedClient third = server.connect();
                        ScriptedClient fourth = server.connect()) {
                    refused(server, "127.0.0.1", "(3) from your address");
                    third.command("QUIT", 221);
                    fourth.command("QUIT", 221);
                }
            }
        }
    }

    private static void refused(RunningServer server, String from, String words) throws IOException {
        try (ScriptedClient client = ScriptedClient.connect(server.address(), InetAddress.ofLiteral(from))) {
            assertThat(client.expect(421).text()).contains(words);
            client.expectClosed();
        }
    }

    @Test
    void maxSessions_areCountedOverAllAddresses() throws IOException {
        try (RunningServer server = RunningServer.on(home, o -> o.maxSessions(1));
                ScriptedClient client = server.login()) {
            refused(server, "127.0.0.2", "many sessions (1)");
            client.command("NOOP", 200);
        }
    }

    @Test
    void sessions_areSeenByTheAdministrator() throws IOException {
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.login()) {
            server.largeFile("large");
            client.command("MKD secret", 257);
            SessionStatus status = server.server().sessions().getFirst();
            assertThat(status.user()).isEqualTo(RunningServer.USER);
            assertThat(status.remote()).isEqualTo(client.localAddress());
            assertThat(status.command()).isEqualTo("MKD secret");
            assertThat(status.transfer()).isNull();
            try (Socket data = client.passive()) {
                client.command("RETR large", 150);
                assertThat(data.getInputStream().read()).isZero();
                TransferStatus transfer = server.server().sessions().getFirst().transfer();
                assertThat(transfer).isNotNull();
                assertThat(transfer.path()).isEqualTo("/large");
                assertThat(transfer.remote().getPort()).isEqualTo(data.getLocalPort());
                client.command("ABOR", 426);
                client.expect(226);
            }
        }
    }

    @Test
    void close_tellsIdleSessionsAndLetsTransfersFinish() throws Exception {
        try (RunningServer server = RunningServer.on(home, o -> o.closeGrace(Duration.ofSeconds(30)));
                ScriptedClient idle = server.login();
                ScriptedClient busy = server.login()) {
            server.largeFile("large");
            try (Socket data = busy.passive()) {
                busy.command("RETR large", 150);
                FutureTask<Void> closing = new FutureTask<>(server::close, null);
                Thread.startVirtualThread(closing);
                idle.expect(421);
                idle.expectClosed();
                assertThatIOException().isThrownBy(() -> server.connect().close());
                assertThat(closing.isDone()).isFalse();
                assertThat(ScriptedClient.readAll(data)).hasSize(RunningServer.LARGE);
                busy.expect(226);
                busy.expect(421);
                busy.expectClosed();
                closing.get(20, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void close_cutsOffWhatIsLeftAfterTheGrace() throws IOException {
        try (RunningServer server = RunningServer.on(home, o -> o.closeGrace(Duration.ZERO));
                ScriptedClient client = server.login();
                Socket data = client.passive()) {
            client.command("STOR a.txt", 150);
            data.getOutputStream().write('x');
            server.server().close();
            server.server().close();
            assertThat(home).isEmptyDirectory();
        }
    }

    @Test
    void close_beforeStartDoesNothing() {
        FtpServer server = new FtpServer(FtpServerOptions.builder()
                .listenOn(loopback("127.0.0.1"))
                .authenticator(Authenticator.anonymous(home))
                .build());
        assertThatThrownBy(server::address).isInstanceOf(IllegalStateException.class);
        server.close();
        assertThatThrownBy(server::start).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void connectionsThatAreDropped_leaveNothing() throws IOException {
        try (RunningServer server =
                RunningServer.on(home, o -> o.maxSessionsNotLoggedIn(1000).maxSessionsPerAddress(1000))) {
            List<ScriptedClient> clients = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                clients.add(ScriptedClient.connect(server.address()));
            }
            for (int i = 0; i < clients.size(); i++) {
                if (i % 2 == 0) {
                    clients.get(i).closeWithReset();
                } else {
                    clients.get(i).close();
                }
            }
            try (ScriptedClient client = server.login()) {
                client.upload("STOR a", new byte[] {1});
                assertThat(client.download("RETR a")).hasSize(1);
            }
        }
    }
}
