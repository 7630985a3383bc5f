package dev.portside.lab.network;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What works where: for each topology its {@link Result}s, in the order of {@link Cell#of}.
 *
 * @param rows by topology, in the order of {@link Topology#all}
 */
record TruthTable(Map<Topology, List<Result>> rows) {
    /** For what is to fail: longer only makes the table late. */
    private static final Duration SHORT = Duration.ofSeconds(3);
    /** For what is to work: a busy machine is no reason to fail. */
    private static final Duration LONG = Duration.ofSeconds(20);

    /** Measures with our client whatever server runs at the topologies' addresses. */
    static TruthTable measure(Laboratory laboratory, List<Topology> topologies, Secrets secrets)
            throws IOException, InterruptedException {
        laboratory.forgetStops();
        List<CompletableFuture<Measured>> measured = new ArrayList<>();
        // AUTO remembers what worked, whoever asked for it: its cells are measured by clients that know nothing yet.
        try (Host clients = Host.start(laboratory.clients());
                Host auto = Host.start(laboratory.clients());
                Host autoTls = Host.start(laboratory.clients())) {
            for (Topology topology : topologies) {
                for (Cell cell : Cell.of(topology)) {
                    Host host = cell.way() != Way.AUTO ? clients : cell.tls() ? autoTls : auto;
                    measured.add(host.begin(new Measure(cell, secrets, timeout(cell))));
                }
            }
            measured.forEach(CompletableFuture::join);
        }
        List<Stop> stops = laboratory.stops();
        Map<Topology, List<Result>> rows = new LinkedHashMap<>();
        for (CompletableFuture<Measured> each : measured) {
            Result result = Result.of(each.join(), stops);
            rows.computeIfAbsent(result.measured().cell().topology(), key -> new ArrayList<>())
                    .add(result);
        }
        return new TruthTable(rows);
    }

    private static Duration timeout(Cell cell) {
        @Nullable
        Blame first = Prediction.of(cell.way() == Way.AUTO ? new Cell(cell.topology(), Way.EPSV, cell.tls()) : cell);
        return first == null ? LONG : SHORT;
    }

    /** What differs from the {@link Prediction}, a line each; empty if all is as expected. */
    static List<String> surprises(List<Result> row) {
        List<String> lines = new ArrayList<>();
        for (Result result : row) {
            Cell cell = result.measured().cell();
            Blame expected = Prediction.of(cell);
            Blame seen = result.measured().works() ? null : result.blame();
            if (expected != seen) {
                lines.add(cell + ": expected " + (expected == null ? "that it works" : "that " + expected) + ", but "
                        + (seen == null ? "it works" : result.measured().failure()) + " " + result.evidence());
            }
        }
        return lines;
    }

    /** The result of a cell. */
    Result of(Cell cell) {
        return rows.get(cell.topology()).stream()
                .filter(result -> result.measured().cell().equals(cell))
                .findFirst()
                .orElseThrow();
    }

    /** How many cells there are, and how many of them fail. */
    String sum() {
        long all = rows.values().stream().mapToLong(List::size).sum();
        long failing = rows.values().stream()
                .flatMap(List::stream)
                .filter(result -> !result.measured().works())
                .count();
        return rows.size() + " topologies, " + all + " cells: " + (all - failing) + " work, " + failing + " fail";
    }
}
