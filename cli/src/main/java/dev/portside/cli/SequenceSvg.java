package dev.portside.cli;

import static dev.portside.cli.Markup.number;

import dev.portside.cli.doctor.Diagnosis;
import dev.portside.cli.doctor.Event;
import dev.portside.cli.doctor.Event.Channel;
import dev.portside.cli.doctor.Event.Kind;
import dev.portside.cli.doctor.Finding;
import dev.portside.cli.doctor.Place;
import dev.portside.cli.doctor.Trial;
import dev.portside.protocol.HostPort;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The sequence of the connections of a trial as SVG: a lifeline for the client, for both gateways and for the server, time
 * downwards. Its colours are those of the page.
 */
final class SequenceSvg {
    private static final int WIDTH = 960;
    private static final int ROW = 40;
    private static final int CLIENT_X = 124;
    private static final int CLIENT_GATEWAY_X = 316;
    private static final int SERVER_GATEWAY_X = 644;
    private static final int SERVER_X = 836;
    private static final int HEAD_WIDTH = 152;
    private static final int HEAD_HEIGHT = 50;
    private static final int HEAD_TOP = 26;
    /** An address that is longer does not fit into the head of its lifeline. */
    private static final int LONGEST_IN_HEAD = 20;

    private static final int ARROW = 9;
    /** From a lifeline to the middle of the number beside it, and on to the text. */
    private static final int TO_NUMBER = 22;

    private static final int TO_LABEL = 38;
    /** The sign of a stop is higher than a line. */
    private static final int TO_STOP = 6;

    /** What fits between the lifelines of client and server. */
    private static final int LABEL_COLUMNS = 84;

    private static final int MAX_LINES = 3;
    /** From one line of a text to the next. */
    private static final int LINE = 16;

    private final Markup svg;
    private final Diagnosis diagnosis;
    private final Trial trial;
    private final Set<Place> suspects;
    private int y = HEAD_TOP + HEAD_HEIGHT + 14;
    private int step;

    private SequenceSvg(Markup svg, Diagnosis diagnosis, Trial trial) {
        this.svg = svg;
        this.diagnosis = diagnosis;
        this.trial = trial;
        this.suspects = trial.fails() && trial.mode() != null
                ? diagnosis
                        .cause(trial.mode(), trial.tls())
                        .map(Finding::places)
                        .orElse(Set.of())
                : Set.of();
    }

    /** @param id is unique in the page */
    static void write(Markup page, Diagnosis diagnosis, Trial trial, String id) {
        new SequenceSvg(page, diagnosis, trial).write(id);
    }

    private void write(String id) {
        List<Sequence.Step> steps = Sequence.steps(trial);
        int height = y + ROW / 2 + steps.stream().mapToInt(SequenceSvg::height).sum();
        svg.open(
                "svg",
                "class",
                "sequence",
                "viewBox",
                "0 0 " + WIDTH + " " + height,
                "role",
                "img",
                "aria-labelledby",
                id + "-title " + id + "-desc");
        svg.element("title", "Sequence of the connections: " + trial.name(), "id", id + "-title");
        svg.element("desc", description(steps), "id", id + "-desc").line();
        for (Place place : Place.values()) {
            svg.empty("path", "class", "life", "d", "M" + x(place) + " " + y0() + "V" + (height - 4));
        }
        head(Place.CLIENT, "client", address(Sequence.client(diagnosis, trial)));
        head(Place.CLIENT_GATEWAY, "client’s", "gateway");
        head(Place.SERVER_GATEWAY, "server’s", "gateway");
        head(Place.SERVER, "server", address(Sequence.server(diagnosis, trial)));
        svg.line();
        steps.forEach(this::draw);
        svg.close().line();
    }

    private static int y0() {
        return HEAD_TOP + HEAD_HEIGHT;
    }

    private static int height(Sequence.Step step) {
        return rowHeight(step.event()) + (step.leftOut() > 0 ? ROW * 3 / 4 : 0);
    }

    private static int rowHeight(Event event) {
        return ROW + (lines(words(event)).size() - 1) * LINE;
    }

    private static int x(Place place) {
        return switch (place) {
            case CLIENT -> CLIENT_X;
            case CLIENT_GATEWAY -> CLIENT_GATEWAY_X;
            case SERVER_GATEWAY -> SERVER_GATEWAY_X;
            case SERVER -> SERVER_X;
        };
    }

    private static String address(@Nullable InetSocketAddress end) {
        return end == null || end.getAddress() == null ? "" : HostPort.numeric(end.getAddress());
    }

    // Heads

    private void head(Place place, String name, String below) {
        int x = x(place);
        boolean gateway = place == Place.CLIENT_GATEWAY || place == Place.SERVER_GATEWAY;
        boolean above = below.length() > LONGEST_IN_HEAD;
        boolean one = below.isEmpty() || above;
        svg.open("g", "class", suspects.contains(place) ? "head suspect" : "head");
        svg.empty(
                "rect",
                "x",
                number(x - HEAD_WIDTH / 2.0),
                "y",
                number(HEAD_TOP),
                "width",
                number(HEAD_WIDTH),
                "height",
                number(HEAD_HEIGHT),
                "rx",
                "8");
        label(x, HEAD_TOP + (one ? 30 : 21), "name", "middle", name);
        if (above) {
            boolean client = place == Place.CLIENT;
            label(client ? x - HEAD_WIDTH / 2 : x + HEAD_WIDTH / 2, 16, "address", client ? "start" : "end", below);
        } else if (!below.isEmpty()) {
            label(x, HEAD_TOP + 39, gateway ? "name" : "address", "middle", below);
        }
        svg.close();
    }

    // Steps

    private void draw(Sequence.Step step) {
        if (step.leftOut() > 0) {
            y += ROW * 3 / 4;
            label(
                    CLIENT_X + TO_LABEL,
                    y - 2,
                    "omitted",
                    "start",
                    "… " + step.leftOut() + (step.leftOut() == 1 ? " line" : " lines") + " not drawn");
        }
        Event event = step.event();
        y += rowHeight(event);
        String channel = event.channel().name().toLowerCase(Locale.ROOT);
        String kind = event.kind().name().toLowerCase(Locale.ROOT);
        svg.open("g", "class", "step " + channel + " " + kind);
        svg.element("title", time(event) + " " + words(event));
        label(8, y + 4, "time", "start", time(event));
        switch (event.kind()) {
            case LISTENS -> listens(event);
            case STOPPED -> stopped(event);
            default -> arrow(event);
        }
        svg.close().line();
    }

    private void listens(Event event) {
        boolean client = event.from() == Place.CLIENT;
        int x = x(event.from());
        svg.empty("circle", "class", "ring", "cx", number(x), "cy", number(y), "r", "7");
        svg.empty("circle", "class", "dot", "cx", number(x), "cy", number(y), "r", "2.5");
        label(client ? x + 16 : x - 16, y + 4, "label", client ? "start" : "end", "listens for the data connection");
        port(event.from(), event.target());
    }

    private void arrow(Event event) {
        boolean toRight = isClient(event.from());
        boolean both = event.kind() == Kind.SECURED;
        int left = CLIENT_X + (toRight && !both ? 0 : ARROW);
        int right = SERVER_X - (toRight || both ? ARROW : 0);
        line(left, right, "line");
        if (toRight || both) {
            head(SERVER_X, -1);
        }
        if (!toRight || both) {
            head(CLIENT_X, 1);
        }
        if (event.kind() == Kind.CONNECTS) {
            svg.empty("circle", "class", "end", "cx", number(x(event.from())), "cy", number(y), "r", "4.5");
            port(event.from(), event.source());
            port(toRight ? Place.SERVER : Place.CLIENT, event.target());
        }
        boolean named = Sequence.namesDataPort(event);
        caption(toRight, words(event), named ? "label named" : "label", 0);
    }

    /** A line; a data connection is two lines side by side. */
    private void line(int left, int right, String style) {
        String path = "M" + left + " " + y + "H" + right;
        svg.empty("path", "class", style, "d", path);
        svg.empty("path", "class", "core", "d", path);
    }

    /** @param direction -1 for an arrow to the right, whose body is left of its tip */
    private void head(int tip, int direction) {
        int base = tip + direction * (ARROW + 2);
        svg.empty("path", "class", "tip", "d", "M" + tip + " " + y + "L" + base + " " + (y - 5) + "V" + (y + 5) + "Z");
    }

    private void stopped(Event event) {
        boolean toRight = isClient(event.from());
        int from = toRight ? CLIENT_X : SERVER_X;
        int goal = toRight ? SERVER_X : CLIENT_X;
        boolean elsewhere = Sequence.leadsElsewhere(diagnosis, event);
        int at = x(Sequence.stop(diagnosis, event));
        if (at == goal) {
            at += toRight ? -16 : 16;
        } else if (at == from) {
            at += toRight ? 16 : -16;
        }
        if (!elsewhere) {
            svg.empty("path", "class", "beyond", "d", "M" + at + " " + y + "H" + goal);
        }
        line(Math.min(from, at), Math.max(from, at), "line");
        svg.empty("circle", "class", "end", "cx", number(from), "cy", number(y), "r", "4.5");
        svg.empty("circle", "class", "stop", "cx", number(at), "cy", number(y), "r", "11");
        svg.empty("path", "class", "cross", "d", "M" + (at - 4) + " " + (y - 4) + "l8 8m0 -8l-8 8");
        port(toRight ? Place.CLIENT : Place.SERVER, event.source());
        if (!elsewhere) {
            port(toRight ? Place.SERVER : Place.CLIENT, event.target());
        }
        caption(toRight, words(event), "label", TO_STOP);
    }

    /** @param higher than usual above its line */
    private void caption(boolean toRight, String text, String style, int higher) {
        step++;
        int x = toRight ? CLIENT_X + TO_NUMBER : SERVER_X - TO_NUMBER;
        List<String> lines = lines(text);
        int first = y - 8 - higher - (lines.size() - 1) * LINE;
        svg.empty("circle", "class", "number", "cx", number(x), "cy", number(first - 4), "r", "9");
        label(x, first, "digits", "middle", Integer.toString(step));
        for (int i = 0; i < lines.size(); i++) {
            int start = toRight ? CLIENT_X + TO_LABEL : SERVER_X - TO_LABEL;
            label(start, first + i * LINE, style, toRight ? "start" : "end", lines.get(i));
        }
    }

    private static List<String> lines(String text) {
        return Columns.wrap(Console.visible(text), LABEL_COLUMNS, MAX_LINES, "…");
    }

    private void port(Place place, @Nullable InetSocketAddress end) {
        if (end != null && end.getPort() > 0) {
            boolean client = place == Place.CLIENT;
            label(client ? CLIENT_X - 14 : SERVER_X + 14, y + 4, "port", client ? "end" : "start", ":" + end.getPort());
        }
    }

    private void label(int x, int baseline, String style, String anchor, String text) {
        svg.element("text", text, "class", style, "x", number(x), "y", number(baseline), "text-anchor", anchor);
    }

    private static boolean isClient(Place place) {
        return place == Place.CLIENT || place == Place.CLIENT_GATEWAY;
    }

    // Words

    static String time(Event event) {
        return String.format(Locale.ROOT, "%.3f s", event.at().toMillis() / 1000.0);
    }

    /** An event in words, as the drawing and its description have it. */
    static String words(Event event) {
        boolean data = event.channel() == Channel.DATA;
        String connection = data ? "data connection" : "control connection";
        return switch (event.kind()) {
            case CONNECTS -> "opens the " + connection;
            case LISTENS -> "listens for the " + connection;
            case SECURED -> "TLS on the " + connection + behind(event.text());
            case STOPPED -> connection + behind(event.text());
            case CLOSES -> "closes the " + connection;
            case SAYS, MOVES -> event.text();
        };
    }

    private static String behind(String text) {
        return text.isEmpty() ? "" : ": " + text;
    }

    private static String description(List<Sequence.Step> steps) {
        StringBuilder told = new StringBuilder();
        for (Sequence.Step step : steps) {
            Event event = step.event();
            told.append(time(event)).append(' ').append(event.from());
            if (event.kind() == Kind.STOPPED) {
                told.append(", stopped on the way, as far as is known at the ").append(event.to());
            }
            told.append(": ").append(words(event)).append(". ");
        }
        return told.toString().strip();
    }
}
