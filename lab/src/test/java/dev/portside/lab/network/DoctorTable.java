package dev.portside.lab.network;

import dev.portside.lab.network.Examined.Verdict;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * What the doctor says of the cells that fail, beside the truth.
 *
 * @param judged every failing cell, AUTO's apart, which is none of the doctor's trials
 * @param imagined cells that work, of which the doctor says that they do not, a line each
 */
record DoctorTable(List<Judged> judged, List<String> imagined, Duration longest) {
    private static final Duration DATA_TIMEOUT = Duration.ofSeconds(3);

    /** An opinion, and what it is worth. */
    record Judged(Examined.Opinion opinion, Blame truth, Verdict verdict) {
        @Override
        public String toString() {
            return opinion.cell() + ": the truth: " + truth + "; the doctor: "
                    + (opinion.works()
                            ? "works"
                            : opinion.cause() + " at " + opinion.places() + ": " + opinion.words());
        }
    }

    /** Examines every topology; the servers must be running. */
    static DoctorTable measure(Laboratory laboratory, TruthTable truth, Secrets secrets) throws IOException {
        List<CompletableFuture<Examined>> examined = new ArrayList<>();
        try (Host clients = Host.start(laboratory.clients())) {
            for (Topology topology : truth.rows().keySet()) {
                examined.add(clients.begin(new Examine(topology, secrets, DATA_TIMEOUT)));
            }
            examined.forEach(CompletableFuture::join);
        }
        List<Judged> judged = new ArrayList<>();
        List<String> imagined = new ArrayList<>();
        Duration longest = Duration.ZERO;
        for (CompletableFuture<Examined> each : examined) {
            Examined one = each.join();
            longest = one.took().compareTo(longest) > 0 ? one.took() : longest;
            for (Examined.Opinion opinion : one.opinions()) {
                Result result = truth.of(opinion.cell());
                if (!result.measured().works()) {
                    Cell clear =
                            new Cell(opinion.cell().topology(), opinion.cell().way(), false);
                    boolean worksInTheClear = truth.of(clear).measured().works();
                    judged.add(new Judged(opinion, result.blame(), opinion.verdict(result.blame(), worksInTheClear)));
                }
            }
        }
        return new DoctorTable(judged, imagined, longest);
    }

    /** How many opinions there are of each worth. */
    Map<Verdict, Integer> count() {
        Map<Verdict, Integer> count = new EnumMap<>(Verdict.class);
        for (Verdict verdict : Verdict.values()) {
            count.put(verdict, 0);
        }
        judged.forEach(each -> count.merge(each.verdict(), 1, Integer::sum));
        return count;
    }

    /** What it says and is not so, a line each. */
    List<String> wrong() {
        return Stream.concat(those(Verdict.WRONG).stream(), imagined.stream()).toList();
    }

    /** Opinions of one worth, a line each. */
    List<String> those(Verdict verdict) {
        return judged.stream()
                .filter(each -> each.verdict() == verdict)
                .map(Judged::toString)
                .toList();
    }

    /** How many of a hundred are right, or have the true place among others. */
    double percentRight() {
        Map<Verdict, Integer> count = count();
        return 100.0 * (count.get(Verdict.RIGHT) + count.get(Verdict.RIGHT_AMONG_OTHERS)) / judged.size();
    }

    String sum() {
        return judged.size() + " cells that fail: " + count() + ", " + imagined.size()
                + " imagined, the longest examination " + longest.toSeconds() + " s";
    }
}
