package dev.portside.lab.peer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portside.lab.peer.RealClient.Outcome;
import dev.portside.lab.peer.RealServer.Kind;
import dev.portside.lab.peer.RealServer.Options;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RealServersTest {
    private static final String NAME = "é 日本語 🎉.bin";
    private static final String URL_NAME = "%C3%A9%20%E6%97%A5%E6%9C%AC%E8%AA%9E%20%F0%9F%8E%89.bin";

    @TempDir
    Path local;

    /** The four ways to a data connection. */
    private enum Mode {
        EPSV,
        PASV,
        EPRT,
        PORT;

        private List<String> options() {
            return switch (this) {
                case EPSV -> List.of();
                case PASV -> List.of("--disable-epsv");
                case EPRT -> List.of("--ftp-port", "-");
                case PORT -> List.of("--ftp-port", "-", "--disable-eprt");
            };
        }

        Outcome curl(RealServer server, String... arguments) throws Exception {
            List<String> all = new ArrayList<>(List.of("-sSv", "--user", server.user() + ":" + server.password()));
            all.addAll(options());
            all.addAll(List.of(arguments));
            Outcome outcome =
                    RealClient.named("curl").run(all.toArray(String[]::new)).succeeded();
            assertThat(outcome.errors()).contains("> " + name());
            return outcome;
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void overIpv4_curlStoresListsAndRetrieves_inEveryMode(Kind kind) throws Exception {
        try (RealServer server = RealServer.start(kind)) {
            for (Mode mode : Mode.values()) {
                storesListsAndRetrieves(server, mode);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void overIpv6_curlStoresListsAndRetrieves_inExtendedModes(Kind kind) throws Exception {
        try (RealServer server = RealServer.start(kind, Options.USUAL.onIpv6())) {
            for (Mode mode : List.of(Mode.EPSV, Mode.EPRT)) {
                storesListsAndRetrieves(server, mode);
            }
        }
    }

    private void storesListsAndRetrieves(RealServer server, Mode mode) throws Exception {
        byte[] content = new byte[300_000];
        new Random(7).nextBytes(content);
        Path file = Files.write(local.resolve(NAME), content);

        Path list = local.resolve("list");
        Path got = local.resolve("got");
        // one session for all three: ProFTPD takes 0.4 s between one session and the next
        mode.curl(
                server,
                "--ftp-create-dirs",
                "-T",
                file.toString(),
                "-o",
                "/dev/null",
                server.url(mode + "/" + URL_NAME),
                "-o",
                list.toString(),
                server.url(mode + "/"),
                "-o",
                got.toString(),
                server.url(mode + "/" + URL_NAME));

        assertThat(server.home().resolve(mode.name()).resolve(NAME)).hasBinaryContent(content);
        assertThat(list).content().contains("300000", NAME);
        assertThat(got).hasBinaryContent(content);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void seededFiles_belongToTheUser(Kind kind) throws Exception {
        try (RealServer server = RealServer.start(kind)) {
            Path seeded = server.seed("a/b/c.txt", "old".getBytes(UTF_8));
            Path file = Files.writeString(local.resolve("c.txt"), " and new");
            Mode.EPSV.curl(server, "--append", "-T", file.toString(), server.url("a/b/c.txt"));
            assertThat(seeded).hasContent("old and new");
            Mode.EPSV.curl(server, "-Q", "-DELE c.txt", "-Q", "-RMD ../b", server.url("a/b/"));
            assertThat(server.home().resolve("a")).isEmptyDirectory();
        }
    }

    /** Not of Pure-FTPd, which takes 3 to 6 seconds to say no. */
    @ParameterizedTest
    @EnumSource(names = {"VSFTPD", "PROFTPD"})
    void wrongPassword_isRefused(Kind kind) throws Exception {
        try (RealServer server = RealServer.start(kind)) {
            Outcome outcome = RealClient.named("curl").run("-sSv", "--user", server.user() + ":no", server.url(""));
            assertThat(outcome.exitCode()).isEqualTo(67);
            assertThat(outcome.errors()).contains("< 530");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "VSFTPD, ftpd_banner=hello from the lab",
        "PROFTPD, ServerIdent on 'hello from the lab'",
        "PURE_FTPD, --maxidletime=7"
    })
    void extraConfig_isRead(Kind kind, String line) throws Exception {
        try (RealServer server = RealServer.start(kind, Options.USUAL.with(line.replace('\'', '"')))) {
            Outcome outcome = Mode.EPSV.curl(server, server.url(""));
            String greeting = kind == Kind.PURE_FTPD ? "after 7 minutes" : "hello from the lab";
            assertThat(outcome.errors()).contains(greeting);
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void wrongConfig_failsWithTheServersWords(Kind kind) {
        assertThatThrownBy(() -> RealServer.start(kind, Options.USUAL.with("--no-such-setting=1"))
                        .close())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("no-such-setting");
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void close_endsTheServerAndItsSessions(Kind kind) throws Exception {
        RealServer server = RealServer.start(kind);
        List<ProcessHandle> processes;
        try (server;
                Socket socket = new Socket(
                        server.address().getAddress(), server.address().getPort());
                BufferedReader replies = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8))) {
            assertThat(replies.readLine()).startsWith("220");
            processes = server.processes();
        }
        assertThat(processes).hasSizeGreaterThan(4).noneMatch(ProcessHandle::isAlive);
        assertThat(server.home()).doesNotExist();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void everyClient_retrieves(Kind kind) throws Exception {
        try (RealServer server = RealServer.start(kind)) {
            server.seed(NAME, "content".getBytes(UTF_8));
            String login = server.user() + " " + server.password();
            String host = server.address().getAddress().getHostAddress();
            String port = Integer.toString(server.address().getPort());
            String user = "--user=" + server.user();
            String password = "--password=" + server.password();
            String script = "user " + login + "\nbinary\nget \"" + NAME + "\" got\nbye\n";

            retrieves("wget", "", user, password, "-q", "-O", "got", server.url(URL_NAME));
            retrieves(
                    "lftp",
                    "open -u " + login.replace(' ', ',') + " " + server.url("") + "\nget '" + NAME + "' -o got\n");
            retrieves("tnftp", script, "-n", "-i", host, port);
            retrieves("inetutils-ftp", script, "-n", "-i", "-p", host, port);
        }
    }

    private void retrieves(String client, String input, String... arguments) throws Exception {
        Outcome outcome = RealClient.named(client).in(local).reading(input).run(arguments);
        assertThat(local.resolve("got")).as(outcome.toString()).hasContent("content");
        Files.delete(local.resolve("got"));
    }

    @Test
    void missingProgram_namesTheScript() {
        assertThatThrownBy(() -> RealClient.named("no-such-client"))
                .isInstanceOf(AssertionError.class)
                .hasMessage("no-such-client is missing: run lab/peers");
    }

    @Test
    void clientThatHangs_isEnded() {
        RealClient client = RealClient.named("sleep").within(Duration.ofMillis(100));
        assertThatThrownBy(() -> client.run("60"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("did not end within PT0.1S");
    }
}
