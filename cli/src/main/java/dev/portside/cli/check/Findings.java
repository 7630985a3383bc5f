package dev.portside.cli.check;

import dev.portside.cli.check.Problem.Severity;
import java.util.ArrayList;
import java.util.List;

/** The problems found so far. */
final class Findings {
    private final List<Problem> problems = new ArrayList<>();

    void error(String id, String wrong, List<String> evidence, String... change) {
        add(Severity.ERROR, id, wrong, evidence, change);
    }

    void warning(String id, String wrong, List<String> evidence, String... change) {
        add(Severity.WARNING, id, wrong, evidence, change);
    }

    void note(String id, String wrong, List<String> evidence, String... change) {
        add(Severity.NOTE, id, wrong, evidence, change);
    }

    void add(Severity severity, String id, String wrong, List<String> evidence, String... change) {
        problems.add(new Problem(severity, id, wrong, List.copyOf(evidence), List.of(change)));
    }

    /** The worst first; those of one kind as they were found. */
    List<Problem> sorted() {
        List<Problem> sorted = new ArrayList<>(problems);
        sorted.sort(java.util.Comparator.comparing(Problem::severity));
        return List.copyOf(sorted);
    }
}
