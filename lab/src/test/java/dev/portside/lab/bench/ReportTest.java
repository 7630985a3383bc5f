package dev.portside.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReportTest {
    /** A row that was measured somewhere else. */
    private record Known(Unit unit, Target target) implements Row {
        @Override
        public String name() {
            return "known";
        }

        @Override
        public String title() {
            return "a known row";
        }

        @Override
        public List<Series> measure(Ground ground) {
            throw new AssertionError();
        }
    }

    private static Series series(String contestant, double... values) {
        Series series = new Series(contestant);
        for (double value : values) {
            series.add(new Sample(value, 1 << 30), 200_000_000, 100_000_000);
        }
        return series;
    }

    @Test
    void ratio_isOfMedians_toTheBestPeer_andNotToTheRawLimit() {
        Figures figures = new Figures(
                new Known(Unit.MIB_PER_SECOND, Target.ofBest(1.1).andOfRaw(0.5)),
                List.of(
                        series("Portside", 120, 1, 130),
                        series("vsftpd", 100, 100, 500),
                        series("ProFTPD", 90),
                        series(ServerRow.RAW_TITLE, 200)));

        assertThat(figures.toBest()).isEqualTo(1.2);
        assertThat(figures.toRaw()).isEqualTo(0.6);
        assertThat(figures.isMet()).isTrue();
        assertThat(figures.isBehind()).isFalse();
    }

    @Test
    void ofSeconds_fewerAreBetter() {
        Figures figures = new Figures(
                new Known(Unit.SECONDS, Target.ofBest(1)),
                List.of(series("Portside", 0.3), series("vsftpd", 0.2), series("ProFTPD", 0.9)));

        assertThat(figures.toBest()).isEqualTo(1.5, org.assertj.core.api.Assertions.within(1e-9));
        assertThat(figures.isMet()).isFalse();
        assertThat(figures.isBehind()).isTrue();
    }

    @Test
    void whoFails_hasNoFigure_andThePageTellsWhy() {
        Series failed = series("vsftpd", 1);
        failed.fail(new IOException("RETR big.bin: 550 no"));
        Figures figures =
                new Figures(new Known(Unit.KIB, Target.absolute(4)), List.of(series("Portside", 3.5), failed));

        String page = new Report(List.of("a machine"), List.of(figures)).markdown();

        assertThat(figures.toBest()).isNaN();
        assertThat(page)
                .contains("| a known row | `known` | KiB | 3.5 | failed | – | ≤ 4 KiB: met | 1 |")
                .contains("vsftpd failed: RETR big.bin: 550 no")
                .contains("Nowhere in this run");
    }

    @Test
    void portsideThatFails_hasNotMetItsTarget() {
        Series failed = series("Portside", 1);
        failed.fail(new IOException("no"));

        assertThat(new Figures(new Known(Unit.KIB, Target.absolute(4)), List.of(failed)).isMet())
                .isFalse();
    }

    @Test
    void cpu_isCountedForEachGib() {
        Figures figures =
                new Figures(new Known(Unit.MIB_PER_SECOND, Target.ofBest(1)), List.of(series("Portside", 1, 2)));

        assertThat(new Report(List.of(), List.of(figures)).markdown())
                .contains("| a known row | 0.20 | 0.10 to 0.10 |");
    }

    @Test
    void page_keepsWhatStandsAroundTheFigures(@TempDir Path folder) throws IOException {
        Path page = folder.resolve("page.md");
        Files.writeString(page, """
                before
                <!-- what follows is written by ./bench --write -->
                old
                <!-- end of what ./bench has written -->
                after
                """);
        Report report = new Report(List.of("a machine"), List.of());

        report.writeInto(page);
        report.writeInto(page);

        assertThat(Files.readString(page))
                .startsWith("before\n")
                .endsWith("after\n")
                .containsOnlyOnce("- a machine")
                .doesNotContain("old");
    }

    @Test
    void page_withoutItsMarks_isLeftAsItIs(@TempDir Path folder) throws IOException {
        Path page = Files.writeString(folder.resolve("page.md"), "text");

        assertThatThrownBy(() -> new Report(List.of(), List.of()).writeInto(page))
                .hasMessageContaining("no place");
        assertThat(page).hasContent("text");
    }

    @Test
    void json_isALineForEachRow() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Figures figures = new Figures(
                new Known(Unit.SECONDS, Target.ofBest(1)), List.of(series("Portside", 0.25), series("vsftpd", 0.5)));

        JsonReport.write(figures, new PrintStream(out, true, StandardCharsets.UTF_8));

        assertThat(out.toString(StandardCharsets.UTF_8))
                .startsWith("{\"row\":\"known\",")
                .contains("\"to_best\":0.5", "\"met\":true", "\"median\":0.25")
                .endsWith("}\n")
                .hasLineCount(1);
    }

    @Test
    void rounds_takeTurns_andGoOnWithoutWhoFails() throws InterruptedException {
        List<String> order = new ArrayList<>();
        Rounds rounds = new Rounds(List.of(
                new Entrant("a", () -> 0, () -> counted(order, "a")),
                new Entrant("b", () -> 0, () -> {
                    order.add("b");
                    throw new IOException("b cannot");
                }),
                new Entrant("c", () -> 0, () -> counted(order, "c"))));

        List<Series> measured = rounds.measure(2, Duration.ZERO);

        assertThat(order).containsExactly("a", "b", "c", "c", "a");
        assertThat(measured).extracting(Series::samples).containsExactly(2, 0, 2);
        assertThat(measured.get(1).failure()).isEqualTo("b cannot");
    }

    private static Sample counted(List<String> order, String name) {
        order.add(name);
        return new Sample(1, 0);
    }
}
