package dev.portside.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.client.FtpClient;
import dev.portside.client.FtpClientOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServeCommandTest {
    @TempDir
    Path root;

    @TempDir
    Path home;

    private static String url(List<String> lines, String user) {
        return lines.getLast().strip().replace("listening on ftp://", "ftp://" + user);
    }

    @Test
    void readyLine_isExactAndLast() throws InterruptedException {
        try (Serving serving = new Serving(new CapturedConsole(home), "serve", "--port=0", root.toString())) {
            List<String> lines = serving.untilReady();
            assertThat(lines).hasSize(2);
            assertThat(lines.getFirst()).matches("user portside, password [a-z2-9]{4}(-[a-z2-9]{4}){3}\n");
            assertThat(lines.getLast()).matches("listening on ftp://127\\.0\\.0\\.1:\\d+/\n");
            assertThat(serving.stop()).isZero();
        }
    }

    @Test
    void generatedPassword_works() throws InterruptedException, IOException {
        Files.writeString(root.resolve("a"), "x");
        try (Serving serving = new Serving(new CapturedConsole(home), "serve", "--port=0", root.toString())) {
            List<String> lines = serving.untilReady();
            String password = lines.getFirst().strip().replaceFirst(".*password ", "");
            CapturedConsole client = new CapturedConsole(home).with(Login.PASSWORD_VARIABLE, password);
            assertThat(client.run("ls", url(lines, "portside@")))
                    .as(client.err())
                    .isZero();
            assertThat(client.out()).isEqualTo("a\n");
            assertThat(client.run("put", root.resolve("a").toString(), url(lines, "portside@") + "b"))
                    .isZero();
            assertThat(root.resolve("b")).hasContent("x");
        }
    }

    @Test
    void emptyPasswordVariable_isNoPassword() throws InterruptedException {
        CapturedConsole console = new CapturedConsole(home).with(Login.PASSWORD_VARIABLE, "");
        try (Serving serving = new Serving(console, "serve", "--port=0", root.toString())) {
            assertThat(serving.untilReady().getFirst()).startsWith("user portside, password ");
        }
    }

    @Test
    void anonymousWhoIsRefused_isToldToNameAUser() throws InterruptedException {
        try (Serving serving = new Serving(new CapturedConsole(home), "serve", "--port=0", root.toString())) {
            String url = url(serving.untilReady(), "");
            CapturedConsole client = new CapturedConsole(home);
            assertThat(client.run("ls", url)).isEqualTo(ExitCode.LOGIN_REFUSED.value());
            assertThat(client.err()).contains("name a user: ftp://USER@127.0.0.1:");
        }
    }

    @Test
    void givenPassword_isNotPrinted() throws InterruptedException {
        CapturedConsole console = new CapturedConsole(home).with(Login.PASSWORD_VARIABLE, "secret");
        try (Serving serving =
                new Serving(console, "serve", "--port=0", "--user=joe", "--read-only", root.toString())) {
            List<String> lines = serving.untilReady();
            assertThat(lines.getFirst()).isEqualTo("user joe, may read\n");
            CapturedConsole client = new CapturedConsole(home).with(Login.PASSWORD_VARIABLE, "secret");
            assertThat(client.run("mkdir", url(lines, "joe@") + "new")).isEqualTo(ExitCode.REFUSED.value());
        }
    }

    @Test
    void anonymous_alone() throws InterruptedException {
        try (Serving serving =
                new Serving(new CapturedConsole(home), "serve", "--port=0", "--anonymous", root.toString())) {
            List<String> lines = serving.untilReady();
            assertThat(lines.getFirst()).isEqualTo("user anonymous, any password, may read\n");
            CapturedConsole client = new CapturedConsole(home);
            assertThat(client.run("ls", url(lines, ""))).isZero();
            assertThat(client.run("mkdir", url(lines, "") + "x")).isEqualTo(ExitCode.REFUSED.value());
        }
    }

    @Test
    void maxSessionsPerUser_countsTheSessionsOfAUser() throws InterruptedException, IOException {
        try (Serving serving = new Serving(
                new CapturedConsole(home),
                "serve",
                "--port=0",
                "--anonymous",
                "--max-sessions-per-user=1",
                root.toString())) {
            String url = url(serving.untilReady(), "");
            int port = Integer.parseInt(url.replaceFirst(".*:(\\d+)/$", "$1"));
            try (FtpClient first = FtpClient.connect(
                    FtpClientOptions.builder("127.0.0.1").port(port).build())) {
                first.login("anonymous", "");
                CapturedConsole second = new CapturedConsole(home);
                assertThat(second.run("ls", url)).isNotZero();
                assertThat(second.err()).contains("Too many sessions (1) of this user");
            }
        }
    }

    @Test
    void noActive_refusesActiveMode() throws InterruptedException {
        try (Serving serving = new Serving(
                new CapturedConsole(home), "serve", "--port=0", "--anonymous", "--no-active", root.toString())) {
            List<String> lines = serving.untilReady();
            CapturedConsole client = new CapturedConsole(home);
            assertThat(client.run("ls", "--mode=active", url(lines, ""))).isEqualTo(ExitCode.DATA_CONNECTION.value());
            assertThat(client.err()).contains("\nWhat to change:\n").doesNotContain("\\x0a");
            assertThat(client.run("ls", "--mode=passive", url(lines, ""))).isZero();
        }
    }

    @Test
    void ipv6_isPrintedInBrackets() throws InterruptedException {
        try (Serving serving = new Serving(
                new CapturedConsole(home), "serve", "--port=0", "--bind=::1", "--anonymous", root.toString())) {
            List<String> lines = serving.untilReady();
            assertThat(lines.getLast()).matches("listening on ftp://\\[::1]:\\d+/\n");
            assertThat(new CapturedConsole(home).run("ls", url(lines, ""))).isZero();
        }
    }

    @Test
    void log_hasEveryTransfer() throws InterruptedException, IOException {
        Files.writeString(root.resolve("a"), "x");
        Path json = home.resolve("log.jsonl");
        Path xferlog = home.resolve("log.txt");
        for (Path log : List.of(json, xferlog)) {
            try (Serving serving = new Serving(
                    new CapturedConsole(home), "serve", "--port=0", "--anonymous", "--log=" + log, root.toString())) {
                List<String> lines = serving.untilReady();
                assertThat(new CapturedConsole(home).run("cat", url(lines, "") + "a"))
                        .isZero();
                assertThat(serving.stop()).isZero();
            }
        }
        assertThat(json).content().startsWith("{").contains("/a");
        assertThat(xferlog).content().contains(" /a b _ o a ");
    }

    @Test
    void tlsAuto_makesACertificate_keepsIt_andPrintsHowToKnowIt() throws InterruptedException {
        List<String> before = List.of();
        for (int i = 0; i < 2; i++) {
            CapturedConsole console = new CapturedConsole(home).with("XDG_STATE_HOME", home.toString());
            try (Serving serving =
                    new Serving(console, "serve", "--port=0", "--anonymous", "--tls=auto", root.toString())) {
                List<String> lines = serving.untilReady();
                assertThat(lines).hasSize(5);
                assertThat(lines.get(1)).matches("certificate SHA-256 [0-9A-F]{2}(:[0-9A-F]{2}){31}\n");
                assertThat(lines.get(2)).matches("pin sha256//[A-Za-z0-9+/]{43}=\n");
                assertThat(lines.get(3))
                        .isEqualTo("self-signed, kept in " + home.resolve("portside/tls/self-signed.pem") + "\n");
                assertThat(lines.get(4)).startsWith("listening on ftp://");
                assertThat(new CapturedConsole(home).run("ls", url(lines, ""))).isZero();
                List<String> certificate = lines.subList(1, 3);
                assertThat(i == 0 ? certificate : before).isEqualTo(certificate);
                before = certificate;
            }
        }
        assertThat(home.resolve("portside/tls/self-signed.pem")).isRegularFile();
    }

    @Test
    void tlsRequired_refusesWhoComesInTheClear() throws InterruptedException {
        CapturedConsole console = new CapturedConsole(home);
        try (Serving serving = new Serving(
                console, "serve", "--port=0", "--anonymous", "--tls=required", "--implicit-port=0", root.toString())) {
            List<String> lines = serving.untilReady();
            if (lines.getLast().startsWith("listening on ftpes://")) {
                lines.addAll(serving.untilReady());
            }
            assertThat(lines.getLast()).startsWith("listening on ftps://");
            String clear = lines.get(lines.size() - 2).strip().replace("listening on ftpes://", "ftp://");
            CapturedConsole client = new CapturedConsole(home);
            assertThat(client.run("ls", clear)).isEqualTo(ExitCode.LOGIN_REFUSED.value());
            assertThat(client.err()).contains("TLS is required");
        }
    }

    @Test
    void aCertificateThatCannotBeRead_is7() throws IOException {
        Path file = Files.writeString(home.resolve("bad.pem"), "nothing");
        CapturedConsole console = new CapturedConsole(home);
        assertThat(console.run("serve", "--port=0", "--cert=" + file, root.toString()))
                .isEqualTo(ExitCode.LOCAL_FILE.value());
        assertThat(console.err()).contains("bad.pem").doesNotContain("--port", "Exception");
    }

    @Test
    void tlsOptionsThatContradict_areUsage() {
        for (List<String> options : List.of(
                List.of("--tls=off", "--cert=a.pem"),
                List.of("--implicit-port=990"),
                List.of("--tls=auto", "--key=a.pem"),
                List.of("--tls=auto", "--client-certificates=required"))) {
            List<String> arguments = new ArrayList<>(List.of("serve", "--port=0"));
            arguments.addAll(options);
            arguments.add(root.toString());
            assertThat(new CapturedConsole(home).run(arguments.toArray(String[]::new)))
                    .as(options.toString())
                    .isEqualTo(ExitCode.USAGE.value());
        }
    }

    @Test
    void missingDirectory_is7() {
        CapturedConsole console = new CapturedConsole(home);
        assertThat(console.run("serve", "--port=0", root.resolve("nosuch").toString()))
                .isEqualTo(ExitCode.LOCAL_FILE.value());
        assertThat(console.err()).contains("nosuch: no such directory");
    }

    @Test
    void portInUse_is3AndSaysWhatToDo() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CapturedConsole console = new CapturedConsole(home);
            assertThat(console.run("serve", "--port=" + taken.getLocalPort(), root.toString()))
                    .isEqualTo(ExitCode.CANNOT_CONNECT.value());
            assertThat(console.err())
                    .containsIgnoringCase("address already in use")
                    .contains("choose another port");
            assertThat(console.out()).isEmpty();
        }
    }

    @Test
    void passivePortsInUse_allOfThem_is3AndSaysWhatToDo() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            CapturedConsole console = new CapturedConsole(home);
            assertThat(console.run("serve", "--port=0", "--passive-ports=" + port, root.toString()))
                    .isEqualTo(ExitCode.CANNOT_CONNECT.value());
            assertThat(console.err())
                    .containsIgnoringCase(
                            "no passive port of " + port + " can be had on 127.0.0.1: address already in use")
                    .contains("choose other passive ports");
        }
    }
}
