package dev.portside.cli.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.cli.check.Passage.Result;
import dev.portside.cli.check.Ruleset.Table;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rulesets as the kernel gave them back; what becomes of packets was seen with real ones, see the test in the laboratory. */
class PassageTest {
    private static final InetAddress INNER = InetAddress.ofLiteral("192.168.77.1");
    private static final InetAddress INNER6 = InetAddress.ofLiteral("fd77::1");

    private static String text(String name) throws IOException {
        try (InputStream in = PassageTest.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Packet packet(boolean ipv6, int port) {
        return Packet.in(ipv6, List.of("eth0"), null, List.of(ipv6 ? INNER6 : INNER), port);
    }

    private static Passage passage(String name, boolean ipv6, int port) throws IOException {
        return Passage.of(Ruleset.parse(text(name + ".json")), packet(ipv6, port));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            server,    4, 21,    OPEN,    tcp dport @services accept
            server,    6, 21,    OPEN,    tcp dport @services accept
            server,    4, 22,    OPEN,    tcp dport { 22; 80; 443 } ct state new accept
            server,    4, 30049, OPEN,    -
            server,    4, 30050, BLOCKED, inet filter input: policy drop
            server,    4, 2121,  PARTLY,  inet filter input: ip saddr 10.0.0.0/8 tcp dport 2121 accept
            server,    6, 2121,  BLOCKED, inet filter input: policy drop
            firewalld, 4, 21,    OPEN,    tcp dport 21 accept
            firewalld, 6, 21,    OPEN,    tcp dport 21 accept
            firewalld, 4, 30049, OPEN,    -
            firewalld, 4, 30050, BLOCKED, inet firewalld filter_IN_public: reject
            firewalld, 6, 2121,  BLOCKED, inet firewalld filter_IN_public: reject
            limits,    4, 21,    OPEN,    tcp dport vmap
            limits,    4, 22,    OPEN,    tcp dport vmap
            limits,    4, 990,   PARTLY,  inet guard early: tcp dport 990 ip saddr != @country drop
            limits,    6, 990,   OPEN,    tcp dport vmap
            limits,    4, 2121,  BLOCKED, tcp dport vmap
            limits,    4, 2222,  BLOCKED, inet filter input: meta l4proto tcp log reject
            limits,    6, 2222,  OPEN,    meta nfproto ipv6 tcp dport 2222 accept
            limits,    4, 30009, OPEN,    -
            limits,    4, 30010, BLOCKED, inet filter ftp: tcp dport 30010 drop
            limits,    4, 30020, OPEN,    -
            limits,    4, 30030, UNCLEAR, numgen 0 accept
            limits,    4, 30045, PARTLY,  ip saddr . tcp dport
            limits,    4, 30046, BLOCKED, reject
            """)
    void packet_fares(String ruleset, int family, int port, Result result, String because) throws IOException {
        Passage passage = passage(ruleset, family == 6, port);
        assertThat(passage.result()).as(passage.toString()).isEqualTo(result);
        if (result == Result.OPEN) {
            assertThat(passage.rules()).isEmpty();
        } else {
            assertThat(passage.rules()).anySatisfy(rule -> assertThat(rule).contains(because));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "21, OPEN",
        "22, OPEN",
        "30000, OPEN",
        "30060, OPEN",
        "30050, BLOCKED",
        "2121, PARTLY",
        "2122, PARTLY",
        "990, OPEN",
        "137, BLOCKED",
    })
    void rulesOfIptables_areReadByIptables(int port, Result result) throws IOException {
        Ruleset rules = Ruleset.parse(text("ufw.json"));
        Table table = new Table("ip", "filter");
        assertThat(rules.foreign()).containsExactly(table);
        rules.replace(table, IptablesRules.parse(text("ufw.save"), false).filter());
        Passage passage = Passage.of(rules, packet(false, port));
        assertThat(passage.result()).as(passage.toString()).isEqualTo(result);
    }

    @Test
    void rulesThatOnlyIptablesUnderstands_areNotGuessed() throws IOException {
        assertThat(passage("ufw", false, 21).result()).isEqualTo(Result.UNCLEAR);
        assertThat(passage("ufw", false, 30050).result()).isEqualTo(Result.UNCLEAR);
    }

    @Test
    void output_isAskedAboutTheSourcePortOfActiveMode() throws IOException {
        Ruleset rules = Ruleset.parse(text("limits.json"));
        assertThat(Passage.of(rules, Packet.out(false, List.of("eth0"), 20)).result())
                .isEqualTo(Result.OPEN);
        assertThat(Passage.of(rules, Packet.out(false, List.of("eth0"), 2020)).result())
                .isEqualTo(Result.BLOCKED);
        // 53, 80 and 443 are open, and no client listens on them.
        assertThat(Passage.of(rules, Packet.out(false, List.of("eth0"), 0)).result())
                .isEqualTo(Result.BLOCKED);
        assertThat(Passage.of(Ruleset.parse(text("server.json")), Packet.out(true, List.of("eth0"), 0))
                        .result())
                .isEqualTo(Result.OPEN);
    }

    @Test
    void helpers_areFound() throws IOException {
        Ruleset rules = Ruleset.parse(text("firewalld.json"));
        assertThat(rules.helpers()).containsExactly("inet firewalld helper-ftp-tcp");
        assertThat(rules.rulesWith("ct helper")).singleElement().asString().contains("ct helper helper-ftp-tcp");
        assertThat(IptablesRules.parse(
                                "*raw\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -p tcp -m tcp --dport 21 -j CT --helper ftp\nCOMMIT\n",
                                false)
                        .helpers())
                .containsExactly("iptables -t raw -A PREROUTING -p tcp -m tcp --dport 21 -j CT --helper ftp");
    }

    @Test
    void interfaces_decideWhereTheyAreKnown() throws IOException {
        Ruleset rules = Ruleset.parse(text("firewalld.json"));
        Packet trusted = Packet.in(false, List.of("trusted0"), null, List.of(INNER), 5555);
        assertThat(Passage.of(rules, trusted).result()).isEqualTo(Result.OPEN);
        Packet either = Packet.in(false, List.of("trusted0", "eth0"), null, List.of(INNER), 5555);
        assertThat(Passage.of(rules, either).result()).isEqualTo(Result.PARTLY);
    }

    @Test
    void noRules_letEverythingThrough() {
        assertThat(Passage.of(Ruleset.parse("{\"nftables\": []}"), packet(false, 21))
                        .result())
                .isEqualTo(Result.OPEN);
    }
}
