package dev.portside.cli.check;

import dev.portside.cli.check.Machine.Device;
import dev.portside.cli.check.Machine.Local;
import dev.portside.cli.check.Passage.Result;
import dev.portside.cli.check.Problem.Severity;
import dev.portside.protocol.PortRange;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Whether the packet filter of this machine lets the connections of clients through. */
final class FirewallChecks {
    /** What the conntrack helper of FTP is, so that its rules can be told from others. */
    private static final String HELPER_SWITCH = "proc/sys/net/netfilter/nf_conntrack_helper";

    private final Plan plan;
    private final Machine machine;
    private final Findings found;

    FirewallChecks(Plan plan, Machine machine, Findings found) {
        this.plan = plan;
        this.machine = machine;
        this.found = found;
    }

    /** Ports next to each other of which the same becomes. */
    private record Stretch(int first, int last, Passage passage) {
        String ports() {
            return first == last ? "port " + first : "ports " + first + "-" + last;
        }
    }

    void run() {
        if (plan.outerAddresses().isEmpty()) {
            return;
        }
        LocalFirewall firewall = LocalFirewall.of(machine);
        Ruleset rules = firewall.rules();
        if (rules == null) {
            found.note(
                    "firewall-unknown",
                    "the packet filter of this machine could not be looked at",
                    List.of(firewall.why()),
                    "run portside check as root, where nft or iptables is");
            return;
        }
        boolean helped = helper(rules, firewall.helpers());
        for (InetSocketAddress listener : plan.listeners()) {
            InetAddress address = listener.getAddress();
            if (!address.isLoopbackAddress()) {
                for (boolean ipv6 : families(address)) {
                    control(rules, address, ipv6, listener.getPort());
                }
            }
        }
        for (InetAddress address : passiveAddresses()) {
            for (boolean ipv6 : families(address)) {
                passive(rules, address, ipv6, helped);
            }
        }
        active(rules);
    }

    private List<InetAddress> passiveAddresses() {
        return plan.outerAddresses().stream()
                .map(plan.server().network()::passiveAddress)
                .distinct()
                .toList();
    }

    /** The families by which strangers come to that address; :: and 0.0.0.0 are both where the machine has both. */
    private List<Boolean> families(InetAddress address) {
        if (!address.isAnyLocalAddress()) {
            return List.of(!(address instanceof Inet4Address));
        }
        List<Boolean> families = new ArrayList<>();
        for (boolean ipv6 : new boolean[] {false, true}) {
            if (!own(address, ipv6).isEmpty()) {
                families.add(ipv6);
            }
        }
        return families;
    }

    /** The addresses of this machine that are meant. */
    private List<InetAddress> own(InetAddress address, boolean ipv6) {
        if (!address.isAnyLocalAddress()) {
            return List.of(address);
        }
        return machine.locals().stream()
                .map(Local::address)
                .filter(each -> each instanceof Inet4Address != ipv6)
                .filter(each -> !each.isLoopbackAddress() && !each.isLinkLocalAddress())
                .toList();
    }

    private List<String> devices(InetAddress address) {
        Device device = machine.deviceOf(address);
        return device == null ? machine.outerDevices() : List.of(device.name());
    }

    private Passage passage(Ruleset rules, InetAddress address, boolean ipv6, int port) {
        return Passage.of(rules, Packet.in(ipv6, devices(address), null, own(address, ipv6), port));
    }

    private static String by(boolean ipv6) {
        return ipv6 ? " by IPv6" : " by IPv4";
    }

    private void control(Ruleset rules, InetAddress address, boolean ipv6, int port) {
        if (port == 0) {
            return;
        }
        Passage passage = passage(rules, address, ipv6, port);
        String what = "connections to port " + port + by(ipv6);
        tell("firewall-control", Severity.ERROR, what, passage);
    }

    private void tell(String id, Severity blocked, String what, Passage passage) {
        String open = "let the port in: see the rules below";
        switch (passage.result()) {
            case OPEN -> {}
            case BLOCKED ->
                found.add(blocked, id, "the firewall of this machine blocks " + what, passage.rules(), open);
            case PARTLY ->
                found.warning(
                        id + "-partly",
                        "the firewall of this machine blocks " + what + " for most clients",
                        passage.rules(),
                        "when these are all your clients, all is well; otherwise " + open);
            case UNCLEAR ->
                found.note(
                        id + "-unclear",
                        "whether the firewall of this machine lets " + what + " in cannot be told",
                        passage.rules(),
                        "look at these rules; try it from another machine: portside doctor");
        }
    }

    private void passive(Ruleset rules, InetAddress address, boolean ipv6, boolean helped) {
        List<PortRange> ranges = plan.ranges();
        @Nullable PortRange ephemeral = machine.ephemeralPorts();
        if (ranges.isEmpty() && ephemeral != null) {
            ranges = List.of(ephemeral);
        }
        boolean rescued = helped && !plan.hasTls();
        for (PortRange range : ranges) {
            for (Stretch stretch : stretches(rules, address, ipv6, range)) {
                String what = "passive data connections to " + stretch.ports() + by(ipv6);
                if (rescued && stretch.passage.result() == Result.BLOCKED) {
                    found.note(
                            "firewall-passive-helped",
                            "the firewall blocks " + what + ", and its FTP helper opens what it can",
                            stretch.passage.rules(),
                            "under TLS it can open nothing: let the range in before you turn TLS on");
                } else {
                    tell("firewall-passive", Severity.ERROR, what, stretch.passage);
                }
            }
        }
    }

    private List<Stretch> stretches(Ruleset rules, InetAddress address, boolean ipv6, PortRange range) {
        List<Stretch> stretches = new ArrayList<>();
        for (int port : IntStream.rangeClosed(range.first(), range.last()).toArray()) {
            Passage passage = passage(rules, address, ipv6, port);
            Stretch before = stretches.isEmpty() ? null : stretches.getLast();
            if (before != null && before.passage.equals(passage)) {
                stretches.set(stretches.size() - 1, new Stretch(before.first, port, passage));
            } else {
                stretches.add(new Stretch(port, port, passage));
            }
        }
        return stretches;
    }

    private void active(Ruleset rules) {
        if (!plan.server().network().activeMode()) {
            return;
        }
        int source = plan.server().network().activeSourcePort();
        for (InetAddress address : plan.outerAddresses()) {
            for (boolean ipv6 : families(address)) {
                Passage passage = Passage.of(rules, Packet.out(ipv6, devices(address), source));
                if (passage.result() == Result.BLOCKED || passage.result() == Result.PARTLY) {
                    found.warning(
                            "firewall-active",
                            "the firewall of this machine lets out "
                                    + (passage.result() == Result.BLOCKED ? "no" : "few")
                                    + " connections of active mode" + by(ipv6),
                            passage.rules(),
                            source == 0
                                    ? "fix their source port, --active-source-port 20, and let that out: see the rules below"
                                    : "let source port " + source + " out: see the rules below",
                            "or --no-active");
                }
            }
        }
    }

    /** Whether connection tracking reads control connections here; tells what that means. */
    private boolean helper(Ruleset rules, List<String> assigned) {
        List<String> evidence = new ArrayList<>(assigned);
        if (!rules.helpers().isEmpty()) {
            rules.rulesWith("ct helper").forEach(rule -> evidence.add(rule.toString()));
        }
        if ("1".equals(machine.text(HELPER_SWITCH))) {
            evidence.add("net.netfilter.nf_conntrack_helper = 1");
        }
        if (evidence.isEmpty()) {
            return false;
        }
        found.note(
                "ftp-helper",
                plan.hasTls()
                        ? "the FTP helper of this machine opens data ports for plain FTP, and can open none under TLS"
                        : "the FTP helper of this machine opens data ports, as long as there is no TLS",
                evidence,
                "let the passive range in; then the helper is not needed, and can go");
        return true;
    }
}
