package dev.portside.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PortsideTest {
    @TempDir
    Path home;

    @Test
    void version_isThatOfTheBuild() throws IOException {
        String pom = Files.readString(Path.of(System.getProperty("portside.root"), "pom.xml"));
        assertThat(pom).contains("<version>" + Portside.VERSION + "</version>");
        CapturedConsole console = new CapturedConsole(home);
        assertThat(console.run("--version")).isZero();
        assertThat(console.out()).isEqualTo("portside " + Portside.VERSION + "\n");
    }

    @Test
    void withoutArguments_helpIsShown() {
        CapturedConsole console = new CapturedConsole(home);
        assertThat(console.run()).isZero();
        assertThat(console.out()).startsWith("Usage: portside COMMAND").contains("portside demo");
    }

    static java.util.stream.Stream<String> commands() {
        return Portside.COMMANDS.stream();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommand_hasHelpThatFits(String command) {
        CapturedConsole asked = new CapturedConsole(home);
        assertThat(asked.run("help", command)).isZero();
        CapturedConsole option = new CapturedConsole(home);
        assertThat(option.run(command, "--help")).isZero();
        assertThat(option.out()).startsWith("Usage: portside " + command).isEqualTo(asked.out());
        assertThat(option.outLines())
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
    }

    @ParameterizedTest
    @ValueSource(strings = {"exit-codes", "urls"})
    void everyTopic_fits(String topic) {
        CapturedConsole console = new CapturedConsole(home);
        assertThat(console.run("help", topic)).isZero();
        assertThat(console.outLines())
                .hasSizeGreaterThan(5)
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
    }

    @Test
    void exitCodes_areAllTold() {
        CapturedConsole console = new CapturedConsole(home);
        console.run("help", "exit-codes");
        assertThat(Arrays.stream(ExitCode.values()))
                .allSatisfy(code -> assertThat(console.out()).contains(code.value() + "  " + code.meaning()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lss",
                "ls",
                "ls --nonsense ftp://host/",
                "ls --mode=sideways ftp://host/",
                "ls --active-ports=7-5 ftp://host/",
                "ls --charset=utf-99 ftp://host/",
                "ls --charset=utf-16 ftp://host/",
                "ls --timeout=soon ftp://host/",
                "ls http://host/",
                "ls --tls=sideways ftp://host/",
                "ls --tls=off ftps://host/",
                "ls --tls-max=1.1 ftpes://host/",
                "ls --pin=nonsense ftpes://host/",
                "ls --cacert=ca.pem ftp://host/",
                "ls --key=k.pem ftpes://host/",
                "put ftp://host/",
                "mv ftp://host/a",
                "mv ftp://one/a ftp://two/b",
                "serve",
                "serve --port=x .",
                "help nonsense",
            })
    void wrongUse_is2AndSaysWhatToDo(String line) {
        CapturedConsole console = new CapturedConsole(home);
        assertThat(console.run(line.split(" "))).isEqualTo(ExitCode.USAGE.value());
        assertThat(console.out()).isEmpty();
        assertThat(console.err())
                .startsWith("portside")
                .doesNotContain("Exception")
                .doesNotContain("\tat ");
    }

    @Test
    void wrongUse_isSaidInWordsOfTheUser() {
        CapturedConsole console = new CapturedConsole(home);
        console.run("nonsense");
        assertThat(console.err()).startsWith("portside: no such command: nonsense\n");
        console.run("demo", "x");
        assertThat(console.err()).startsWith("portside demo: one argument too many: x\n");
        console.run("serve", "--port", "99999", home.toString());
        assertThat(console.err()).contains("--port is from 0 to 65535, not 99999");
    }

    @Test
    void typo_isGuessed() {
        CapturedConsole console = new CapturedConsole(home);
        console.run("lss");
        assertThat(console.err()).contains("Did you mean: ls");
    }

    @Test
    void completion_isAScriptForBash() {
        CapturedConsole console = new CapturedConsole(home);
        assertThat(console.run("completion")).isZero();
        assertThat(console.out()).contains("complete -F _complete_portside").contains("--active-ports");
    }
}
