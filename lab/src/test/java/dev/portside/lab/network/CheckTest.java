package dev.portside.lab.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.lab.network.CheckedServer.ConnectFrom;
import dev.portside.lab.network.CheckedServer.Listen;
import dev.portside.lab.network.CheckedServer.Reach;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code portside check} says of firewalls is what they do, and the rules that it prints are right. */
class CheckTest {
    private static final Path RULES =
            Path.of(System.getProperty("portside.root"), "cli/src/test/resources/dev/portside/cli/check");
    private static final List<Integer> SINGLE = List.of(21, 990, 2121, 2122, 2222);
    private static final Pattern BLOCKED =
            Pattern.compile("\"(firewall-[a-z-]+)\",\"wrong\":\"[^\"]* ports? ([0-9, -]+?) (by [^\"]*)\"");

    /** A firewall that lets in and out nothing that is new. */
    private static final String DROPPING_NFT = """
            nft -f - <<'END'
            table inet filter {
                chain input {
                    type filter hook input priority filter; policy drop;
                    ct state established,related accept
                    meta l4proto ipv6-icmp accept
                }
                chain forward {
                    type filter hook forward priority filter; policy drop;
                    ct state established,related accept
                    meta l4proto ipv6-icmp accept
                }
                chain output {
                    type filter hook output priority filter; policy drop;
                    ct state established,related accept
                    meta l4proto ipv6-icmp accept
                }
            }
            END
            """;

    private static final String DROPPING_IPTABLES = """
            for program in iptables ip6tables; do
                for chain in INPUT FORWARD OUTPUT; do
                    $program -A $chain -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
                    $program -P $chain DROP
                done
            done
            for chain in INPUT FORWARD OUTPUT; do ip6tables -A $chain -p ipv6-icmp -j ACCEPT; done
            """;

    private static List<Integer> ports(int first, int last) {
        return new ArrayList<>(IntStream.rangeClosed(first, last).boxed().toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"server.nft", "firewalld.nft", "limits.nft", "ufw.rules"})
    void packetsFare_asCheckSays(String ruleset) throws Exception {
        List<Integer> ports = ports(30000, 30060);
        ports.addAll(SINGLE);
        try (CheckedServer network = CheckedServer.build()) {
            String rules = Files.readString(RULES.resolve(ruleset));
            String program = ruleset.endsWith(".nft") ? "nft -f -" : "iptables-restore";
            network.shell(network.server, program + " <<'END'\n" + rules + "END\n");
            List<String> said = network.check(
                    10,
                    "--json",
                    "--bind=0.0.0.0",
                    "--port=21",
                    "--implicit-port=990",
                    "--tls=auto",
                    "--passive-ports=2121-2122,2222,30000-30060");
            network.serverHost.run(new Listen(ports));
            for (String family : List.of("IPv4", "IPv6")) {
                String address = family.equals("IPv4") ? CheckedServer.INNER : CheckedServer.INNER_IPV6;
                TreeSet<Integer> reached = new TreeSet<>(
                        network.clientHost.run(new Reach(address, ports)).keySet());
                TreeSet<Integer> expected = new TreeSet<>(ports);
                TreeSet<Integer> unclear = new TreeSet<>();
                for (String line : said) {
                    Matcher blocked = BLOCKED.matcher(line);
                    if (blocked.find() && blocked.group(3).contains(family)) {
                        if (blocked.group(1).endsWith("unclear")) {
                            unclear.addAll(parsed(blocked.group(2)));
                        } else {
                            expected.removeAll(parsed(blocked.group(2)));
                        }
                    }
                }
                reached.removeAll(unclear);
                expected.removeAll(unclear);
                assertThat(reached).as(family + " " + said).isEqualTo(expected);
                assertThat(unclear).hasSizeLessThanOrEqualTo(10);
            }
        }
    }

    private static List<Integer> parsed(String ports) {
        List<Integer> all = new ArrayList<>();
        for (String each : ports.split(", ")) {
            String[] ends = each.split("-");
            all.addAll(ports(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1])));
        }
        return all;
    }

    @ParameterizedTest
    @ValueSource(strings = {"nftables", "iptables"})
    void rulesThatArePrinted_letInWhatTheyAreFor(String format) throws Exception {
        String dropping = format.equals("nftables") ? DROPPING_NFT : DROPPING_IPTABLES;
        String[] options = {
            "--bind=0.0.0.0",
            "--port=2121",
            "--passive-ports=30000-30009,30020",
            "--advertised-port-offset=10000",
            "--external-address=" + CheckedServer.OUTER,
            "--active-source-port=20",
            "--max-sessions-per-address=5",
            "--rules=" + format
        };
        List<Integer> inner = ports(30000, 30009);
        inner.addAll(List.of(30020, 2121));
        List<Integer> outer = ports(40000, 40009);
        outer.addAll(List.of(40020, 2121));
        try (CheckedServer network = CheckedServer.build()) {
            network.serverHost.run(new Listen(inner));
            network.clientHost.run(new Listen(ports(5000, 5000)));
            network.shell(network.server, dropping);
            network.shell(network.gateway, dropping);
            assertThat(network.clientHost.run(new Reach(CheckedServer.OUTER, outer)))
                    .isEmpty();
            // The gateway's own rules are for the server's connections to clients too.
            network.shell(
                    network.gateway,
                    format.equals("nftables")
                            ? "nft insert rule inet filter forward iifname in accept"
                            : "iptables -I FORWARD -i in -j ACCEPT");
            assertThat(network.serverHost.run(new ConnectFrom(20, CheckedServer.CLIENT, 5000)))
                    .isFalse();

            List<String> lines = network.check(10, options);
            List<String> printed = lines.subList(lines.lastIndexOf("") + 1, lines.size());
            int gateway = printed.indexOf("# the gateway forwards, to " + CheckedServer.INNER
                    + " and each port to the same one but for the offset:");
            assertThat(gateway).as(lines.toString()).isPositive();
            network.shell(network.server, String.join("\n", printed.subList(0, gateway)) + "\n");
            network.shell(network.gateway, String.join("\n", printed.subList(gateway, printed.size())) + "\n");

            TreeMap<Integer, Integer> expected = new TreeMap<>();
            for (int i = 0; i < outer.size(); i++) {
                expected.put(outer.get(i), inner.get(i));
            }
            assertThat(network.clientHost.run(new Reach(CheckedServer.OUTER, outer)))
                    .as("each port leads to its own")
                    .isEqualTo(expected);
            assertThat(network.clientHost
                            .run(new Reach(CheckedServer.INNER_IPV6, inner))
                            .keySet())
                    .isEqualTo(new TreeSet<>(inner));
            assertThat(network.serverHost.run(new ConnectFrom(20, CheckedServer.CLIENT, 5000)))
                    .isTrue();
        }
    }
}
