package dev.portside.cli.doctor;

import dev.portside.cli.doctor.Trial.Outcome;
import dev.portside.cli.doctor.Trial.Subject;
import dev.portside.client.FtpClientOptions;
import dev.portside.client.FtpDataConnectionException;
import dev.portside.client.TlsStatus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Transfers in a row, in one session under one version of TLS: do they resume its TLS session, all of them? */
final class RowTrial {
    private static final int ENOUGH_REFUSALS = 3;

    private final Examination examination;
    private final Mode mode;

    RowTrial(Examination examination, Mode mode) {
        this.examination = examination;
        this.mode = mode;
    }

    /** @param protocol {@code TLSv1.3} or {@code TLSv1.2} */
    void run(String protocol) {
        FtpClientOptions usual = examination.client(mode, true);
        if (!usual.tls().protocols().contains(protocol)) {
            return;
        }
        FtpClientOptions client = usual.toBuilder()
                .tls(usual.tls().toBuilder().protocols(protocol).build())
                .build();
        try (Visit visit = examination.visit(client, true)) {
            visit.scribe().begin();
            transfers(visit, protocol);
        } catch (IOException notSpoken) {
            examination.tell(
                    FollowUps.notTried(Subject.RESUMPTION, true, "by " + protocol + ": " + notSpoken.getMessage()));
        }
    }

    private void transfers(Visit visit, String protocol) {
        int wanted = examination.options().transfers();
        List<String> refusals = new ArrayList<>();
        int done = 0;
        int notResumed = 0;
        int cutAfter = -1;
        for (int i = 0; i < wanted && visit.client().isOpen() && refusals.size() < ENOUGH_REFUSALS; i++) {
            try {
                visit.client().list(examination.options().directory());
                done++;
            } catch (IOException refused) {
                refusals.add("transfer " + (i + 1) + ": " + firstLines(refused));
                if (isForItsSession(refused)) {
                    notResumed++;
                } else if (!visit.client().isOpen()) {
                    cutAfter = visit.scribe().commands();
                }
            }
        }
        Scribe scribe = visit.scribe();
        int resumed = (int) scribe.dataTls().stream().filter(TlsStatus::resumed).count();
        examination.observe(new Observation.Row(
                protocol, wanted, done, resumed, scribe.connectedAgain(), List.copyOf(refusals), notResumed, cutAfter));
        String text = protocol + ": " + done + " of " + wanted + " transfers, " + resumed + " resumed the TLS session"
                + (scribe.connectedAgain() > 0 ? ", connected again " + scribe.connectedAgain() + " times" : "")
                + (refusals.isEmpty() ? "" : "; " + refusals.getFirst());
        examination.tell(new Trial(
                Subject.RESUMPTION,
                null,
                true,
                done == wanted ? Outcome.WORKS : Outcome.FAILS,
                scribe.duration(),
                text,
                null,
                scribe.events()));
    }

    private static boolean isForItsSession(IOException refused) {
        return refused instanceof FtpDataConnectionException none
                && none.attempts().getLast().outcome() == FtpDataConnectionException.Outcome.SESSION_NOT_RESUMED;
    }

    private static String firstLines(IOException refused) {
        return String.valueOf(refused.getMessage())
                .lines()
                .limit(2)
                .map(String::strip)
                .collect(Collectors.joining(" "));
    }
}
