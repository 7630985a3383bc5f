package dev.portside.cli.doctor;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the doctor found.
 *
 * @param target the URL, without user and password
 * @param client the client's end of the first control connection; null if there was none
 * @param server the server's end of it
 * @param software what the greeting, or SYST, tells of the server; null if it tells nothing
 * @param trials in the order of {@link Trial.Subject}, in the clear first
 * @param findings the worst first
 * @param profile the options that work here, as lines to paste
 */
public record Diagnosis(
        String target,
        @Nullable InetSocketAddress client,
        @Nullable InetSocketAddress server,
        @Nullable String software,
        List<Trial> trials,
        List<Finding> findings,
        List<String> profile) {

    public Diagnosis {
        trials = List.copyOf(trials);
        findings = List.copyOf(findings);
        profile = List.copyOf(profile);
    }

    /** The listing that was tried in this mode; empty if none was. */
    public Optional<Trial> trial(Mode mode, boolean tls) {
        return trials.stream()
                .filter(trial -> trial.mode() == mode && trial.tls() == tls)
                .findFirst();
    }

    /** The finding that explains why a mode fails; empty if it works, or nobody knows. */
    public Optional<Finding> cause(Mode mode, boolean tls) {
        Cell cell = new Cell(mode, tls);
        return findings.stream()
                .filter(finding -> finding.explains().contains(cell))
                .findFirst();
    }

    /** Whether everything that was asked for works. */
    public boolean isHealthy() {
        return findings.stream().noneMatch(finding -> finding.severity() == Finding.Severity.PROBLEM);
    }
}
