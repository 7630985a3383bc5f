package dev.portside.lab.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures entrants in turn, round by round, so that whatever else the machine does hits all of them alike. Each round begins
 * with another one.
 */
final class Rounds {
    private static final int MOST = 101;

    private final List<Entrant> entrants;
    private final List<Series> all;

    Rounds(List<Entrant> entrants) {
        this.entrants = entrants;
        this.all = entrants.stream().map(each -> new Series(each.title())).toList();
    }

    /**
     * Lets each do it without being measured: the first time is nobody's best, and a JVM takes its time to learn.
     *
     * @param limit for each of them; after it no other time begins
     */
    void warmUp(Duration limit) throws InterruptedException {
        for (int i = 0; i < entrants.size(); i++) {
            long end = System.nanoTime() + limit.toNanos();
            try {
                do {
                    entrants.get(i).trial().call();
                } while (System.nanoTime() < end);
            } catch (InterruptedException stop) {
                throw stop;
            } catch (Exception failed) {
                all.get(i).fail(failed);
            }
        }
    }

    /** Measures until the time is over, but each at least so often. */
    List<Series> measure(int fewest, Duration budget) throws InterruptedException {
        long end = System.nanoTime() + budget.toNanos();
        for (int round = 0; round < MOST && (round < fewest || System.nanoTime() < end); round++) {
            for (int i = 0; i < entrants.size(); i++) {
                int next = (round + i) % entrants.size();
                if (all.get(next).failure() == null) {
                    measureOnce(entrants.get(next), all.get(next));
                }
            }
        }
        return new ArrayList<>(all);
    }

    private static void measureOnce(Entrant entrant, Series series) throws InterruptedException {
        try {
            long before = entrant.cpuNanos().getAsLong();
            long loadBefore = Machine.ownCpuNanos();
            Sample sample = entrant.trial().call();
            long load = Machine.ownCpuNanos() - loadBefore;
            series.add(sample, entrant.cpuNanos().getAsLong() - before, load);
        } catch (InterruptedException stop) {
            throw stop;
        } catch (Exception failed) {
            series.fail(failed);
        }
    }
}
