package dev.portside.lab.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.lab.peer.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The kit itself: what is built works, stops what it is to stop, says so, and leaves nothing behind. */
class LaboratoryTest {
    private static final Path NAMES = Path.of("/run/netns");
    private static final Topology BEHIND_NAT =
            new Topology(Family.IPV4, ClientGateway.FIREWALL, ServerGateway.NAT_RANGE, FtpHelper.NONE);

    @Test
    void oneTopology_withServerAndClient_saysWhatWorksAndWhoDroppedWhat() throws Exception {
        Secrets secrets = Secrets.make();
        try (Laboratory laboratory = Laboratory.build();
                Host servers = Host.start(laboratory.servers())) {
            servers.run(new StartServers(List.of(StartServers.Plan.of(BEHIND_NAT)), secrets));
            TruthTable table = TruthTable.measure(laboratory, List.of(BEHIND_NAT), secrets);
            List<Result> row = table.rows().get(BEHIND_NAT);
            assertThat(row.stream().map(Result::mark))
                    .containsExactly(
                            "**C**", "**C**", "**A**", "ok", "ok", "EPSV", "**C**", "**C**", "**A**", "ok", "ok",
                            "EPSV");
            assertThat(row.get(0).evidence())
                    .singleElement()
                    .asString()
                    .matches("PORT: the client's gateway dropped the SYN from 203.0.113.44:\\d+ to 198.51.100.3:\\d+, "
                            + "\\d+ times \\(TIMED_OUT\\)");
            assertThat(row.get(2).evidence())
                    .singleElement()
                    .asString()
                    .matches("PASV: the wide area dropped the SYN from 198.51.100.3:\\d+ to 10.100.2.12:500\\d\\d, "
                            + "\\d+ times \\(TIMED_OUT\\)");
        }
    }

    @Test
    void aNetworkThatIsClosed_leavesNoNamespace() throws Exception {
        Network network = Network.create();
        String name;
        try (network) {
            name = network.namespace("alone").name();
            assertThat(NAMES.resolve(name)).exists();
        }
        assertThat(NAMES.resolve(name)).doesNotExist();
    }

    @Test
    void aNetworkOfADeadProcess_isRemovedByTheNext() throws Exception {
        Process dead = new ProcessBuilder("true").start();
        dead.waitFor();
        String left = "portside-" + dead.pid() + "-1-left";
        Namespace.run(List.of(Programs.client("ip").toString(), "netns", "add", left), "");
        Network.create().close();
        assertThat(NAMES.resolve(left)).doesNotExist();
    }

    @Test
    void theMachinesOwnNetwork_staysAsItIs() throws Exception {
        Map<String, String> before = machine();
        Laboratory.build().close();
        assertThat(machine()).isEqualTo(before);
    }

    private static Map<String, String> machine() throws IOException, InterruptedException {
        String ip = Programs.client("ip").toString();
        String nft = Programs.client("nft").toString();
        return Map.of(
                "interfaces", Namespace.run(List.of(ip, "-o", "link"), ""),
                "routes", Namespace.run(List.of(ip, "route"), ""),
                "policies", Namespace.run(List.of(ip, "rule"), ""),
                "rules", Namespace.run(List.of(nft, "list", "ruleset"), ""),
                "namespaces", ours());
    }

    private static String ours() throws IOException {
        try (Stream<Path> all = Files.list(NAMES)) {
            String own = "portside-" + ProcessHandle.current().pid() + "-";
            return all.map(path -> path.getFileName().toString())
                    .filter(name -> name.startsWith(own))
                    .sorted()
                    .toList()
                    .toString();
        }
    }
}
