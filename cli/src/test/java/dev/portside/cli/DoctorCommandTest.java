package dev.portside.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.testkit.Fault;
import dev.portside.testkit.LeakCheckExtension;
import dev.portside.testkit.ScriptedServer;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LeakCheckExtension.class)
class DoctorCommandTest {
    @TempDir
    Path home;

    private CapturedConsole console() {
        return new CapturedConsole(home).with("PORTSIDE_PASSWORD", ServedDirectory.PASSWORD);
    }

    @Test
    void ourServer_isHealthy_inTheClear() throws IOException {
        CapturedConsole console = console();
        try (ServedDirectory served = new ServedDirectory(home)) {
            served.write("a.txt", "hello");
            int code = console.run("doctor", "--write", served.url(""));
            assertThat(console.out())
                    .contains("✓ listing by EPSV", "✓ listing by PORT", "✓ upload", "removed again")
                    .contains("a.txt, 5 bytes, size and SHA-256 agree")
                    .contains("To paste:", "portside get --mode epsv ftp://joe@127.0.0.1")
                    .contains("WARNING  The server does not offer TLS")
                    .contains("Portside: --tls auto")
                    .doesNotContain(ServedDirectory.PASSWORD);
            assertThat(code).as(console.out()).isZero();
            assertThat(console.err()).isEmpty();
        }
        assertThat(home.toFile().list()).containsExactly("a.txt");
    }

    @Test
    void problems_areAnExitCodeOfTheirOwn_andEachSaysWhere() throws IOException {
        CapturedConsole console = console();
        try (ScriptedServer server =
                ScriptedServer.script().fault(Fault.PASSIVE_UNREACHABLE).start()) {
            String url = "ftp://joe@127.0.0.1:" + server.port() + "/";
            assertThat(console.run("doctor", "--tls", "off", "--mode", "passive", url))
                    .isEqualTo(10);
            assertThat(console.out())
                    .contains("✗ listing by EPSV")
                    .contains("PROBLEM  The passive ports refuse the connection")
                    .contains("where     one of these: server's gateway, server")
                    .contains("evidence  EPSV in the clear: EPSV: 229")
                    .contains("docs/doctor.md, row 2")
                    .doesNotContain("EPRT", "To paste");
        }
    }

    @Test
    void json_hasALineForEachTrialAndFinding_andTheProfileLast() throws IOException {
        CapturedConsole console = console();
        try (ScriptedServer server =
                ScriptedServer.script().fault(Fault.EPSV_REFUSED).start()) {
            String url = "ftp://joe@127.0.0.1:" + server.port() + "/";
            assertThat(console.run("doctor", "--json", "--tls", "off", url)).isZero();
            assertThat(console.outLines())
                    .anyMatch(line -> line.startsWith(
                            "{\"trial\":\"data\",\"mode\":\"epsv\",\"tls\":false,\"outcome\":\"fails\""))
                    .anyMatch(line ->
                            line.startsWith("{\"finding\":\"epsv-refused\",\"severity\":\"warning\",\"where\":["))
                    .allMatch(line -> line.startsWith("{") && line.endsWith("}"));
            assertThat(console.outLines().getLast())
                    .contains("\"healthy\":true")
                    .contains("\"profile\":[\"portside get");
        }
    }

    @Test
    void verbose_showsTheLinesOfEachTrial_withoutThePassword() throws IOException {
        CapturedConsole console = console();
        try (ScriptedServer server = ScriptedServer.script().start()) {
            String url = "ftp://joe@127.0.0.1:" + server.port() + "/";
            console.run("doctor", "-v", "--tls", "off", "--mode", "epsv", url);
            assertThat(console.out())
                    .contains("> PASS ****", "> EPSV", "< 229 ", "* data connection: connects, client to server")
                    .doesNotContain(ServedDirectory.PASSWORD);
        }
    }

    @Test
    void whatTheServerSays_cannotWriteToTheTerminal() throws IOException {
        CapturedConsole console = console().terminal();
        try (ScriptedServer server = ScriptedServer.script()
                .reply("PASS", "530 \u001b[2Jno\u202egnihton")
                .start()) {
            console.run("doctor", "--tls", "off", "ftp://joe@127.0.0.1:" + server.port() + "/");
            assertThat(console.out()).contains("\\x1b[2Jno\\u202egnihton").doesNotContain("\u001b[2J");
        }
    }

    @Test
    void numbersOutOfRange_areUsage() {
        for (String option :
                new String[] {"--transfers=-1", "--sample-ports=10001", "--sessions=-2", "--connections=0"}) {
            CapturedConsole console = console();
            assertThat(console.run("doctor", option, "ftp://127.0.0.1:1/"))
                    .as(option)
                    .isEqualTo(2);
            assertThat(console.err()).contains(option.substring(0, option.indexOf('=')) + ": a number from");
        }
    }
}
