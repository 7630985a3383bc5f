package dev.portside.lab.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every topology of the laboratory, measured with real packets: fails, loudly, where there are no namespaces to be had. */
class TruthTableTest {
    private static final Path PAGE = Path.of(System.getProperty("portside.root"), "docs", "truth-table.md");

    private static LaboratoryRun run;

    @BeforeAll
    static void measure() throws Exception {
        run = LaboratoryRun.measure(line -> System.err.println("laboratory: " + line));
    }

    @TestFactory
    Stream<DynamicTest> ourClientWithOurServer_inEachTopology_isAsTheRulesSay() {
        return rows(run.ours());
    }

    @TestFactory
    Stream<DynamicTest> ourClientWithVsftpd_inEachTopology_isAsTheRulesSay() {
        return rows(run.vsftpd());
    }

    private static Stream<DynamicTest> rows(TruthTable table) {
        return table.rows().entrySet().stream()
                .map(row -> dynamicTest(
                        row.getKey().toString(),
                        () -> assertThat(TruthTable.surprises(row.getValue())).isEmpty()));
    }

    @TestFactory
    Stream<DynamicTest> otherClientsWithOurServer_inEachTopology_areAsTheRulesSay() {
        return Stream.of(run.curl(), run.lftp())
                .flatMap(table -> table.rows().keySet().stream()
                        .map(topology -> dynamicTest(
                                table.program() + " " + topology,
                                () -> assertThat(table.surprises(topology)).isEmpty())));
    }

    /** At once: nothing is tried in vain where something has worked. */
    @Test
    void auto_whereItHasWorked_worksAtOnceTheNextTime() {
        assertThat(Stream.of(run.ours(), run.vsftpd())
                        .flatMap(table -> table.rows().values().stream())
                        .flatMap(List::stream)
                        .map(Result::measured)
                        .filter(measured -> measured.nextAttempts() > 0)
                        .map(measured -> measured.cell() + ": " + measured.nextAttempts() + " attempts in vain"))
                .isEmpty();
    }

    @Test
    void auto_inNoTopology_failsWhereAModeWorks() {
        List<String> failures = new ArrayList<>();
        for (TruthTable table : List.of(run.ours(), run.vsftpd())) {
            table.rows().values().stream()
                    .flatMap(List::stream)
                    .map(Result::measured)
                    .filter(measured -> measured.cell().way() == Way.AUTO && !measured.works())
                    .filter(measured -> table.rows().get(measured.cell().topology()).stream()
                            .map(Result::measured)
                            .anyMatch(other -> other.works()
                                    && other.cell().tls() == measured.cell().tls()))
                    .forEach(measured -> failures.add(measured.cell() + ": " + measured.failure()));
        }
        assertThat(failures).isEmpty();
    }

    @Test
    void theDoctor_isNeverWrong() {
        assertThat(run.doctor().wrong()).isEmpty();
    }

    @Test
    void theDoctor_namesTheCauseOfNineInTenFailures() {
        assertThat(run.doctor().percentRight())
                .as(run.doctor().sum() + run.doctor().those(Examined.Verdict.SILENT))
                .isGreaterThanOrEqualTo(90);
    }

    /** How sure the doctor is depends on time-outs that a busy machine may reach: its counts may differ a little. */
    @Test
    void thePage_isWhatWasMeasured() throws Exception {
        assertThat(withoutDoctor(Files.readString(PAGE)))
                .as("write it anew: lab/run --write")
                .isEqualTo(withoutDoctor(Page.of(run)));
    }

    private static String withoutDoctor(String page) {
        assertThat(page).contains(Page.DOCTOR);
        return page.substring(0, page.indexOf(Page.DOCTOR));
    }
}
