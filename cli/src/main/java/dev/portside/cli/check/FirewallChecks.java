package dev.portside.cli.check;

import dev.portside.cli.check.Machine.Device;
import dev.portside.cli.check.Machine.Local;
import dev.portside.cli.check.Passage.Result;
import dev.portside.protocol.PortRange;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Whether the packet filter of this machine lets the connections of clients through. */
final class FirewallChecks {
    /** What the conntrack helper of FTP is, so that its rules can be told from others. */
    private static final String HELPER_SWITCH = "proc/sys/net/netfilter/nf_conntrack_helper";

    private final Plan plan;
    private final Machine machine;
    private final LocalFirewall firewall;
    private final Findings found;

    FirewallChecks(Plan plan, Machine machine, LocalFirewall firewall, Findings found) {
        this.plan = plan;
        this.machine = machine;
        this.firewall = firewall;
        this.found = found;
    }

    /** What becomes of connections to some ports. */
    private record Fate(List<PortRange> ports, Passage passage) {
        String portsText() {
            boolean one = ports.size() == 1 && ports.getFirst().size() == 1;
            return (one ? "port " : "ports ")
                    + ports.stream().map(PortRange::toString).collect(Collectors.joining(", "));
        }
    }

    void run() {
        if (plan.outerAddresses().isEmpty()) {
            return;
        }
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
            int port = listener.getPort();
            if (!listener.getAddress().isLoopbackAddress() && port > 0) {
                List<PortRange> ports = List.of(new PortRange(port, port));
                fates(rules, listener.getAddress(), ports)
                        .forEach((fate, families) -> tell(
                                "firewall-control", "connections to " + fate.portsText() + families, fate.passage));
            }
        }
        for (InetAddress address : passiveAddresses()) {
            fates(rules, address, passivePorts()).forEach((fate, families) -> passive(fate, families, helped));
        }
        active(rules);
    }

    /** What becomes of connections to these ports, of IPv4 and of IPv6 or of both. */
    private Map<Fate, String> fates(Ruleset rules, InetAddress address, List<PortRange> ports) {
        Map<Fate, String> all = new LinkedHashMap<>();
        for (boolean ipv6 : families(address)) {
            Map<Passage, List<PortRange>> byPassage = new LinkedHashMap<>();
            for (PortRange range : ports) {
                for (int port :
                        IntStream.rangeClosed(range.first(), range.last()).toArray()) {
                    Passage passage = passage(rules, address, ipv6, port);
                    append(byPassage.computeIfAbsent(passage, none -> new ArrayList<>()), port);
                }
            }
            byPassage.forEach((passage, met) -> all.merge(
                    new Fate(met, passage), ipv6 ? " by IPv6" : " by IPv4", (four, six) -> four + " and" + six));
        }
        return all;
    }

    private static void append(List<PortRange> ranges, int port) {
        PortRange last = ranges.isEmpty() ? null : ranges.getLast();
        if (last != null && last.last() == port - 1) {
            ranges.set(ranges.size() - 1, new PortRange(last.first(), port));
        } else {
            ranges.add(new PortRange(port, port));
        }
    }

    private List<PortRange> passivePorts() {
        PortRange ephemeral = machine.ephemeralPorts();
        return plan.ranges().isEmpty() && ephemeral != null ? List.of(ephemeral) : plan.ranges();
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

    private void tell(String id, String what, Passage passage) {
        String open = "let the port in before that rule: see the rules below";
        switch (passage.result()) {
            case OPEN -> {}
            case BLOCKED -> found.error(id, "the firewall of this machine blocks " + what, passage.rules(), open);
            case PARTLY ->
                found.warning(
                        id + "-partly",
                        "the firewall of this machine blocks " + what + " for most clients",
                        passage.rules(),
                        "when the others are all your clients, all is well; otherwise " + open);
            case UNCLEAR ->
                found.note(
                        id + "-unclear",
                        "whether the firewall of this machine lets " + what + " in cannot be told",
                        passage.rules(),
                        "look at these rules, and try it from another machine: portside doctor");
        }
    }

    private void passive(Fate fate, String families, boolean helped) {
        String what = "passive data connections to " + fate.portsText() + families;
        if (helped && !plan.hasTls() && fate.passage.result() == Result.BLOCKED) {
            found.note(
                    "firewall-passive-helped",
                    "the firewall blocks " + what + ", and its FTP helper opens what it can",
                    fate.passage.rules(),
                    "under TLS it can open nothing: let the range in before you turn TLS on");
        } else {
            tell("firewall-passive", what, fate.passage);
        }
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
                                    + " connections of active mode by " + (ipv6 ? "IPv6" : "IPv4"),
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
