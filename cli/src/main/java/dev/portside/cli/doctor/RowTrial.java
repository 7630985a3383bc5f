package dev.portside.cli.doctor;

import dev.portside.cli.doctor.Trial.Outcome;
import dev.portside.cli.doctor.Trial.Subject;
import dev.portside.client.FtpClientOptions;
import dev.portside.client.TlsStatus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Transfers in a row, in one session under one version of TLS: do they resume its TLS session, all of them? */
final class RowTrial {
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
        int cutAfter = -1;
        for (int i = 0; i < wanted && cutAfter < 0 && refusals.size() < 3; i++) {
            try {
                visit.client().list(examination.options().directory());
                done++;
            } catch (IOException refused) {
                if (visit.client().isOpen()) {
                    refusals.add("transfer " + (i + 1) + ": " + firstLine(refused));
                } else {
                    cutAfter = visit.scribe().commands();
                    refusals.add("transfer " + (i + 1) + ": " + firstLine(refused));
                }
            }
        }
        Scribe scribe = visit.scribe();
        int resumed = (int) scribe.dataTls().stream().filter(TlsStatus::resumed).count();
        examination.observe(new Observation.Row(
                protocol, wanted, done, resumed, scribe.connectedAgain(), List.copyOf(refusals), cutAfter));
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

    private static String firstLine(IOException refused) {
        return String.valueOf(refused.getMessage())
                .lines()
                .limit(2)
                .reduce((one, two) -> one + " " + two.strip())
                .orElse("");
    }
}
