package dev.portside.lab.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * What a run has measured, as Markdown.
 *
 * @param heading where and when it ran, one line each
 * @param figures row by row
 */
record Report(List<String> heading, List<Figures> figures) {
    private static final String BEGIN = "<!-- what follows is written by ./bench --write -->";
    private static final String END = "<!-- end of what ./bench has written -->";

    String markdown() {
        StringBuilder page = new StringBuilder();
        heading.forEach(line -> page.append("- ").append(line).append('\n'));
        section(
                page,
                "Servers",
                figures.stream()
                        .filter(each -> !(each.row() instanceof ClientRow))
                        .toList());
        section(
                page,
                "Clients",
                figures.stream().filter(each -> each.row() instanceof ClientRow).toList());
        List<Figures> moved = figures.stream()
                .filter(each -> each.series().stream()
                        .anyMatch(series -> series.cpuSecondsPerGib().isPresent()))
                .toList();
        if (!moved.isEmpty()) {
            page.append("\n### CPU seconds for each GiB, user and system, all processes\n\n");
            cpu(page, moved);
        }
        behind(page);
        failures(page);
        return page.toString();
    }

    private static void section(StringBuilder page, String title, List<Figures> rows) {
        if (rows.isEmpty()) {
            return;
        }
        page.append("\n### ").append(title).append("\n\n");
        Set<String> columns = columns(rows);
        List<String> head = new ArrayList<>(List.of("row", "", "unit"));
        head.addAll(columns);
        head.addAll(List.of("to the best peer", "target", "rounds"));
        line(page, head);
        line(page, head.stream().map(_ -> "---").toList());
        for (Figures row : rows) {
            List<String> cells = new ArrayList<>(List.of(
                    row.row().title(),
                    "`" + row.row().name() + "`",
                    row.row().unit().text()));
            columns.forEach(column -> cells.add(cell(row, column, (figures, series) -> figures.value(series))));
            cells.add(Double.isNaN(row.toBest()) ? "–" : String.format(Locale.ROOT, "%.2f", row.toBest()));
            cells.add(target(row));
            cells.add(Integer.toString(
                    row.series().stream().mapToInt(Series::samples).max().orElse(0)));
            line(page, cells);
        }
    }

    private static String target(Figures row) {
        String raw = Double.isNaN(row.toRaw()) ? "" : String.format(Locale.ROOT, " (%.2f × raw)", row.toRaw());
        String text = row.row().target().text(row.row().unit()) + raw;
        return row.hasOurs() ? text + (row.isMet() ? ": met" : ": **not met**") : text;
    }

    private static void cpu(StringBuilder page, List<Figures> rows) {
        Set<String> columns = columns(rows);
        List<String> head = new ArrayList<>(List.of("row"));
        head.addAll(columns);
        head.add("load generator");
        line(page, head);
        line(page, head.stream().map(_ -> "---").toList());
        for (Figures row : rows) {
            List<String> cells = new ArrayList<>(List.of(row.row().title()));
            columns.forEach(column -> cells.add(cell(row, column, (_, series) -> number(series.cpuSecondsPerGib()))));
            // A client row has none: the programs are what is measured.
            cells.add(row.row() instanceof ClientRow ? "–" : load(row));
            line(page, cells);
        }
    }

    /** From the cheapest to the dearest server: a slow one makes the reader wait and poll. */
    private static String load(Figures row) {
        double[] all = row.series().stream()
                .flatMapToDouble(series -> series.loadSecondsPerGib().stream())
                .sorted()
                .toArray();
        return all.length == 0
                ? "–"
                : number(OptionalDouble.of(all[0])) + " to " + number(OptionalDouble.of(all[all.length - 1]));
    }

    private static String number(OptionalDouble value) {
        return value.isEmpty() ? "–" : String.format(Locale.ROOT, "%.2f", value.getAsDouble());
    }

    private static Set<String> columns(List<Figures> rows) {
        Set<String> columns = new LinkedHashSet<>();
        rows.forEach(row -> row.series().forEach(series -> columns.add(series.contestant())));
        // The last one, wherever it came first.
        if (columns.remove(ServerRow.RAW_TITLE)) {
            columns.add(ServerRow.RAW_TITLE);
        }
        return columns;
    }

    private static String cell(Figures row, String column, BiFunction<Figures, Series, String> text) {
        return row.series().stream()
                .filter(series -> series.contestant().equals(column))
                .findFirst()
                .map(series -> text.apply(row, series))
                .orElse("–");
    }

    private static void line(StringBuilder page, List<String> cells) {
        page.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }

    private void behind(StringBuilder page) {
        List<Figures> rows = figures.stream()
                .filter(row -> row.hasOurs() && (row.isBehind() || !row.isMet()))
                .toList();
        page.append("\n### Where Portside is behind, or short of its target\n\n");
        if (rows.isEmpty()) {
            page.append("Nowhere in this run.\n");
        }
        for (Figures row : rows) {
            page.append("- `")
                    .append(row.row().name())
                    .append("`, ")
                    .append(row.row().title());
            if (!Double.isNaN(row.toBest())) {
                page.append(String.format(Locale.ROOT, ": %.2f × the best peer", row.toBest()));
            }
            page.append(
                            row.isMet()
                                    ? ""
                                    : ", wanted "
                                            + row.row().target().text(row.row().unit()))
                    .append('\n');
        }
    }

    private void failures(StringBuilder page) {
        for (Figures row : figures) {
            for (Series series : row.series()) {
                if (series.failure() != null) {
                    page.append("- `").append(row.row().name()).append("`: ").append(series.contestant());
                    page.append(" failed: ")
                            .append(series.failure().lines().findFirst().orElse(""))
                            .append('\n');
                }
            }
        }
    }

    /**
     * Puts this between the marks of a page that has them, and leaves the rest as it is.
     *
     * @throws IOException if there are none
     */
    void writeInto(Path page) throws IOException {
        String text = Files.readString(page);
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IOException(page + " has no place for it: " + BEGIN);
        }
        Files.writeString(page, text.substring(0, begin) + BEGIN + "\n\n" + markdown() + "\n" + text.substring(end));
    }
}
