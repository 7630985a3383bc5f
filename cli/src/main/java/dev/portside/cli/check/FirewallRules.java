package dev.portside.cli.check;

import dev.portside.cli.check.Machine.Local;
import dev.portside.cli.check.Ruleset.Chain;
import dev.portside.protocol.HostPort;
import dev.portside.protocol.PortRange;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The commands that let the connections of a plan in. */
final class FirewallRules {
    private final Plan plan;
    private final List<PortRange> ports;
    private final boolean ipv4;
    private final boolean ipv6;
    private final @Nullable InetAddress inner4;
    private final @Nullable InetAddress inner6;
    private final boolean behindGateway;
    private final @Nullable Ruleset present;
    private final List<String> lines = new ArrayList<>();

    private FirewallRules(Plan plan, Machine machine, LocalFirewall firewall) {
        this.plan = plan;
        List<InetAddress> outer = plan.outerAddresses();
        boolean all = outer.stream().anyMatch(InetAddress::isAnyLocalAddress);
        this.ipv4 = all || outer.stream().anyMatch(Inet4Address.class::isInstance);
        this.ipv6 = all || outer.stream().anyMatch(address -> !(address instanceof Inet4Address));
        this.ports = new ArrayList<>();
        plan.controlPorts().forEach(port -> ports.add(new PortRange(port, port)));
        ports.addAll(plan.ranges());
        this.inner4 = inner(machine, outer, all, false);
        this.inner6 = inner(machine, outer, all, true);
        boolean named = plan.external().stream().anyMatch(each -> each.clients().isEmpty());
        this.behindGateway = named || (inner4 != null && AddressKind.of(inner4).isInner());
        this.present = firewall.rules();
    }

    /** The commands, a line each. */
    static List<String> of(RuleFormat format, Plan plan, Machine machine, LocalFirewall firewall) {
        FirewallRules rules = new FirewallRules(plan, machine, firewall);
        if (plan.outerAddresses().isEmpty()) {
            return List.of("# only this machine connects: no firewall is in the way");
        }
        if (plan.ranges().isEmpty()) {
            rules.say("passive ports may be any: choose some with --passive-ports, and the rules for them follow here");
        }
        switch (format) {
            case NFTABLES -> rules.nftables();
            case IPTABLES -> rules.iptables();
            case FIREWALLD -> rules.firewalld();
            case UFW -> rules.ufw();
            case WINDOWS -> rules.windows();
            case AWS -> rules.aws();
        }
        return rules.lines;
    }

    private static @Nullable InetAddress inner(Machine machine, List<InetAddress> outer, boolean all, boolean ipv6) {
        List<InetAddress> own = machine.locals().stream()
                .map(Local::address)
                .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                .toList();
        return (all ? own : outer)
                .stream()
                        .filter(address -> !address.isAnyLocalAddress() && address instanceof Inet4Address != ipv6)
                        .findFirst()
                        .orElse(null);
    }

    private void say(String comment) {
        lines.add("# " + comment);
    }

    private int activePort() {
        return plan.server().network().activeMode() ? plan.server().network().activeSourcePort() : 0;
    }

    private int offset() {
        return plan.server().network().advertisedPortOffset();
    }

    private static PortRange shifted(PortRange range, int offset) {
        return new PortRange(range.first() + offset, range.last() + offset);
    }

    /** {@code { 21, 50000-50099 }}. */
    private static String set(List<PortRange> ranges) {
        return ranges.stream().map(PortRange::toString).collect(Collectors.joining(", ", "{ ", " }"));
    }

    private void nftables() {
        say("nftables; to keep it, put the same into /etc/nftables.conf");
        for (String chain : chains("input")) {
            lines.add("nft 'insert rule " + chain + " " + family(chain) + "tcp dport " + set(ports)
                    + " ct state new accept comment \"portside\"'");
        }
        if (activePort() > 0) {
            say("active mode, where connections to the outside are dropped:");
            for (String chain : chains("output")) {
                lines.add("nft 'insert rule " + chain + " " + family(chain) + "tcp sport " + activePort()
                        + " tcp dport 1024-65535 ct state new accept comment \"portside active\"'");
            }
        }
        if (!behindGateway) {
            return;
        }
        forwards();
        if (inner4 != null) {
            nftablesGateway(inner4.getHostAddress());
        }
        if (inner6 != null) {
            say("on the gateway, IPv6: nothing is translated, it has to be let through");
            lines.add("nft 'insert rule inet filter forward ip6 daddr " + HostPort.numeric(inner6) + " tcp dport "
                    + set(ports) + " ct state new accept'");
        }
    }

    /** What a rule says about the family in a chain that sees both. */
    private String family(String chain) {
        boolean both = (ipv4 && ipv6) || !chain.startsWith("inet ");
        return both ? "" : ipv4 ? "meta nfproto ipv4 " : "meta nfproto ipv6 ";
    }

    /** Where a rule has to stand on this machine; {@code inet filter} where that is not known. */
    private List<String> chains(String hook) {
        List<String> found = new ArrayList<>();
        for (boolean six : new boolean[] {false, true}) {
            List<Chain> there = present == null || !(six ? ipv6 : ipv4) ? List.of() : present.at(hook, six);
            there.stream()
                    .filter(chain -> !chain.rules().isEmpty() || chain.dropsByPolicy())
                    .map(Chain::toString)
                    .filter(chain -> !found.contains(chain))
                    .forEach(found::add);
        }
        return found.isEmpty() ? List.of("inet filter " + hook) : found;
    }

    private void nftablesGateway(String inner) {
        say("on the gateway, when it is Linux with nftables:");
        lines.add("nft -f - <<'END'");
        lines.add("table ip portside {");
        lines.add("    chain prerouting {");
        lines.add("        type nat hook prerouting priority dstnat; policy accept;");
        for (PortRange port : ports) {
            boolean passive = plan.ranges().contains(port);
            int offset = passive ? offset() : 0;
            PortRange outer = shifted(port, offset);
            // A range behind dnat is a pool from which the kernel picks: a map is what keeps each port its own.
            String to = offset == 0 ? inner : inner + " : tcp dport map { " + map(port, offset) + " }";
            lines.add("        fib daddr type local tcp dport " + outer + " dnat to " + to);
        }
        lines.add("    }");
        lines.add("}");
        lines.add("END");
        say("and where its forward chain drops:");
        lines.add("nft 'insert rule inet filter forward ip daddr " + inner + " tcp dport " + set(ports)
                + " ct state new accept'");
    }

    private static String map(PortRange range, int offset) {
        return IntStream.rangeClosed(range.first(), range.last())
                .mapToObj(port -> (port + offset) + " : " + port)
                .collect(Collectors.joining(", "));
    }

    /** For gateways of every kind, in words. */
    private void forwards() {
        if (inner4 == null) {
            return;
        }
        say("the gateway forwards, to " + inner4.getHostAddress() + " and each port to the same one"
                + (offset() == 0 ? ":" : " but for the offset:"));
        for (PortRange port : ports) {
            int offset = plan.ranges().contains(port) ? offset() : 0;
            say("    TCP " + shifted(port, offset) + " to " + inner4.getHostAddress() + " TCP " + port);
        }
    }

    private void iptables() {
        say("iptables; to keep it on Debian: netfilter-persistent save");
        for (String program : programs()) {
            for (PortRange port : ports) {
                lines.add(
                        program + " -I INPUT -p tcp --dport " + colon(port) + " -m conntrack --ctstate NEW -j ACCEPT");
            }
        }
        if (activePort() > 0) {
            say("active mode, where connections to the outside are dropped:");
            for (String program : programs()) {
                lines.add(program + " -I OUTPUT -p tcp --sport " + activePort()
                        + " --dport 1024:65535 -m conntrack --ctstate NEW -j ACCEPT");
            }
        }
        if (!behindGateway) {
            return;
        }
        forwards();
        if (inner4 != null) {
            say("on the gateway, when it is Linux with iptables:");
            iptablesGateway(inner4.getHostAddress());
        }
        if (inner6 != null) {
            say("on the gateway, IPv6: nothing is translated, it has to be let through");
            for (PortRange port : ports) {
                lines.add("ip6tables -I FORWARD -d " + HostPort.numeric(inner6) + " -p tcp --dport " + colon(port)
                        + " -m conntrack --ctstate NEW -j ACCEPT");
            }
        }
    }

    private void iptablesGateway(String inner) {
        for (PortRange port : ports) {
            int offset = plan.ranges().contains(port) ? offset() : 0;
            PortRange outer = shifted(port, offset);
            // The port behind the slash is where counting begins: each port goes to its own.
            String base = port.size() > 1 ? "/" + outer.first() : "";
            String to = offset == 0 ? inner : inner + ":" + port + base;
            lines.add("iptables -t nat -I PREROUTING -m addrtype --dst-type LOCAL -p tcp --dport " + colon(outer)
                    + " -j DNAT --to-destination " + to);
        }
        say("and where its FORWARD chain drops:");
        for (PortRange port : ports) {
            lines.add("iptables -I FORWARD -d " + inner + " -p tcp --dport " + colon(port)
                    + " -m conntrack --ctstate NEW -j ACCEPT");
        }
    }

    private List<String> programs() {
        List<String> programs = new ArrayList<>();
        if (ipv4) {
            programs.add("iptables");
        }
        if (ipv6) {
            programs.add("ip6tables");
        }
        return programs;
    }

    private static String colon(PortRange range) {
        return range.toString().replace('-', ':');
    }

    private void firewalld() {
        say("firewalld, both IPv4 and IPv6; --zone=… for another zone than the default one");
        for (PortRange port : ports) {
            lines.add("firewall-cmd --permanent --add-port=" + port + "/tcp");
        }
        lines.add("firewall-cmd --reload");
        gatewayElsewhere();
    }

    private void ufw() {
        say("ufw, both IPv4 and IPv6");
        for (PortRange port : ports) {
            lines.add("ufw allow " + colon(port) + "/tcp comment 'portside'");
        }
        if (activePort() > 0) {
            say("active mode, where the policy for outgoing connections is deny:");
            lines.add("ufw allow out proto tcp from any port " + activePort() + " comment 'portside active'");
        }
        gatewayElsewhere();
    }

    private void windows() {
        say("Windows PowerShell, as administrator; both IPv4 and IPv6");
        lines.add("New-NetFirewallRule -DisplayName 'Portside' -Direction Inbound -Action Allow -Protocol TCP"
                + " -LocalPort " + list());
        if (activePort() > 0) {
            say("active mode, where connections to the outside are blocked:");
            lines.add("New-NetFirewallRule -DisplayName 'Portside active' -Direction Outbound -Action Allow"
                    + " -Protocol TCP -LocalPort " + activePort());
        }
        if (plan.hasTls()) {
            say("the FTP filter of Windows resets control connections that it cannot read, as those under TLS:");
            lines.add("netsh advfirewall set global statefulftp disable");
        }
        gatewayElsewhere();
    }

    private String list() {
        return ports.stream().map(PortRange::toString).collect(Collectors.joining(","));
    }

    private void aws() {
        say("AWS, the security group of the instance; set GROUP to its id (sg-…)");
        String networks =
                (ipv4 ? ",IpRanges=[{CidrIp=0.0.0.0/0}]" : "") + (ipv6 ? ",Ipv6Ranges=[{CidrIpv6=::/0}]" : "");
        for (PortRange port : ports) {
            lines.add("aws ec2 authorize-security-group-ingress --group-id \"$GROUP\" --ip-permissions"
                    + " 'IpProtocol=tcp,FromPort=" + port.first() + ",ToPort=" + port.last() + networks + "'");
        }
        say("the public address of an instance is NAT: name it by --external-address; ports are 1:1 by themselves");
        if (offset() != 0) {
            say("but for the offset, which only a load balancer or gateway of your own can map");
        }
    }

    private void gatewayElsewhere() {
        if (behindGateway) {
            forwards();
            say("the same as commands for a gateway with Linux: --rules nftables, --rules iptables");
        }
    }
}
