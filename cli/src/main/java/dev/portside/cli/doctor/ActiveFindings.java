package dev.portside.cli.doctor;

import dev.portside.client.FtpDataConnectionException.Outcome;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Why active mode does not work: EPRT and PORT. */
final class ActiveFindings {
    /** A refusal that comes sooner was no time-out of the server. */
    private static final Duration AT_ONCE = Duration.ofMillis(2500);

    private static final List<String> ABOUT_ADDRESSES = List.of(
            "illegal", "address", "own ip", "foreign", "private", "inner", "won't open", "not allowed to connect");

    private final Chart chart;
    private final Ledger ledger;
    private final Settings settings;

    ActiveFindings(Chart chart, Ledger ledger) {
        this.chart = chart;
        this.ledger = ledger;
        this.settings = new Settings(chart.software());
    }

    void draw() {
        DataFindings data = new DataFindings(chart, ledger);
        chart.cells()
                .filter(Trial::fails)
                .filter(trial -> Reasoning.mode(trial).isActive())
                .forEach(trial -> {
                    if (!data.explain(trial)) {
                        explain(trial);
                    }
                });
    }

    private void explain(Trial trial) {
        Outcome failure = Reasoning.failure(trial);
        boolean blind = trial.tls() && chart.works(Reasoning.mode(trial), false);
        if (failure == Outcome.WRONG_PEER) {
            fromElsewhere(trial);
        } else if (failure == Outcome.COMMAND_REFUSED) {
            boolean address = isAboutTheAddress(trial);
            if (blind) {
                blind(trial, address);
            }
            if (address) {
                privateAddress(trial);
            } else if (!blind) {
                refused(trial);
            }
        } else if (blind) {
            blind(trial, hasInnerAddress(trial) && !Endpoints.isInner(chart.server()));
        } else {
            nothingArrives(trial);
        }
    }

    private static boolean hasInnerAddress(Trial trial) {
        DataTry data = trial.data();
        return data != null && Endpoints.isInner(data.named());
    }

    /** Whether PORT was refused for the address that it names: an inner one, to a server that is not in the same network. */
    private boolean isAboutTheAddress(Trial trial) {
        DataTry data = trial.data();
        if (data == null || !hasInnerAddress(trial)) {
            return false;
        }
        if (!Endpoints.isInner(chart.server())) {
            return !isUnknownCommand(data.reply());
        }
        String seen = seen(trial).map(values -> values.get("client")).orElse(null);
        InetSocketAddress client = chart.client();
        if (seen != null && client != null) {
            return !AddressFindings.host(seen).equals(AddressFindings.host(Endpoints.text(client)));
        }
        String reply = data.reply() == null ? "" : data.reply().toLowerCase(Locale.ROOT);
        return ABOUT_ADDRESSES.stream().anyMatch(reply::contains);
    }

    private static boolean isUnknownCommand(@Nullable String reply) {
        int code = Reasoning.code(reply);
        String text = reply == null ? "" : reply.toLowerCase(Locale.ROOT);
        return code == 502
                || text.contains("unknown")
                || text.contains("understood")
                || text.contains("not implemented");
    }

    private Optional<Map<String, String>> seen(Trial trial) {
        return chart.observed(Observation.Seen.class).stream()
                .filter(seen -> seen.cell().equals(Reasoning.cell(trial)))
                .map(Observation.Seen::values)
                .findFirst();
    }

    private void privateAddress(Trial trial) {
        DataTry data = trial.data();
        String named = data == null ? "" : Endpoints.text(data.named());
        ledger.draft(
                        Cause.CLIENT_ADDRESS_PRIVATE,
                        "Active mode: this client is behind NAT, names its inner address, and the server refuses that.")
                .at(Place.CLIENT_GATEWAY)
                .evidence(Reasoning.evidence(trial))
                .evidence(named + " is an inner address, " + Endpoints.text(chart.server()) + " is where the server is")
                .change(
                        "use passive mode",
                        "or: --active-address with the outer address of the client's gateway, --active-ports with a range that"
                                + " the gateway forwards to this computer")
                .explains(List.of(Reasoning.cell(trial)));
    }

    private void refused(Trial trial) {
        ledger.draft(Cause.ACTIVE_REFUSED, "The server refuses active mode, or this command for it.")
                .at(Place.SERVER, Place.SERVER_GATEWAY)
                .evidence(Reasoning.evidence(trial))
                .change("use passive mode", settings.allowActive())
                .explains(List.of(Reasoning.cell(trial)));
    }

    private void blind(Trial trial, boolean rewrites) {
        Ledger.Draft draft = ledger.draft(
                        Cause.HELPER_BLIND_UNDER_TLS,
                        "Active mode works in the clear, where a gateway reads "
                                + (rewrites ? "PORT, puts its own address there," : "PORT")
                                + " and lets the server's connection in; under TLS it cannot read it.")
                .at(Place.CLIENT_GATEWAY)
                .evidence(
                        Reasoning.evidence(
                                chart.trial(Reasoning.mode(trial), false).orElse(trial)),
                        Reasoning.evidence(trial))
                .change(
                        "under TLS use passive mode",
                        "or forward a range of ports at the client's gateway: --active-ports"
                                + (rewrites ? " with --active-address" : ""))
                .explains(List.of(Reasoning.cell(trial)));
        if (!rewrites) {
            draft.at(Place.SERVER_GATEWAY);
        }
    }

    private void fromElsewhere(Trial trial) {
        ledger.draft(
                        Cause.SERVER_CONNECTS_FROM_ELSEWHERE,
                        "Active mode: the data connection comes from another address than the control connection goes to, and is"
                                + " not taken.")
                .at(Place.SERVER_GATEWAY, Place.SERVER)
                .evidence(Reasoning.evidence(trial))
                .change(
                        "server's gateway: send the server's connections out from the address that clients connect to",
                        "or use passive mode")
                .explains(List.of(Reasoning.cell(trial)));
    }

    /** The server took PORT, and nothing came. */
    private void nothingArrives(Trial trial) {
        DataTry data = trial.data();
        boolean inner = hasInnerAddress(trial) && !Endpoints.isInner(chart.server());
        boolean atOnce = Reasoning.failure(trial) == Outcome.SERVER_HAS_NO_CONNECTION
                && data != null
                && data.waited().compareTo(AT_ONCE) < 0;
        if (inner && !chart.software().takesNoForeignAddress() && !rewritten(trial)) {
            ledger.draft(
                            Cause.CLIENT_ADDRESS_PRIVATE,
                            "Active mode: this client is behind NAT and names its inner address, which the server cannot reach.")
                    .at(Place.CLIENT_GATEWAY)
                    .evidence(Reasoning.evidence(trial))
                    .change("use passive mode")
                    .explains(List.of(Reasoning.cell(trial)));
            return;
        }
        Ledger.Draft draft = ledger.draft(
                        Cause.ACTIVE_BLOCKED,
                        "Active mode: the server takes the client's address, and its connection "
                                + (atOnce ? "is rejected on the way." : "does not arrive."))
                .at(inner ? EnumSet.of(Place.SERVER_GATEWAY, Place.SERVER) : blockers(trial))
                .evidence(Reasoning.evidence(trial))
                .change(
                        "use passive mode",
                        "or let in TCP to --active-ports, from the server, at the client's gateway and firewall",
                        "and let the server connect outwards at the server's gateway")
                .explains(List.of(Reasoning.cell(trial)));
        if (inner) {
            draft.evidence("the address that the client sent is an inner one, which " + chart.software()
                    + " does not take: a gateway of the client has put its own there, so it reads along and lets the connection"
                    + " in");
        }
        if (atOnce && data != null) {
            draft.evidence("the refusal came at once, after " + Endpoints.text(data.waited())
                    + ": something answers by a refusal rather than by silence");
        }
    }

    private boolean rewritten(Trial trial) {
        return seen(trial)
                .map(values -> values.get(trial.mode() == Mode.PORT ? "got-port" : "got-eprt"))
                .map(got -> trial.data() != null
                        && !got.equals(Endpoints.text(trial.data().named())))
                .orElse(false);
    }

    private Set<Place> blockers(Trial trial) {
        InetSocketAddress server = chart.server();
        boolean local = server != null
                && server.getAddress() != null
                && server.getAddress().isLoopbackAddress();
        return local && trial.data() != null ? EnumSet.of(Place.CLIENT, Place.SERVER) : EnumSet.allOf(Place.class);
    }
}
