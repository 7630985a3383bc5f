package dev.portside.lab.network;

import dev.portside.cli.doctor.Cause;
import dev.portside.cli.doctor.Diagnosis;
import dev.portside.cli.doctor.Finding;
import dev.portside.cli.doctor.Place;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What the doctor says of a {@link Stage}. */
record Diagnosed(List<Told> findings, List<String> trials, Duration took) implements Serializable {

    /** A finding. */
    record Told(
            Cause cause,
            Finding.Severity severity,
            Set<Place> places,
            String wrong,
            List<String> evidence,
            List<String> change)
            implements Serializable {}

    static Diagnosed of(Diagnosis diagnosis, Duration took) {
        return new Diagnosed(
                diagnosis.findings().stream()
                        .map(each -> new Told(
                                each.cause(),
                                each.severity(),
                                each.places(),
                                each.wrong(),
                                each.evidence(),
                                each.change()))
                        .toList(),
                diagnosis.trials().stream()
                        .map(each -> each.name() + ": " + each.text())
                        .toList(),
                took);
    }

    /**
     * The finding of this cause.
     *
     * @throws AssertionError if there is none
     */
    Told finding(Cause cause) {
        return findings.stream()
                .filter(each -> each.cause() == cause)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + cause + " in\n" + this));
    }

    /** The evidence of all findings of this cause. */
    List<String> evidence(Cause cause) {
        return findings.stream()
                .filter(each -> each.cause() == cause)
                .flatMap(each -> each.evidence().stream())
                .toList();
    }

    /** The causes of what does not work. */
    Set<Cause> problems() {
        return findings.stream()
                .filter(each -> each.severity() == Finding.Severity.PROBLEM)
                .map(Told::cause)
                .collect(Collectors.toSet());
    }

    @Override
    public String toString() {
        return findings.stream().map(Told::toString).collect(Collectors.joining("\n")) + "\n"
                + String.join("\n", trials);
    }
}
