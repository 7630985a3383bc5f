package dev.portside.cli;

import dev.portside.protocol.HostPort;
import dev.portside.protocol.Reply;
import dev.portside.protocol.ReplyCode;
import dev.portside.server.SessionStatus;
import dev.portside.server.TransferStatus;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a server has seen of one control connection and its data connections, in lines for a person. */
final class ServerVisit {
    /** More is the same again: a row of transfers. */
    private static final int MAX_LINES = 60;

    private static final int NAME_WIDTH = 14;

    private final SessionStatus opened;
    private final List<String> lines = new ArrayList<>();
    private SessionStatus last;
    private int leftOut;
    private boolean unused;
    private Instant ended = Instant.EPOCH;
    private String end = "";

    ServerVisit(SessionStatus opened) {
        this.opened = opened;
        this.last = opened;
    }

    void command(SessionStatus session, String line, Reply reply) {
        last = session;
        String verb = line.substring(0, Math.min(4, line.length())).toUpperCase(Locale.ROOT);
        if (reply.code().equals(ReplyCode.ENTERING_PASSIVE_MODE_227)) {
            passive();
            add("227 sent", HostPort.parsePassive(reply.text()).toString());
        } else if (reply.code().equals(ReplyCode.ENTERING_EXTENDED_PASSIVE_MODE_229)) {
            passive();
            add("229 sent", "port " + HostPort.parseExtendedPassive(reply.text()));
        } else if (verb.equals("PORT") || verb.equals("EPRT")) {
            add(verb + " arrived", named(verb, line.substring(Math.min(5, line.length()))));
            if (!reply.code().isCompletion()) {
                add("", "answered: " + reply);
            }
        } else if (verb.equals("PASV") || verb.equals("EPSV")) {
            add(verb, "answered: " + reply);
        }
    }

    /** What PORT or EPRT names, against where the client comes from. */
    private String named(String verb, String argument) {
        HostPort address;
        try {
            address = verb.equals("PORT") ? HostPort.parsePort(argument) : HostPort.parseEprt(argument);
        } catch (IllegalArgumentException garbled) {
            return argument;
        }
        InetAddress client = opened.remote().getAddress();
        return address
                + (address.address().equals(client)
                        ? ", where the client comes from"
                        : ": NOT where the client comes from, " + HostPort.numeric(client)
                                + "; its gateway has not rewritten it");
    }

    /** A passive port is named: one before that had no transfer will have none. */
    private void passive() {
        tellUnused();
        unused = true;
    }

    private void tellUnused() {
        if (unused) {
            add("", "no transfer followed: the client had no connection to it, or no use for it");
        }
        unused = false;
    }

    void transfer(SessionStatus session, TransferStatus transfer, @Nullable String failure) {
        last = session;
        unused = false;
        InetSocketAddress remote = transfer.remote();
        InetSocketAddress local = transfer.local();
        String ends =
                remote == null || local == null ? "" : Sequence.text(remote) + " and " + Sequence.text(local) + ", ";
        String outcome = failure == null ? Amount.ofBytes(transfer.bytes()) + ", complete" : "FAILED: " + failure;
        add("data", transfer.verb() + ": " + ends + outcome + " in " + Amount.ofTime(transfer.duration()));
        if (transfer.tls() != null) {
            add("", transfer.tls().protocol() + (transfer.resumed() ? ", session resumed" : ", session NOT resumed"));
        }
        if (remote != null && !remote.getAddress().equals(opened.remote().getAddress())) {
            add(
                    "",
                    "NOT from the address of the control connection, "
                            + HostPort.numeric(opened.remote().getAddress()));
        }
    }

    void stranger(InetSocketAddress stranger) {
        add(
                "stranger",
                Sequence.text(stranger)
                        + " came to the data port and was refused; if that is the client, a gateway gives"
                        + " its data connections another source (see --data-peer-check)");
    }

    void refused(InetSocketAddress remote, String reason) {
        add("data", Sequence.text(remote) + " was refused: " + reason);
    }

    void ended(SessionStatus session, String reason) {
        tellUnused();
        last = session;
        ended = Instant.now();
        end = reason;
    }

    boolean isLoggedIn() {
        return last.user() != null;
    }

    private void add(String name, String text) {
        if (lines.size() < MAX_LINES) {
            lines.add("  " + Columns.left(name, NAME_WIDTH) + Console.visible(text));
        } else {
            leftOut++;
        }
    }

    /** What was seen so far. */
    List<String> lines() {
        List<String> all = new ArrayList<>();
        Duration lasted = Duration.between(opened.since(), end.isEmpty() ? Instant.now() : ended);
        all.add("connection " + opened.id() + "  " + Sequence.text(opened.remote()) + " to "
                + Sequence.text(opened.local()) + ", "
                + (last.tls() == null ? "in the clear" : last.tls().protocol()) + ", " + Amount.ofTime(lasted));
        all.addAll(lines);
        if (leftOut > 0) {
            all.add("  " + Columns.left("", NAME_WIDTH) + leftOut + " more lines like these");
        }
        if (!end.isEmpty()) {
            all.add("  " + Columns.left("end", NAME_WIDTH) + Console.visible(end));
        }
        return all;
    }
}
