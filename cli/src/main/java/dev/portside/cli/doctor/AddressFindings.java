package dev.portside.cli.doctor;

import dev.portside.cli.doctor.Finding.Severity;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the address in 227 tells, and what gateways have made of addresses on their way. */
final class AddressFindings {
    private final Chart chart;
    private final Ledger ledger;

    AddressFindings(Chart chart, Ledger ledger) {
        this.chart = chart;
        this.ledger = ledger;
    }

    void draw() {
        for (boolean tls : new boolean[] {false, true}) {
            chart.trial(Mode.PASV_NAMED, tls)
                    .or(() -> chart.trial(Mode.PASV_PEER, tls))
                    .ifPresent(this::named);
        }
        rewritten();
        chart.observed(Observation.Seen.class).forEach(this::seen);
    }

    private static @Nullable InetSocketAddress named(@Nullable DataTry data) {
        return data == null ? null : data.named();
    }

    /** Whether 227 names another host than the one that the control connection goes to. */
    static boolean namesAnother(Chart chart, Trial trial) {
        InetSocketAddress named = named(trial.data());
        return named != null
                && chart.server() != null
                && named.getAddress() != null
                && chart.server().getAddress() != null
                && !Endpoints.sameHost(named, chart.server());
    }

    /** Whether a 227 has shown that the server is behind NAT. */
    static boolean isBehindNat(Chart chart) {
        return chart.cells()
                .filter(trial -> trial.mode() == Mode.PASV_NAMED || trial.mode() == Mode.PASV_PEER)
                .anyMatch(trial -> namesAnother(chart, trial) && Endpoints.isInner(named(trial.data())));
    }

    private void named(Trial trial) {
        InetSocketAddress named = named(trial.data());
        InetSocketAddress server = chart.server();
        if (named == null || server == null || !namesAnother(chart, trial)) {
            return;
        }
        String address = Endpoints.text(new InetSocketAddress(named.getAddress(), 0));
        String peer = Reasoning.serverAddress(chart);
        boolean fails = trial.fails() && trial.mode() == Mode.PASV_NAMED;
        Ledger.Draft draft;
        Settings settings = new Settings(chart.software());
        if (Endpoints.isInner(named)) {
            draft = ledger.draft(
                            Cause.PRIVATE_ADDRESS_IN_227,
                            "227 names the server's inner address " + address + ", which "
                                    + (fails ? "cannot be reached from here" : "only clients in its network can reach")
                                    + "; clients that believe it fail"
                                    + (chart.works(Mode.PASV_PEER, trial.tls())
                                            ? ", clients that ignore it work."
                                            : "."))
                    .change(settings.externalAddress(peer));
        } else if (Endpoints.isInner(server)) {
            draft = ledger.draft(
                            Cause.OUTER_ADDRESS_INSIDE,
                            "227 names the outer address " + address
                                    + " to a client inside, which talks to the server at " + peer + ".")
                    .change(settings.innerAddress(peer));
        } else {
            draft = ledger.draft(
                            Cause.FOREIGN_ADDRESS_IN_227,
                            "227 names " + address + ", another address than " + peer
                                    + " of the control connection: the external address that is set there is out of date, or"
                                    + " data goes to another host on purpose.")
                    .change(settings.externalAddress(peer))
                    .change("if the address changes now and then, set a name instead that is looked up again");
        }
        draft.at(Place.SERVER).evidence(Reasoning.evidence(trial));
        chart.trial(Mode.PASV_PEER, trial.tls()).filter(Trial::works).ifPresent(peerTrial -> {
            draft.evidence(Reasoning.evidence(peerTrial));
            if (!chart.options().asked().contains(Mode.PASV_NAMED)) {
                draft.severity(Severity.WARNING);
            }
        });
        if (fails) {
            draft.explains(List.of(Reasoning.cell(trial)));
        } else {
            draft.severity(Severity.WARNING);
        }
    }

    /** In the clear 227 names the outer address, under TLS the inner one: somebody on the way helps, where it can read. */
    private void rewritten() {
        Trial clear = chart.trial(Mode.PASV_PEER, false).orElse(null);
        Trial tls = chart.trial(Mode.PASV_PEER, true).orElse(null);
        if (clear == null || tls == null || named(clear.data()) == null || named(tls.data()) == null) {
            return;
        }
        if (!namesAnother(chart, clear) && namesAnother(chart, tls)) {
            ledger.draft(
                            Cause.REWRITTEN_BY_GATEWAY,
                            "A gateway rewrites the address in 227 while it can read it, which under TLS it cannot.")
                    .at(Place.SERVER_GATEWAY)
                    .evidence(Reasoning.evidence(clear), Reasoning.evidence(tls))
                    .change(new Settings(chart.software()).externalAddress(Reasoning.serverAddress(chart)))
                    .change("then switch the FTP helper (ALG) of the gateway off: nothing depends on it any more")
                    .severity(Severity.WARNING);
        }
    }

    /** What the server sent and got, against what was got and sent here. */
    private void seen(Observation.Seen seen) {
        Map<String, String> there = seen.values();
        InetSocketAddress named = seen.named();
        if (named != null) {
            String here = Endpoints.text(named);
            switch (seen.cell().mode()) {
                case PASV_PEER, PASV_NAMED -> differs(seen.cell(), "227", there.get("sent-227"), here, true);
                case EPSV -> differs(seen.cell(), "229", there.get("sent-229"), String.valueOf(named.getPort()), true);
                case EPRT -> differs(seen.cell(), "EPRT", there.get("got-eprt"), here, false);
                case PORT -> differs(seen.cell(), "PORT", there.get("got-port"), here, false);
            }
        }
        String client = there.get("client");
        InetSocketAddress local = chart.client();
        if (client != null && local != null && !host(client).equals(host(Endpoints.text(local)))) {
            ledger.draft(Cause.CLIENT_BEHIND_NAT, "This client is behind NAT: the server sees another address.")
                    .at(Place.CLIENT_GATEWAY)
                    .evidence("here " + Endpoints.text(local) + ", at the server " + client)
                    .change("active mode: --active-address " + host(client) + ", and forward a range of ports to this"
                            + " computer (--active-ports); passive mode needs nothing")
                    .severity(Severity.REMARK);
        }
    }

    static String host(String endpoint) {
        int colon = endpoint.lastIndexOf(':');
        return colon < 0 ? endpoint : endpoint.substring(0, colon);
    }

    private void differs(Cell cell, String what, @Nullable String there, String here, boolean sentThere) {
        if (there == null || there.equals(here)) {
            return;
        }
        ledger.draft(Cause.REWRITTEN_BY_GATEWAY, "A gateway rewrites " + what + " on its way.")
                .at(Place.CLIENT_GATEWAY, Place.SERVER_GATEWAY)
                .evidence(cell + ": " + what + " named " + (sentThere ? there : here) + " when it was sent, and "
                        + (sentThere ? here : there) + " when it arrived")
                .change(
                        "under TLS, or on another control port than 21, nothing is rewritten: make sure that it works without",
                        "switch the FTP helper (ALG) of the gateway off")
                .severity(Severity.WARNING);
    }
}
