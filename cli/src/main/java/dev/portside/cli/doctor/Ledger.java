package dev.portside.cli.doctor;

import dev.portside.cli.doctor.Finding.Severity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where findings are collected: cells of one cause become one finding, whose severity follows from what still works. */
final class Ledger {
    private final Chart chart;
    private final List<Draft> drafts = new ArrayList<>();

    Ledger(Chart chart) {
        this.chart = chart;
    }

    /** A finding that is being written. */
    static final class Draft {
        private final Cause cause;
        private final String wrong;
        private final Set<Place> places = EnumSet.noneOf(Place.class);
        private final Set<String> evidence = new LinkedHashSet<>();
        private final Set<String> change = new LinkedHashSet<>();
        private final Set<Cell> explains = new LinkedHashSet<>();
        private @Nullable Severity severity;

        private Draft(Cause cause, String wrong) {
            this.cause = cause;
            this.wrong = wrong;
        }

        Draft at(Place... one) {
            places.addAll(Arrays.asList(one));
            return this;
        }

        Draft at(Collection<Place> these) {
            places.addAll(these);
            return this;
        }

        Draft evidence(String... lines) {
            evidence.addAll(Arrays.asList(lines));
            return this;
        }

        Draft evidence(Collection<String> lines) {
            evidence.addAll(lines);
            return this;
        }

        Draft change(String... lines) {
            change.addAll(Arrays.asList(lines));
            return this;
        }

        Draft change(Collection<String> lines) {
            change.addAll(lines);
            return this;
        }

        Draft explains(Collection<Cell> cells) {
            explains.addAll(cells);
            return this;
        }

        Draft severity(Severity fixed) {
            severity = fixed;
            return this;
        }
    }

    /** Begins a finding, or goes on with the one of the same cause and words. */
    Draft draft(Cause cause, String wrong) {
        return drafts.stream()
                .filter(draft -> draft.cause == cause && draft.wrong.equals(wrong))
                .findFirst()
                .orElseGet(() -> {
                    Draft draft = new Draft(cause, wrong);
                    drafts.add(draft);
                    return draft;
                });
    }

    /** Whether a finding explains the cell. */
    boolean explains(Cell cell) {
        return drafts.stream().anyMatch(draft -> draft.explains.contains(cell));
    }

    boolean has(Cause cause) {
        return drafts.stream().anyMatch(draft -> draft.cause == cause);
    }

    boolean hasProblem() {
        return findings().stream().anyMatch(finding -> finding.severity() == Severity.PROBLEM);
    }

    /** The findings, the worst first. */
    List<Finding> findings() {
        return drafts.stream()
                .map(draft -> new Finding(
                        draft.cause,
                        draft.severity == null ? severity(draft.explains) : draft.severity,
                        draft.places,
                        draft.wrong,
                        List.copyOf(draft.evidence),
                        List.copyOf(draft.change),
                        draft.explains))
                .sorted(Comparator.comparing(Finding::severity))
                .toList();
    }

    /**
     * What fails is a problem if it was asked for, or if nothing else works; passive mode that fails concerns others too; active mode
     * fails in most places, and needs no care where passive mode works.
     */
    private Severity severity(Set<Cell> cells) {
        Set<Mode> asked = chart.options().asked();
        if (cells.stream().anyMatch(cell -> asked.contains(cell.mode()) || !chart.anyWorks(cell.tls()))) {
            return Severity.PROBLEM;
        }
        if (cells.isEmpty()) {
            return Severity.WARNING;
        }
        boolean onlyActive = cells.stream().allMatch(cell -> cell.mode().isActive());
        return onlyActive && cells.stream().allMatch(cell -> chart.anyPassiveWorks(cell.tls()))
                ? Severity.REMARK
                : Severity.WARNING;
    }
}
