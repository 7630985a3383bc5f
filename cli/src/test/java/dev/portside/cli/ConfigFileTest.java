package dev.portside.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigFileTest {
    @TempDir
    Path home;

    private Path file(String toml) throws IOException {
        return Files.writeString(home.resolve("server.toml"), toml);
    }

    private List<String> arguments(String toml) throws IOException {
        return ConfigFile.read(file(toml)).arguments(option -> false);
    }

    @Test
    void serve_takesItsOptionsFromTheFile() throws IOException, InterruptedException {
        Files.createDirectory(home.resolve("files"));
        Files.writeString(home.resolve("files/a"), "x");
        Path config = file("""
                dir = "files"
                bind = ["127.0.0.1"]
                port = 0
                user = "joe"
                password = "secret"
                read-only = true
                anonymous = false
                idle-timeout = "2m"
                max-sessions = 20
                """);
        try (Serving serving = new Serving(new CapturedConsole(home), "serve", "--config", config.toString())) {
            List<String> lines = serving.untilReady();
            assertThat(lines.getFirst()).isEqualTo("user joe, may read\n");
            CapturedConsole client = new CapturedConsole(home).with(Login.PASSWORD_VARIABLE, "secret");
            String url = lines.getLast().strip().replace("listening on ftp://", "ftp://joe@");
            assertThat(client.run("ls", url)).as(client.err()).isZero();
            assertThat(client.out()).isEqualTo("a\n");
        }
    }

    @Test
    void commandLine_winsOverTheFile() throws IOException, InterruptedException {
        Path other = Files.createDirectory(home.resolve("other"));
        Files.writeString(other.resolve("b"), "x");
        Path config = file(
                "dir = \"files\"\nport = 1\nuser = \"joe\"\npassword = \"wrong\"\nbind = [\"127.0.0.9\", \"::1\"]\n");
        try (Serving serving = new Serving(
                new CapturedConsole(home),
                "serve",
                "--port=0",
                "--config=" + config,
                "--bind=127.0.0.1",
                "--password=right",
                other.toString())) {
            List<String> lines = serving.untilReady();
            assertThat(lines).hasSize(2);
            assertThat(lines.getFirst()).isEqualTo("user joe\n");
            CapturedConsole client = new CapturedConsole(home).with(Login.PASSWORD_VARIABLE, "right");
            assertThat(client.run("ls", lines.getLast().strip().replace("listening on ftp://", "ftp://joe@")))
                    .as(client.err())
                    .isZero();
            assertThat(client.out()).isEqualTo("b\n");
        }
    }

    @Test
    void values_becomeWhatTheyAreOnTheCommandLine() throws IOException {
        assertThat(arguments("""
                        port = 21
                        bind = "0.0.0.0"
                        passive-ports = ["50000-50010", "51000-51010"]
                        idle-timeout = 300
                        no-active = true
                        anonymous = false
                        cert = "tls/cert.pem"
                        key = "/etc/key.pem"
                        """))
                .containsExactly(
                        "--port=21",
                        "--bind=0.0.0.0",
                        "--passive-ports=50000-50010",
                        "--passive-ports=51000-51010",
                        "--idle-timeout=300",
                        "--no-active",
                        "--cert=" + home.resolve("tls/cert.pem"),
                        "--key=/etc/key.pem");
    }

    @Test
    void tables_nameANetworkEach() throws IOException {
        assertThat(arguments("external-address = { default = \"203.0.113.7\", \"192.168.0.0/16\" = \"192.168.1.5\" }"))
                .containsExactly("--external-address=203.0.113.7", "--external-address=192.168.0.0/16=192.168.1.5");
        assertThat(arguments("[external-address]\ndefault = \"203.0.113.7\"\n\"10.0.0.0/8\" = \"\"\n"))
                .containsExactly("--external-address=203.0.113.7", "--external-address=10.0.0.0/8=");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "prot = 21;                   line 2: prot: there is no such option",
                "config = 'x';                line 2: config: there is no such option",
                "json = true;                 line 2: json: there is no such option",
                "port = '21';                 line 2: port: expected a number (N), not \"21\"",
                "port = [21];                 line 2: port: expected a number (N), not [21]",
                "port = 1.5;                  line 2: port: expected a number (N), not 1.5",
                "user = 5;                    line 2: user: expected a text in quotes (NAME), not 5",
                "anonymous = 'yes';           line 2: anonymous: expected true or false, not \"yes\"",
                "bind = { default = 'x' };    line 2: bind: expected a text in quotes or a list of them (ADDRESS)",
                "idle-timeout = 'soon';       line 2: idle-timeout: not a time (30, 500ms, 5m): soon",
                "tls = 'sideways';            line 2: tls: ",
                "passive-ports = '5-4';       line 2: passive-ports: not a range of ports",
                "external-address = true;     line 2: external-address: expected a text in quotes or a list of them or a table",
                "dir = 5;                     line 2: dir: expected a path in quotes, not 5",
                "port = ;                     line 2: is not TOML: ",
                "port = 1\\nport = 2;         is not TOML: Duplicate key",
            })
    void whatIsWrong_isSaidWithFileLineAndKey(String line, String message) throws IOException {
        Path config = file("# comment\n" + line.replace('\'', '"').replace("\\n", "\n") + "\n");
        CapturedConsole console = new CapturedConsole(home);
        assertThat(console.run("serve", "--config", config.toString(), home.toString()))
                .isEqualTo(ExitCode.USAGE.value());
        assertThat(console.err())
                .contains(config.toString(), message.strip())
                .doesNotContain("Exception", "jackson", "\tat ");
        assertThat(console.err().lines()).hasSize(1);
    }

    @Test
    void aFileThatIsMissing_is7() {
        CapturedConsole console = new CapturedConsole(home);
        assertThat(console.run("serve", "--config", "nosuch.toml", home.toString()))
                .isEqualTo(ExitCode.LOCAL_FILE.value());
        assertThat(console.err()).contains("nosuch.toml: cannot be read, no such file");
    }

    @Test
    void neitherArgumentNorFile_namesTheDirectory() throws IOException {
        CapturedConsole console = new CapturedConsole(home);
        assertThat(console.run("serve", "--config", file("port = 0\n").toString()))
                .isEqualTo(ExitCode.USAGE.value());
        assertThat(console.err()).contains("name the directory");
    }
}
