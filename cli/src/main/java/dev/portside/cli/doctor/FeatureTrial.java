package dev.portside.cli.doctor;

import dev.portside.cli.doctor.Trial.Outcome;
import dev.portside.cli.doctor.Trial.Subject;
import dev.portside.client.Download;
import dev.portside.client.Features;
import dev.portside.client.FtpClient;
import dev.portside.client.FtpReplyException;
import dev.portside.protocol.Command;
import dev.portside.protocol.Reply;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What FEAT promises, against what the server does when asked for it. */
final class FeatureTrial {
    private final Examination examination;
    private final Visit visit;
    private final FtpClient client;
    private final List<String> works = new ArrayList<>();
    private final List<String> broken = new ArrayList<>();

    FeatureTrial(Examination examination, Visit visit) {
        this.examination = examination;
        this.visit = visit;
        this.client = visit.client();
    }

    void run(FileTrials.@Nullable RemoteFile file) {
        if (!client.isOpen()) {
            examination.tell(FollowUps.notTried(Subject.FEATURES, visit.tls(), "the control connection was lost"));
            return;
        }
        visit.scribe().begin();
        String text;
        Outcome outcome;
        try {
            Features features = client.features();
            modes(features);
            if (file != null) {
                asked(features, "SIZE", new Command.Size(file.path()));
                asked(features, "MDTM", new Command.Mdtm(file.path()));
                asked(features, "MLST", new Command.Mlst(file.path()));
                restarted(features, file);
            }
            outcome = broken.isEmpty() ? Outcome.WORKS : Outcome.FAILS;
            text = (works.isEmpty() ? "none" : String.join(", ", works))
                    + (broken.isEmpty() ? "" : "; promised in vain: " + String.join(", ", broken));
        } catch (IOException lost) {
            outcome = Outcome.FAILS;
            text = String.valueOf(lost.getMessage());
        }
        Scribe scribe = visit.scribe();
        examination.tell(new Trial(
                Subject.FEATURES, null, visit.tls(), outcome, scribe.duration(), text, null, scribe.events()));
    }

    /** The trials of the modes have told already whether these are known. */
    private void modes(Features features) {
        for (Mode mode : List.of(Mode.EPSV, Mode.EPRT)) {
            examination.trial(mode, visit.tls()).ifPresent(trial -> {
                DataTry data = trial.data();
                boolean refused = data != null
                        && data.failure() == dev.portside.client.FtpDataConnectionException.Outcome.COMMAND_REFUSED;
                if (trial.works() || refused) {
                    judge(features, mode.name(), !refused, refused ? mode + ": " + trial.text() : "");
                }
            });
        }
        if (visit.tls()) {
            judge(features, "PROT", true, "");
        }
    }

    private void asked(Features features, String name, Command command) throws IOException {
        try {
            Reply reply = client.execute(command);
            judge(features, name, true, command.line() + ": " + reply);
        } catch (FtpReplyException refused) {
            judge(features, name, false, command.line() + ": " + refused.reply());
        }
    }

    /** REST, and one byte from where it says. */
    private void restarted(Features features, FileTrials.RemoteFile file) throws IOException {
        Long size = file.size();
        if (size == null || size < 2) {
            return;
        }
        try {
            Download rest = client.retrieve(file.path(), size - 1);
            try (rest) {
                ByteBuffer last = ByteBuffer.allocate(2);
                while (rest.read(last) >= 0 && last.hasRemaining()) {
                    // One byte is to come, and the end.
                }
                judge(features, "REST", last.position() == 1, "REST " + (size - 1) + " gave more than the last byte");
            }
        } catch (FtpReplyException refused) {
            judge(features, "REST", false, String.valueOf(refused.getMessage()));
        }
    }

    private void judge(Features features, String name, boolean doesWork, String evidence) {
        boolean listed = features.has(name);
        if (listed && doesWork) {
            works.add(name);
        } else if (listed) {
            broken.add(name);
        } else if (doesWork) {
            works.add(name + " (not named)");
        }
        if (listed != doesWork) {
            examination.observe(new Observation.Feature(name, listed, doesWork, evidence));
        }
    }
}
