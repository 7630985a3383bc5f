package dev.portside.cli.doctor;

import dev.portside.cli.doctor.Finding.Severity;
import dev.portside.client.FtpDataConnectionException.Outcome;
import java.util.ArrayList;
import java.util.List;

/** What is wrong where modes work: content, rows of transfers, sessions, features. */
final class TransferFindings {
    static final String NO_CLOSE_NOTIFY =
            "The server ends data under TLS without close_notify: clients cannot tell a whole file"
                    + " from one that was cut off, and some call every transfer failed.";

    private final Chart chart;
    private final Ledger ledger;
    private final Settings settings;

    TransferFindings(Chart chart, Ledger ledger) {
        this.chart = chart;
        this.ledger = ledger;
        this.settings = new Settings(chart.software());
    }

    void draw() {
        chart.observed(Observation.Transferred.class).forEach(this::transferred);
        chart.observed(Observation.Row.class).forEach(this::row);
        chart.observed(Observation.Idle.class).forEach(this::idle);
        chart.observed(Observation.Sessions.class).forEach(this::sessions);
        sampled(chart.observed(Observation.Sample.class));
        features(chart.observed(Observation.Feature.class));
    }

    private void transferred(Observation.Transferred seen) {
        switch (seen.cause()) {
            case ACTIVE_SOURCE_PORT_BUSY ->
                draft(seen, "A second active transfer fails: the server's port for them is still taken by the first.")
                        .at(Place.SERVER)
                        .change(settings.activeSourcePort())
                        .severity(Severity.WARNING);
            case NO_CLOSE_NOTIFY ->
                draft(seen, NO_CLOSE_NOTIFY)
                        .at(Place.SERVER)
                        .change("update the server; it has to shut TLS down before it closes a data connection");
            case NO_FINAL_REPLY ->
                draft(seen, "The file arrives, and the final reply (226) does not.")
                        .at(Place.SERVER, Place.SERVER_GATEWAY, Place.CLIENT_GATEWAY)
                        .change(
                                "gateways: a longer time-out for idle TCP connections than the longest transfer",
                                "server and clients: TCP keep-alive; clients that send NOOP during transfers",
                                "the server's log says whether it sent the reply")
                        .severity(Severity.PROBLEM);
            case CONTENT_DAMAGED ->
                draft(seen, "What arrives is not what was sent.")
                        .at(Place.SERVER, Place.SERVER_GATEWAY, Place.CLIENT_GATEWAY)
                        .change(
                                "TYPE I (binary) at both ends; a gateway that changes contents (virus scanner, proxy) off",
                                "under TLS nobody on the way can change anything")
                        .severity(Severity.PROBLEM);
            case DOWNLOAD_REFUSED ->
                draft(seen, "The server refuses the download.")
                        .at(Place.SERVER)
                        .change("name a file in the URL that this user may read")
                        .severity(chart.options().file() == null ? Severity.WARNING : Severity.PROBLEM);
            case UPLOAD_REFUSED ->
                draft(seen, "The server refuses the upload.")
                        .at(Place.SERVER)
                        .change("name a directory in the URL in which this user may write")
                        .severity(Severity.PROBLEM);
            default ->
                draft(seen, "A transfer begins and is cut off.")
                        .at(Place.SERVER, Place.SERVER_GATEWAY, Place.CLIENT_GATEWAY)
                        .change("the server's log says whether it was the server; otherwise a gateway has cut it")
                        .severity(Severity.PROBLEM);
        }
    }

    private Ledger.Draft draft(Observation.Transferred seen, String wrong) {
        return ledger.draft(seen.cause(), wrong)
                .evidence(seen.evidence().stream()
                        .map(line -> (seen.tls() ? "under TLS: " : "in the clear: ") + line)
                        .toList());
    }

    // Rows

    private void row(Observation.Row row) {
        String counted = row.protocol() + ": " + row.done() + " of " + row.wanted() + " transfers, " + row.resumed()
                + " resumed the TLS session of the control connection"
                + (row.connectedAgain() > 0
                        ? ", another control connection was necessary " + row.connectedAgain() + " times"
                        : "");
        if (row.cutAfter() >= 0) {
            ledger.draft(
                            Cause.CONTROL_CONNECTION_CUT,
                            "The control connection breaks in the middle of a session under TLS.")
                    .at(Place.CLIENT_GATEWAY, Place.SERVER_GATEWAY, Place.SERVER)
                    .evidence(counted, "it broke after " + row.cutAfter() + " commands")
                    .evidence(row.refusals())
                    .change(
                            "Windows server: netsh advfirewall set global StatefulFtp disable",
                            "gateways: switch off what inspects FTP on this port")
                    .severity(Severity.PROBLEM);
        } else if (row.connectedAgain() > 0) {
            ledger.draft(
                            Cause.TLS_SESSIONS_USED_UP,
                            "The server demands that data connections resume the TLS session, and does not let them for long: after"
                                    + " some transfers clients have to connect again, or fail.")
                    .at(Place.SERVER)
                    .evidence(counted)
                    .change(settings.noReuseDemanded())
                    .severity(Severity.WARNING);
        } else if (row.notResumed() > 0) {
            ledger.draft(
                            Cause.TLS_SESSION_NOT_RESUMED,
                            "The server takes only data connections that resume the TLS session of the control connection, and under "
                                    + row.protocol() + " lets " + (row.resumed() == 0 ? "none" : "not all")
                                    + " of ours resume it.")
                    .at(Place.SERVER)
                    .evidence(counted)
                    .evidence(row.refusals())
                    .change(settings.noReuseDemanded())
                    .severity(chart.anyWorks(true) ? Severity.WARNING : Severity.PROBLEM);
        } else if (!row.refusals().isEmpty()) {
            ledger.draft(
                            Cause.TRANSFERS_FAIL_NOW_AND_THEN,
                            "Of transfers in a row some fail, and nothing tells them apart: data connections that reach another"
                                    + " node of a cluster, or listening sockets that sessions share, look like that.")
                    .at(Place.SERVER_GATEWAY, Place.SERVER)
                    .evidence(counted)
                    .evidence(row.refusals())
                    .change(
                            "load balancer: a range of passive ports, or an address, for each node",
                            "server: no SO_REUSEPORT on passive sockets")
                    .severity(Severity.PROBLEM);
        }
    }

    // Sessions

    private void idle(Observation.Idle idle) {
        if (idle.survived()) {
            return;
        }
        boolean byServer = Reasoning.code(idle.said()) == 421;
        ledger.draft(
                        Cause.IDLE_CONNECTION_FORGOTTEN,
                        byServer
                                ? "The server ends sessions that do nothing for " + Endpoints.text(idle.time()) + "."
                                : "The control connection does not survive " + Endpoints.text(idle.time())
                                        + " without a word: a gateway has forgotten it, or the server has closed it.")
                .at(
                        byServer
                                ? List.of(Place.SERVER)
                                : List.of(Place.CLIENT_GATEWAY, Place.SERVER_GATEWAY, Place.SERVER))
                .evidence("after " + Endpoints.text(idle.time()) + ": " + idle.said())
                .change(
                        byServer
                                ? settings.longerIdle()
                                : "gateways: a longer time-out for idle TCP connections (RFC 5382 asks for 2 hours and 4 minutes)")
                .change("clients: TCP keep-alive below that time, or NOOP during transfers")
                .severity(Severity.PROBLEM);
    }

    private void sessions(Observation.Sessions sessions) {
        if (sessions.opened() < sessions.wanted()) {
            ledger.draft(
                            Cause.TOO_MANY_SESSIONS,
                            "The server lets this address have " + sessions.opened()
                                    + " sessions at the same time, not " + sessions.wanted() + ".")
                    .at(Place.SERVER)
                    .evidence(sessions.refusal())
                    .change(settings.moreSessions())
                    .change(settings.widerRange() + ", where the number of passive ports is what limits it")
                    .severity(Severity.PROBLEM);
        }
    }

    /** 425 to EPSV and PASV among the samples: the range was used up for a moment. */
    private void sampled(List<Observation.Sample> samples) {
        List<String> refused = new ArrayList<>();
        for (Observation.Sample sample : samples) {
            if (sample.failure() == Outcome.COMMAND_REFUSED) {
                refused.add(new Cell(sample.mode(), sample.tls()) + ": " + sample.detail());
            }
        }
        if (!refused.isEmpty() && refused.size() < samples.size()) {
            ledger.draft(Cause.PASSIVE_RANGE_EXHAUSTED, "Now and then the server has no passive port left.")
                    .at(Place.SERVER)
                    .evidence(refused.size() + " of " + samples.size() + " times, first " + refused.getFirst())
                    .change(settings.widerRange())
                    .severity(Severity.WARNING);
        }
    }

    // Features

    private void features(List<Observation.Feature> features) {
        for (Observation.Feature feature : features) {
            if (feature.listed()) {
                ledger.draft(Cause.FEATURE_PROMISED, "FEAT names what the server does not do.")
                        .at(Place.SERVER, Place.SERVER_GATEWAY)
                        .evidence(feature.name() + ": " + feature.evidence())
                        .change("update the server; clients that trust FEAT have to be told to do without")
                        .severity(Severity.WARNING);
            } else if (!List.of("EPSV", "EPRT").contains(feature.name())) {
                ledger.draft(
                                Cause.FEATURE_NOT_LISTED,
                                "The server can do more than FEAT names: clients will not use it.")
                        .at(Place.SERVER)
                        .evidence(feature.name() + (feature.evidence().isEmpty() ? "" : ": " + feature.evidence()))
                        .change("nothing has to be changed")
                        .severity(Severity.REMARK);
            }
        }
    }
}
