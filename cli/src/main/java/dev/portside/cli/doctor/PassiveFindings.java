package dev.portside.cli.doctor;

import dev.portside.cli.doctor.Finding.Severity;
import dev.portside.client.FtpDataConnectionException.Outcome;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Why passive mode does not work: EPSV and PASV. */
final class PassiveFindings {
    /** RFC 2428 section 3: the text ends in {@code (|||port|)}. */
    private static final Pattern STRICT_229 = Pattern.compile(".*\\(([!-~])\\1\\1\\d{1,5}\\1\\)");

    private static final Pattern IPV6 = Pattern.compile("ipv6|::|protocol", Pattern.CASE_INSENSITIVE);

    private final Chart chart;
    private final Ledger ledger;
    private final Settings settings;

    PassiveFindings(Chart chart, Ledger ledger) {
        this.chart = chart;
        this.ledger = ledger;
        this.settings = new Settings(chart.software());
    }

    private static boolean isPassive(Trial trial) {
        return !Reasoning.mode(trial).isActive();
    }

    void draw() {
        DataFindings data = new DataFindings(chart, ledger);
        List<Trial> failed = chart.cells()
                .filter(Trial::fails)
                .filter(PassiveFindings::isPassive)
                .toList();
        for (Trial trial : failed) {
            if (data.explain(trial)) {
                continue;
            }
            switch (Reasoning.failure(trial)) {
                case COMMAND_REFUSED -> commandRefused(trial);
                case REPLY_NOT_UNDERSTOOD -> notUnderstood(trial);
                case null, default -> {
                    if (DataFindings.isUnanswered(trial)) {
                        unanswered(trial);
                    }
                }
            }
        }
        partlyOpen();
        chart.cells()
                .filter(trial -> trial.mode() == Mode.EPSV && trial.works())
                .forEach(this::strict);
    }

    // Nothing answers, or a refusal does

    private void unanswered(Trial trial) {
        Mode mode = Reasoning.mode(trial);
        if (mode == Mode.PASV_NAMED && AddressFindings.namesAnother(chart, trial)) {
            Trial peer = chart.trial(Mode.PASV_PEER, trial.tls()).orElse(null);
            if (peer != null && peer.fails() && DataFindings.isUnanswered(peer)) {
                // With the right address it would not work either.
                closed(trial, peer);
            }
            return;
        }
        closed(trial, trial);
    }

    /** @param like what happens at the address of the server itself */
    private void closed(Trial trial, Trial like) {
        Mode mode = Reasoning.mode(like);
        if (chance(trial)) {
            partly(List.of(Reasoning.cell(trial)), Reasoning.evidence(trial));
        } else if (trial.tls() && chart.works(mode, false)) {
            blind(trial, like);
        } else if (Reasoning.failure(like) == Outcome.REFUSED) {
            rejected(trial);
        } else {
            dropped(trial);
        }
    }

    private void blind(Trial trial, Trial like) {
        Ledger.Draft draft = ledger.draft(
                        Cause.HELPER_BLIND_UNDER_TLS,
                        "Passive mode works in the clear, where a gateway reads the replies and opens the port they name; under TLS it"
                                + " cannot read them, and the ports are closed.")
                .at(Place.SERVER_GATEWAY)
                .evidence(
                        Reasoning.evidence(
                                chart.trial(Reasoning.mode(like), false).orElse(like)),
                        Reasoning.evidence(trial))
                .change(settings.openRange(AddressFindings.isBehindNat(chart), Reasoning.serverAddress(chart)))
                .explains(List.of(Reasoning.cell(trial)));
        if (!ledger.has(Cause.REWRITTEN_BY_GATEWAY)) {
            draft.at(Place.CLIENT_GATEWAY)
                    .change(
                            "if other FTPS servers fail from here as well, it is this network's gateway: let TCP out to high"
                                    + " ports");
        }
        repeated(draft, Reasoning.cell(trial));
        repeated(draft, new Cell(Reasoning.mode(like), false));
    }

    private void repeated(Ledger.Draft draft, Cell cell) {
        List<Observation.Sample> samples = samples(cell);
        if (!samples.isEmpty()) {
            draft.evidence(cell + ", tried again: " + Ports.text(samples));
        }
    }

    private void rejected(Trial trial) {
        Ledger.Draft draft = ledger.draft(
                        Cause.PASSIVE_PORTS_REJECTED,
                        "The passive ports refuse the connection: they are not forwarded to the server, or a firewall rejects them.")
                .at(Place.SERVER_GATEWAY, Place.SERVER)
                .evidence(Reasoning.evidence(trial))
                .change(settings.openRange(AddressFindings.isBehindNat(chart), Reasoning.serverAddress(chart)))
                .change("make sure that the gateway does not change the port: it forwards each to the same number")
                .explains(List.of(Reasoning.cell(trial)));
        repeated(draft, Reasoning.cell(trial));
    }

    private void dropped(Trial trial) {
        Mode other = trial.mode() == Mode.EPSV ? Mode.PASV_PEER : Mode.EPSV;
        Ledger.Draft draft = ledger.draft(
                        Cause.PASSIVE_RANGE_CLOSED,
                        "The passive ports are closed: the control connection works, and nothing answers where the server says that"
                                + " it listens.")
                .at(droppers(trial))
                .evidence(Reasoning.evidence(trial))
                .change(settings.openRange(AddressFindings.isBehindNat(chart), Reasoning.serverAddress(chart)))
                .explains(List.of(Reasoning.cell(trial)));
        if (chart.works(other, trial.tls())) {
            draft.evidence(Reasoning.evidence(chart.trial(other, trial.tls()).orElse(trial)))
                    .evidence(
                            other == Mode.EPSV
                                    ? "it looks like a gateway that opens the port of each 229, but not that of a 227 with an address"
                                            + " that it does not take for the server's own"
                                    : "it looks like a gateway that opens the port of each 227, and does not know 229");
        } else if (!chart.anyPassiveWorks(trial.tls())) {
            draft.change(
                    "if it has worked before an upgrade of a Linux gateway: since kernel 4.7 its FTP helper has to be assigned"
                            + " by a rule; it helps in the clear only");
        }
        repeated(draft, Reasoning.cell(trial));
    }

    /** A gateway here could keep us from all high ports alike; one that let us to some of them does not. */
    private Set<Place> droppers(Trial trial) {
        Set<Place> places = EnumSet.of(Place.SERVER_GATEWAY, Place.SERVER);
        boolean gotThrough = chart.anyPassiveWorks(false)
                || chart.anyPassiveWorks(true)
                || chart.observed(Observation.Sample.class).stream().anyMatch(sample -> sample.failure() == null);
        if (!gotThrough && Reasoning.failure(trial) != Outcome.REFUSED) {
            places.add(Place.CLIENT_GATEWAY);
        }
        return places;
    }

    // The same mode works now, and not then

    private List<Observation.Sample> samples(Cell cell) {
        return chart.observed(Observation.Sample.class).stream()
                .filter(sample -> sample.mode() == cell.mode() && sample.tls() == cell.tls())
                .toList();
    }

    private boolean isMixed(Cell cell) {
        List<Observation.Sample> samples = samples(cell);
        boolean works =
                chart.works(cell.mode(), cell.tls()) || samples.stream().anyMatch(sample -> sample.failure() == null);
        boolean stopped = chart.trial(cell)
                        .filter(Trial::fails)
                        .filter(DataFindings::isUnanswered)
                        .isPresent()
                || samples.stream().anyMatch(PassiveFindings::isStopped);
        return works && stopped;
    }

    private static boolean isStopped(Observation.Sample sample) {
        return sample.failure() == Outcome.TIMED_OUT
                || sample.failure() == Outcome.REFUSED
                || sample.failure() == Outcome.UNREACHABLE;
    }

    private List<Cell> mixed() {
        List<Cell> mixed = new ArrayList<>();
        for (boolean tls : new boolean[] {false, true}) {
            for (Mode mode : List.of(Mode.EPSV, Mode.PASV_PEER)) {
                if (isMixed(new Cell(mode, tls))) {
                    mixed.add(new Cell(mode, tls));
                }
            }
        }
        return mixed;
    }

    /** Whether it is by the port that was drawn that it fails. Under TLS no helper can tell EPSV from PASV. */
    private boolean chance(Trial trial) {
        boolean otherUnderTls = trial.tls() && (chart.works(Mode.EPSV, true) || chart.works(Mode.PASV_PEER, true));
        return otherUnderTls || mixed().stream().anyMatch(cell -> cell.tls() == trial.tls());
    }

    private void partlyOpen() {
        for (Cell cell : mixed()) {
            partly(List.of(), cell + ": " + Ports.text(samples(cell)));
        }
    }

    private void partly(List<Cell> explained, String evidence) {
        List<Observation.Sample> samples = chart.observed(Observation.Sample.class);
        List<Integer> closed = Ports.closed(samples);
        Ledger.Draft draft = ledger.draft(
                        Cause.PASSIVE_RANGE_PARTLY_OPEN,
                        "Only a part of the passive ports is open: some transfers hang, by the port that the server draws.")
                .at(Place.SERVER_GATEWAY, Place.SERVER)
                .evidence(evidence)
                .change(settings.passiveRange() + ": the same range in the server and in the gateway")
                .explains(explained)
                .severity(Severity.PROBLEM);
        if (!closed.isEmpty()) {
            draft.change("let these in too: " + Ports.list(closed)
                    + ", and all others of the range; --sample-ports 100 finds" + " more of them");
        }
    }

    // What the server says

    private void commandRefused(Trial trial) {
        DataTry data = trial.data();
        String reply = data == null ? null : data.reply();
        List<Cell> cell = List.of(Reasoning.cell(trial));
        String evidence = Reasoning.evidence(trial);
        boolean epsv = trial.mode() == Mode.EPSV;
        if (!epsv && reply != null && IPV6.matcher(reply).find()) {
            withoutIpv4(trial);
        } else if (Reasoning.code(reply) == 425 || Reasoning.code(reply) == 421) {
            ledger.draft(Cause.PASSIVE_RANGE_EXHAUSTED, "The server has no passive port left.")
                    .at(Place.SERVER)
                    .evidence(evidence)
                    .change(settings.widerRange())
                    .explains(cell);
        } else if (epsv) {
            ledger.draft(
                            Cause.EPSV_REFUSED,
                            "The server, or a gateway in front of it, refuses EPSV; clients that try it first lose time, and over"
                                    + " IPv6 there is no passive mode.")
                    .at(Place.SERVER, Place.SERVER_GATEWAY)
                    .evidence(evidence)
                    .change(settings.allowPassive())
                    .explains(cell);
        } else {
            ledger.draft(Cause.PASSIVE_REFUSED, "The server refuses PASV.")
                    .at(Place.SERVER, Place.SERVER_GATEWAY)
                    .evidence(evidence)
                    .change(settings.allowPassive())
                    .explains(cell);
        }
    }

    private void withoutIpv4(Trial trial) {
        ledger.draft(
                        Cause.PASV_WITHOUT_IPV4,
                        "The server does not see that this client came over IPv4, and cannot name an IPv4 address in 227.")
                .at(Place.SERVER)
                .evidence(Reasoning.evidence(trial))
                .change("let the server listen on an IPv4 socket beside its IPv6 socket, or use EPSV")
                .explains(List.of(Reasoning.cell(trial)));
    }

    private void notUnderstood(Trial trial) {
        boolean epsv = trial.mode() == Mode.EPSV;
        DataTry data = trial.data();
        String reply = data == null || data.reply() == null ? "" : data.reply();
        if (!epsv && reply.toLowerCase(Locale.ROOT).matches(".*(::|\\b0,0,0,0\\b).*")) {
            withoutIpv4(trial);
            return;
        }
        ledger.draft(
                        epsv ? Cause.EPSV_MALFORMED : Cause.PASV_MALFORMED,
                        (epsv ? "229" : "227")
                                + " names no port: the server writes it wrong, or a gateway spoils it on its way.")
                .at(Place.SERVER, Place.SERVER_GATEWAY, Place.CLIENT_GATEWAY)
                .evidence(Reasoning.evidence(trial))
                .change(
                        "if the server's own log has it well formed, switch off the FTP inspection (ALG) of the gateways",
                        "otherwise update the server")
                .explains(List.of(Reasoning.cell(trial)));
    }

    /** This client understands more than others do. */
    private void strict(Trial trial) {
        DataTry data = trial.data();
        if (data != null
                && data.reply() != null
                && !STRICT_229.matcher(data.reply()).matches()) {
            ledger.draft(
                            Cause.EPSV_MALFORMED,
                            "229 is not as RFC 2428 has it, (|||port|) at its end: some clients do not understand it.")
                    .at(Place.SERVER)
                    .evidence(Reasoning.evidence(trial))
                    .change("update the server; clients that have trouble with it can do without EPSV")
                    .severity(Severity.WARNING);
        }
    }
}
