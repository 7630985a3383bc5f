package dev.portside.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgressTest {
    private static final Style UNICODE = new Style(false, true);

    @TempDir
    Path home;

    @Test
    void line_hasBarRateAndTimeLeft() {
        assertThat(Progress.line(UNICODE, "a.bin", 25 << 20, 100 << 20, 5 << 20))
                .isEqualTo("a.bin                  ████░░░░░░░░░░░░░░  25%  25.0 MiB    5.0 MiB/s      0:15");
    }

    @Test
    void line_isAtMost79ColumnsWide() {
        assertThat(Columns.width(Progress.line(UNICODE, "日本語".repeat(20), 1L << 60, Long.MAX_VALUE, 1)))
                .isLessThanOrEqualTo(79);
        assertThat(Columns.width(Progress.line(UNICODE, "x".repeat(80), 999L << 20, 1000L << 20, 999 << 20)))
                .isEqualTo(79);
    }

    @Test
    void line_withoutATotal_hasNoBar() {
        assertThat(Progress.line(UNICODE, "-", 1 << 20, -1, 1024))
                .endsWith("1.0 MiB    1.0 KiB/s")
                .doesNotContain("%");
    }

    @Test
    void line_ofAnEmptyFile_isDone() {
        assertThat(Progress.line(Style.PLAIN, "empty", 0, 0, 0))
                .contains("100%")
                .contains("-:--");
    }

    @Test
    void bar_isDrawnOnTheTerminalAndTakenAway() throws InterruptedException {
        CapturedConsole captured = new CapturedConsole(home).terminal();
        Console console = captured.console();
        CountDownLatch looked = new CountDownLatch(2);
        try (Progress _ = new Progress(console, "a.bin", 0, 100, () -> {
            looked.countDown();
            return 50;
        })) {
            assertThat(looked.await(10, TimeUnit.SECONDS)).isTrue();
            console.message("a message in between");
        }
        assertThat(captured.err())
                .contains(" 50%")
                .contains("\r\u001b[Ka message in between\n")
                .endsWith("\r\u001b[K");
    }

    @Test
    void summary_tellsBytesTimeAndRate() {
        assertThat(Progress.summary(Style.PLAIN, "a.bin", 10 << 20, Duration.ofSeconds(2)))
                .matches("a\\.bin +10\\.0 MiB +2\\.0 s +5\\.0 MiB/s");
    }
}
