package dev.portside.lab.network;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What {@code lab/run} starts. */
final class Run {
    private static final String USAGE = """
            lab/run              measures every topology and prints the truth table
            lab/run --write      the same, and writes docs/truth-table.md
            lab/run --list       lists the topologies, with their numbers
            lab/run --shell ROW  builds the laboratory with our servers, and opens a shell where the client of this row is
            """;

    private Run() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        List<String> given = List.of(arguments);
        String missing = Network.missing();
        if (given.equals(List.of("--list"))) {
            list();
        } else if (missing != null) {
            System.err.println("lab/run: no network laboratory here: " + missing);
            System.exit(77);
        } else if (given.isEmpty() || given.equals(List.of("--write"))) {
            System.exit(measure(!given.isEmpty()));
        } else if (given.size() == 2 && given.getFirst().equals("--shell") && row(given.getLast()) != null) {
            System.exit(Shell.open(row(given.getLast())));
        } else {
            System.err.print(USAGE);
            System.exit(64);
        }
    }

    private static void list() {
        List<Topology> all = Topology.all();
        for (int i = 0; i < all.size(); i++) {
            System.out.println((i + 1) + "  " + all.get(i));
        }
    }

    private static Topology row(String number) {
        return number.matches("[0-9]{1,3}")
                        && Integer.parseInt(number) >= 1
                        && Integer.parseInt(number) <= Topology.all().size()
                ? Topology.all().get(Integer.parseInt(number) - 1)
                : null;
    }

    private static int measure(boolean write) throws IOException, InterruptedException {
        LaboratoryRun run = LaboratoryRun.measure(line -> System.err.println("lab/run: " + line));
        String page = Page.of(run);
        System.out.print(page);
        List<String> surprises = surprises(run);
        surprises.forEach(line -> System.err.println("lab/run: " + line));
        if (write) {
            Files.writeString(Path.of(System.getProperty("portside.root"), "docs", "truth-table.md"), page);
        }
        return surprises.isEmpty() ? 0 : 1;
    }

    private static List<String> surprises(LaboratoryRun run) {
        List<String> all = new ArrayList<>();
        for (TruthTable table : List.of(run.ours(), run.vsftpd())) {
            for (Map.Entry<Topology, List<Result>> row : table.rows().entrySet()) {
                all.addAll(TruthTable.surprises(row.getValue()));
            }
        }
        for (ProgramTable table : List.of(run.curl(), run.lftp())) {
            table.rows().keySet().forEach(topology -> all.addAll(table.surprises(topology)));
        }
        all.addAll(run.doctor().wrong());
        return all;
    }
}
