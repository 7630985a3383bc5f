package dev.portside.cli.doctor;

import dev.portside.cli.doctor.Event.Kind;
import dev.portside.cli.doctor.Trial.Outcome;
import dev.portside.cli.doctor.Trial.Subject;
import dev.portside.client.FtpCertificateException;
import dev.portside.client.FtpReplyException;
import dev.portside.client.TlsStatus;
import dev.portside.protocol.Command;
import dev.portside.protocol.Reply;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of the way in: name, control connection, greeting, TLS, login. Tells it as trials, and what stopped it as an
 * observation.
 */
final class Arrival {
    private static final Pattern WANTS_TLS =
            Pattern.compile("\\b(tls|ssl|ftps|secure|secured|encrypt\\w*|cleartext|auth)\\b", Pattern.CASE_INSENSITIVE);

    private final Consumer<Trial> trials;
    private final Consumer<Observation> observations;
    private final boolean tls;

    /** @param tls whether the control connection is to be secured */
    Arrival(Consumer<Trial> trials, Consumer<Observation> observations, boolean tls) {
        this.trials = trials;
        this.observations = observations;
        this.tls = tls;
    }

    /** The client is logged in. */
    void arrived(Scribe scribe, boolean first) {
        if (first) {
            lookedUp(scribe);
            connected(scribe);
        }
        secured(scribe);
        tell(Subject.LOGIN, Outcome.WORKS, scribe, "logged in");
    }

    /**
     * The way in ended.
     *
     * @param first whether nobody has come in before
     */
    void stopped(Scribe scribe, IOException reason, boolean first) {
        String what = String.valueOf(reason.getMessage());
        if (reason instanceof UnknownHostException) {
            tell(Subject.LOOKUP, Outcome.FAILS, scribe, what);
            stop(Cause.NAME_UNKNOWN, what);
            return;
        }
        if (first) {
            lookedUp(scribe);
        }
        Reply greeting = scribe.greeting();
        if (scribe.remote() == null) {
            tell(Subject.CONTROL, Outcome.FAILS, scribe, what);
            List<String> evidence = new ArrayList<>();
            scribe.unreachable().forEach((server, why) -> evidence.add(Endpoints.text(server) + ": " + why));
            observations.accept(new Observation.Stop(
                    Cause.NO_CONTROL_CONNECTION, tls, evidence.isEmpty() ? List.of(what) : evidence));
        } else if (greeting == null && !tls) {
            tell(Subject.CONTROL, Outcome.FAILS, scribe, what);
            stop(Cause.NOT_FTP, what);
        } else if (greeting != null && greeting.code().isNegative()) {
            tell(Subject.CONTROL, Outcome.FAILS, scribe, greeting.toString());
            stop(Cause.TOO_MANY_SESSIONS, "the greeting is " + greeting);
        } else {
            stoppedBehindGreeting(scribe, reason, first && greeting != null);
        }
    }

    private void stoppedBehindGreeting(Scribe scribe, IOException reason, boolean tellConnected) {
        String what = String.valueOf(reason.getMessage());
        if (tellConnected) {
            connected(scribe);
        }
        if (tls && scribe.controlTls() == null) {
            tell(Subject.TLS, Outcome.FAILS, scribe, what);
            switch (reason) {
                case FtpCertificateException refused -> refused(refused);
                case FtpReplyException refused ->
                    stop(Cause.TLS_NOT_OFFERED, commandOf(refused) + ": " + refused.reply());
                case NotSecuredException refused -> stop(Cause.TLS_NOT_OFFERED, what);
                default -> stop(Cause.TLS_FAILED, what);
            }
            return;
        }
        if (tls) {
            secured(scribe);
        }
        tell(Subject.LOGIN, Outcome.FAILS, scribe, what);
        if (reason instanceof FtpReplyException refused) {
            stop(loginCause(refused), commandOf(refused) + ": " + refused.reply());
        } else {
            stop(tls ? Cause.CONTROL_CONNECTION_CUT : Cause.LOGIN_REFUSED, what);
        }
    }

    private Cause loginCause(FtpReplyException refused) {
        if (refused.command() instanceof Command.Prot) {
            return Cause.PROT_REFUSED;
        }
        if (Slots.isBusy(refused)) {
            return Cause.TOO_MANY_SESSIONS;
        }
        return !tls && wantsTls(refused.reply()) ? Cause.TLS_DEMANDED : Cause.LOGIN_REFUSED;
    }

    /** Whether a refusal is about TLS, with whatever code. */
    static boolean wantsTls(Reply refusal) {
        return WANTS_TLS.matcher(String.join(" ", refusal.lines())).find();
    }

    private static String commandOf(FtpReplyException refused) {
        return refused.command() == null ? "greeting" : refused.command().masked();
    }

    /** The server did not take AUTH TLS, and the client went on in the clear, as it may: {@code --tls auto}. */
    static final class NotSecuredException extends IOException {
        private static final long serialVersionUID = 1;

        NotSecuredException(String said) {
            super(said);
        }
    }

    private void refused(FtpCertificateException refused) {
        observations.accept(new Observation.Certificate(
                refused.chain().getFirst(),
                refused.reason(),
                refused.detail(),
                refused.fingerprint(),
                refused.pin(),
                true));
    }

    private void lookedUp(Scribe scribe) {
        String addresses = scribe.resolved().stream()
                .map(address -> Endpoints.text(new InetSocketAddress(address, 0)))
                .collect(Collectors.joining(", "));
        if (!addresses.isEmpty()) {
            tell(Subject.LOOKUP, Outcome.WORKS, scribe.lookedUp(), scribe, addresses);
        }
    }

    private void connected(Scribe scribe) {
        tell(
                Subject.CONTROL,
                Outcome.WORKS,
                scribe,
                Endpoints.text(scribe.local()) + " to " + Endpoints.text(scribe.remote()) + ", " + scribe.greeting());
        scribe.unreachable().forEach((server, why) -> observations.accept(new Observation.Unreachable(server, why)));
    }

    private void secured(Scribe scribe) {
        TlsStatus status = scribe.controlTls();
        if (status != null) {
            tell(Subject.TLS, Outcome.WORKS, scribe, status.protocol() + ", " + status.cipherSuite());
        }
    }

    private void stop(Cause cause, String evidence) {
        observations.accept(new Observation.Stop(cause, tls, List.of(evidence)));
    }

    private void tell(Subject subject, Outcome outcome, Scribe scribe, String text) {
        tell(subject, outcome, scribe.duration(), scribe, text);
    }

    private void tell(Subject subject, Outcome outcome, Duration time, Scribe scribe, @Nullable String text) {
        boolean secured = tls && subject.compareTo(Subject.CONTROL) > 0;
        List<Event> events = part(subject, scribe.events());
        trials.accept(new Trial(subject, null, secured, outcome, time, String.valueOf(text), null, events));
    }

    /** The events of one part of the way in: up to the greeting, up to TLS, what comes then. */
    private List<Event> part(Subject subject, List<Event> events) {
        int greeted = behind(events, event -> event.kind() == Kind.SAYS && event.from() == Place.SERVER);
        int secured = tls ? behind(events, event -> event.kind() == Kind.SECURED) : greeted;
        return switch (subject) {
            case LOOKUP -> List.of();
            case CONTROL -> events.subList(0, Math.min(greeted, secured));
            case TLS -> events.subList(Math.min(greeted, secured), secured);
            default -> events.subList(secured, events.size());
        };
    }

    private static int behind(List<Event> events, Predicate<Event> sign) {
        for (int i = 0; i < events.size(); i++) {
            if (sign.test(events.get(i))) {
                return i + 1;
            }
        }
        return events.size();
    }
}
