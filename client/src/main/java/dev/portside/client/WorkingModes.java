package dev.portside.client;

import dev.portside.client.DataModeMemory.Route;
import dev.portside.client.FtpDataConnectionException.Attempt;
import dev.portside.client.FtpDataConnectionException.Outcome;
import dev.portside.transport.Addresses;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * In which order a session tries the commands that make data connections: first the one that worked last, then others that have
 * worked, then those that were not tried, and last those that have only failed.
 */
final class WorkingModes {
    /** Where nothing works, how long a mode that was waited for in vain is not waited for again. */
    static final Duration REST = Duration.ofMinutes(1);
    /** An attempt that took longer has cost time, as one has that cost the control connection. */
    private static final Duration QUICK = Duration.ofSeconds(1);

    private enum State {
        WORKS,
        HAS_WORKED,
        NOT_TRIED,
        FAILS
    }

    /** What the session knows of a mode; times are {@link System#nanoTime}. */
    private record Trial(boolean hasWorked, @Nullable Attempt failure, long at) {
        State state() {
            return failure == null ? State.WORKS : hasWorked ? State.HAS_WORKED : State.FAILS;
        }
    }

    private final Map<DataMode, Trial> trials = new EnumMap<>(DataMode.class);
    private final FtpClientOptions options;
    private final Route route;
    private final LongSupplier clock;
    private boolean recalled;
    private @Nullable DataMode remembered;

    WorkingModes(FtpClientOptions options, Route route) {
        this(options, route, System::nanoTime);
    }

    WorkingModes(FtpClientOptions options, Route route, LongSupplier clock) {
        this.options = options;
        this.route = route;
        this.clock = clock;
    }

    /** A mode that was demanded says nothing about what else works. */
    private boolean remembers() {
        return options.mode() == DataMode.AUTO || options.mode() == DataMode.PASSIVE;
    }

    /** The modes in the order to try them. */
    List<DataMode> inOrder(List<DataMode> modes) {
        if (!recalled) {
            recalled = true;
            remembered = remembers() ? options.dataModes().recall(route) : null;
            if (remembered != null) {
                trials.put(remembered, new Trial(true, null, clock.getAsLong()));
            }
        }
        List<DataMode> order = new ArrayList<>(modes);
        order.sort(this::compare);
        return order;
    }

    private State state(DataMode mode) {
        Trial trial = trials.get(mode);
        return trial == null ? State.NOT_TRIED : trial.state();
    }

    /** Of several that work the last one, of those that have worked the one whose failure is longest ago. */
    private int compare(DataMode one, DataMode other) {
        Trial first = trials.get(one);
        Trial second = trials.get(other);
        int states = state(one).compareTo(state(other));
        if (states != 0 || first == null || second == null || first.state() == State.FAILS) {
            return states;
        }
        int times = Long.signum(first.at() - second.at());
        return first.state() == State.WORKS ? -times : times;
    }

    /**
     * Why a mode is not to be tried now: AUTO has found a short while ago that none works, and has waited for this one.
     *
     * @param modes all that could be tried
     * @return how it failed then; null: it is to be tried
     */
    @Nullable
    Attempt resting(DataMode mode, List<DataMode> modes) {
        Trial trial = trials.get(mode);
        Attempt failure = trial == null ? null : trial.failure();
        boolean noneWorks = modes.stream().allMatch(each -> state(each) == State.FAILS);
        if (trial == null || failure == null || options.mode() != DataMode.AUTO || !noneWorks) {
            return null;
        }
        boolean waited = failure.outcome() == Outcome.TIMED_OUT
                || failure.outcome() == Outcome.WRONG_PEER
                || failure.outcome() == Outcome.CONTROL_CONNECTION_LOST
                || failure.duration().compareTo(QUICK) > 0;
        Duration since = Duration.ofNanos(clock.getAsLong() - trial.at());
        if (!waited || since.compareTo(REST) > 0) {
            return null;
        }
        Duration ago = Duration.ofSeconds(since.toSeconds());
        return failure.withDetail(failure.detail() + ", " + Addresses.text(ago)
                + " ago, and is tried again when that is " + Addresses.text(REST));
    }

    void worked(DataMode mode) {
        trials.put(mode, new Trial(true, null, clock.getAsLong()));
        if (remembers() && mode != remembered) {
            remembered = mode;
            options.dataModes().remember(route, mode);
        }
    }

    void failed(Attempt failure) {
        Trial before = trials.get(failure.mode());
        failed(failure, before != null && before.hasWorked());
    }

    /** What was taken for {@link #worked} when the data connection was made, did not work. */
    void withdraw(Attempt failure) {
        failed(failure, false);
    }

    private void failed(Attempt failure, boolean hasWorked) {
        trials.put(failure.mode(), new Trial(hasWorked, failure, clock.getAsLong()));
        if (failure.mode() == remembered) {
            remembered = null;
            options.dataModes().forget(route);
        }
    }
}
