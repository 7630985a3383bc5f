package dev.portside.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.server.Authenticator;
import dev.portside.server.Heard;
import dev.portside.server.RunningServer;
import dev.portside.testkit.LeakCheckExtension;
import dev.portside.testkit.ScriptedClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
@ExtendWith(LeakCheckExtension.class)
class AccessControlCommandsTest {
    @TempDir
    Path home;

    @Test
    void user_isAnsweredTheSameWhoeverItIs() throws IOException {
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.connect()) {
            assertThat(client.command("USER alice", 331)).isEqualTo(client.command("USER nobody", 331));
            client.command("PASS open sesame", 530);
            client.command("USER alice", 331);
            client.command("PASS open sesame", 230);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CWD /",
                "PWD",
                "LIST",
                "RETR a",
                "STOR a",
                "STAT",
                "STAT /",
                "SITE HELP",
                "PASV",
                "EPSV",
                "SIZE a",
                "PORT 127,0,0,1,200,0",
                "MLST",
                "HASH a",
                "TYPE I",
                "REST 0",
                "RNFR a",
                "RNTO a",
                "MKD a",
                "ALLO 1"
            })
    void commandsBeforeLogin_are530(String command) throws IOException {
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.connect()) {
            client.command(command, 530);
        }
    }

    @Test
    void someCommands_areForEverybody() throws IOException {
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.connect()) {
            client.command("FEAT", 211);
            client.command("HELP", 214);
            client.command("SYST", 215);
            client.command("NOOP", 200);
            client.command("OPTS UTF8 ON", 200);
            client.command("CLNT test", 200);
            client.command("LANG EN", 200);
            client.command("AUTH TLS", 502);
            client.command("ABOR", 226);
            client.command("PASS x", 503);
            client.command("QUIT", 221);
            client.expectClosed();
        }
    }

    @Test
    void tooManyWrongPasswords_closeTheSession() throws IOException, InterruptedException {
        Heard heard = new Heard();
        try (RunningServer server = RunningServer.on(home, o -> o.listeners(heard));
                ScriptedClient client = server.connect()) {
            for (int code : new int[] {530, 530, 421}) {
                client.command("USER alice", 331);
                client.command("PASS wrong", code);
            }
            client.expectClosed();
            List<String> events = heard.until("closed");
            assertThat(events)
                    .filteredOn(event -> event.equals("login failed alice"))
                    .hasSize(3);
            assertThat(events).noneMatch(event -> event.contains("wrong"));
        }
    }

    @Test
    void tooManyWrongPasswords_closeTheAddressToo() throws IOException {
        try (RunningServer server = RunningServer.on(
                home, o -> o.maxLoginAttempts(1).maxFailedLoginsPerAddress(2, Duration.ofMinutes(1)))) {
            for (String password : new String[] {"wrong", "wrong", RunningServer.PASSWORD}) {
                try (ScriptedClient client = server.connect()) {
                    client.command("USER alice", 331);
                    client.command("PASS " + password, 421);
                    client.expectClosed();
                }
            }
        }
    }

    @Test
    void loginDelay_growsAndHoldsUpNobodyElse() throws IOException {
        Duration delay = Duration.ofMillis(300);
        try (RunningServer server = RunningServer.on(home, o -> o.loginDelay(delay));
                ScriptedClient client = server.connect()) {
            long began = System.nanoTime();
            client.send("USER alice", "PASS wrong", "USER alice", "PASS wrong");
            server.login().close();
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(delay.multipliedBy(3));
            for (int code : new int[] {331, 530, 331, 530}) {
                client.expect(code);
            }
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(delay.multipliedBy(3));
        }
    }

    @Test
    void loginTimeout_is421() throws IOException {
        try (RunningServer server = RunningServer.on(home, o -> o.loginTimeout(Duration.ofMillis(300)));
                ScriptedClient client = server.connect()) {
            client.command("NOOP", 200);
            client.expect(421);
            client.expectClosed();
        }
    }

    @Test
    void idleTimeout_is421() throws IOException {
        try (RunningServer server = RunningServer.on(home, o -> o.idleTimeout(Duration.ofMillis(300)));
                ScriptedClient client = server.login()) {
            client.expect(421);
            client.expectClosed();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1", "POST /a HTTP/1.1", "OPTIONS * HTTP/1.1", "PRI * HTTP/2.0"})
    void http_isClosedAtOnce(String line) throws IOException {
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.connect()) {
            client.send(line, "Host: ftp.example.org", "", "USER alice");
            client.expectClosed();
        }
    }

    @Test
    void tls_isClosedAtOnce() throws IOException {
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.connect()) {
            client.sendRaw(new byte[] {0x16, 3, 1, 1, 0, 1, 0, 0, (byte) 0xfc, 3, 3});
            client.expectClosed();
        }
    }

    @Test
    void cwd_staysInsideTheRoot() throws IOException {
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.login()) {
            Files.createDirectories(home.resolve("a/b"));
            Files.createFile(home.resolve("file"));
            client.command("CWD a/b", 250);
            assertThat(client.command("PWD", 257).text()).startsWith("\"/a/b\"");
            client.command("CDUP", 250);
            assertThat(client.command("PWD", 257).text()).startsWith("\"/a\"");
            client.command("CWD ../../../../etc", 550);
            client.command("CWD /etc", 550);
            client.command("CWD ..", 250);
            client.command("CWD ..", 250);
            assertThat(client.command("PWD", 257).text()).startsWith("\"/\"");
            client.command("CWD file", 550);
            client.command("CWD nothing", 550);
        }
    }

    @Test
    void rein_startsAgain() throws IOException {
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.login()) {
            Files.createDirectories(home.resolve("a"));
            client.command("CWD a", 250);
            client.command("REIN", 220);
            client.command("PWD", 530);
            client.login(RunningServer.USER, RunningServer.PASSWORD);
            assertThat(client.command("PWD", 257).text()).startsWith("\"/\"");
        }
    }

    @Test
    void user_afterLogin_needsRein() throws IOException {
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.login()) {
            client.command("USER bob", 530);
            client.command("USER alice", 230);
            client.command("PASS again", 202);
            client.command("PWD", 257);
        }
    }

    @Test
    void host_comesBeforeUser() throws IOException {
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.connect()) {
            client.command("HOST ftp.example.org", 220);
            client.command("HOST [2001:db8::1]", 220);
            client.command("HOST no host", 501);
            client.command("USER alice", 331);
            client.command("HOST ftp.example.org", 503);
        }
    }

    @Test
    void homeThatIsMissing_is451WithoutItsName() throws IOException {
        Path missing = home.resolve("missing");
        try (RunningServer server = RunningServer.on(
                        home,
                        o -> o.authenticator(Authenticator.users(new Authenticator.User("bob", "x", missing, true))));
                ScriptedClient client = server.connect()) {
            client.command("USER bob", 331);
            assertThat(client.command("PASS x", 451).text()).doesNotContain("missing");
            assertThat(server.server().sessions().getFirst().user()).isNull();
        }
    }

    @Test
    void obsoleteCommands_areSuperfluousOrNotImplemented() throws IOException {
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.login()) {
            client.command("ACCT x", 202);
            client.command("SMNT /", 502);
            client.command("PROT P", 502);
            client.command("PBSZ 0", 502);
            client.command("CCC", 502);
            client.command("XYZZY", 500);
        }
    }
}
