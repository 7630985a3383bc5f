package dev.portside.cli.doctor;

import dev.portside.client.FtpDataConnectionException.Outcome;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What can go wrong with a data connection in either mode, once it is there. */
final class DataFindings {
    private final Chart chart;
    private final Ledger ledger;
    private final Settings settings;

    DataFindings(Chart chart, Ledger ledger) {
        this.chart = chart;
        this.ledger = ledger;
        this.settings = new Settings(chart.software());
    }

    /** Explains a trial that failed behind its EPSV, PASV, EPRT or PORT; false: it is none of these. */
    boolean explain(Trial trial) {
        DataTry data = trial.data();
        if (data == null) {
            cut(trial);
            return true;
        }
        if (data.failure() == null) {
            refused(trial, data);
            return true;
        }
        return switch (data.failure()) {
            case CONTROL_CONNECTION_LOST -> {
                cut(trial);
                yield true;
            }
            case TLS_FAILED -> {
                tlsFailed(trial);
                yield true;
            }
            case SESSION_NOT_RESUMED -> {
                notResumed(trial);
                yield true;
            }
            case SERVER_HAS_NO_CONNECTION -> {
                if (!Reasoning.mode(trial).isActive()) {
                    notTaken(trial);
                }
                yield !Reasoning.mode(trial).isActive();
            }
            case NO_FREE_PORT, LOCAL_ADDRESS -> {
                ledger.draft(
                                Cause.CLIENT_CANNOT_LISTEN,
                                "This computer cannot listen for, or make, the data connection.")
                        .at(Place.CLIENT)
                        .evidence(Reasoning.evidence(trial))
                        .change("give --active-ports a wider range of ports that are free")
                        .explains(List.of(Reasoning.cell(trial)));
                yield true;
            }
            default -> demandsTls(trial, data.reply(), true);
        };
    }

    private void cut(Trial trial) {
        ledger.draft(
                        Cause.CONTROL_CONNECTION_CUT,
                        trial.tls()
                                ? "The control connection breaks, or falls silent, in the middle of a session under TLS."
                                : "The control connection breaks, or falls silent, when a data connection is prepared.")
                .at(Place.CLIENT_GATEWAY, Place.SERVER_GATEWAY, Place.SERVER)
                .evidence(Reasoning.evidence(trial))
                .change(
                        "Windows server: netsh advfirewall set global StatefulFtp disable",
                        "gateways: switch off what inspects FTP on this port")
                .explains(List.of(Reasoning.cell(trial)));
    }

    /** The data connection was there, and the server, or the end of it, said no. */
    private void refused(Trial trial, DataTry data) {
        int code = Reasoning.code(data.refusal());
        List<Cell> cell = List.of(Reasoning.cell(trial));
        if (demandsTls(trial, data.refusal(), false)) {
            return;
        }
        boolean unfinished = trial.tls()
                && code == 0
                && chart.observed(Observation.Transferred.class).stream()
                        .anyMatch(seen -> seen.cause() == Cause.NO_CLOSE_NOTIFY);
        if (unfinished) {
            ledger.draft(Cause.NO_CLOSE_NOTIFY, TransferFindings.NO_CLOSE_NOTIFY)
                    .at(Place.SERVER)
                    .evidence(Reasoning.evidence(trial))
                    .explains(cell);
        } else if (code == 425) {
            notTaken(trial);
        } else if (code == 0 || code == 426) {
            ledger.draft(Cause.TRANSFER_CUT, "A transfer begins and is cut off.")
                    .at(Place.CLIENT_GATEWAY, Place.SERVER_GATEWAY, Place.SERVER)
                    .evidence(Reasoning.evidence(trial))
                    .change("the server's log says whether it was the server; otherwise a gateway has cut it")
                    .explains(cell);
        } else {
            ledger.draft(
                            Cause.LISTING_REFUSED,
                            "The server refuses the listing itself; the data connection is all right.")
                    .at(Place.SERVER)
                    .evidence(Reasoning.evidence(trial))
                    .change("name a directory in the URL that this user may list")
                    .explains(cell);
        }
    }

    /**
     * A server that wants PROT P says so at EPSV, at PASV, or at the transfer: 521, 522, 534, 536, or in words. To EPSV and EPRT, 522
     * says that it does not know the network protocol.
     */
    private boolean demandsTls(Trial trial, @Nullable String reply, boolean toPort) {
        int code = Reasoning.code(reply);
        String text = reply == null ? "" : reply.toLowerCase(Locale.ROOT);
        boolean words = text.contains("prot p") || text.contains("tls") || text.contains("ssl");
        boolean codes = code == 521 || (code == 522 && !toPort) || code == 534 || code == 536;
        if (trial.tls() || !(codes || (code >= 400 && words))) {
            return false;
        }
        ledger.draft(Cause.TLS_DEMANDED, "The server wants data connections to be under TLS.")
                .at(Place.SERVER)
                .evidence(Reasoning.evidence(trial))
                .change("use ftpes:// (explicit TLS), in which data connections are protected too (PROT P)")
                .explains(List.of(Reasoning.cell(trial)))
                .severity(chart.anyWorks(true) ? Finding.Severity.REMARK : Finding.Severity.PROBLEM);
        return true;
    }

    private void notTaken(Trial trial) {
        Optional<Map<String, String>> seen = chart.observed(Observation.Seen.class).stream()
                .filter(each -> each.cell().equals(Reasoning.cell(trial)))
                .map(Observation.Seen::values)
                .findFirst();
        Ledger.Draft draft = ledger.draft(
                        Cause.DATA_FROM_OTHER_ADDRESS,
                        "The data connection is made, and the server does not take it for this client's: on the way it gets another"
                                + " address than the control connection has.")
                .at(Place.CLIENT_GATEWAY, Place.SERVER_GATEWAY, Place.SERVER)
                .evidence(Reasoning.evidence(trial))
                .change(
                        "client's gateway with several outer addresses: let one client keep one of them",
                        "load balancer or container network in front of the server: keep the client's address, or send PROXY"
                                + " headers on the data ports as on the control port",
                        settings.relaxPeerCheck())
                .explains(List.of(Reasoning.cell(trial)));
        seen.ifPresent(values -> {
            String control = values.get("client");
            String data = values.get("data-remote");
            if (control != null && data != null) {
                draft.evidence("the server sees the control connection from " + control + ", the data connection from "
                        + data);
            }
        });
    }

    private void tlsFailed(Trial trial) {
        ledger.draft(Cause.DATA_TLS_FAILED, "The data connection is made, and cannot be secured.")
                .at(Place.CLIENT_GATEWAY, Place.SERVER_GATEWAY, Place.SERVER)
                .evidence(Reasoning.evidence(trial))
                .change(
                        "the server's log says what it did not like",
                        "a gateway that expects FTP in the clear on this port can do it too: switch its FTP inspection off")
                .explains(List.of(Reasoning.cell(trial)));
    }

    private void notResumed(Trial trial) {
        ledger.draft(
                        Cause.TLS_SESSION_NOT_RESUMED,
                        "The server takes only data connections that resume the TLS session of the control connection, and lets"
                                + " none of ours resume it.")
                .at(Place.SERVER)
                .evidence(Reasoning.evidence(trial))
                .change(settings.noReuseDemanded())
                .explains(List.of(Reasoning.cell(trial)));
    }

    static boolean isUnanswered(Trial trial) {
        Outcome failure = Reasoning.failure(trial);
        return failure == Outcome.TIMED_OUT || failure == Outcome.REFUSED || failure == Outcome.UNREACHABLE;
    }
}
