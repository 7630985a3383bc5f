package dev.portside.server.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.portside.protocol.Reply;
import dev.portside.server.Authenticator;
import dev.portside.server.Heard;
import dev.portside.server.RunningServer;
import dev.portside.testkit.LeakCheckExtension;
import dev.portside.testkit.ScriptedClient;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
@ExtendWith(LeakCheckExtension.class)
class TransferCommandsTest {
    private static final byte[] HELLO = "hello, world\n".getBytes(UTF_8);

    @TempDir
    Path home;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5 << 20})
    void files_goBothWaysUnchanged(int size) throws IOException {
        byte[] content = new byte[size];
        new Random(size).nextBytes(content);
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.login()) {
            client.upload("STOR a file", content);
            assertThat(server.file("a file")).hasBinaryContent(content);
            assertThat(client.download("RETR a file")).isEqualTo(content);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void files_goInActiveModeToo(String address) throws IOException {
        try (RunningServer server = RunningServer.at(address, home, options -> options);
                ScriptedClient client = server.login()) {
            server.file("a.txt", HELLO);
            try (ServerSocket listener = client.active("EPRT")) {
                client.send("RETR a.txt");
                byte[] content = ScriptedClient.readAll(ScriptedClient.accept(listener));
                assertThat(content).isEqualTo(HELLO);
            }
            client.expect(150);
            client.expect(226);
            try (ServerSocket listener = client.active()) {
                client.send("STOR b.txt");
                try (Socket data = ScriptedClient.accept(listener)) {
                    data.getOutputStream().write(HELLO);
                }
            }
            client.expect(150);
            client.expect(226);
            assertThat(server.file("b.txt")).hasBinaryContent(HELLO);
        }
    }

    @Test
    void aHome_mayBeInMemory() throws IOException {
        try (FileSystem memory = Jimfs.newFileSystem(Configuration.unix())) {
            Path root = Files.createDirectories(memory.getPath("/srv/ftp"));
            try (RunningServer server = RunningServer.on(root);
                    ScriptedClient client = server.login()) {
                client.command("MKD dir", 257);
                client.upload("STOR dir/é 日本 😀.txt", HELLO);
                assertThat(client.download("RETR /dir/é 日本 😀.txt")).isEqualTo(HELLO);
                assertThat(client.lines("NLST dir")).containsExactly("dir/é 日本 😀.txt");
                client.upload("APPE dir/é 日本 😀.txt", HELLO);
                client.command("SIZE dir/é 日本 😀.txt", 213);
                client.command("RNFR dir/é 日本 😀.txt", 350);
                client.command("RNTO x", 250);
                assertThat(root.resolve("x")).hasSize(2L * HELLO.length);
            }
        }
    }

    @Test
    void retr_withoutDataPort_is425() throws IOException {
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.login()) {
            server.file("a.txt", HELLO);
            assertThat(client.command("RETR a.txt", 425).text()).contains("PASV");
        }
    }

    @Test
    void retr_ofNothing_is550BeforeAnyDataConnection() throws IOException {
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.login()) {
            client.epsv();
            Reply reply = client.command("RETR nothing", 550);
            assertThat(reply.text()).isEqualTo("/nothing: no such file or directory");
            client.command("RETR nothing", 550);
        }
    }

    @Test
    void passivePort_towardsWhichNobodyConnects_is425InTime() throws IOException {
        try (RunningServer server = RunningServer.on(home, o -> o.dataConnectWait(Duration.ofMillis(200)));
                ScriptedClient client = server.login()) {
            server.file("a.txt", HELLO);
            client.epsv();
            client.command("RETR a.txt", 425);
            client.command("RETR a.txt", 425);
        }
    }

    @Test
    void activePort_onWhichNobodyListens_is425() throws IOException {
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.login()) {
            server.file("a.txt", HELLO);
            client.active().close();
            assertThat(client.command("RETR a.txt", 425).text()).contains("refused");
        }
    }

    @Test
    void rest_isForOneTransfer() throws IOException {
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.login()) {
            server.file("a.txt", HELLO);
            client.command("REST 7", 350);
            assertThat(client.download("RETR a.txt")).asString(UTF_8).isEqualTo("world\n");
            assertThat(client.download("RETR a.txt")).isEqualTo(HELLO);
        }
    }

    @Test
    void rest_pastTheEnd_is554() throws IOException {
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.login()) {
            server.file("a.txt", HELLO);
            for (String command : new String[] {"RETR a.txt", "STOR a.txt"}) {
                client.command("REST " + (HELLO.length + 1), 350);
                client.epsv();
                client.command(command, 554);
            }
            client.command("REST " + HELLO.length, 350);
            assertThat(client.download("RETR a.txt")).isEmpty();
            assertThat(server.file("a.txt")).hasBinaryContent(HELLO);
        }
    }

    @Test
    void rest_withStor_replacesTheRest() throws IOException {
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.login()) {
            server.file("a.txt", HELLO);
            client.command("REST 7", 350);
            client.upload("STOR a.txt", "all\n".getBytes(UTF_8));
            assertThat(server.file("a.txt")).hasContent("hello, all\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"APPE a.txt", "STOU a.txt"})
    void rest_withAppeOrStou_is554(String command) throws IOException {
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.login()) {
            server.file("a.txt", HELLO);
            client.command("REST 5", 350);
            client.epsv();
            client.command(command, 554);
        }
    }

    @Test
    void rest_inTypeA_is554() throws IOException {
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.login()) {
            server.file("a.txt", HELLO);
            client.command("TYPE A", 200);
            client.command("REST 5", 350);
            client.epsv();
            client.command("RETR a.txt", 554);
        }
    }

    @Test
    void rang_boundsRetr() throws IOException {
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.login()) {
            server.file("a.txt", HELLO);
            client.command("RANG 7 11", 350);
            assertThat(client.download("RETR a.txt")).asString(UTF_8).isEqualTo("world");
            client.command("RANG 7 100", 350);
            assertThat(client.download("RETR a.txt")).asString(UTF_8).isEqualTo("world\n");
            client.command("RANG 7 11", 350);
            client.command("RANG 1 0", 350);
            assertThat(client.download("RETR a.txt")).isEqualTo(HELLO);
            client.command("RANG 7 6", 501);
        }
    }

    @Test
    void typeA_convertsLineEnds() throws IOException {
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.login()) {
            server.file("a.txt", "one\ntwo\n".getBytes(UTF_8));
            client.command("TYPE A", 200);
            assertThat(client.download("RETR a.txt")).asString(UTF_8).isEqualTo("one\r\ntwo\r\n");
            client.upload("STOR b.txt", "one\r\ntwo\r\n".getBytes(UTF_8));
            assertThat(server.file("b.txt")).hasBinaryContent("one\ntwo\n".getBytes(UTF_8));
        }
    }

    @Test
    void appe_createsAndAppends() throws IOException {
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.login()) {
            client.upload("APPE log", "one\n".getBytes(UTF_8));
            client.upload("APPE log", "two\n".getBytes(UTF_8));
            assertThat(server.file("log")).hasContent("one\ntwo\n");
        }
    }

    @Test
    void stou_tellsTheNameThatItMade() throws IOException {
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.login()) {
            server.file("a.txt", HELLO);
            try (Socket data = client.passive()) {
                String text = client.command("STOU a.txt", 150).text();
                assertThat(text).startsWith("FILE: ").isNotEqualTo("FILE: a.txt");
                data.getOutputStream().write('x');
                data.shutdownOutput();
                client.expect(226);
                assertThat(server.file(text.substring("FILE: ".length()))).hasContent("x");
            }
            client.upload("STOU", HELLO);
            assertThat(server.file("a.txt")).hasBinaryContent(HELLO);
        }
    }

    @Test
    void abor_inMidTransfer_is426Then226() throws IOException {
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.login()) {
            server.largeFile("large");
            try (Socket data = client.passive()) {
                client.command("RETR large", 150);
                client.command("ABOR", 426);
                client.expect(226);
                assertThatIOException().as("cut off, not ended").isThrownBy(() -> ScriptedClient.readAll(data));
            }
            client.command("NOOP", 200);
        }
    }

    @Test
    void abor_whileTheDataConnectionIsAwaited_is426Then226() throws IOException {
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.login()) {
            server.file("a.txt", HELLO);
            client.epsv();
            client.send("RETR a.txt", "ABOR");
            client.expect(426);
            client.expect(226);
        }
    }

    @Test
    void abor_withoutTransfer_is226Or225() throws IOException {
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.login()) {
            client.command("ABOR", 226);
            client.epsv();
            client.command("ABOR", 225);
        }
    }

    @Test
    void aborOfAnUpload_leavesNothing() throws IOException {
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.login()) {
            try (Socket data = client.passive()) {
                client.command("STOR a.txt", 150);
                data.getOutputStream().write(HELLO);
                client.command("ABOR", 426);
                client.expect(226);
            }
            assertThat(home).isEmptyDirectory();
        }
    }

    @Test
    void statAndNoop_areAnsweredInMidTransfer() throws IOException {
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.login()) {
            server.largeFile("large");
            try (Socket data = client.passive()) {
                client.command("RETR large", 150);
                assertThat(client.command("STAT", 211).lines()).anyMatch(line -> line.contains("RETR /large: "));
                client.command("NOOP", 200);
                assertThat(ScriptedClient.readAll(data)).hasSize(RunningServer.LARGE);
                client.expect(226);
            }
            assertThat(client.command("STAT", 211).lines()).contains(" No transfer");
        }
    }

    @Test
    void quit_inMidTransfer_waitsForItsEnd() throws IOException {
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.login()) {
            server.largeFile("large");
            try (Socket data = client.passive()) {
                client.command("RETR large", 150);
                client.send("QUIT");
                assertThat(ScriptedClient.readAll(data)).hasSize(RunningServer.LARGE);
                client.expect(226);
                client.expect(221);
                client.expectClosed();
            }
        }
    }

    @Test
    void commandsBehindATransfer_areAnsweredInOrder() throws IOException {
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.login()) {
            server.file("a.txt", HELLO);
            try (Socket data = client.passive()) {
                client.send("RETR a.txt", "PWD", "ABOR", "SYST");
                client.expect(150);
                assertThat(ScriptedClient.readAll(data)).isEqualTo(HELLO);
                client.expect(226);
                client.expect(257);
                client.expect(226);
                client.expect(215);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void lostControlConnection_discardsTheUpload(boolean reset) throws IOException, InterruptedException {
        Heard heard = new Heard();
        try (RunningServer server = RunningServer.on(home, o -> o.listeners(heard));
                ScriptedClient client = server.login();
                Socket data = client.passive()) {
            client.command("STOR a.txt", 150);
            data.getOutputStream().write(HELLO);
            heard.until("started");
            if (reset) {
                client.closeWithReset();
            } else {
                client.socket().close();
            }
            heard.until("failed STOR");
            heard.until("closed");
            assertThat(home).isEmptyDirectory();
        }
    }

    /** In stream mode the end of a killed client's data connection looks like the end of the file. */
    @Test
    void resetOfTheDataConnection_is426AndDiscards() throws IOException {
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.login()) {
            Socket data = client.passive();
            client.command("STOR a.txt", 150);
            data.getOutputStream().write(HELLO);
            ScriptedClient.reset(data);
            client.expect(426);
            assertThat(home).isEmptyDirectory();
        }
    }

    @Test
    void stalledTransfer_is426() throws IOException {
        try (RunningServer server = RunningServer.on(home, o -> o.dataStall(Duration.ofMillis(400)));
                ScriptedClient client = server.login()) {
            server.largeFile("large");
            try (Socket data = client.passive()) {
                client.command("RETR large", 150);
                client.expect(426);
                assertThatIOException().as("cut off, not ended").isThrownBy(() -> ScriptedClient.readAll(data));
            }
        }
    }

    @Test
    void anUpload_isSeenWhenItIsComplete() throws IOException {
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.login();
                ScriptedClient other = server.login()) {
            server.file("a.txt", HELLO);
            try (Socket data = client.passive()) {
                client.command("STOR a.txt", 150);
                data.getOutputStream().write('x');
                assertThat(other.lines("NLST -a")).containsExactly("a.txt");
                assertThat(other.download("RETR a.txt")).isEqualTo(HELLO);
                data.shutdownOutput();
                client.expect(226);
            }
            assertThat(other.download("RETR a.txt")).asString(UTF_8).isEqualTo("x");
            try (Stream<Path> files = Files.list(home)) {
                assertThat(files).hasSize(1);
            }
        }
    }

    @Test
    void readOnlyAccount_cannotChangeAnything() throws IOException {
        byte[] content = HELLO;
        try (RunningServer server = RunningServer.on(home, o -> o.authenticator(Authenticator.anonymous(home)));
                ScriptedClient client = ScriptedClient.login(server.address(), "anonymous", "me@example.org")) {
            server.file("a.txt", content);
            client.epsv();
            client.command("STOR b.txt", 550);
            client.epsv();
            client.command("APPE a.txt", 550);
            client.command("DELE a.txt", 550);
            client.command("MKD d", 550);
            client.command("RMD d", 550);
            client.command("RNFR a.txt", 350);
            client.command("RNTO b.txt", 550);
            client.command("SITE CHMOD 600 a.txt", 550);
            client.command("MFMT 20200101000000 a.txt", 550);
            client.command("ALLO 1", 550);
            assertThat(server.file("a.txt")).hasBinaryContent(content);
        }
    }

    @Test
    void allo_refusesWhatCannotFit() throws IOException {
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.login()) {
            client.command("ALLO 1", 202);
            client.command("ALLO " + Long.MAX_VALUE, 552);
        }
    }
}
