package dev.portside.cli.doctor;

import dev.portside.cli.doctor.Trial.Outcome;
import dev.portside.cli.doctor.Trial.Subject;
import dev.portside.client.FtpDataConnectionException;
import dev.portside.client.TlsMode;
import dev.portside.protocol.HostPort;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Writes down what an examination may have seen. */
final class Charts {
    static final InetSocketAddress OUTER_CLIENT = at("198.51.100.7", 41000);
    static final InetSocketAddress INNER_CLIENT = at("192.168.1.5", 41000);
    static final InetSocketAddress SERVER = at("203.0.113.2", 21);
    static final String INNER_SERVER = "10.0.0.5";
    static final int PORT = 50_123;

    private InetSocketAddress client = OUTER_CLIENT;
    private InetSocketAddress server = SERVER;
    private String greeting = "(vsFTPd 3.0.3)";
    private TlsMode tls = TlsMode.AUTO;
    private DoctorOptions options = DoctorOptions.of("joe", "secret");
    private final List<Trial> trials = new ArrayList<>();
    private final List<Observation> observations = new ArrayList<>();

    static InetSocketAddress at(String address, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(address), port);
    }

    Charts client(InetSocketAddress here) {
        client = here;
        return this;
    }

    Charts server(InetSocketAddress there) {
        server = there;
        return this;
    }

    Charts greeting(String text) {
        greeting = text;
        return this;
    }

    Charts tls(TlsMode mode) {
        tls = mode;
        return this;
    }

    Charts asked(Mode mode) {
        options = new DoctorOptions(
                options.user(),
                options.password(),
                "",
                options.modes(),
                java.util.Set.of(mode),
                false,
                10,
                0,
                null,
                0,
                3);
        return this;
    }

    Charts seen(Observation... more) {
        observations.addAll(Arrays.asList(more));
        return this;
    }

    Charts trial(Trial one) {
        trials.add(one);
        return this;
    }

    /** A listing that worked; 227 names the server itself. */
    Charts works(Mode mode, boolean secured) {
        return works(mode, secured, HostPort.numeric(server.getAddress()));
    }

    Charts works(Mode mode, boolean secured, String named) {
        return listing(mode, secured, Outcome.WORKS, "", data(mode, null, reply(mode, named), null, named, 0));
    }

    /** Nothing answers where 227 or 229 says, or nothing arrives where PORT or EPRT says. */
    Charts silent(Mode mode, boolean secured) {
        return silent(mode, secured, HostPort.numeric(server.getAddress()));
    }

    Charts silent(Mode mode, boolean secured, String named) {
        return fails(
                mode, secured, FtpDataConnectionException.Outcome.TIMED_OUT, reply(mode, named), null, named, 5000);
    }

    Charts fails(
            Mode mode,
            boolean secured,
            FtpDataConnectionException.Outcome failure,
            String reply,
            String refusal,
            String named,
            int millis) {
        DataTry data = data(mode, failure, reply, refusal, named, millis);
        return listing(mode, secured, Outcome.FAILS, failure + "", data);
    }

    /** The server refuses the command. */
    Charts refuses(Mode mode, boolean secured, String reply) {
        return fails(
                mode,
                secured,
                FtpDataConnectionException.Outcome.COMMAND_REFUSED,
                reply,
                null,
                HostPort.numeric(server.getAddress()),
                10);
    }

    Charts listing(Mode mode, boolean secured, Outcome outcome, String text, DataTry data) {
        return trial(new Trial(Subject.DATA, mode, secured, outcome, Duration.ofMillis(20), text, data, List.of()));
    }

    DataTry data(
            Mode mode,
            FtpDataConnectionException.Outcome failure,
            String reply,
            String refusal,
            String named,
            int millis) {
        InetSocketAddress listener =
                mode.isActive() ? at(HostPort.numeric(client.getAddress()), PORT) : at(named, PORT);
        InetSocketAddress target =
                mode.trustsAddress() || named == null ? listener : at(HostPort.numeric(server.getAddress()), PORT);
        return new DataTry(
                failure,
                mode.name(),
                reply,
                refusal,
                failure == FtpDataConnectionException.Outcome.REPLY_NOT_UNDERSTOOD ? null : listener,
                mode.isActive() ? listener : client,
                mode.isActive() ? server : target,
                Duration.ofMillis(millis),
                "");
    }

    private static String reply(Mode mode, String named) {
        return switch (mode) {
            case EPSV -> "229 Entering Extended Passive Mode (|||" + PORT + "|)";
            case PASV_PEER, PASV_NAMED ->
                "227 Entering Passive Mode (" + new HostPort(InetAddress.ofLiteral(named), PORT).portArgument() + ").";
            case EPRT, PORT -> "200 okay";
        };
    }

    Chart chart() {
        return new Chart(options, tls, client, server, greeting, List.copyOf(trials), List.copyOf(observations));
    }

    Diagnosis diagnosis() {
        Chart chart = chart();
        return new Diagnosis(
                "ftp://host/", client, server, greeting, chart.trials(), Reasoning.findings(chart), List.of());
    }
}
