package dev.portside.cli.doctor;

import dev.portside.cli.doctor.Finding.Severity;
import dev.portside.client.FtpDataConnectionException.Outcome;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** From what was seen to what is wrong; a pure function. */
final class Reasoning {
    private Reasoning() {}

    /** The findings, the worst first. */
    static List<Finding> findings(Chart chart) {
        Ledger ledger = new Ledger(chart);
        new AccessFindings(chart, ledger).draw();
        new AddressFindings(chart, ledger).draw();
        new PassiveFindings(chart, ledger).draw();
        new ActiveFindings(chart, ledger).draw();
        new TransferFindings(chart, ledger).draw();
        chart.cells()
                .filter(Trial::fails)
                .filter(trial -> !ledger.explains(cell(trial)))
                .forEach(trial -> ledger.draft(
                                Cause.UNEXPLAINED, "A mode does not work, and nothing that was seen says why.")
                        .at(Place.CLIENT, Place.CLIENT_GATEWAY, Place.SERVER_GATEWAY, Place.SERVER)
                        .evidence(evidence(trial))
                        .change("look into the server's log at this time")
                        .explains(List.of(cell(trial))));
        if (chart.cells().findAny().isPresent() && chart.cells().noneMatch(Trial::works) && !ledger.hasProblem()) {
            ledger.draft(Cause.UNEXPLAINED, "No data connection could be tried.")
                    .at(Place.CLIENT, Place.CLIENT_GATEWAY, Place.SERVER_GATEWAY, Place.SERVER)
                    .evidence(chart.cells().map(Reasoning::evidence).toList())
                    .severity(Severity.PROBLEM);
        }
        return ledger.findings();
    }

    /** The cell of a listing. */
    static Cell cell(Trial trial) {
        return new Cell(mode(trial), trial.tls());
    }

    static Mode mode(Trial trial) {
        if (trial.mode() == null) {
            throw new IllegalArgumentException("no listing: " + trial.name());
        }
        return trial.mode();
    }

    /** {@code EPSV in the clear: 229 …; 192.0.2.1:50000: timed out after 5 s}. */
    static String evidence(Trial trial) {
        DataTry data = trial.data();
        String said = data == null || data.reply() == null
                ? ""
                : (data.command() == null ? "" : data.command() + ": ") + data.reply() + "; ";
        String how = trial.works() ? "works, " + trial.text() : trial.text();
        return cell(trial) + ": " + said + how;
    }

    static @Nullable Outcome failure(@Nullable Trial trial) {
        DataTry data = trial == null ? null : trial.data();
        return data == null ? null : data.failure();
    }

    /** The server's address as the client knows it; null if there was no connection. */
    static String serverAddress(Chart chart) {
        InetSocketAddress server = chart.server();
        return server == null || server.getAddress() == null
                ? "its outer address"
                : Endpoints.text(new InetSocketAddress(server.getAddress(), 0));
    }

    /** The first digits of a reply's line, or 0. */
    static int code(@Nullable String reply) {
        return reply != null && reply.matches("\\d{3}(?!\\d)(?s).*") ? Integer.parseInt(reply.substring(0, 3)) : 0;
    }
}
