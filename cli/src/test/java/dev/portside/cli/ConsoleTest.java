package dev.portside.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portside.protocol.NameCharset;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsoleTest {
    private static final String LATIN1 = NameCharset.UTF_8.decode("caf\u00e9".getBytes(StandardCharsets.ISO_8859_1));

    @TempDir
    Path home;

    @Test
    void name_goesIntoAPipeAsItsBytes() {
        CapturedConsole captured = new CapturedConsole(home);
        Console console = captured.console();
        console.line(console.name(LATIN1));
        assertThat(captured.outBytes()).isEqualTo("caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void name_isMadeVisibleOnATerminal() {
        CapturedConsole captured = new CapturedConsole(home).terminal();
        Console console = captured.console();
        console.line(console.name(LATIN1 + "\u001b[31m\u202egpj.exe"));
        assertThat(captured.out()).isEqualTo("caf\\xe9\\x1b[31m\\u202egpj.exe\n");
    }

    @Test
    void emoji_staysWhatItIs() {
        assertThat(Console.visible("\uD83D\uDEA2 日本語")).isEqualTo("\uD83D\uDEA2 日本語");
    }

    @Test
    void colour_isForTerminalsOnly() {
        assertThat(new CapturedConsole(home).console().style().colour()).isFalse();
        assertThat(new CapturedConsole(home).terminal().console().style().colour())
                .isTrue();
        assertThat(new CapturedConsole(home)
                        .terminal()
                        .with("NO_COLOR", "1")
                        .console()
                        .style()
                        .colour())
                .isFalse();
        assertThat(new CapturedConsole(home)
                        .terminal()
                        .with("TERM", "dumb")
                        .console()
                        .style()
                        .colour())
                .isFalse();
    }

    @Test
    void drawings_areAsciiUnlessTheCharsetIsUtf8() {
        assertThat(new CapturedConsole(home).console().style().unicode()).isTrue();
        assertThat(new CapturedConsole(home)
                        .charset(StandardCharsets.US_ASCII)
                        .console()
                        .style()
                        .unicode())
                .isFalse();
    }

    @Test
    void closedOutput_isAnExitCodeOfItsOwn() {
        Console console = new CapturedConsole(home)
                .output(new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("Broken pipe");
                    }
                })
                .console();
        assertThatThrownBy(() -> console.line("x"))
                .isInstanceOfSatisfying(
                        PortsideException.class,
                        closed -> assertThat(closed.code()).isEqualTo(ExitCode.OUTPUT_CLOSED));
    }
}
