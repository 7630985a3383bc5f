package dev.portside.lab.network;

import dev.portside.lab.peer.RealClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/**
 * What works for another client with our server.
 *
 * @param rows by topology: its cells, in the clear first
 */
record ProgramTable(Program program, Map<Topology, List<Outcome>> rows) {
    /** So many at the same time: those that fail wait, for the most part. */
    private static final int SIDE_BY_SIDE = 32;

    /**
     * A cell of another client.
     *
     * @param works whether it got the file
     * @param said what it said otherwise
     */
    record Outcome(Cell cell, boolean works, String said) {}

    /** Topologies with no helper, and with both: each of the gateways' rules is met. */
    static List<Topology> topologies() {
        return Topology.all().stream()
                .filter(topology -> topology.helper() == FtpHelper.NONE || topology.helper() == FtpHelper.BOTH)
                .toList();
    }

    static ProgramTable measure(Laboratory laboratory, Program program) {
        List<CompletableFuture<Outcome>> all = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(SIDE_BY_SIDE)) {
            for (Topology topology : topologies()) {
                for (Cell cell : cells(program, topology)) {
                    all.add(CompletableFuture.supplyAsync(() -> run(laboratory, program, cell), (Executor) threads));
                }
            }
        }
        Map<Topology, List<Outcome>> rows = new LinkedHashMap<>();
        for (CompletableFuture<Outcome> each : all) {
            Outcome outcome = each.join();
            rows.computeIfAbsent(outcome.cell().topology(), key -> new ArrayList<>())
                    .add(outcome);
        }
        return new ProgramTable(program, rows);
    }

    private static List<Cell> cells(Program program, Topology topology) {
        return Stream.of(false, true)
                .flatMap(tls -> program.ways(topology.family(), tls).stream().map(way -> new Cell(topology, way, tls)))
                .toList();
    }

    private static Outcome run(Laboratory laboratory, Program program, Cell cell) {
        boolean toWork = program.isToWork(cell);
        List<String> line = new ArrayList<>(laboratory.clients().around());
        line.addAll(program.command(cell, toWork ? 20 : 3));
        try {
            RealClient.Outcome outcome = RealClient.named("nsenter")
                    .within(Duration.ofSeconds(toWork ? 60 : 8))
                    .run(line.subList(1, line.size()).toArray(String[]::new));
            boolean works = outcome.exitCode() == 0 && outcome.text().equals(Secrets.CONTENT);
            return new Outcome(cell, works, works ? "" : outcome.toString());
        } catch (AssertionError late) {
            return new Outcome(cell, false, String.valueOf(late.getMessage()));
        } catch (IOException broken) {
            throw new CompletionException(broken);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CompletionException(interrupted);
        }
    }

    /** What differs from what is to be expected, a line each. */
    List<String> surprises(Topology topology) {
        return rows.get(topology).stream()
                .filter(outcome -> outcome.works() != program.isToWork(outcome.cell()))
                .map(outcome -> outcome.cell() + ": " + (outcome.works() ? "works" : "fails: " + outcome.said()))
                .toList();
    }

    /** How many cells there are, and how many of them work. */
    String sum() {
        List<Outcome> all = rows.values().stream().flatMap(List::stream).toList();
        return rows.size() + " topologies, " + all.size() + " cells: "
                + all.stream().filter(Outcome::works).count() + " work";
    }
}
