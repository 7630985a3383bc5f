package dev.portside.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoCommandTest {
    @TempDir
    Path home;

    @Test
    void demo_movesFilesInFourWaysAndUnderTls_andDrawsThem() {
        CapturedConsole console = new CapturedConsole(home);
        assertThat(console.run("demo")).as(console.err()).isZero();
        assertThat(console.err()).isEmpty();
        assertThat(console.outLines().stream().filter(line -> line.contains("every SHA-256 is right")))
                .hasSize(5);
        assertThat(console.outLines().stream().filter(line -> line.contains("◀═") && line.contains("opens the data")))
                .as("active mode: the server connects")
                .hasSize(2);
        assertThat(console.outLines().stream().filter(line -> line.contains("═▶●")))
                .as("passive mode: the client connects")
                .hasSize(3);
        assertThat(console.outLines().stream().filter(line -> line.contains("TLSv1.3, session resumed")))
                .hasSize(1);
        assertThat(console.outLines())
                .allSatisfy(line -> assertThat(Columns.width(line)).as(line).isLessThanOrEqualTo(80));
    }

    @Test
    void demo_withoutUtf8_isAscii() {
        CapturedConsole console = new CapturedConsole(home).charset(StandardCharsets.US_ASCII);
        assertThat(console.run("demo")).isZero();
        assertThat(console.out()).contains("opens the data connection =").doesNotContain("\u001b");
    }
}
