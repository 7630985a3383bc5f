package dev.portside.cli.doctor;

import dev.portside.cli.doctor.Arrival.NotSecuredException;
import dev.portside.cli.doctor.Slots.VisitException;
import dev.portside.cli.doctor.Trial.Outcome;
import dev.portside.cli.doctor.Trial.Subject;
import dev.portside.client.FtpCertificateException;
import dev.portside.client.FtpClient;
import dev.portside.client.FtpClientOptions;
import dev.portside.client.FtpClientTls;
import dev.portside.client.TlsMode;
import dev.portside.client.TlsStatus;
import dev.portside.protocol.Reply;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One run of the trials: the ways in first, then every mode on connections of its own, then what takes a mode that works. */
final class Examination {
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(15);
    /** A server that tries to connect in vain does not hear ABOR; the connection is given up then. */
    private static final Duration LONGEST_ABORT = Duration.ofSeconds(2);

    private static final int MAX_OTHER_ADDRESSES = 4;

    private final FtpClientOptions base;
    private final DoctorOptions options;
    private final Consumer<Trial> ended;
    private final ReentrantLock telling = new ReentrantLock();
    private final List<Trial> trials = new ArrayList<>();
    private final List<Observation> observations = new CopyOnWriteArrayList<>();
    private final Slots slots;
    private final DataTrials data;
    private final AtomicBoolean reached = new AtomicBoolean();
    private volatile FtpClientTls tls;
    private volatile @Nullable Scribe first;

    Examination(FtpClientOptions base, DoctorOptions options, Consumer<Trial> ended) {
        this.base = bounded(base);
        this.options = options;
        this.ended = ended;
        this.tls = this.base.tls();
        this.slots = new Slots(options.connections(), Slots.MAX_REFUSALS, observations::add);
        this.data = new DataTrials(options.directory(), observations::add);
    }

    /** Every wait of a trial ends soon. */
    private static FtpClientOptions bounded(FtpClientOptions base) {
        return base.toBuilder()
                .dnsTimeout(shorter(base.dnsTimeout()))
                .connectTimeout(shorter(base.connectTimeout()))
                .greetingTimeout(shorter(base.greetingTimeout()))
                .replyTimeout(shorter(base.replyTimeout()))
                .dataStallTimeout(shorter(base.dataStallTimeout()))
                .completionTimeout(shorter(base.completionTimeout()))
                .abortTimeout(base.abortTimeout().compareTo(LONGEST_ABORT) < 0 ? base.abortTimeout() : LONGEST_ABORT)
                .tls(base.tls().toBuilder()
                        .handshakeTimeout(shorter(base.tls().handshakeTimeout()))
                        .build())
                .build();
    }

    private static Duration shorter(Duration wait) {
        return wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT;
    }

    private boolean triesClear() {
        return base.tls().mode() == TlsMode.OFF || base.tls().mode() == TlsMode.AUTO;
    }

    /** Does everything, and says what was seen. */
    Chart run() {
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            List<Future<?>> flows = new ArrayList<>();
            if (triesClear()) {
                Visit visit = arrive(false);
                if (reached.get() && base.tls().mode() != TlsMode.OFF) {
                    flows.add(threads.submit(() -> modes(arrive(true), threads)));
                }
                modes(visit, threads);
            } else {
                modes(arrive(true), threads);
            }
            join(flows);
            if (reached.get()) {
                otherAddresses();
                new FollowUps(this).run(threads);
            }
        }
        Scribe scribe = first;
        return new Chart(
                options,
                base.tls().mode(),
                scribe == null ? null : scribe.local(),
                scribe == null ? null : scribe.remote(),
                Objects.toString(scribe == null ? null : greeting(scribe), ""),
                sorted(),
                List.copyOf(observations));
    }

    private static @Nullable String greeting(Scribe scribe) {
        Reply greeting = scribe.greeting();
        return greeting == null ? null : String.join(" ", greeting.lines());
    }

    private List<Trial> sorted() {
        telling.lock();
        try {
            return trials.stream()
                    .sorted(Comparator.comparing(Trial::subject)
                            .thenComparing((one, other) -> Boolean.compare(one.tls(), other.tls()))
                            .thenComparing(Examination::byMode))
                    .toList();
        } finally {
            telling.unlock();
        }
    }

    private static int byMode(Trial one, Trial other) {
        return one.mode() == null || other.mode() == null ? 0 : one.mode().compareTo(other.mode());
    }

    static void join(List<Future<?>> tasks) {
        for (Future<?> task : tasks) {
            try {
                task.get();
            } catch (ExecutionException failed) {
                if (failed.getCause() instanceof RuntimeException unchecked) {
                    throw unchecked;
                }
                throw new IllegalStateException(failed.getCause());
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    // What the trials need

    DoctorOptions options() {
        return options;
    }

    DataTrials data() {
        return data;
    }

    /** The client of a trial. */
    FtpClientOptions client(Mode mode, boolean secured) {
        return base.toBuilder()
                .mode(mode.dataMode())
                .trustPassiveAddress(mode.trustsAddress())
                .tls(secured ? tls : FtpClientTls.OFF)
                .build();
    }

    /** A session that is logged in; waits until there may be another one. */
    Visit visit(FtpClientOptions client, boolean secured) throws IOException {
        return slots.visit(client, secured, arrived -> enter(arrived, secured));
    }

    /** A session beyond the usual number of them; one that is refused is not tried again. */
    Visit visit(Slots more, boolean secured) throws IOException {
        return more.visit(client(Mode.EPSV, secured), secured, arrived -> enter(arrived, secured));
    }

    private void enter(FtpClient client, boolean secured) throws IOException {
        if (secured && client.tls().isEmpty()) {
            throw new NotSecuredException("the server does not take AUTH TLS");
        }
        client.login(options.user(), options.password());
    }

    void tell(Trial trial) {
        telling.lock();
        try {
            trials.add(trial);
            ended.accept(trial);
        } finally {
            telling.unlock();
        }
    }

    void observe(Observation observation) {
        observations.add(observation);
    }

    List<Observation> observations() {
        return observations;
    }

    Optional<Trial> trial(Mode mode, boolean secured) {
        telling.lock();
        try {
            return trials.stream()
                    .filter(trial -> trial.mode() == mode && trial.tls() == secured)
                    .findFirst();
        } finally {
            telling.unlock();
        }
    }

    /** The first mode that works; null: none does. */
    @Nullable
    Mode working(boolean secured) {
        for (Mode mode : Mode.values()) {
            if (trial(mode, secured).filter(Trial::works).isPresent()) {
                return mode;
            }
        }
        return null;
    }

    // The way in

    /** Connects and logs in; null if that cannot be done. */
    private @Nullable Visit arrive(boolean secured) {
        boolean isFirst = first == null;
        Arrival arrival = new Arrival(this::tell, this::observe, secured);
        try {
            Visit visit = visit(client(Mode.EPSV, secured), secured);
            reach(visit.scribe());
            if (secured) {
                certificate(visit.client());
            }
            arrival.arrived(visit.scribe(), isFirst);
            return visit;
        } catch (VisitException stopped) {
            reach(stopped.scribe());
            arrival.stopped(stopped.scribe(), stopped.reason(), isFirst);
            return stopped.reason() instanceof FtpCertificateException refused ? arriveAllTheSame(refused) : null;
        } catch (IOException interrupted) {
            return null;
        }
    }

    private void reach(Scribe scribe) {
        if (first == null) {
            first = scribe;
        }
        if (scribe.greeting() != null || scribe.controlTls() != null) {
            reached.set(true);
        }
    }

    /**
     * A certificate that is refused ends the trials under TLS: the password is for nobody else. But where it crosses the network in
     * the clear anyway, it is no more in danger under TLS with a stranger.
     */
    private @Nullable Visit arriveAllTheSame(FtpCertificateException refused) {
        if (base.tls().mode() != TlsMode.AUTO || !base.tls().pins().isEmpty()) {
            return null;
        }
        tls = tls.toBuilder().trusting(refused.fingerprint()).build();
        try {
            Visit visit = visit(client(Mode.EPSV, true), true);
            tell(new Trial(
                    Subject.LOGIN,
                    null,
                    true,
                    Outcome.WORKS,
                    visit.scribe().duration(),
                    "logged in, for this examination only, though the certificate was refused",
                    null,
                    visit.scribe().events()));
            return visit;
        } catch (VisitException stopped) {
            new Arrival(this::tell, this::observe, true).stopped(stopped.scribe(), stopped.reason(), false);
            return null;
        } catch (IOException interrupted) {
            return null;
        }
    }

    private void certificate(FtpClient client) {
        TlsStatus status = client.tls().orElse(null);
        X509Certificate shown = status == null ? null : status.certificate();
        String fingerprint = status == null ? null : status.fingerprint();
        String pin = status == null ? null : status.pin();
        if (shown != null && fingerprint != null && pin != null) {
            boolean checked = tls.verify() && tls.trusted().isEmpty();
            observe(new Observation.Certificate(shown, null, "", fingerprint, pin, checked));
        }
    }

    /** Addresses of the name that nobody has tried yet: a client elsewhere may take them first. */
    private void otherAddresses() {
        Scribe scribe = first;
        InetSocketAddress there = scribe == null ? null : scribe.remote();
        if (scribe == null || there == null || base.proxy() != null) {
            return;
        }
        Set<InetSocketAddress> tried = scribe.unreachable().keySet();
        int left = MAX_OTHER_ADDRESSES;
        for (InetAddress address : scribe.resolved()) {
            InetSocketAddress other = new InetSocketAddress(address, base.port());
            if (address.equals(there.getAddress()) || tried.contains(other) || left-- <= 0) {
                continue;
            }
            try (SocketChannel channel = SocketChannel.open()) {
                channel.socket().connect(other, (int) base.connectTimeout().toMillis());
            } catch (IOException refused) {
                observe(new Observation.Unreachable(other, String.valueOf(refused.getMessage())));
            }
        }
    }

    // Every mode

    /** Tries the modes; the first one over the connection that is there. */
    private void modes(@Nullable Visit visit, ExecutorService threads) {
        if (visit == null) {
            return;
        }
        boolean secured = visit.tls();
        List<Future<?>> others = new ArrayList<>();
        Set<Mode> modes = EnumSet.noneOf(Mode.class);
        modes.addAll(options.modes());
        try (visit) {
            if (visit.client().remoteAddress().getAddress() instanceof Inet6Address) {
                modes.removeIf(mode -> !mode.worksOverIpv6());
            }
            if (modes.contains(Mode.PASV_PEER) || modes.contains(Mode.PASV_NAMED)) {
                others.add(threads.submit(() -> passive(modes, secured)));
            }
            for (Mode active : List.of(Mode.EPRT, Mode.PORT)) {
                if (modes.contains(active)) {
                    others.add(threads.submit(() -> tell(tried(active, secured))));
                }
            }
            if (modes.contains(Mode.EPSV)) {
                tell(data.run(Mode.EPSV, visit));
            }
        }
        join(others);
    }

    /** PASV both ways; where 227 names the server's own address, they are one. */
    private void passive(Set<Mode> modes, boolean secured) {
        Trial peer = tried(Mode.PASV_PEER, secured);
        if (modes.contains(Mode.PASV_PEER)) {
            tell(peer);
        }
        if (!modes.contains(Mode.PASV_NAMED)) {
            return;
        }
        DataTry seen = peer.data();
        boolean differ = seen != null && seen.named() != null && !Endpoints.sameHost(seen.named(), seen.server());
        tell(differ ? tried(Mode.PASV_NAMED, secured) : as(Mode.PASV_NAMED, peer));
    }

    private static Trial as(Mode mode, Trial same) {
        return new Trial(
                same.subject(),
                mode,
                same.tls(),
                same.outcome(),
                same.duration(),
                same.text(),
                same.data(),
                same.events());
    }

    private Trial tried(Mode mode, boolean secured) {
        try (Visit visit = visit(client(mode, secured), secured)) {
            return data.run(mode, visit);
        } catch (IOException notEvenALogin) {
            return new Trial(
                    Subject.DATA,
                    mode,
                    secured,
                    Outcome.NOT_TRIED,
                    Duration.ZERO,
                    "no session: " + notEvenALogin.getMessage(),
                    null,
                    List.of());
        }
    }
}
