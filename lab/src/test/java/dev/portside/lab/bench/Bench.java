package dev.portside.lab.bench;

import dev.portside.lab.peer.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What {@code ./bench} starts, in a network namespace of its own. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Measures Portside beside its peers: the same data, the same load generator, in turn.")
public final class Bench implements Callable<Integer> {
    private static final int FAILED = 1;

    /** What takes longest, and gets no shorter with a smaller file. */
    private static final Set<String> LEFT_OUT_WHEN_QUICK = Set.of("idle-10000", "get-tree");

    @Option(
            names = "--quick",
            description = "Two minutes: a smaller file, and a round or two of each row but the longest.")
    private boolean quick;

    @Option(names = "--only", paramLabel = "ROW", split = ",", description = "Only these rows; see --rows.")
    private List<String> only = List.of();

    @Option(
            names = "--peers",
            paramLabel = "NAME",
            split = ",",
            description =
                    "Only these servers beside Portside: vsftpd, proftpd, pure-ftpd, pyftpdlib, apache; none for none.")
    private List<String> peers = List.of();

    @Option(names = "--json", description = "Print a line of JSON for each row instead of a table.")
    private boolean json;

    @Option(names = "--write", description = "Write the table of a whole run into docs/performance.md.")
    private boolean write;

    @Option(names = "--rows", description = "List the rows.")
    private boolean list;

    private final List<String> versions = new ArrayList<>();

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Bench())
                .setExecutionExceptionHandler((failed, line, _) -> {
                    line.getErr().println("bench: " + failed.getMessage());
                    return FAILED;
                })
                .execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        Pace pace = quick ? Pace.QUICK : Pace.FULL;
        List<Row> rows = rows(pace);
        if (list) {
            rows.forEach(row -> System.out.printf(
                    "%-12s %s, %s%n", row.name(), row.title(), row.unit().text()));
            return 0;
        }
        if (write && (quick || !only.isEmpty() || !peers.isEmpty())) {
            System.err.println("bench: --write takes a whole run: without --quick, --only and --peers");
            return CommandLine.ExitCode.USAGE;
        }
        long began = System.nanoTime();
        List<Figures> figures = new ArrayList<>();
        try (Ground ground = Ground.make(pace, contenders(), Bench::tell)) {
            Thread cleaning = new Thread(() -> close(ground));
            Runtime.getRuntime().addShutdownHook(cleaning);
            for (Contender each : ground.contenders()) {
                versions.add(each.version());
            }
            for (Row row : rows) {
                Figures measured = new Figures(row, row.measure(ground));
                figures.add(measured);
                tell(measured.line());
                if (json) {
                    JsonReport.write(measured, System.out);
                }
            }
            Runtime.getRuntime().removeShutdownHook(cleaning);
        }
        Report report = new Report(heading(Duration.ofNanos(System.nanoTime() - began)), figures);
        if (!json) {
            System.out.print(report.markdown());
        }
        if (write) {
            report.writeInto(Programs.checkout("docs/performance.md"));
        }
        return figures.stream()
                        .allMatch(row -> !row.hasOurs()
                                || row.median(Contender.PORTSIDE.title()).isPresent())
                ? 0
                : FAILED;
    }

    private List<Row> rows(Pace pace) {
        List<Row> all = Stream.concat(ServerRows.all(pace).stream(), ClientRow.all(pace).stream())
                .toList();
        for (String name : only) {
            if (all.stream().noneMatch(row -> row.name().equals(name))) {
                throw new IllegalArgumentException("no row is called " + name + "; --rows lists them");
            }
        }
        return all.stream()
                .filter(row -> only.isEmpty()
                        ? !quick || !LEFT_OUT_WHEN_QUICK.contains(row.name())
                        : only.contains(row.name()))
                .toList();
    }

    private List<Contender> contenders() {
        List<Contender> all = List.of(Contender.values());
        if (peers.isEmpty()) {
            return all;
        }
        List<Contender> chosen = new ArrayList<>(List.of(Contender.PORTSIDE));
        for (String name : peers) {
            String wanted = name.toUpperCase(Locale.ROOT).replace('-', '_');
            if (!wanted.equals("NONE")) {
                chosen.add(all.stream()
                        .filter(each -> each.name().equals(wanted))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException(
                                "no peer is called " + name + ", but " + Arrays.toString(Contender.values()))));
            }
        }
        return chosen;
    }

    private List<String> heading(Duration took) throws IOException {
        return List.of(
                LocalDate.now(ZoneOffset.UTC) + ", `./bench" + (quick ? " --quick" : "") + "`, " + took.toSeconds()
                        + " s",
                Machine.text(),
                String.join(", ", versions));
    }

    private static void tell(String line) {
        System.err.println("bench: " + line);
    }

    /** When the run is broken off, while what it measured may still write. */
    private static void close(Ground ground) {
        try {
            ground.close();
        } catch (UncheckedIOException remains) {
            System.err.println("bench: " + remains.getMessage() + " remains");
        }
    }
}
