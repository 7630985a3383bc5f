package dev.portside.cli.doctor;

import dev.portside.cli.doctor.Trial.Outcome;
import dev.portside.cli.doctor.Trial.Subject;
import dev.portside.client.FtpDataConnectionException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** The trials that need a mode that works, or that ask what the first ones left open. */
final class FollowUps {
    /** How often a mode is tried again when others had another result. */
    private static final int AGAIN = 2;

    /** Samples that all fail, after which the rest is not waited for. */
    private static final int ENOUGH_FAILURES = 6;

    private final Examination examination;
    private final DoctorOptions options;

    FollowUps(Examination examination) {
        this.examination = examination;
        this.options = examination.options();
    }

    void run(ExecutorService threads) {
        List<Future<?>> tasks = new ArrayList<>();
        Duration idle = options.idle();
        if (idle != null) {
            for (boolean tls : triedProtections()) {
                tasks.add(threads.submit(() -> new SessionTrials(examination).idle(tls, idle)));
            }
        }
        for (boolean tls : triedProtections()) {
            Mode mode = examination.working(tls);
            if (mode != null) {
                tasks.add(threads.submit(() -> files(mode, tls)));
            }
        }
        Mode secured = examination.working(true);
        if (secured != null && options.transfers() > 0) {
            for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
                tasks.add(threads.submit(() -> new RowTrial(examination, secured).run(protocol)));
            }
        }
        again().forEach(cell -> {
            for (int i = 0; i < AGAIN; i++) {
                tasks.add(threads.submit(() -> sample(cell)));
            }
        });
        Examination.join(tasks);
        if (options.samplePorts() > 0) {
            samplePorts(threads);
        }
        if (options.sessions() > 0) {
            new SessionTrials(examination).sessions(options.sessions());
        }
    }

    private List<Boolean> triedProtections() {
        List<Boolean> tried = new ArrayList<>();
        for (boolean tls : new boolean[] {false, true}) {
            for (Mode mode : Mode.values()) {
                if (!tried.contains(tls) && examination.trial(mode, tls).isPresent()) {
                    tried.add(tls);
                }
            }
        }
        return tried;
    }

    /** A file, and what FEAT promises, over one connection. */
    private void files(Mode mode, boolean tls) {
        try (Visit visit = examination.visit(examination.client(mode, tls), tls)) {
            FileTrials files = new FileTrials(examination, visit);
            FileTrials.RemoteFile file = files.choose();
            files.download(file);
            new FeatureTrial(examination, visit).run(file);
            if (options.write() && visit.client().isOpen()) {
                files.upload();
            }
        } catch (IOException noSession) {
            examination.tell(notTried(Subject.DOWNLOAD, tls, "no session: " + noSession.getMessage()));
        }
    }

    static Trial notTried(Subject subject, boolean tls, String why) {
        return new Trial(subject, null, tls, Outcome.NOT_TRIED, Duration.ZERO, why, null, List.of());
    }

    // Ports

    /** The passive modes whose results do not agree: by chance of the port, or by rule? */
    private List<Cell> again() {
        List<Cell> worked = new ArrayList<>();
        List<Cell> stopped = new ArrayList<>();
        for (boolean tls : new boolean[] {false, true}) {
            for (Mode mode : List.of(Mode.EPSV, Mode.PASV_PEER)) {
                Trial trial = examination.trial(mode, tls).orElse(null);
                if (trial != null && trial.works()) {
                    worked.add(new Cell(mode, tls));
                } else if (trial != null && isUnanswered(trial.data())) {
                    stopped.add(new Cell(mode, tls));
                }
            }
        }
        if (worked.isEmpty() || stopped.isEmpty()) {
            return List.of();
        }
        List<Cell> all = new ArrayList<>(worked);
        all.addAll(stopped);
        return all;
    }

    static boolean isUnanswered(@Nullable DataTry data) {
        return data != null
                && (data.failure() == FtpDataConnectionException.Outcome.TIMED_OUT
                        || data.failure() == FtpDataConnectionException.Outcome.REFUSED
                        || data.failure() == FtpDataConnectionException.Outcome.UNREACHABLE);
    }

    /** Asks for one more passive port, and connects to it. */
    private Observation.@Nullable Sample sample(Cell cell) {
        try (Visit visit = examination.visit(examination.client(cell.mode(), cell.tls()), cell.tls())) {
            Trial trial = examination.data().run(cell.mode(), visit);
            DataTry data = trial.data();
            if (data == null) {
                return null;
            }
            InetSocketAddress named = data.named();
            Observation.Sample sample = new Observation.Sample(
                    cell.mode(), cell.tls(), named == null ? 0 : named.getPort(), data.failure(), trial.text());
            examination.observe(sample);
            return sample;
        } catch (IOException noSession) {
            return null;
        }
    }

    /** Under TLS, if there is any: there no gateway opens ports by itself. */
    private void samplePorts(ExecutorService threads) {
        boolean tls = triedProtections().contains(true);
        Mode mode = examination
                        .trial(Mode.EPSV, tls)
                        .map(Trial::data)
                        .map(DataTry::named)
                        .isPresent()
                ? Mode.EPSV
                : Mode.PASV_PEER;
        long began = System.nanoTime();
        List<Observation.Sample> samples = new ArrayList<>();
        while (samples.size() < options.samplePorts()) {
            int some = Math.min(ENOUGH_FAILURES, options.samplePorts() - samples.size());
            List<Future<Observation.@Nullable Sample>> round = new ArrayList<>();
            for (int i = 0; i < some; i++) {
                round.add(threads.submit(() -> sample(new Cell(mode, tls))));
            }
            List<Future<?>> joined = new ArrayList<>(round);
            Examination.join(joined);
            int before = samples.size();
            round.stream().map(Future::resultNow).forEach(sample -> {
                if (sample != null) {
                    samples.add(sample);
                }
            });
            boolean hopeless =
                    samples.size() >= ENOUGH_FAILURES && samples.stream().allMatch(sample -> sample.failure() != null);
            if (samples.size() == before || hopeless) {
                break;
            }
        }
        long open = samples.stream().filter(sample -> sample.failure() == null).count();
        examination.tell(new Trial(
                Subject.PORTS,
                null,
                tls,
                samples.isEmpty() ? Outcome.NOT_TRIED : open == samples.size() ? Outcome.WORKS : Outcome.FAILS,
                Duration.ofNanos(System.nanoTime() - began),
                Ports.text(samples),
                null,
                List.of()));
    }
}
