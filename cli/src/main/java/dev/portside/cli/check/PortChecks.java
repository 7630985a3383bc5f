package dev.portside.cli.check;

import dev.portside.cli.check.Problem.Severity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Whether the control connections, and active mode, get their ports. */
final class PortChecks {
    private final Plan plan;
    private final Machine machine;
    private final Findings found;

    PortChecks(Plan plan, Machine machine, Findings found) {
        this.plan = plan;
        this.machine = machine;
        this.found = found;
    }

    void run() {
        twice();
        for (InetSocketAddress listener : plan.listeners()) {
            if (!machine.owns(listener.getAddress()) && !listener.getAddress().isAnyLocalAddress()) {
                missing(listener.getAddress());
            } else if (listener.getPort() > 0
                    && (machine.mayBindPrivileged() || listener.getPort() >= machine.firstUnprivilegedPort())
                    && !isFree(listener)) {
                taken(listener);
            }
        }
        privileged();
        if (plan.outerAddresses().isEmpty()) {
            found.note(
                    "loopback-only",
                    "only this machine can connect",
                    List.of("listens on "
                            + plan.listeners().stream().map(Plan::text).collect(Collectors.joining(", "))),
                    "for others: --bind 0.0.0.0, or an address of this machine");
        } else if (plan.listeners().stream().anyMatch(listener -> listener.getPort() == 0)) {
            found.warning(
                    "port-unknown",
                    "the port is another one at each start, so that no firewall can let it in",
                    List.of("--port 0 or --implicit-port 0"),
                    "name a port: --port 21, --implicit-port 990");
        }
    }

    private void twice() {
        List<InetSocketAddress> seen = new ArrayList<>();
        for (InetSocketAddress listener : plan.listeners()) {
            if (listener.getPort() > 0 && seen.contains(listener)) {
                found.error(
                        "port-twice",
                        "two listeners have the same port",
                        List.of(Plan.text(listener) + " is asked for twice"),
                        "give --port and --implicit-port different numbers, and each --bind once");
            }
            seen.add(listener);
        }
    }

    private void missing(InetAddress address) {
        String own = machine.locals().stream()
                .map(local -> local.address().getHostAddress())
                .map(text -> text.replaceFirst("%.*", ""))
                .collect(Collectors.joining(", "));
        found.error(
                "address-missing",
                "this machine does not have the address " + address.getHostAddress(),
                List.of("its addresses are " + own),
                "--bind one of them, or 0.0.0.0 for all",
                "when it is the address of a gateway, name it by --external-address instead");
    }

    /** Listens for a moment; no connection is taken. */
    static boolean isFree(InetSocketAddress address) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(address, 1);
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    private void taken(InetSocketAddress listener) {
        List<String> holders = new Holders(machine).of(listener.getPort());
        boolean ours = holders.stream().anyMatch(Holders::isPortside);
        found.add(
                ours ? Severity.NOTE : Severity.ERROR,
                "port-taken",
                ours ? "a Portside server listens there already" : Plan.text(listener) + " is taken",
                holders.isEmpty() ? List.of(Plan.text(listener) + " cannot be listened on") : holders,
                "stop that program, or choose another --port or --bind");
    }

    private void privileged() {
        int first = machine.firstUnprivilegedPort();
        if (machine.mayBindPrivileged()) {
            return;
        }
        List<String> wanted = new ArrayList<>();
        for (int port : plan.controlPorts()) {
            if (port < first) {
                wanted.add("port " + port);
            }
        }
        if (plan.ranges().stream().anyMatch(range -> range.first() < first)) {
            wanted.add("passive ports " + plan.rangesText());
        }
        String privileges = "this process has CapEff " + machine.capabilities()
                + ", without CAP_NET_BIND_SERVICE; ports below " + first + " need it";
        int lowest = plan.controlPorts().stream().mapToInt(port -> port).min().orElse(first);
        if (!wanted.isEmpty()) {
            found.error(
                    "port-privileged",
                    String.join(", ", wanted) + (wanted.size() == 1 ? " needs" : " need") + " a privilege",
                    List.of(privileges),
                    "in the unit of systemd:",
                    " AmbientCapabilities=CAP_NET_BIND_SERVICE",
                    "or for every program of this machine:",
                    " sysctl -w net.ipv4.ip_unprivileged_port_start=" + Math.min(lowest, first),
                    "or take ports from " + first + " on");
        }
        int source = plan.server().network().activeSourcePort();
        if (plan.server().network().activeMode() && source > 0 && source < first) {
            // The server tries the port when it starts, and does not start without it.
            found.error(
                    "active-port-privileged",
                    "active mode cannot connect from port " + source + ": that needs a privilege",
                    List.of(privileges),
                    "in the unit of systemd:",
                    " AmbientCapabilities=CAP_NET_BIND_SERVICE",
                    "or --active-source-port " + Math.max(first, 2020) + ", for gateways that look for a fixed one",
                    "or --no-active");
        }
    }
}
