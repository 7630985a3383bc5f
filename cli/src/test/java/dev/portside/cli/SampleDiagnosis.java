package dev.portside.cli;

import dev.portside.cli.doctor.Cause;
import dev.portside.cli.doctor.Cell;
import dev.portside.cli.doctor.Diagnosis;
import dev.portside.cli.doctor.Event;
import dev.portside.cli.doctor.Event.Channel;
import dev.portside.cli.doctor.Event.Kind;
import dev.portside.cli.doctor.Finding;
import dev.portside.cli.doctor.Finding.Severity;
import dev.portside.cli.doctor.Mode;
import dev.portside.cli.doctor.Place;
import dev.portside.cli.doctor.Trial;
import dev.portside.cli.doctor.Trial.Outcome;
import dev.portside.cli.doctor.Trial.Subject;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A server behind NAT that names its inner address and whose ports are closed, seen by a client that is behind NAT too. */
final class SampleDiagnosis {
    static final InetSocketAddress CLIENT = at("192.168.178.20", 41022);
    static final InetSocketAddress SERVER = at("203.0.113.80", 21);

    private SampleDiagnosis() {}

    static InetSocketAddress at(String address, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(address), port);
    }

    static Diagnosis diagnosis() {
        return new Diagnosis(
                "ftp://ftp.example.net/",
                CLIENT,
                SERVER,
                "vsFTPd 3.0.3",
                List.of(
                        passive(Mode.EPSV, false),
                        passive(Mode.PASV_PEER, false),
                        named(),
                        active(),
                        works(),
                        passive(Mode.EPSV, true),
                        new Trial(
                                Subject.DOWNLOAD,
                                null,
                                false,
                                Outcome.WORKS,
                                Duration.ofMillis(120),
                                "1.bin, 1 B, SHA-256 as the server says",
                                null,
                                List.of())),
                findings(),
                List.of("--tls=explicit", "--mode=port"));
    }

    static List<Finding> findings() {
        return List.of(
                new Finding(
                        Cause.PASSIVE_RANGE_CLOSED,
                        Severity.PROBLEM,
                        Set.of(Place.SERVER_GATEWAY, Place.SERVER),
                        "The server's passive ports do not answer: nothing came back from any of them.",
                        List.of(
                                "229 Entering Extended Passive Mode (|||50123|)",
                                "192.168.178.20 → 203.0.113.80:50123: nothing came back within 5 s",
                                "192.168.178.20 → 203.0.113.80:50187: nothing came back within 5 s",
                                "the control connection to 203.0.113.80:21 took 12 ms"),
                        List.of(
                                "Give the server a fixed range of passive ports: pasv_min_port=50000 and pasv_max_port=50100 in"
                                        + " vsftpd.conf.",
                                "Open TCP 50000-50100 in the firewall of the server, and map it 1:1 on the router in front of"
                                        + " it."),
                        Set.of(new Cell(Mode.EPSV, false), new Cell(Mode.EPSV, true), new Cell(Mode.PASV_PEER, false))),
                new Finding(
                        Cause.PRIVATE_ADDRESS_IN_227,
                        Severity.PROBLEM,
                        Set.of(Place.SERVER),
                        "The server names its inner address, 10.0.0.5, which cannot be reached from outside.",
                        List.of(
                                "227 Entering Passive Mode (10,0,0,5,195,203).",
                                "the control connection goes to 203.0.113.80"),
                        List.of(
                                "pasv_address=203.0.113.80 in vsftpd.conf; with other servers the \"external address\"."),
                        Set.of(new Cell(Mode.PASV_NAMED, false))),
                new Finding(
                        Cause.CLIENT_ADDRESS_PRIVATE,
                        Severity.WARNING,
                        Set.of(Place.CLIENT_GATEWAY, Place.CLIENT),
                        "This computer has a private address, and PORT tells it to the server.",
                        List.of("PORT 192,168,178,20,200,1", "500 Illegal PORT command."),
                        List.of("Use passive mode."),
                        Set.of(new Cell(Mode.PORT, false))));
    }

    /** A passive trial whose data connection is stopped in front of the server. */
    static Trial passive(Mode mode, boolean tls) {
        Script script = new Script(tls).login();
        script.say(Place.CLIENT, mode == Mode.EPSV ? "EPSV" : "PASV");
        script.say(
                Place.SERVER,
                mode == Mode.EPSV
                        ? "229 Entering Extended Passive Mode (|||50123|)"
                        : "227 Entering Passive Mode (10,0,0,5,195,203).");
        script.say(Place.CLIENT, "MLSD");
        script.event(
                Channel.DATA,
                Kind.STOPPED,
                Place.CLIENT,
                Place.SERVER_GATEWAY,
                "to 203.0.113.80:50123: nothing came back within 5 s",
                at("192.168.178.20", 0),
                at("203.0.113.80", 50123));
        return script.trial(mode, Outcome.FAILS, "nothing came back from 203.0.113.80:50123 within 5 s");
    }

    private static Trial named() {
        Script script = new Script(false).login();
        script.say(Place.CLIENT, "PASV").say(Place.SERVER, "227 Entering Passive Mode (10,0,0,5,195,203).");
        script.event(
                Channel.DATA,
                Kind.STOPPED,
                Place.CLIENT,
                Place.CLIENT_GATEWAY,
                "to 10.0.0.5:50123: no way to that address",
                at("192.168.178.20", 0),
                at("10.0.0.5", 50123));
        return script.trial(Mode.PASV_NAMED, Outcome.FAILS, "no way to 10.0.0.5:50123");
    }

    private static Trial active() {
        Script script = new Script(false).login();
        script.event(
                Channel.DATA, Kind.LISTENS, Place.CLIENT, Place.CLIENT, "listens", null, at("192.168.178.20", 51201));
        script.say(Place.CLIENT, "PORT 192,168,178,20,200,1").say(Place.SERVER, "200 PORT command successful.");
        script.say(Place.CLIENT, "MLSD").say(Place.SERVER, "150 Here it comes.");
        script.event(
                Channel.DATA,
                Kind.STOPPED,
                Place.SERVER,
                Place.CLIENT_GATEWAY,
                "the server's connection did not arrive",
                at("203.0.113.80", 20),
                at("192.168.178.20", 51201));
        script.say(Place.SERVER, "425 Failed to establish connection.");
        return script.trial(Mode.PORT, Outcome.FAILS, "425 Failed to establish connection.");
    }

    static Trial works() {
        Script script = new Script(false).login();
        script.event(
                Channel.DATA, Kind.LISTENS, Place.CLIENT, Place.CLIENT, "listens", null, at("192.168.178.20", 51202));
        script.say(Place.CLIENT, "EPRT |1|192.168.178.20|51202|").say(Place.SERVER, "200 EPRT command successful.");
        script.say(Place.CLIENT, "MLSD");
        script.event(
                Channel.DATA,
                Kind.CONNECTS,
                Place.SERVER,
                Place.CLIENT,
                "",
                at("203.0.113.80", 20),
                at("192.168.178.20", 51202));
        script.say(Place.SERVER, "150 Here it comes.");
        script.event(Channel.DATA, Kind.MOVES, Place.SERVER, Place.CLIENT, "734 B of listing", null, null);
        script.say(Place.SERVER, "226 Transfer complete.");
        return script.trial(Mode.EPRT, Outcome.WORKS, "734 B in 35 ms");
    }

    /** Collects the events of a trial, 9 ms apart. */
    static final class Script {
        private final boolean tls;
        private final List<Event> events = new ArrayList<>();

        Script(boolean tls) {
            this.tls = tls;
        }

        Script login() {
            event(Channel.CONTROL, Kind.CONNECTS, Place.CLIENT, Place.SERVER, "", CLIENT, SERVER);
            say(Place.SERVER, "220 (vsFTPd 3.0.3)");
            if (tls) {
                say(Place.CLIENT, "AUTH TLS").say(Place.SERVER, "234 Proceed with negotiation.");
                event(
                        Channel.CONTROL,
                        Kind.SECURED,
                        Place.CLIENT,
                        Place.SERVER,
                        "TLSv1.3, TLS_AES_256_GCM_SHA384",
                        null,
                        null);
            }
            say(Place.CLIENT, "USER anonymous").say(Place.SERVER, "331 Please specify the password.");
            return say(Place.CLIENT, "PASS ****").say(Place.SERVER, "230 Login successful.");
        }

        Script say(Place from, String line) {
            Place to = from == Place.CLIENT ? Place.SERVER : Place.CLIENT;
            return event(Channel.CONTROL, Kind.SAYS, from, to, line, null, null);
        }

        Script event(
                Channel channel,
                Kind kind,
                Place from,
                Place to,
                String text,
                InetSocketAddress source,
                InetSocketAddress target) {
            events.add(new Event(Duration.ofMillis(9L * events.size()), channel, kind, from, to, text, source, target));
            return this;
        }

        Trial trial(Mode mode, Outcome outcome, String text) {
            return new Trial(Subject.DATA, mode, tls, outcome, Duration.ofMillis(5035), text, null, events);
        }
    }
}
