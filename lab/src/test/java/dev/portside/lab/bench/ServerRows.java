package dev.portside.lab.bench;

import dev.portside.lab.bench.ServerRow.Raw;
import dev.portside.lab.bench.ServerRow.Trial;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The rows of servers, and what Portside is to reach in them. */
final class ServerRows {
    private static final Set<Contender> NOBODY = EnumSet.noneOf(Contender.class);
    /** Ten thousand processes or more, which no machine of this size is asked for. */
    private static final Set<Contender> FORKING = EnumSet.of(Contender.VSFTPD, Contender.PROFTPD, Contender.PURE_FTPD);

    private ServerRows() {}

    static List<Row> all(Pace pace) {
        String size = pace.fileSize();
        return List.of(
                row(
                                "retr",
                                "RETR " + size,
                                Unit.MIB_PER_SECOND,
                                Target.ofBest(1).andOfRaw(0.93))
                        .raw(Raw.DOWNLOAD)
                        .in(20, ServerTrials.retrieve(false)),
                row("stor", "STOR " + size, Unit.MIB_PER_SECOND, Target.ofBest(1.1))
                        .raw(Raw.UPLOAD)
                        .in(25, ServerTrials.store(false)),
                row("list", "LIST of 10,000 files", Unit.SECONDS, Target.ofBest(1))
                        .in(8, ServerTrials.list("LIST")),
                row("mlsd", "MLSD of 10,000 files", Unit.SECONDS, Target.ofBest(1))
                        .without(Contender.VSFTPD)
                        .in(8, ServerTrials.list("MLSD")),
                row("nlst", "NLST of 10,000 files", Unit.SECONDS, Target.ofBest(1))
                        .in(8, ServerTrials.list("NLST")),
                row("login-50", "logins, 50 at once", Unit.LOGINS_PER_SECOND, Target.ofBest(1.2))
                        .in(10, ServerTrials::loginsAtOnce),
                row(
                                "many",
                                pace.sessions(ServerTrials.CLIENTS) + " clients, each RETR 10 MiB over and over",
                                Unit.MIB_PER_SECOND,
                                Target.ofBest(1))
                        .in(30, ServerTrials::manyClients),
                // Behind those with many sessions and transfers, by which a JVM has learned what is measured here.
                row("login", "logins, one after the other", Unit.LOGINS_PER_SECOND, Target.ofBest(1))
                        .in(10, ServerTrials::logins),
                row("small-pasv", "RETR of 1,000 × 1 KiB, PASV", Unit.FILES_PER_SECOND, Target.ofBest(1.2))
                        .in(15, ServerTrials.smallFiles(FtpLoad.Mode.PASV, false)),
                row("small-epsv", "RETR of 1,000 × 1 KiB, EPSV", Unit.FILES_PER_SECOND, Target.ofBest(1.2))
                        .in(15, ServerTrials.smallFiles(FtpLoad.Mode.EPSV, false)),
                row("retr-tls", "RETR " + size + ", TLS 1.3", Unit.MIB_PER_SECOND, Target.ofBest(1.2))
                        .tls()
                        .in(25, ServerTrials.retrieve(true)),
                row("stor-tls", "STOR " + size + ", TLS 1.3", Unit.MIB_PER_SECOND, Target.ofBest(1.3))
                        .tls()
                        .in(25, ServerTrials.store(true)),
                row("small-tls", "RETR of 1,000 × 1 KiB, TLS, resumed", Unit.FILES_PER_SECOND, Target.ofBest(1.5))
                        .tls()
                        .in(20, ServerTrials.smallFiles(FtpLoad.Mode.EPSV, true)),
                idle("idle", false, pace.sessions(2_000), NOBODY, 4),
                idle("idle-10000", false, pace.sessions(10_000), FORKING, 4),
                idle("idle-tls", true, pace.sessions(500), NOBODY, 25),
                new StartRow("start", "start until it greets", Target.absolute(0.25), Duration.ofSeconds(15)));
    }

    private static Row idle(String name, boolean tls, int sessions, Set<Contender> without, int mostKib) {
        String title = String.format(Locale.ROOT, "idle%s session, of %,d", tls ? " TLS" : "", sessions);
        return new IdleRow(name, title, Target.absolute(mostKib), tls, sessions, without);
    }

    private static Draft row(String name, String title, Unit unit, Target target) {
        return new Draft(name, title, unit, target, false, NOBODY, Raw.NONE);
    }

    private record Draft(
            String name, String title, Unit unit, Target target, boolean secured, Set<Contender> without, Raw raw) {
        Draft tls() {
            return new Draft(name, title, unit, target, true, without, raw);
        }

        Draft without(Contender contender) {
            return new Draft(name, title, unit, target, secured, EnumSet.of(contender), raw);
        }

        Draft raw(Raw transfer) {
            return new Draft(name, title, unit, target, secured, without, transfer);
        }

        ServerRow in(int seconds, Trial trial) {
            return new ServerRow(name, title, unit, target, secured, without, Duration.ofSeconds(seconds), raw, trial);
        }
    }
}
