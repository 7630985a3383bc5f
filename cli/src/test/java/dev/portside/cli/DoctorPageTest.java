package dev.portside.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.cli.doctor.Diagnosis;
import dev.portside.cli.doctor.Event.Channel;
import dev.portside.cli.doctor.Event.Kind;
import dev.portside.cli.doctor.Finding;
import dev.portside.cli.doctor.Mode;
import dev.portside.cli.doctor.Place;
import dev.portside.cli.doctor.Trial;
import dev.portside.cli.doctor.Trial.Outcome;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

class DoctorPageTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final String HOSTILE =
            "</text><script>alert(1)</script>\" onload='x' &amp; ]]> <!-- \u0000\u001b[31m\r\n\ud800\u202e\uffff";

    @TempDir
    Path directory;

    private static Document parsed(String page) {
        try {
            return DocumentBuilderFactory.newDefaultInstance()
                    .newDocumentBuilder()
                    .parse(new ByteArrayInputStream(page.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException | SAXException | ParserConfigurationException malformed) {
            throw new AssertionError(malformed);
        }
    }

    private static List<Element> elements(Document page, String name) {
        NodeList found = page.getElementsByTagName(name);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < found.getLength(); i++) {
            elements.add((Element) found.item(i));
        }
        return elements;
    }

    private static List<String> classed(Document page, String element, String wanted) {
        return elements(page, element).stream()
                .filter(each -> List.of(each.getAttribute("class").split(" ")).contains(wanted))
                .map(Element::getTextContent)
                .toList();
    }

    private static Diagnosis hostile() {
        SampleDiagnosis.Script script = new SampleDiagnosis.Script(false)
                .login()
                .say(Place.CLIENT, "PASV")
                .say(Place.SERVER, "227 " + HOSTILE);
        script.event(Channel.DATA, Kind.STOPPED, Place.CLIENT, Place.SERVER, HOSTILE, null, null);
        Finding real = SampleDiagnosis.findings().getFirst();
        Finding finding = new Finding(
                real.cause(),
                real.severity(),
                real.places(),
                HOSTILE,
                List.of(HOSTILE, HOSTILE),
                List.of(HOSTILE),
                real.explains());
        return new Diagnosis(
                HOSTILE,
                null,
                null,
                HOSTILE,
                List.of(script.trial(Mode.EPSV, Outcome.FAILS, HOSTILE)),
                List.of(finding),
                List.of(HOSTILE));
    }

    @Test
    void page_isWellFormed_andHasEverything() {
        Diagnosis diagnosis = SampleDiagnosis.diagnosis();
        Document page = parsed(DoctorPage.of(diagnosis, NOON));
        String text = page.getDocumentElement().getTextContent();
        assertThat(text)
                .contains("2 problems, 1 warning")
                .contains("1 March 2026, 12:00 UTC")
                .contains(diagnosis.target(), "203.0.113.80:21", "192.168.178.20", "vsFTPd 3.0.3")
                .contains(diagnosis.profile());
        for (Finding finding : diagnosis.findings()) {
            assertThat(text)
                    .contains(finding.wrong())
                    .contains(finding.evidence())
                    .contains(finding.change());
        }
        assertThat(classed(page, "p", "hidden"))
                .containsExactly(
                        "Where: server's gateway or server", "Where: server", "Where: client or client's gateway");
        assertThat(classed(page, "td", "works"))
                .containsExactly("works734 B in 35 ms", "works1.bin, 1 B, SHA-256 as the server says");
        assertThat(classed(page, "td", "fails")).hasSize(5);
        assertThat(classed(page, "td", "untried")).hasSize(4);
        assertThat(elements(page, "details"))
                .as("one for each trial that has lines")
                .hasSize(6);
    }

    @Test
    void drawings_areThoseOfTheTerminal_withTitleAndDescription() {
        Diagnosis diagnosis = SampleDiagnosis.diagnosis();
        Document page = parsed(DoctorPage.of(diagnosis, NOON));
        List<Element> drawings = elements(page, "svg");
        assertThat(drawings).hasSameSizeAs(Sequence.drawn(diagnosis));
        Set<String> ids = new HashSet<>();
        for (Element drawing : drawings) {
            assertThat(drawing.getAttribute("role")).isEqualTo("img");
            for (String id : drawing.getAttribute("aria-labelledby").split(" ")) {
                assertThat(ids.add(id)).as("unique").isTrue();
            }
        }
        assertThat(elements(page, "desc"))
                .extracting(Element::getTextContent)
                .anySatisfy(text -> assertThat(text)
                        .contains("0.000 s client: opens the control connection.")
                        .contains("server: 229 Entering Extended Passive Mode (|||50123|).")
                        .contains("stopped on the way, as far as is known at the server's gateway"));
        assertThat(classed(page, "text", "port")).contains(":41022", ":21", ":50123", ":51201", ":20");
    }

    @Test
    void page_refersToNothingOutside() {
        for (Diagnosis diagnosis : List.of(SampleDiagnosis.diagnosis(), hostile())) {
            String page = DoctorPage.of(diagnosis, NOON);
            assertThat(page)
                    .doesNotContainPattern("https?:")
                    .doesNotContainIgnoringCase("url(")
                    .doesNotContain("@import")
                    .contains("default-src 'none'".replace("'", "&#39;"));
            Document parsed = parsed(page);
            for (String name : List.of("script", "link", "img", "a", "iframe", "object", "image", "use", "base")) {
                assertThat(elements(parsed, name)).as(name).isEmpty();
            }
            for (Element element : elements(parsed, "*")) {
                for (int i = 0; i < element.getAttributes().getLength(); i++) {
                    assertThat(element.getAttributes().item(i).getNodeName())
                            .doesNotStartWith("on")
                            .isNotIn("src", "href", "style", "action", "data");
                }
            }
        }
    }

    @Test
    void hostileText_isTextEverywhere() {
        String page = DoctorPage.of(hostile(), NOON);
        Document parsed = parsed(page);
        assertThat(page).doesNotContain("<script", "\u0000", "\u001b", "\u202e", "\uffff");
        assertThat(parsed.getDocumentElement().getTextContent()).contains("<script>alert(1)</script>", "\\x1b[31m");
        assertThat(classed(parsed, "ul", "evidence")).hasSize(1);
    }

    @Test
    void longText_isCutInTheDrawing_andWholeInTheDialogue() {
        String line = "227 " + "日本語".repeat(200);
        Trial trial = new SampleDiagnosis.Script(false)
                .say(Place.CLIENT, "PASV")
                .say(Place.SERVER, line)
                .trial(Mode.PASV_NAMED, Outcome.FAILS, "");
        Diagnosis diagnosis = new Diagnosis("ftp://h/", null, null, null, List.of(trial), List.of(), List.of());
        Document page = parsed(DoctorPage.of(diagnosis, NOON));
        assertThat(classed(page, "text", "label"))
                .allSatisfy(label -> assertThat(Columns.width(label)).isLessThanOrEqualTo(86));
        assertThat(elements(page, "td")).anyMatch(cell -> cell.getTextContent().equals(line));
    }

    @Test
    void nothingTried_isStillAPage() {
        Diagnosis nothing = new Diagnosis("ftp://nowhere/", null, null, null, List.of(), List.of(), List.of());
        assertThat(parsed(DoctorPage.of(nothing, NOON)).getDocumentElement().getTextContent())
                .contains("Nothing was tried");
    }

    @Test
    void existingFile_isReplacedAsAWhole() throws IOException {
        Path file = Files.writeString(directory.resolve("report.html"), "old");
        DoctorPage.write(file, SampleDiagnosis.diagnosis(), NOON);
        assertThat(file).hasContent(DoctorPage.of(SampleDiagnosis.diagnosis(), NOON));
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left).containsExactly(file);
        }
    }

    @Test
    void fileThatCannotBeWritten_isToldByItsName() {
        Path nowhere = directory.resolve("no such directory").resolve("report.html");
        org.assertj.core.api.Assertions.assertThatThrownBy(
                        () -> DoctorPage.write(nowhere, SampleDiagnosis.diagnosis(), NOON))
                .isInstanceOf(PortsideException.class)
                .hasMessageContaining("report.html")
                .hasMessageNotContaining("Exception");
    }
}
