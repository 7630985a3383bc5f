package dev.portside.lab.bench;

import dev.portside.lab.peer.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Commands that a user types, against the same vsftpd, from the start of the process to its end.
 *
 * @param tls whether the server speaks TLS
 * @param budget for all rounds
 * @param work what they do
 * @param programs who does it
 */
record ClientRow(
        String name,
        String title,
        Unit unit,
        Target target,
        boolean tls,
        Duration budget,
        Work work,
        List<ClientProgram> programs)
        implements Row {
    /** What is to be done. */
    enum Work {
        VERSION,
        GET_BYTE,
        GET,
        PUT,
        GET_TREE
    }

    @Override
    public List<Series> measure(Ground ground) throws Exception {
        ground.endServers();
        try (Contestant server = ground.start(Contender.VSFTPD, tls)) {
            List<Entrant> entrants = new ArrayList<>();
            for (ClientProgram each : programs) {
                entrants.add(new Entrant(each.title(), Machine::childrenCpuNanos, () -> run(each, server, ground)));
            }
            return new Rounds(entrants)
                    .measure(ground.pace().fewestRounds(), ground.pace().budget(budget));
        }
    }

    private Sample run(ClientProgram program, Contestant server, Ground ground) throws Exception {
        Path target = ground.scratch();
        Path stored = ground.data().resolve(Ground.INCOMING).resolve(Ground.BIG);
        Files.deleteIfExists(stored);
        try {
            ClientProgram.Task task = new ClientProgram.Task(
                    work, server.address(), server.user(), server.password(), tls, ground.data(), target);
            long took = program.run(task);
            return sample(ground, took, target, stored);
        } finally {
            Files.deleteIfExists(stored);
            Processes.delete(target);
        }
    }

    /** Looks whether it has done what it was told. */
    private Sample sample(Ground ground, long took, Path target, Path stored) throws IOException {
        long large = ground.pace().fileBytes();
        return switch (work) {
            case VERSION -> Sample.ofTime(took);
            case GET_BYTE -> {
                expect(Files.size(target.resolve(Ground.BYTE)), 1);
                yield Sample.ofTime(took);
            }
            case GET -> {
                expect(Files.size(target.resolve(Ground.BIG)), large);
                yield Sample.ofRate(large, took);
            }
            case PUT -> {
                expect(Files.size(stored), large);
                yield Sample.ofRate(large, took);
            }
            case GET_TREE -> {
                try (var found = Files.walk(target)) {
                    expect(
                            found.filter(path -> path.toString().endsWith(".txt"))
                                    .count(),
                            Ground.FILES);
                }
                yield Sample.ofTime(took);
            }
        };
    }

    private static void expect(long found, long expected) throws IOException {
        if (found != expected) {
            throw new IOException("it has moved " + found + " of " + expected);
        }
    }

    static List<Row> all(Pace pace) {
        String size = pace.fileSize();
        List<ClientProgram> three = List.of(ClientProgram.PORTSIDE, ClientProgram.CURL, ClientProgram.LFTP);
        List<ClientProgram> trees = List.of(ClientProgram.PORTSIDE, ClientProgram.LFTP, ClientProgram.WGET);
        List<ClientProgram> two = List.of(ClientProgram.PORTSIDE, ClientProgram.CURL);
        return List.of(
                row("get", "get " + size, Unit.MIB_PER_SECOND, false, 15, Work.GET, three),
                row("put", "put " + size, Unit.MIB_PER_SECOND, false, 18, Work.PUT, three),
                row("get-tls", "get " + size + ", TLS", Unit.MIB_PER_SECOND, true, 20, Work.GET, three),
                row("put-tls", "put " + size + ", TLS", Unit.MIB_PER_SECOND, true, 30, Work.PUT, three),
                row("get-tree", "get -r of 10,000 × 1 KiB", Unit.SECONDS, false, 30, Work.GET_TREE, trees),
                row("get-byte", "get of 1 byte", Unit.SECONDS, false, 10, Work.GET_BYTE, two),
                row("version", "--version", Unit.SECONDS, false, 5, Work.VERSION, two));
    }

    private static ClientRow row(
            String name, String title, Unit unit, boolean tls, int seconds, Work work, List<ClientProgram> programs) {
        Duration budget = Duration.ofSeconds(seconds);
        return new ClientRow(name, title, unit, Target.ofBest(1), tls, budget, work, programs);
    }
}
