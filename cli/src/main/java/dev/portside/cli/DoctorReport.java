package dev.portside.cli;

import dev.portside.cli.Style.Glyph;
import dev.portside.cli.Style.Ink;
import dev.portside.cli.doctor.Diagnosis;
import dev.portside.cli.doctor.Event;
import dev.portside.cli.doctor.Finding;
import dev.portside.cli.doctor.Place;
import dev.portside.cli.doctor.Trial;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the doctor has to say, on standard output: for people, or as lines of JSON. */
final class DoctorReport {
    private static final int NAME_WIDTH = 34;
    private static final int LABEL_WIDTH = 10;

    private final Console console;
    private final Style style;
    private final @Nullable Consumer<JsonLine> json;

    /** @param json prints for programs; null: for people */
    DoctorReport(Console console, @Nullable Consumer<JsonLine> json) {
        this.console = console;
        this.style = console.style();
        this.json = json;
    }

    /** A trial that has ended; its lines too, if they are asked for. */
    void trial(Trial trial, boolean lines) {
        if (json != null) {
            json.accept(jsonLine(trial));
            return;
        }
        String sign = switch (trial.outcome()) {
            case WORKS -> style.paint(Ink.DATA, style.draw(Glyph.TICK));
            case FAILS -> style.paint(Ink.FAILURE, style.draw(Glyph.BROKEN));
            case NOT_TRIED -> style.paint(Ink.FAINT, "-");
        };
        String name = Columns.left(trial.name(), NAME_WIDTH);
        console.line((style.unicode() ? sign : Columns.left(sign, 2)) + " " + name + " "
                + Console.visible(firstLine(trial)));
        if (lines) {
            trial.events().forEach(event -> console.line("    " + Console.visible(text(event))));
        }
    }

    private static String firstLine(Trial trial) {
        return trial.text().lines().findFirst().orElse("");
    }

    private static String text(Event event) {
        String who = event.from() == Place.CLIENT ? "> " : "< ";
        return switch (event.kind()) {
            case SAYS -> who + event.text();
            default ->
                "* " + event.channel().name().toLowerCase(Locale.ROOT) + " connection: "
                        + event.kind().name().toLowerCase(Locale.ROOT) + ", "
                        + event.from() + (event.from() == event.to() ? "" : " to " + event.to())
                        + (event.text().isEmpty() ? "" : ", " + event.text());
        };
    }

    private JsonLine jsonLine(Trial trial) {
        return new JsonLine()
                .with("trial", trial.subject().name().toLowerCase(Locale.ROOT))
                .with("mode", trial.mode() == null ? null : trial.mode().name().toLowerCase(Locale.ROOT))
                .with("tls", trial.tls())
                .with("outcome", word(trial.outcome()))
                .with("seconds", ResultCommand.seconds(trial.duration()))
                .with("text", trial.text());
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The connections of what works and of each way to fail. */
    void pictures(Diagnosis diagnosis) {
        if (json != null) {
            return;
        }
        for (Trial trial : Sequence.drawn(diagnosis)) {
            String line = style.draw(Glyph.THIN);
            String name = trial.name() + (trial.fails() ? ", which fails" : "");
            int rest = Math.max(0, Picture.WIDTH - Columns.width(name) - 4);
            console.line("");
            console.line(line.repeat(2) + " " + style.paint(Ink.STRONG, name) + " " + line.repeat(rest));
            console.line("");
            DoctorPicture.lines(style, diagnosis, trial).forEach(console::line);
        }
    }

    /** What is wrong, the worst first. */
    void findings(Diagnosis diagnosis) {
        if (json != null) {
            diagnosis.findings().forEach(finding -> json.accept(jsonLine(finding)));
            return;
        }
        console.line("");
        if (diagnosis.findings().isEmpty()) {
            console.line("Nothing is wrong.");
        }
        for (Finding finding : diagnosis.findings()) {
            finding(finding);
        }
        if (diagnosis.isHealthy() && !diagnosis.findings().isEmpty()) {
            console.line("Everything that was asked for works.");
        }
    }

    private void finding(Finding finding) {
        Ink ink = finding.severity() == Finding.Severity.PROBLEM ? Ink.FAILURE : Ink.STRONG;
        console.line(style.paint(ink, finding.severity().name()) + "  " + Console.visible(finding.wrong()));
        part("where", List.of(places(finding)));
        part("evidence", finding.evidence());
        part("change", finding.change());
        if (!finding.cause().rows().isEmpty()) {
            String rows = finding.cause().rows().stream().map(String::valueOf).collect(Collectors.joining(", "));
            part("see", List.of("docs/doctor.md, row " + rows));
        }
        console.line("");
    }

    private static String places(Finding finding) {
        List<String> words = new ArrayList<>();
        if (!finding.places().isEmpty()) {
            EnumSet.copyOf(finding.places()).forEach(place -> words.add(place.toString()));
        }
        return (words.size() > 1 ? "one of these: " : "") + String.join(", ", words);
    }

    private void part(String label, List<String> lines) {
        String head = label;
        for (String line : lines) {
            console.line("  " + style.paint(Ink.FAINT, Columns.left(head, LABEL_WIDTH))
                    + Console.visible(line.lines().collect(Collectors.joining(" "))));
            head = "";
        }
    }

    private JsonLine jsonLine(Finding finding) {
        return new JsonLine()
                .with("finding", word(finding.cause()))
                .with("severity", word(finding.severity()))
                .with(
                        "where",
                        finding.places().stream().sorted().map(Place::toString).toList())
                .with("wrong", finding.wrong())
                .with("evidence", finding.evidence())
                .with("change", finding.change())
                .with(
                        "explains",
                        finding.explains().stream()
                                .map(Object::toString)
                                .sorted()
                                .toList())
                .with(
                        "rows",
                        finding.cause().rows().stream().map(String::valueOf).toList());
    }

    /** The options that work here. */
    void profile(Diagnosis diagnosis) {
        if (json != null) {
            json.accept(new JsonLine()
                    .with("target", diagnosis.target())
                    .with("healthy", diagnosis.isHealthy())
                    .with("profile", diagnosis.profile()));
            return;
        }
        if (!diagnosis.profile().isEmpty()) {
            console.line("To paste:");
            diagnosis.profile().forEach(line -> console.line("  " + Console.visible(line)));
        }
    }
}
