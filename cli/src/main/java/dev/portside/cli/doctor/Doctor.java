package dev.portside.cli.doctor;

import dev.portside.cli.doctor.Event.Kind;
import dev.portside.client.FtpClientOptions;
import dev.portside.client.TlsMode;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Examines a server, and what stands between here and there. */
public final class Doctor {
    private Doctor() {}

    /**
     * Runs the trials and draws findings from them. Takes seconds where all is well, and up to some minutes where much is not: every
     * wait is bounded by the client's options, and by 15 s.
     *
     * @param client where the server is, and whom to trust. Its TLS says what is tried: {@link TlsMode#OFF} in the clear, {@link
     *     TlsMode#EXPLICIT} and {@link TlsMode#IMPLICIT} under TLS only, {@link TlsMode#AUTO} both, whatever the certificate is, as
     *     the password crosses the network in the clear anyway. Its mode and its listener are not used; {@link
     *     FtpClientOptions#dataConnectTimeout} is how long each data connection is waited for
     * @param ended is told each trial when it has ended; on any thread, one at a time
     */
    public static Diagnosis examine(FtpClientOptions client, DoctorOptions options, Consumer<Trial> ended) {
        Chart chart = new Examination(client, options, ended).run();
        List<Finding> findings = Reasoning.findings(chart);
        boolean implicit = client.tls().mode() == TlsMode.IMPLICIT;
        return new Diagnosis(
                target(client, implicit),
                chart.client(),
                chart.server(),
                chart.greeting().isEmpty() ? null : chart.greeting(),
                stopped(chart.trials(), findings),
                findings,
                Profile.of(chart, client.host(), client.port(), options.user(), implicit));
    }

    private static String target(FtpClientOptions client, boolean implicit) {
        String host = client.host().indexOf(':') >= 0 ? "[" + client.host() + "]" : client.host();
        String scheme = implicit ? "ftps" : client.tls().mode() == TlsMode.EXPLICIT ? "ftpes" : "ftp";
        return scheme + "://" + host + (client.port() == (implicit ? 990 : 21) ? "" : ":" + client.port()) + "/";
    }

    /** Data connections were stopped where the findings say. */
    private static List<Trial> stopped(List<Trial> trials, List<Finding> findings) {
        return trials.stream()
                .map(trial -> trial.mode() == null || !trial.fails() ? trial : stopped(trial, findings))
                .toList();
    }

    private static Trial stopped(Trial trial, List<Finding> findings) {
        Cell cell = Reasoning.cell(trial);
        return findings.stream()
                .filter(finding -> finding.explains().contains(cell))
                .findFirst()
                .map(finding -> new Trial(
                        trial.subject(),
                        trial.mode(),
                        trial.tls(),
                        trial.outcome(),
                        trial.duration(),
                        trial.text(),
                        trial.data(),
                        trial.events().stream()
                                .map(event -> event.kind() == Kind.STOPPED ? at(event, finding.places()) : event)
                                .toList()))
                .orElse(trial);
    }

    /** The gateway of the other end, if it can be that, otherwise whatever it can be. */
    private static Event at(Event event, Set<Place> places) {
        boolean fromClient = event.from() == Place.CLIENT;
        List<Place> likely = fromClient
                ? List.of(Place.SERVER_GATEWAY, Place.SERVER, Place.CLIENT_GATEWAY, Place.CLIENT)
                : List.of(Place.CLIENT_GATEWAY, Place.SERVER_GATEWAY, Place.CLIENT, Place.SERVER);
        Place to = likely.stream().filter(places::contains).findFirst().orElse(event.to());
        return new Event(
                event.at(),
                event.channel(),
                event.kind(),
                event.from(),
                to,
                event.text(),
                event.source(),
                event.target());
    }
}
