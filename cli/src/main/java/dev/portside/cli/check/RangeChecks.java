package dev.portside.cli.check;

import dev.portside.protocol.PortRange;
import dev.portside.server.FtpServerOptions;
import dev.portside.server.PeerCheck;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Whether passive data connections get their ports. */
final class RangeChecks {
    private static final int SHOWN = 5;
    /** A client for which no rule about its network is meant. */
    private static final InetAddress SOMEBODY = InetAddress.ofLiteral("198.51.100.1");
    /** Below the ports that the kernel of Linux gives to outgoing connections, and above those of most services. */
    private static final int SUGGESTED = 30000;

    private static final String SUGGESTION = "--passive-ports " + SUGGESTED + "-" + (SUGGESTED + 99);

    private final Plan plan;
    private final Machine machine;
    private final Findings found;

    RangeChecks(Plan plan, Machine machine, Findings found) {
        this.plan = plan;
        this.machine = machine;
        this.found = found;
    }

    void run() {
        strangers();
        if (plan.ranges().isEmpty()) {
            any();
            return;
        }
        overlapping();
        control();
        taken();
        small();
        ephemeral();
    }

    private void any() {
        PortRange ports = machine.ephemeralPorts();
        if (!plan.outerAddresses().isEmpty()) {
            found.warning(
                    "range-any",
                    "passive data connections may come to any port, so that firewalls and gateways cannot let them in",
                    List.of("no --passive-ports" + (ports == null ? "" : ": the kernel picks from " + ports)),
                    SUGGESTION + ", and let these in");
        }
    }

    private void overlapping() {
        List<PortRange> ranges = plan.ranges();
        for (int i = 0; i < ranges.size(); i++) {
            for (int j = i + 1; j < ranges.size(); j++) {
                if (common(ranges.get(i), ranges.get(j)) > 0) {
                    found.error(
                            "ranges-overlap",
                            "two passive ranges overlap",
                            List.of(ranges.get(i) + " and " + ranges.get(j)),
                            "let each port be in one range");
                }
            }
        }
    }

    private static int common(PortRange one, PortRange other) {
        return Math.max(0, Math.min(one.last(), other.last()) - Math.max(one.first(), other.first()) + 1);
    }

    private static boolean contains(PortRange range, int port) {
        return range.first() <= port && port <= range.last();
    }

    private void control() {
        for (PortRange range : plan.ranges()) {
            for (int port : plan.controlPorts()) {
                if (contains(range, port)) {
                    found.error(
                            "range-contains-control-port",
                            "the passive range contains a port of the control connection",
                            List.of("--passive-ports " + range + " contains " + port),
                            "take a range without it, as " + SUGGESTION);
                }
            }
        }
    }

    private void taken() {
        int unprivileged = machine.firstUnprivilegedPort();
        for (InetAddress address : passiveAddresses()) {
            if (!address.isAnyLocalAddress() && !machine.owns(address)) {
                if (plan.listeners().stream()
                        .noneMatch(each -> each.getAddress().equals(address))) {
                    found.error(
                            "address-missing",
                            "this machine does not have the address " + address.getHostAddress(),
                            List.of("--passive-bind " + address.getHostAddress()),
                            "name an address of this machine, or none: passive ports listen where the client has connected to");
                }
                continue;
            }
            List<Integer> taken = new ArrayList<>();
            for (PortRange range : plan.ranges()) {
                for (int port = range.first(); port <= range.last(); port++) {
                    boolean may = port >= unprivileged || machine.mayBindPrivileged();
                    if (may
                            && !plan.controlPorts().contains(port)
                            && !PortChecks.isFree(new InetSocketAddress(address, port))) {
                        taken.add(port);
                    }
                }
            }
            taken(address, taken);
        }
    }

    /** Where passive ports listen. */
    private List<InetAddress> passiveAddresses() {
        return plan.listeners().stream()
                .map(InetSocketAddress::getAddress)
                .map(plan.server().network()::passiveAddress)
                .distinct()
                .toList();
    }

    private void taken(InetAddress address, List<Integer> taken) {
        int all = plan.ranges().stream().mapToInt(PortRange::size).sum();
        if (taken.isEmpty()) {
            return;
        }
        Holders holders = new Holders(machine);
        List<String> held = taken.stream()
                .limit(SHOWN)
                .flatMap(port -> holders.of(port).stream())
                .toList();
        if (!held.isEmpty() && held.stream().allMatch(Holders::isPortside)) {
            return;
        }
        List<String> evidence = new ArrayList<>(held);
        evidence.add("on " + address.getHostAddress() + ": "
                + taken.stream().limit(SHOWN).map(String::valueOf).collect(Collectors.joining(", "))
                + (taken.size() > SHOWN ? ", …" : ""));
        String wrong = taken.size() + " of " + all + " passive ports " + (taken.size() == 1 ? "is" : "are") + " taken";
        String change = "stop these programs, or take a range that is free";
        if (taken.size() == all) {
            found.error("range-taken", wrong, evidence, change);
        } else {
            found.warning("range-taken", wrong, evidence, change);
        }
    }

    /**
     * A port waits for one data connection of each client that the data peer check can tell apart. So the sessions of one
     * address, all the clients behind one NAT, can need as many ports as they are.
     */
    private void small() {
        FtpServerOptions server = plan.server();
        PeerCheck check = server.network().peerCheck(SOMEBODY);
        int ports = plan.ranges().stream().mapToInt(PortRange::size).sum();
        int perAddress = Math.min(server.maxSessionsPerAddress(), server.maxSessions());
        int sessions = check == PeerCheck.OFF ? server.maxSessions() : perAddress;
        boolean shared = check != PeerCheck.OFF && plan.sessionsShareAPort();
        if (ports >= sessions || shared || plan.outerAddresses().isEmpty()) {
            return;
        }
        String each = switch (check) {
            case OFF -> "all clients together";
            case SUBNET -> "each subnet of clients";
            case EXACT, TLS_SESSION -> "each client address";
        };
        int wanted = plan.ranges().getFirst().first();
        int first = wanted < 1024 || wanted + sessions - 1 > 65535 ? SUGGESTED : wanted;
        List<String> evidence = List.of(
                ports + " ports × 1 waiting data connection of " + each + " = " + ports,
                sessions + " sessions × 1 = " + sessions + " (--max-sessions-per-address "
                        + server.maxSessionsPerAddress() + ", --max-sessions " + server.maxSessions() + ")",
                "missing, when all wait at once: " + (sessions - ports)
                        + (check == PeerCheck.OFF ? "" : "; clients that can be told apart share ports"));
        found.warning(
                "range-small",
                (check == PeerCheck.OFF ? "clients" : "clients behind one address")
                        + " can use up the passive ports, and then get 425",
                evidence,
                "--passive-ports " + first + "-" + Math.min(65535, first + sessions - 1),
                "or fewer sessions: " + (check == PeerCheck.OFF ? "--max-sessions " : "--max-sessions-per-address ")
                        + ports,
                "or --tls required with --data-session-reuse required: then the TLS session tells whose a connection is,"
                        + " and one port is enough");
    }

    private void strangers() {
        if (plan.server().network().peerCheck(SOMEBODY) == PeerCheck.OFF) {
            found.warning(
                    "peer-check-off",
                    "whoever is first at a passive port gets the file",
                    List.of("--data-peer-check off"),
                    "--data-peer-check tls-session with TLS, or subnet; off only for networks that you trust: 10.0.0.0/8=off");
        }
    }

    private void ephemeral() {
        PortRange kernel = machine.ephemeralPorts();
        String reservedText = machine.text("proc/sys/net/ipv4/ip_local_reserved_ports");
        if (kernel == null) {
            return;
        }
        List<PortRange> reserved = new ArrayList<>();
        for (String each : (reservedText == null ? "" : reservedText).split(",")) {
            if (!each.isEmpty()) {
                reserved.add(PortRange.parse(each));
            }
        }
        List<PortRange> open = plan.ranges().stream()
                .filter(range -> exposed(range, kernel, reserved) > 0)
                .toList();
        if (open.isEmpty()) {
            return;
        }
        String text = open.stream().map(PortRange::toString).collect(Collectors.joining(","));
        String all = reserved.isEmpty() ? text : reservedText + "," + text;
        found.warning(
                "range-ephemeral",
                "the kernel may give passive ports to outgoing connections of this machine before the server starts",
                List.of(
                        "--passive-ports " + text,
                        "net.ipv4.ip_local_port_range = " + kernel,
                        "net.ipv4.ip_local_reserved_ports = " + (reserved.isEmpty() ? "(none)" : reservedText)),
                "reserve them, now and at each start:",
                " sysctl -w net.ipv4.ip_local_reserved_ports=" + all,
                " echo net.ipv4.ip_local_reserved_ports=" + all + " > /etc/sysctl.d/50-portside.conf",
                "or take a range outside " + kernel + ", as " + SUGGESTION);
    }

    /** How many ports of the range the kernel may give away. */
    private static int exposed(PortRange range, PortRange kernel, List<PortRange> reserved) {
        int exposed = 0;
        for (int port = range.first(); port <= range.last(); port++) {
            int each = port;
            if (contains(kernel, port) && reserved.stream().noneMatch(kept -> contains(kept, each))) {
                exposed++;
            }
        }
        return exposed;
    }
}
