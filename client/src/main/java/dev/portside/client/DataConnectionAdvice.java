package dev.portside.client;

import dev.portside.client.FtpDataConnectionException.Attempt;
import dev.portside.client.FtpDataConnectionException.Outcome;
import dev.portside.protocol.Command;
import dev.portside.protocol.HostPort;
import dev.portside.protocol.InnerAddresses;
import dev.portside.protocol.ReplyCode;
import dev.portside.transport.Addresses;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What to change, when no data connection could be made; from what was seen, and no further. */
final class DataConnectionAdvice {
    private DataConnectionAdvice() {}

    static String message(Command transfer, List<Attempt> attempts) {
        StringBuilder message = new StringBuilder(transfer.masked()).append(": no data connection could be made");
        for (Attempt attempt : attempts) {
            message.append("\n  ").append(attempt);
        }
        List<String> advice = advice(attempts);
        if (!advice.isEmpty()) {
            message.append("\nWhat to change:");
            advice.forEach(line -> message.append("\n  ").append(line));
        }
        return message.toString();
    }

    private static List<String> advice(List<Attempt> attempts) {
        List<Attempt> passive =
                attempts.stream().filter(attempt -> !attempt.mode().isActive()).toList();
        List<Attempt> active =
                attempts.stream().filter(attempt -> attempt.mode().isActive()).toList();
        List<String> advice = new ArrayList<>();
        tls(attempts, advice);
        if (!advice.isEmpty()) {
            return advice;
        }
        passive(passive, advice);
        active(active, advice);
        between(attempts, advice);
        if (passive.isEmpty()
                && active.stream().anyMatch(attempt -> attempt.outcome() != Outcome.CONTROL_CONNECTION_LOST)) {
            advice.add((advice.isEmpty() ? "Use" : "Or use")
                    + " passive mode, in which only the server's firewall matters.");
        }
        return advice;
    }

    private static void tls(List<Attempt> attempts, List<String> advice) {
        if (first(attempts, attempt -> attempt.outcome() == Outcome.SESSION_NOT_RESUMED) != null) {
            advice.add(
                    "TLS: the server takes only data connections that resume the TLS session of the control connection, and"
                            + " did not let this one resume it. Allow TLS 1.2 here, which resumes more often; or switch the demand"
                            + " off there (vsftpd: require_ssl_reuse=NO, ProFTPD: TLSOptions NoSessionReuseRequired).");
        }
        if (first(attempts, attempt -> attempt.outcome() == Outcome.TLS_FAILED) != null) {
            advice.add(
                    "TLS: the data connection was made, but could not be secured. The server's log says why; a gateway"
                            + " that expects FTP in the clear can break it too.");
        }
    }

    private static void passive(List<Attempt> attempts, List<String> advice) {
        Attempt dropped = first(attempts, attempt -> attempt.outcome() == Outcome.TIMED_OUT);
        Attempt refused = first(attempts, attempt -> attempt.outcome() == Outcome.REFUSED);
        Attempt unreachable = first(attempts, attempt -> attempt.outcome() == Outcome.UNREACHABLE);
        if (dropped != null) {
            advice.add("Passive: nothing answers at " + listener(dropped) + ". Open the server's passive ports in the"
                    + " firewall in front of it, and forward them one to one if it is behind NAT.");
        } else if (refused != null) {
            advice.add("Passive: " + listener(refused) + " refuses. The passive ports that the server names must be"
                    + " forwarded to the server itself, one to one, and not be rejected by its firewall.");
        } else if (unreachable != null) {
            advice.add("Passive: there is no way to " + listener(unreachable) + ". Check routes and firewall here.");
        }
        if (first(attempts, attempt -> attempt.outcome() == Outcome.REPLY_NOT_UNDERSTOOD) != null) {
            advice.add("Passive: a reply of the server names no port. If it is well formed in the server's own log, a"
                    + " gateway in between rewrites it: switch off its FTP inspection, or use another port than 21.");
        }
        for (Attempt attempt : attempts) {
            HostPort named = named(attempt);
            InetSocketAddress server = attempt.remote();
            boolean told = named != null && !named.address().isAnyLocalAddress();
            if (named == null || !told || server == null || isAt(server, named)) {
                continue;
            }
            advice.add(
                    InnerAddresses.isInner(named.address())
                            ? "Passive: 227 names the server's inner address "
                                    + HostPort.numeric(named.address())
                                    + ", so it is behind NAT: set its external address for passive mode there."
                            : "Passive: 227 names another host, "
                                    + HostPort.numeric(named.address())
                                    + ". If the data is really there, trust the passive address.");
        }
        if (first(attempts, attempt -> attempt.outcome() == Outcome.SERVER_HAS_NO_CONNECTION) != null) {
            advice.add(
                    "Passive: the connection was made, and the server did not take it for ours. Its gateway, or ours,"
                            + " gives the data connection another address than the control connection.");
        }
        if (!attempts.isEmpty() && attempts.stream().allMatch(a -> a.outcome() == Outcome.COMMAND_REFUSED)) {
            advice.add("Passive: the server refuses passive mode. Switch it on there"
                    + (attempts.stream().anyMatch(DataConnectionAdvice::rangeIsUsedUp)
                            ? ", or give it more passive ports: 425 says that they are used up."
                            : "."));
        }
    }

    /** Whether the address is the server's; behind a proxy, whether it could be. */
    private static boolean isAt(InetSocketAddress server, HostPort named) {
        return server.getAddress() == null
                ? !InnerAddresses.isInner(named.address())
                : named.address().equals(server.getAddress());
    }

    private static boolean rangeIsUsedUp(Attempt attempt) {
        return attempt.reply() != null && attempt.reply().code().equals(ReplyCode.CANNOT_OPEN_DATA_CONNECTION_425);
    }

    private static void active(List<Attempt> attempts, List<String> advice) {
        Attempt refused = first(attempts, attempt -> attempt.outcome() == Outcome.COMMAND_REFUSED);
        Attempt nobody = first(
                attempts,
                attempt -> attempt.outcome() == Outcome.TIMED_OUT
                        || attempt.outcome() == Outcome.SERVER_HAS_NO_CONNECTION);
        Attempt inner = first(attempts, DataConnectionAdvice::isInner);
        if (inner != null && (nobody != null || refused != null)) {
            advice.add("Active: this client is behind NAT, and " + address(inner) + " is its inner address. Set its"
                    + " external address for active mode, and forward a range of ports to it; passive mode is the"
                    + " better way.");
        } else if (nobody != null) {
            advice.add(
                    "Active: the server cannot connect to " + listener(nobody) + ". Open the ports for active mode in"
                            + " this client's firewall, and let the server connect outwards.");
        } else if (refused != null) {
            InetAddress here = refused.local() == null ? null : refused.local().getAddress();
            advice.add(
                    here != null && InnerAddresses.isInner(here)
                            ? "Active: the server refuses this client's address " + HostPort.numeric(here)
                                    + ", or active mode at all. Behind NAT, set the external address for active mode."
                            : "Active: the server refuses active mode.");
        }
        if (first(attempts, attempt -> attempt.outcome() == Outcome.WRONG_PEER) != null) {
            advice.add("Active: another host than the server connected. The server, or its gateway, connects from an"
                    + " address of its own for data.");
        }
        if (first(attempts, attempt -> attempt.outcome() == Outcome.NO_FREE_PORT) != null) {
            advice.add("Active: every port of the range for active mode is taken. Make the range wider.");
        }
    }

    /** Whether the client has named an address of its own network to a server that is not in it. */
    private static boolean isInner(Attempt attempt) {
        InetAddress here = ip(attempt.local());
        InetAddress server = ip(attempt.remote());
        return attempt.command() != null
                && here != null
                && server != null
                && InnerAddresses.isInner(here)
                && !InnerAddresses.isInner(server);
    }

    private static @Nullable InetAddress ip(@Nullable InetSocketAddress address) {
        return address == null ? null : address.getAddress();
    }

    private static String address(Attempt attempt) {
        InetAddress here = ip(attempt.local());
        return here == null ? "its address" : HostPort.numeric(here);
    }

    /** Whoever is between client and server, and does not let through what would work without it. */
    private static void between(List<Attempt> attempts, List<String> advice) {
        Attempt lost = first(attempts, attempt -> attempt.outcome() == Outcome.CONTROL_CONNECTION_LOST);
        if (lost != null) {
            advice.add("The control connection was lost behind "
                    + (lost.command() == null ? lost.mode().name() : "the transfer command")
                    + ". A gateway or firewall that looks for FTP may have cut it or hung it: switch off its FTP"
                    + " inspection (Windows: netsh advfirewall set global StatefulFtp disable), use another port than"
                    + " 21, or name the mode that works.");
        }
        List<Attempt> refused = attempts.stream()
                .filter(attempt -> attempt.outcome() == Outcome.PROXY_REFUSED)
                .toList();
        if (refused.stream().anyMatch(attempt -> !attempt.mode().isActive())) {
            advice.add("Proxy: it has to let connections through to the server's passive ports too, not only to the"
                    + " port of the control connection.");
        }
        if (refused.stream().anyMatch(attempt -> attempt.mode().isActive())) {
            advice.add("Proxy: active mode takes BIND, which many SOCKS5 proxies do not have or not allow; use passive"
                    + " mode.");
        }
    }

    /** The address that a 227 names. */
    private static @Nullable HostPort named(Attempt attempt) {
        try {
            return attempt.mode() == DataMode.PASV && attempt.reply() != null
                    ? HostPort.parsePassive(attempt.reply().text())
                    : null;
        } catch (IllegalArgumentException none) {
            return null;
        }
    }

    private static String listener(Attempt attempt) {
        InetSocketAddress listener = attempt.listener();
        return listener == null ? "an unknown address" : Addresses.text(listener);
    }

    private static @Nullable Attempt first(List<Attempt> attempts, Predicate<Attempt> is) {
        return attempts.stream().filter(is).findFirst().orElse(null);
    }
}
