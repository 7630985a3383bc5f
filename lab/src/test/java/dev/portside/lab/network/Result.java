package dev.portside.lab.network;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A cell with what stopped it.
 *
 * @param measured what the client saw
 * @param blames one for each attempt that failed, in order
 * @param evidence one line for each of them: what was dropped where, or refused
 */
record Result(Measured measured, List<Blame> blames, List<String> evidence) {

    /** Puts together what the client saw and what the gateways dropped. */
    static Result of(Measured measured, List<Stop> stops) {
        List<Blame> blames = new ArrayList<>();
        List<String> evidence = new ArrayList<>();
        for (Measured.Attempt attempt : measured.attempts()) {
            Optional<Stop> stop = stops.stream()
                    .filter(each -> concerns(each, attempt, measured.cell().topology()))
                    .findFirst();
            blames.add(stop.map(each -> blame(each, attempt)).orElse(refused(attempt)));
            evidence.add(attempt.mode() + ": "
                    + stop.map(each -> each + " (" + attempt.outcome() + ")").orElse(attempt.detail()));
        }
        return new Result(measured, blames, evidence);
    }

    /** Why the cell fails; for AUTO, why EPSV failed, whenever that was tried. */
    Blame blame() {
        List<Measured.Attempt> attempts = measured.attempts();
        for (int i = 0; i < attempts.size(); i++) {
            if (measured.cell().way() != Way.AUTO || attempts.get(i).mode().equals("EPSV")) {
                return blames.get(i);
            }
        }
        return Blame.UNKNOWN;
    }

    /** Whether it is the connection that was dropped: the listening end is its target. */
    private static boolean concerns(Stop stop, Measured.Attempt attempt, Topology topology) {
        InetSocketAddress listener = attempt.listener();
        if (listener == null || stop.to().getPort() != listener.getPort()) {
            return false;
        }
        if (!attempt.isActive()) {
            return stop.to().equals(listener);
        }
        // Seen from outside, the client may have another address; the other end is this topology's server.
        return stop.to().getAddress().equals(InetAddress.ofLiteral(topology.publicClientAddress()))
                && (stop.from().getAddress().equals(InetAddress.ofLiteral(topology.serverAddress()))
                        || stop.from().getAddress().equals(InetAddress.ofLiteral(topology.publicServerAddress())));
    }

    private static Blame blame(Stop stop, Measured.Attempt attempt) {
        return switch (stop.place()) {
            case CLIENT_GATEWAY -> attempt.isActive() ? Blame.ACTIVE_DROPPED_AT_CLIENT : Blame.UNKNOWN;
            case WIDE_AREA -> attempt.isActive() ? Blame.UNKNOWN : Blame.PRIVATE_ADDRESS_NAMED;
            case SERVER_GATEWAY -> attempt.isActive() ? Blame.ACTIVE_DROPPED_AT_SERVER : Blame.PASSIVE_PORT_DROPPED;
        };
    }

    private static Blame refused(Measured.Attempt attempt) {
        boolean byServer = attempt.refusal() >= 500 || attempt.outcome().equals("NOT_TRIED");
        return attempt.isActive() && byServer ? Blame.PRIVATE_ADDRESS_REFUSED : Blame.UNKNOWN;
    }

    /** What stands in the table: {@code ok}, for AUTO the mode that worked, or the letter of the blame. */
    String mark() {
        if (measured.works()) {
            return measured.cell().way() == Way.AUTO ? String.valueOf(measured.mode()) : "ok";
        }
        return "**" + blame().letter() + "**";
    }
}
