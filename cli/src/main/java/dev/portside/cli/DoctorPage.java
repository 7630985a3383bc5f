package dev.portside.cli;

import dev.portside.cli.doctor.Diagnosis;
import dev.portside.cli.doctor.Event;
import dev.portside.cli.doctor.Event.Kind;
import dev.portside.cli.doctor.Finding;
import dev.portside.cli.doctor.Finding.Severity;
import dev.portside.cli.doctor.Mode;
import dev.portside.cli.doctor.Place;
import dev.portside.cli.doctor.Trial;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the doctor found, as one page that needs nothing else: no script, no font, no image from anywhere. It is made to be
 * sent to whoever looks after a firewall; text from servers is shown in it and never obeyed.
 */
final class DoctorPage {
    private static final DateTimeFormatter WHEN = DateTimeFormatter.ofPattern(
                    "d MMMM uuuu, HH:mm 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);
    private static final int MAX_DIALOGUE = 400;

    private final Diagnosis diagnosis;
    private final Instant when;
    private final Markup page = new Markup();
    /** The trials that are to be drawn and are not drawn yet. */
    private final List<Trial> toDraw;

    private int drawings;

    private DoctorPage(Diagnosis diagnosis, Instant when) {
        this.diagnosis = diagnosis;
        this.when = when;
        this.toDraw = new ArrayList<>(Sequence.drawn(diagnosis));
    }

    /** The page as text. */
    static String of(Diagnosis diagnosis, Instant when) {
        DoctorPage page = new DoctorPage(diagnosis, when);
        page.write();
        return "<!DOCTYPE html>\n" + page.page + "\n";
    }

    /** Writes the page to a file; what was there before stays until the new page is complete. */
    static void write(Path file, Diagnosis diagnosis, Instant when) {
        String text = of(diagnosis, when);
        try {
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                // A pipe or a device cannot be replaced.
                Files.writeString(file, text);
                return;
            }
            Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
            Path part = target.resolveSibling(target.getFileName() + ".part");
            try {
                Files.writeString(part, text);
                Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(part);
            }
        } catch (IOException failed) {
            throw new PortsideException(
                    ExitCode.LOCAL_FILE, file + ": cannot be written, " + Failure.reason(failed), failed);
        }
    }

    private void write() {
        page.open("html", "lang", "en").open("head").line();
        page.empty("meta", "charset", "utf-8").line();
        page.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1")
                .line();
        page.empty("meta", "name", "color-scheme", "content", "light dark").line();
        page.empty("meta", "name", "referrer", "content", "no-referrer").line();
        page.empty(
                        "meta",
                        "http-equiv",
                        "Content-Security-Policy",
                        "content",
                        "default-src 'none'; style-src 'unsafe-inline'")
                .line();
        page.element("title", "FTP doctor: " + diagnosis.target()).line();
        page.style(styleSheet()).close().line();
        page.open("body").open("main").line();
        header();
        works();
        findings();
        drawings();
        profile();
        others();
        dialogues();
        footer();
        page.close().close().close();
    }

    private static String styleSheet() {
        try (InputStream css = DoctorPage.class.getResourceAsStream("doctor-page.css")) {
            if (css == null) {
                throw new IllegalStateException("the style sheet is not in the module");
            }
            return new String(css.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }

    // Summary

    private void header() {
        Severity worst = diagnosis.findings().stream()
                .map(Finding::severity)
                .min(Severity::compareTo)
                .orElse(Severity.REMARK);
        page.open("header");
        page.open("p", "class", "brand")
                .element("span", "Portside")
                .text(" FTP doctor")
                .close();
        page.element("h1", verdict(), "class", worst.name().toLowerCase(Locale.ROOT));
        page.open("dl", "class", "facts");
        fact("Target", diagnosis.target());
        ends();
        if (diagnosis.software() != null) {
            fact("Software", diagnosis.software());
        }
        fact("Examined", WHEN.format(when));
        page.close().close().line();
    }

    private void ends() {
        InetSocketAddress client = diagnosis.client();
        InetSocketAddress server = diagnosis.server();
        if (server != null) {
            fact("Server", Sequence.text(server));
        }
        if (client != null && client.getAddress() != null) {
            fact("Seen from", Picture.address(client.getAddress()));
        }
    }

    private void fact(String name, String value) {
        page.open("div").element("dt", name).element("dd", value).close();
    }

    private String verdict() {
        List<String> counts = Arrays.stream(new Severity[] {Severity.PROBLEM, Severity.WARNING})
                .map(this::counted)
                .filter(text -> !text.isEmpty())
                .toList();
        if (!counts.isEmpty()) {
            return String.join(", ", counts);
        }
        return diagnosis.trials().stream().anyMatch(Trial::works)
                ? "Everything that was tried works"
                : "Nothing was tried";
    }

    private String counted(Severity severity) {
        long count = diagnosis.findings().stream()
                .filter(finding -> finding.severity() == severity)
                .count();
        String name = severity.name().toLowerCase(Locale.ROOT);
        return count == 0 ? "" : count + " " + name + (count == 1 ? "" : "s");
    }

    private void works() {
        List<Boolean> columns = Stream.of(false, true)
                .filter(tls ->
                        diagnosis.trials().stream().anyMatch(trial -> trial.mode() != null && trial.tls() == tls))
                .toList();
        if (columns.isEmpty()) {
            return;
        }
        page.open("section").element("h2", "What works").open("table", "class", "works");
        page.element("caption", "A listing, with its data connection made in each of the ways that FTP has.");
        page.open("thead").open("tr").element("th", "Data connection", "scope", "col");
        columns.forEach(tls -> page.element("th", tls ? "Under TLS" : "In the clear", "scope", "col"));
        page.close().close().open("tbody");
        for (Mode mode : Mode.values()) {
            if (columns.stream().anyMatch(tls -> diagnosis.trial(mode, tls).isPresent())) {
                page.open("tr").open("th", "scope", "row").element("b", mode.toString());
                page.element("span", told(mode), "class", "told").close();
                columns.forEach(tls -> cell(diagnosis.trial(mode, tls)));
                page.close().line();
            }
        }
        page.close().close().close().line();
    }

    /** What was tried beside the modes. */
    private void others() {
        List<Trial> others = diagnosis.trials().stream()
                .filter(trial -> trial.mode() == null)
                .toList();
        if (others.isEmpty()) {
            return;
        }
        page.open("section").element("h2", "What else was tried").open("table", "class", "works others");
        page.open("tbody");
        for (Trial trial : others) {
            page.open("tr")
                    .open("th", "scope", "row")
                    .element("b", trial.name())
                    .close();
            cell(Optional.of(trial));
            page.close().line();
        }
        page.close().close().close().line();
    }

    private static String told(Mode mode) {
        return switch (mode) {
            case EPSV -> "passive: the client connects";
            case PASV_PEER -> "passive, to the server’s own address";
            case PASV_NAMED -> "passive, to the address in 227";
            case EPRT -> "active: the server connects";
            case PORT -> "active, in the form of RFC 959";
        };
    }

    private void cell(Optional<Trial> trial) {
        String name = trial.map(tried -> switch (tried.outcome()) {
                    case WORKS -> "works";
                    case FAILS -> "fails";
                    case NOT_TRIED -> "untried";
                })
                .orElse("untried");
        page.open("td", "class", name);
        page.element("b", name.equals("untried") ? "not tried" : name);
        trial.ifPresent(tried -> page.element("span", tried.text(), "class", "told"));
        page.close();
    }

    // Findings

    private void findings() {
        if (diagnosis.findings().isEmpty()) {
            return;
        }
        page.open("section").element("h2", "Findings").line();
        diagnosis.findings().forEach(this::finding);
        page.close().line();
    }

    private void finding(Finding finding) {
        String severity = finding.severity().name().toLowerCase(Locale.ROOT);
        page.open("article", "class", "finding " + severity);
        page.element("p", severity, "class", "severity");
        page.element("h3", finding.wrong());
        where(finding.places());
        if (!finding.evidence().isEmpty()) {
            page.element("h4", "Evidence").open("ul", "class", "evidence");
            finding.evidence().forEach(line -> page.element("li", line));
            page.close();
        }
        if (!finding.change().isEmpty()) {
            page.element("h4", "What to change").open("ol", "class", "change");
            finding.change().forEach(line -> page.element("li", line));
            page.close();
        }
        toDraw.stream().filter(trial -> isExplained(trial, finding)).findFirst().ifPresent(this::drawing);
        page.close().line();
    }

    private boolean isExplained(Trial trial, Finding finding) {
        return trial.fails()
                && trial.mode() != null
                && diagnosis.cause(trial.mode(), trial.tls()).equals(Optional.of(finding));
    }

    /** The way from the client to the server, with the places marked. */
    private void where(Set<Place> places) {
        String named = Arrays.stream(Place.values())
                .filter(places::contains)
                .map(Place::toString)
                .collect(Collectors.joining(" or "));
        page.open("div", "class", "where").element("p", "Where: " + named, "class", "hidden");
        page.open("ol", "aria-hidden", "true");
        for (Place place : Place.values()) {
            page.element("li", place.toString(), "class", places.contains(place) ? "here" : "there");
        }
        page.close();
        if (places.size() > 1) {
            page.element("p", "One of these; it cannot be told from here which.", "class", "doubt");
        }
        page.close();
    }

    // Drawings

    /** Those that no finding has shown. */
    private void drawings() {
        List<Trial> rest = List.copyOf(toDraw);
        if (!rest.isEmpty()) {
            page.open("section")
                    .element("h2", drawings == 0 ? "Connections" : "Other connections")
                    .line();
            rest.forEach(this::drawing);
            page.close().line();
        }
    }

    private void drawing(Trial trial) {
        toDraw.remove(trial);
        drawings++;
        page.open("figure").open("figcaption");
        page.element("span", trial.fails() ? "fails" : "works", "class", trial.fails() ? "fails" : "works");
        page.element("b", trial.name())
                .element("span", trial.text(), "class", "told")
                .close();
        page.open("div", "class", "scroll");
        SequenceSvg.write(page, diagnosis, trial, "sequence-" + drawings);
        page.close();
        if (drawings == 1) {
            page.open("ul", "class", "legend");
            page.element("li", "control connection", "class", "control");
            page.element("li", "data connection", "class", "data");
            page.element("li", "stopped here, as far as it can be told", "class", "stopped")
                    .close();
        }
        page.close().line();
    }

    private void profile() {
        if (diagnosis.profile().isEmpty()) {
            return;
        }
        page.open("section").element("h2", "What works here, to paste");
        page.open("ul", "class", "profile");
        diagnosis.profile().forEach(line -> page.element("li", line));
        page.close().close().line();
    }

    private void dialogues() {
        List<Trial> told = diagnosis.trials().stream()
                .filter(trial -> !trial.events().isEmpty())
                .toList();
        if (told.isEmpty()) {
            return;
        }
        List<Trial> drawn = Sequence.drawn(diagnosis);
        page.open("section").element("h2", "The dialogue").line();
        for (Trial trial : told) {
            if (trial.fails() && drawn.contains(trial)) {
                page.open("details", "open", "open");
            } else {
                page.open("details");
            }
            page.open("summary").element("b", trial.name());
            page.element("span", trial.text(), "class", "told").close();
            dialogue(trial.events());
            page.close().line();
        }
        page.close().line();
    }

    private void dialogue(List<Event> events) {
        page.open("table", "class", "dialogue").open("tbody");
        for (Event event : events.subList(0, Math.min(events.size(), MAX_DIALOGUE))) {
            boolean client = event.from() == Place.CLIENT || event.from() == Place.CLIENT_GATEWAY;
            String kind = event.kind() == Kind.SAYS ? "says" : event.kind() == Kind.STOPPED ? "stopped" : "event";
            page.open("tr", "class", kind);
            page.element("td", SequenceSvg.time(event), "class", "time");
            page.element("td", client ? "client" : "server", "class", client ? "client" : "server");
            page.element("td", SequenceSvg.words(event) + ends(event)).close().line();
        }
        page.close().close();
        if (events.size() > MAX_DIALOGUE) {
            page.element("p", (events.size() - MAX_DIALOGUE) + " more lines are left out.", "class", "told");
        }
    }

    private static String ends(Event event) {
        if (event.kind() == Kind.SAYS || event.kind() == Kind.STOPPED) {
            return "";
        }
        InetSocketAddress source = event.source();
        InetSocketAddress target = event.target();
        return (source == null || source.getPort() == 0 ? "" : ", from " + Sequence.text(source))
                + (target == null ? "" : (event.kind() == Kind.LISTENS ? ", on " : ", to ") + Sequence.text(target));
    }

    private void footer() {
        page.open("footer");
        page.element(
                "p",
                "Made by portside doctor " + Portside.VERSION
                        + ". There is no password in this page. The lines of the dialogue"
                        + " are as they were sent and received; what a server has said is not ours.");
        page.close();
    }
}
