package dev.portside.cli.doctor;

import dev.portside.cli.doctor.Trial.Outcome;
import dev.portside.cli.doctor.Trial.Subject;
import dev.portside.client.DataConnectionEvent;
import dev.portside.client.FtpClient;
import dev.portside.client.FtpDataConnectionException;
import dev.portside.client.FtpReplyException;
import dev.portside.protocol.Command;
import dev.portside.protocol.DirectoryEntry;
import dev.portside.protocol.Listing;
import dev.portside.protocol.Reply;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A listing by each mode, each over a control connection of its own: one that is spoilt spoils no other. */
final class DataTrials {
    private static final int FIRST_UNPRIVILEGED_PORT = 1024;

    private final String directory;
    private final Consumer<Observation> observations;
    private final AtomicReference<@Nullable Listing> listing = new AtomicReference<>();

    DataTrials(String directory, Consumer<Observation> observations) {
        this.directory = directory;
        this.observations = observations;
    }

    /** What the first listing that came held; empty if none came. */
    List<DirectoryEntry> entries() {
        Listing came = listing.get();
        return came == null ? List.of() : came.entries();
    }

    /** Lists the directory; the client has been told the mode. */
    Trial run(Mode mode, Visit visit) {
        Scribe scribe = visit.scribe();
        scribe.begin();
        Trial trial;
        try {
            Listing came = visit.client().list(directory);
            listing.compareAndSet(null, came);
            repeatFromPrivilegedPort(mode, visit);
            trial = trial(mode, visit, Outcome.WORKS, text(mode, scribe), DataTries.made(scribe, null, ""));
        } catch (FtpDataConnectionException none) {
            FtpDataConnectionException.Attempt attempt = none.attempts().getLast();
            scribe.failed(attempt);
            trial = trial(mode, visit, Outcome.FAILS, attempt.detail(), DataTries.of(attempt, scribe));
        } catch (FtpReplyException refused) {
            String said = String.valueOf(refused.getMessage());
            trial = trial(mode, visit, Outcome.FAILS, said, DataTries.refused(scribe, refused.reply(), said));
        } catch (IOException lost) {
            String what = String.valueOf(lost.getMessage());
            Reply negative = scribe.lastNegative();
            if (visit.tls() && scribe.made() != null && scribe.isCompleted()) {
                // The server has sent all of it, and the client does not believe the end of the data.
                observations.accept(
                        new Observation.Transferred(Cause.NO_CLOSE_NOTIFY, true, List.of(mode + ": " + what)));
            }
            trial = trial(mode, visit, Outcome.FAILS, what, DataTries.made(scribe, negative, what));
        }
        askWhatTheServerSaw(trial, visit);
        return trial;
    }

    private static Trial trial(Mode mode, Visit visit, Outcome outcome, String text, @Nullable DataTry data) {
        Scribe scribe = visit.scribe();
        return new Trial(Subject.DATA, mode, visit.tls(), outcome, scribe.duration(), text, data, scribe.events());
    }

    private static String text(Mode mode, Scribe scribe) {
        DataConnectionEvent made = scribe.made();
        if (made == null) {
            return "";
        }
        InetSocketAddress there = made.remote();
        return (mode.isActive() ? "from " : "to ") + Endpoints.text(there) + " within "
                + Endpoints.text(scribe.madeAfter());
    }

    /** A server that connects from port 20 may find it taken by its own last connection. */
    private void repeatFromPrivilegedPort(Mode mode, Visit visit) throws IOException {
        DataConnectionEvent first = visit.scribe().made();
        if (first == null || !mode.isActive() || first.remote().getPort() >= FIRST_UNPRIVILEGED_PORT) {
            return;
        }
        try {
            visit.client().list(directory);
        } catch (FtpDataConnectionException refused) {
            observations.accept(new Observation.Transferred(
                    Cause.ACTIVE_SOURCE_PORT_BUSY,
                    visit.tls(),
                    List.of(
                            "the first data connection came from " + Endpoints.text(first.remote()),
                            "the second transfer by " + mode + " right behind it: "
                                    + refused.attempts().getLast().detail())));
        }
    }

    /** A server of ours can tell what arrived there. */
    private void askWhatTheServerSaw(Trial trial, Visit visit) {
        FtpClient client = visit.client();
        if (!client.isOpen()) {
            return;
        }
        try {
            String site = client.features().parameters("SITE").orElse("").toUpperCase(Locale.ROOT);
            if (List.of(site.split("[ ;]+")).contains("SEEN")) {
                Reply seen = client.execute(new Command.Site("SEEN"));
                DataTry data = trial.data();
                observations.accept(
                        new Observation.Seen(Reasoning.cell(trial), data == null ? null : data.named(), values(seen)));
            }
        } catch (IOException silent) {
            // Then nobody knows; the trial itself has its result.
        }
    }

    /** The {@code name=value} lines of a reply. */
    private static Map<String, String> values(Reply seen) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String line : seen.lines()) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                values.put(
                        line.substring(0, equals).strip(),
                        line.substring(equals + 1).strip());
            }
        }
        return values;
    }
}
