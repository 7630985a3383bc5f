package dev.portside.cli;

import dev.portside.cli.Picture.Side;
import dev.portside.cli.Picture.Stop;
import dev.portside.cli.doctor.Diagnosis;
import dev.portside.cli.doctor.Event;
import dev.portside.cli.doctor.Event.Channel;
import dev.portside.cli.doctor.Place;
import dev.portside.cli.doctor.Trial;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The sequence of the connections of a trial on a terminal: client, both gateways, server. */
final class DoctorPicture {
    private static final String UNKNOWN = "?";

    private final Picture picture;
    private final Style style;
    private final Diagnosis diagnosis;

    private DoctorPicture(Style style, Diagnosis diagnosis) {
        this.style = style;
        this.diagnosis = diagnosis;
        this.picture = new Picture(style, true);
    }

    /** The lines of the picture, at most 80 columns wide. */
    static List<String> lines(Style style, Diagnosis diagnosis, Trial trial) {
        DoctorPicture drawn = new DoctorPicture(style, diagnosis);
        drawn.picture.parties(address(Sequence.client(diagnosis, trial)), address(Sequence.server(diagnosis, trial)));
        Sequence.steps(trial).forEach(drawn::draw);
        return drawn.picture.lines();
    }

    private static String address(@Nullable InetSocketAddress end) {
        return end == null || end.getAddress() == null ? UNKNOWN : Picture.address(end.getAddress());
    }

    private void draw(Sequence.Step step) {
        if (step.leftOut() > 0) {
            picture.leftOut(step.leftOut() + (step.leftOut() == 1 ? " line" : " lines") + " not drawn");
        }
        Event event = step.event();
        Side from = side(event.from());
        boolean data = event.channel() == Channel.DATA;
        String text = shown(event.text());
        InetSocketAddress client = from == Side.CLIENT ? event.source() : event.target();
        InetSocketAddress server = from == Side.CLIENT ? event.target() : event.source();
        switch (event.kind()) {
            case CONNECTS -> {
                if (data) {
                    picture.data(from, port(client), port(server));
                } else {
                    picture.control(port(client), port(server));
                }
            }
            case LISTENS -> picture.listen(from, port(event.target()));
            case SAYS, CLOSES -> picture.sayAll(from, text);
            case SECURED -> picture.handshake(data, text);
            case MOVES -> picture.bytes(from, text);
            case STOPPED -> {
                Place at = Sequence.stop(diagnosis, event);
                int there = Sequence.leadsElsewhere(diagnosis, event) ? 0 : port(server);
                picture.stopped(from, stop(at), data, text, port(client), there);
            }
        }
    }

    /** Text from the network, in ASCII where the picture is. */
    private String shown(String text) {
        String visible = Console.visible(text);
        return style.unicode() ? visible : visible.replaceAll("[^\\x20-\\x7e]", "?");
    }

    private static int port(@Nullable InetSocketAddress end) {
        return end == null ? 0 : end.getPort();
    }

    private static Side side(Place place) {
        return place == Place.CLIENT || place == Place.CLIENT_GATEWAY ? Side.CLIENT : Side.SERVER;
    }

    private static Stop stop(Place place) {
        return switch (place) {
            case CLIENT -> Stop.CLIENT;
            case CLIENT_GATEWAY -> Stop.CLIENT_GATEWAY;
            case SERVER_GATEWAY -> Stop.SERVER_GATEWAY;
            case SERVER -> Stop.SERVER;
        };
    }
}
