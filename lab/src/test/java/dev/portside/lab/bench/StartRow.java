package dev.portside.lab.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** How long servers take from the start of their process until they greet. */
record StartRow(String name, String title, Target target, Duration budget) implements Row {
    @Override
    public Unit unit() {
        return Unit.SECONDS;
    }

    @Override
    public List<Series> measure(Ground ground) throws Exception {
        List<Entrant> entrants = new ArrayList<>();
        for (Contender each : ground.contenders()) {
            entrants.add(new Entrant(each.title(), () -> 0, () -> {
                try (Contestant started = ground.start(each, false)) {
                    return Sample.ofTime(started.startup().toNanos());
                }
            }));
        }
        return new Rounds(entrants)
                .measure(ground.pace().fewestRounds(), ground.pace().budget(budget));
    }
}
