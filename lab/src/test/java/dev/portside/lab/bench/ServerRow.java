package dev.portside.lab.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Servers that run, asked by the load generator in turn.
 *
 * @param tls whether they speak TLS
 * @param without who cannot do it
 * @param budget for all rounds
 * @param raw the same transfer without FTP; {@link Raw#NONE} where there is none
 */
record ServerRow(
        String name,
        String title,
        Unit unit,
        Target target,
        boolean tls,
        Set<Contender> without,
        Duration budget,
        Raw raw,
        Trial trial)
        implements Row {
    /** One measurement of one server. */
    @FunctionalInterface
    interface Trial {
        Sample of(Contestant server, Ground ground) throws Exception;
    }

    /** What goes over the wire without FTP. */
    enum Raw {
        NONE,
        DOWNLOAD,
        UPLOAD
    }

    static final String RAW_TITLE = "raw";
    private static final Duration WARM_UP = Duration.ofSeconds(2);

    @Override
    public List<Series> measure(Ground ground) throws Exception {
        List<Entrant> entrants = new ArrayList<>();
        for (Contestant each : ground.servers(tls)) {
            if (!without.contains(each.contender())) {
                entrants.add(new Entrant(
                        each.contender().title(), () -> each.cpu().toNanos(), () -> trial.of(each, ground)));
            }
        }
        if (raw == Raw.NONE) {
            return measure(entrants, ground.pace());
        }
        try (RawLimit limit = RawLimit.start()) {
            entrants.add(new Entrant(RAW_TITLE, () -> cpuNanos(limit), () -> ServerTrials.raw(limit, raw, ground)));
            return measure(entrants, ground.pace());
        }
    }

    private static long cpuNanos(RawLimit limit) {
        return limit.process().info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
    }

    private List<Series> measure(List<Entrant> entrants, Pace pace) throws InterruptedException {
        Rounds rounds = new Rounds(entrants);
        rounds.warmUp(pace.budget(WARM_UP));
        return rounds.measure(pace.fewestRounds(), pace.budget(budget));
    }
}
