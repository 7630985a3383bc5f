package dev.portside.server.control;

import dev.portside.protocol.HostPort;
import dev.portside.protocol.Reply;
import dev.portside.protocol.ReplyCode;
import dev.portside.server.TlsStatus;
import dev.portside.server.TransferStatus;
import dev.portside.transport.Addresses;
import dev.portside.transport.DataConnectionException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What this end has seen of the data connections of one session: the addresses that it sent and that it was sent, and what
 * became of the last data connection. SITE SEEN tells it to a client that wants to know what a gateway between the two has
 * changed.
 */
public final class Seen {
    private static final int LONGEST_ARGUMENT = 100;

    private String sentPassive = "";
    private String sentExtendedPassive = "";
    private String gotPort = "";
    private String gotExtendedPort = "";
    private @Nullable InetSocketAddress dataLocal;
    private @Nullable InetSocketAddress dataRemote;
    private @Nullable TlsStatus dataTls;
    private boolean resumed;
    private String outcome = "";

    Seen() {}

    /** A command line, as it arrived. */
    void arrived(String line) {
        String verb = line.length() < 5 ? "" : line.substring(0, 5).toUpperCase(Locale.ROOT);
        if (verb.equals("PORT ")) {
            gotPort = named(line.substring(5), HostPort::parsePort);
        } else if (verb.equals("EPRT ")) {
            gotExtendedPort = named(line.substring(5), HostPort::parseEprt);
        }
    }

    /**
     * An address in a form that no gateway takes for PORT or 227; or, where there is none, what arrived in its place, which
     * can be anything.
     */
    private static String named(String argument, Function<String, HostPort> form) {
        try {
            return form.apply(argument).toString();
        } catch (IllegalArgumentException garbled) {
            String shown = argument.replaceAll("[^\\x20-\\x7e]", "?");
            return "\"" + shown.substring(0, Math.min(shown.length(), LONGEST_ARGUMENT)) + "\"";
        }
    }

    /** A reply that is sent. */
    void sent(Reply reply) {
        if (reply.code().equals(ReplyCode.ENTERING_PASSIVE_MODE_227)) {
            sentPassive = HostPort.parsePassive(reply.text()).toString();
        } else if (reply.code().equals(ReplyCode.ENTERING_EXTENDED_PASSIVE_MODE_229)) {
            sentExtendedPassive = Integer.toString(HostPort.parseExtendedPassive(reply.text()));
        }
    }

    /** A transfer that used a data connection, or tried to, has ended; {@code failure} is null when it is complete. */
    void ended(TransferStatus transfer, @Nullable DataConnectionException failure, Reply reply) {
        dataLocal = transfer.local();
        dataRemote = transfer.remote();
        dataTls = transfer.tls();
        resumed = transfer.resumed();
        if (reply.code().isCompletion()) {
            outcome = "complete, " + transfer.bytes() + " bytes";
        } else if (failure != null) {
            dataLocal = dataLocal == null ? failure.local() : dataLocal;
            dataRemote = dataRemote == null ? failure.remote() : dataRemote;
            outcome = failure.failure() + ": " + failure.getMessage();
        } else {
            outcome = "failed: " + reply;
        }
    }

    /** {@code name=value} each; what has not happened is left out. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        add(lines, "sent-227", sentPassive);
        add(lines, "sent-229", sentExtendedPassive);
        add(lines, "got-port", gotPort);
        add(lines, "got-eprt", gotExtendedPort);
        add(lines, "data-local", dataLocal == null ? "" : Addresses.text(dataLocal));
        add(lines, "data-remote", dataRemote == null ? "" : Addresses.text(dataRemote));
        add(lines, "data-tls", dataTls == null ? "" : dataTls.protocol() + (resumed ? ", resumed" : ", not resumed"));
        add(lines, "data-outcome", outcome);
        return lines;
    }

    private static void add(List<String> lines, String name, String value) {
        if (!value.isEmpty()) {
            lines.add(name + "=" + value);
        }
    }
}
