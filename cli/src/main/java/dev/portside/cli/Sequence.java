package dev.portside.cli;

import dev.portside.cli.doctor.Diagnosis;
import dev.portside.cli.doctor.Event;
import dev.portside.cli.doctor.Event.Channel;
import dev.portside.cli.doctor.Event.Kind;
import dev.portside.cli.doctor.Place;
import dev.portside.cli.doctor.Trial;
import dev.portside.protocol.HostPort;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the doctor draws: one trial that works and one for each way to fail, not twenty pictures that are alike; and of each the
 * steps that matter.
 */
final class Sequence {
    /**
     * A step of a drawing.
     *
     * @param leftOut how many lines in front of it are not drawn
     */
    record Step(Event event, int leftOut) {}

    private static final int MAX_DRAWN = 8;
    /** A row of transfers is drawn with its beginning and its end. */
    private static final int MAX_STEPS = 32;

    private static final int FIRST_STEPS = 14;
    private static final int LAST_LINES = 6;

    /** The commands that concern the data connection. */
    private static final Set<String> DATA_COMMANDS = Set.of(
            "EPSV", "PASV", "EPRT", "PORT", "LIST", "NLST", "MLSD", "RETR", "STOR", "STOU", "APPE", "ABOR", "PROT");

    private Sequence() {}

    /** The trials that are drawn: what works first, then what fails, in the order of the trials. */
    static List<Trial> drawn(Diagnosis diagnosis) {
        List<Trial> drawn = new ArrayList<>();
        List<Trial> drawable = diagnosis.trials().stream()
                .filter(trial -> !trial.events().isEmpty())
                .toList();
        drawable.stream()
                .filter(trial -> trial.works() && trial.mode() != null)
                .findFirst()
                .ifPresent(drawn::add);
        Map<String, Trial> failures = new LinkedHashMap<>();
        drawable.stream().filter(Trial::fails).forEach(trial -> failures.putIfAbsent(way(diagnosis, trial), trial));
        drawn.addAll(failures.values());
        if (drawn.isEmpty()) {
            drawable.stream().findFirst().ifPresent(drawn::add);
        }
        return drawn.subList(0, Math.min(drawn.size(), MAX_DRAWN));
    }

    /** The way in which a trial fails: alike for trials of which one picture is enough. */
    private static String way(Diagnosis diagnosis, Trial trial) {
        if (trial.mode() == null || trial.subject() != Trial.Subject.DATA) {
            return trial.subject().name();
        }
        String cause = diagnosis
                .cause(trial.mode(), trial.tls())
                .map(finding -> finding.cause().name())
                .orElse("");
        String stops = trial.events().stream()
                .filter(event -> event.kind() == Kind.STOPPED)
                .map(event -> event.from() + ">" + event.to())
                .collect(Collectors.joining(" "));
        return cause.isEmpty() ? trial.mode().isActive() + " " + stops : cause;
    }

    /** The steps of a trial that are drawn. */
    static List<Step> steps(Trial trial) {
        List<Event> events = inOrder(trial.events());
        Set<Integer> kept = new TreeSet<>();
        boolean concerned = false;
        for (int i = 0; i < events.size(); i++) {
            Event event = events.get(i);
            if (event.kind() != Kind.SAYS) {
                if (event.kind() != Kind.CLOSES) {
                    kept.add(i);
                }
                continue;
            }
            if (event.from() == Place.CLIENT) {
                concerned = DATA_COMMANDS.contains(verb(event.text()));
            }
            if (concerned) {
                kept.add(i);
            }
        }
        if (kept.stream().noneMatch(i -> events.get(i).kind() == Kind.SAYS)) {
            // A trial without a data connection: what was said last is what it is about.
            for (int i = Math.max(0, events.size() - LAST_LINES); i < events.size(); i++) {
                kept.add(i);
            }
        }
        return steps(events, kept);
    }

    /** The client learns of a passive port by the reply; the server listens before. */
    private static List<Event> inOrder(List<Event> events) {
        List<Event> order = new ArrayList<>(events);
        for (int i = 1; i < order.size(); i++) {
            Event event = order.get(i);
            if (event.kind() == Kind.LISTENS && event.from() == Place.SERVER && namesDataPort(order.get(i - 1))) {
                order.set(i, order.get(i - 1));
                order.set(i - 1, at(order.get(i).at(), event));
            }
        }
        return order;
    }

    private static Event at(Duration time, Event event) {
        return new Event(
                time,
                event.channel(),
                event.kind(),
                event.from(),
                event.to(),
                event.text(),
                event.source(),
                event.target());
    }

    private static List<Step> steps(List<Event> events, Collection<Integer> kept) {
        List<Step> steps = new ArrayList<>();
        List<Integer> order = List.copyOf(kept);
        int next = 0;
        for (int i = 0; i < order.size(); i++) {
            boolean inTheMiddle = i >= FIRST_STEPS && i < order.size() - (MAX_STEPS - FIRST_STEPS);
            if (!inTheMiddle || order.size() <= MAX_STEPS) {
                int index = order.get(i);
                steps.add(new Step(events.get(index), index - next));
                next = index + 1;
            }
        }
        return steps;
    }

    /** The client's end as a drawing shows it; null if it is not known. */
    static @Nullable InetSocketAddress client(Diagnosis diagnosis, Trial trial) {
        return diagnosis.client() != null ? diagnosis.client() : end(trial, Event::source);
    }

    /** The server's end as a drawing shows it, also if nothing ever came from there; null if it is not known. */
    static @Nullable InetSocketAddress server(Diagnosis diagnosis, Trial trial) {
        return diagnosis.server() != null ? diagnosis.server() : end(trial, Event::target);
    }

    private static @Nullable InetSocketAddress end(Trial trial, Function<Event, @Nullable InetSocketAddress> which) {
        return trial.events().stream()
                .filter(event -> event.channel() == Channel.CONTROL && event.from() == Place.CLIENT)
                .map(which)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** Where a connection that was stopped is drawn to end. */
    static Place stop(Diagnosis diagnosis, Event event) {
        return leadsElsewhere(diagnosis, event) ? Place.CLIENT_GATEWAY : event.to();
    }

    /** Whether the client was to connect to an address that is not the server's, wherever that may lead. */
    static boolean leadsElsewhere(Diagnosis diagnosis, Event event) {
        InetSocketAddress server = diagnosis.server();
        InetSocketAddress target = event.target();
        return event.channel() == Channel.DATA
                && event.kind() == Kind.STOPPED
                && event.from() == Place.CLIENT
                && server != null
                && target != null
                && !Objects.equals(server.getAddress(), target.getAddress());
    }

    /** An end of a connection: {@code 192.0.2.1:21}, {@code [2001:db8::1]:21}; without its port where that is not known. */
    static String text(InetSocketAddress end) {
        InetAddress ip = end.getAddress();
        if (ip == null) {
            return end.getHostString() + ":" + end.getPort();
        }
        return end.getPort() == 0 ? HostPort.numeric(ip) : new HostPort(ip, end.getPort()).toString();
    }

    /** Whether a line is about where a data connection is made: the lines to look at first. */
    static boolean namesDataPort(Event event) {
        String verb = verb(event.text());
        return event.channel() == Channel.CONTROL
                && event.kind() == Kind.SAYS
                && Set.of("PORT", "EPRT", "227", "229").contains(verb);
    }

    private static String verb(String line) {
        int end = line.indexOf(' ');
        return (end < 0 ? line : line.substring(0, end)).toUpperCase(Locale.ROOT);
    }
}
