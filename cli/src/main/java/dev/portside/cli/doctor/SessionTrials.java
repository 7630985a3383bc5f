package dev.portside.cli.doctor;

import dev.portside.cli.doctor.Slots.VisitException;
import dev.portside.cli.doctor.Trial.Outcome;
import dev.portside.cli.doctor.Trial.Subject;
import dev.portside.client.FtpReplyException;
import dev.portside.protocol.Command;
import dev.portside.protocol.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What becomes of sessions that do nothing, and of many at once. */
final class SessionTrials {
    private final Examination examination;

    SessionTrials(Examination examination) {
        this.examination = examination;
    }

    /** Says nothing for a while, and then NOOP. */
    void idle(boolean tls, Duration time) {
        try (Visit visit = examination.visit(examination.client(Mode.EPSV, tls), tls)) {
            visit.scribe().begin();
            boolean survived;
            String said;
            try {
                Thread.sleep(time);
                Reply reply = visit.client().execute(new Command.Noop());
                survived = true;
                said = reply.toString();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return;
            } catch (IOException lost) {
                survived = lost instanceof FtpReplyException && visit.client().isOpen();
                Reply farewell = visit.scribe().lastNegative();
                said = farewell == null ? String.valueOf(lost.getMessage()) : farewell.toString();
            }
            examination.observe(new Observation.Idle(time, survived, said));
            examination.tell(new Trial(
                    Subject.IDLE,
                    null,
                    tls,
                    survived ? Outcome.WORKS : Outcome.FAILS,
                    visit.scribe().duration(),
                    "after " + Endpoints.text(time) + ": " + said,
                    null,
                    visit.scribe().events()));
        } catch (IOException noSession) {
            examination.tell(FollowUps.notTried(Subject.IDLE, tls, "no session: " + noSession.getMessage()));
        }
    }

    /** Opens so many sessions, as far as the server lets us. */
    void sessions(int wanted) {
        boolean tls = examination.working(false) == null;
        Slots slots = new Slots(wanted, 1, observation -> {});
        List<Visit> open = new ArrayList<>();
        String refusal = "";
        long began = System.nanoTime();
        try {
            while (open.size() < wanted) {
                open.add(examination.visit(slots, tls));
            }
        } catch (VisitException refused) {
            refusal = refused(refused);
        } catch (IOException interrupted) {
            refusal = String.valueOf(interrupted.getMessage());
        } finally {
            open.forEach(Visit::close);
        }
        boolean all = open.size() == wanted;
        examination.observe(new Observation.Sessions(wanted, open.size(), refusal));
        examination.tell(new Trial(
                Subject.SESSIONS,
                null,
                tls,
                all ? Outcome.WORKS : Outcome.FAILS,
                Duration.ofNanos(System.nanoTime() - began),
                open.size() + " of " + wanted + (all ? "" : "; then " + refusal),
                null,
                List.of()));
    }

    private static String refused(VisitException refused) {
        @Nullable Reply said = refused.scribe().lastNegative();
        return said == null ? String.valueOf(refused.getMessage()) : said.toString();
    }
}
