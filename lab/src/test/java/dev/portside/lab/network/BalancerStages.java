package dev.portside.lab.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.cli.doctor.Cause;
import dev.portside.cli.doctor.DoctorOptions;
import dev.portside.cli.doctor.Mode;
import dev.portside.client.DataMode;
import dev.portside.client.FtpClientOptions;
import dev.portside.protocol.PortRange;
import dev.portside.server.ClientNetwork;
import dev.portside.server.FtpServerNetwork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** HAProxy in front of servers, which learn by PROXY headers who their clients are. */
@SuppressWarnings("try")
abstract class BalancerStages {
    /** Connections of the servers leave with the address by which they are known. */
    private static final String SOURCES = """
            chain sources {
              type nat hook postrouting priority srcnat;
              oifname "outside" snat ip to 203.0.113.%1$s
            }
            """;

    /** A server for the next session in turn; each has a version of the header, and its own range of passive ports. */
    private static final String TWO_SERVERS = """
            frontend control
                bind 203.0.113.31:21
                default_backend servers
            backend servers
                balance roundrobin
                source 10.100.31.1
                server a 10.100.31.2:21 send-proxy-v2
                server b 10.100.31.4:21 send-proxy
            listen data-a
                bind 203.0.113.31:50000-50009
                source 10.100.31.1
                server a 10.100.31.2 send-proxy-v2
            listen data-b
                bind 203.0.113.31:50010-50019
                source 10.100.31.1
                server b 10.100.31.4 send-proxy
            """;

    /** The header is forgotten on data connections. */
    private static final String CONTROL_ONLY = """
            listen control
                bind 203.0.113.32:21
                source 10.100.32.1
                server a 10.100.32.2:21 send-proxy-v2
            listen data
                bind 203.0.113.32:50000-50009
                source 10.100.32.1
                server a 10.100.32.2
            """;

    /** Data connections do not go through HAProxy. */
    private static final String DATA_DIRECT = """
            listen control
                bind 203.0.113.33:21
                source 10.100.33.1
                server a 10.100.33.2:21 send-proxy-v2
            """;

    private final Stages stages = StagesTest.stages();

    private void start(String server, String network, PortRange range) throws Exception {
        Secrets secrets = stages.secrets();
        int first = range.first();
        int last = range.last();
        stages.atServer(() -> StageServer.start(
                secrets,
                server,
                21,
                FtpServerNetwork.builder()
                        .passivePorts(new PortRange(first, last))
                        .proxies(ClientNetwork.parse(network))
                        // Below the server's patience with a client, as it is by default.
                        .proxyHeaderTimeout(Duration.ofSeconds(1))
                        .siteSeen(true)));
    }

    @Test
    void twoServers_haveTheirSessionsAndTheirDataInEveryMode() throws Exception {
        Stage stage = new Stage(stages, 31, Stage.Side.PUBLIC, Stage.OPEN, Stage.Side.NAT, SOURCES.formatted(31));
        start(stage.server(), "10.100.31.1", new PortRange(50_000, 50_009));
        start(stage.otherServer(), "10.100.31.1", new PortRange(50_010, 50_019));
        String outer = stage.outerServer();
        Secrets secrets = stages.secrets();
        try (Balancer balancer = Balancer.start(stage.serverGateway().namespace(), TWO_SERVERS, 21)) {
            List<CompletableFuture<Fetched>> all = new ArrayList<>();
            for (DataMode mode : List.of(DataMode.EPSV, DataMode.PASV, DataMode.EPRT, DataMode.PORT)) {
                // Two of each, so that each server has one.
                for (int i = 0; i < 2; i++) {
                    all.add(begin(() -> StageClient.to(outer, 21), mode));
                    all.add(begin(() -> StageClient.to(outer, 21, secrets), mode));
                }
            }
            for (CompletableFuture<Fetched> each : all) {
                assertThat(each.join().failure()).isEmpty();
                assertThat(each.join().whole()).isTrue();
            }
            Diagnosed diagnosed = stages.atClient(() ->
                    StageClient.examine(StageClient.to(outer, 21), DoctorOptions.of(Secrets.USER, Secrets.PASSWORD)));
            assertThat(diagnosed.problems()).as(diagnosed.toString()).isEmpty();
        }
        for (String server : List.of(stage.server(), stage.otherServer())) {
            assertThat(stages.awaitLog(server, 21, "transferFinished"))
                    .as("the client is the one that the header names")
                    .contains("\"remote\":\"" + stage.client() + ":", "\"dataRemote\":\"" + stage.client() + ":");
            assertThat(stages.log(server, 21)).noneMatch(line -> line.contains("Refused"));
        }
    }

    private CompletableFuture<Fetched> begin(Task<FtpClientOptions.Builder> options, DataMode mode) throws Exception {
        return stages.beginAtClient(
                () -> StageClient.get(options.run().mode(mode).trustPassiveAddress(true), Secrets.FILE));
    }

    @Test
    void headerOnTheControlPortOnly_isRefusedOnTheDataPortAndNamed() throws Exception {
        Stage stage = new Stage(stages, 32, Stage.Side.PUBLIC, Stage.OPEN, Stage.Side.NAT, SOURCES.formatted(32));
        start(stage.server(), "10.100.32.1", new PortRange(50_000, 50_009));
        String outer = stage.outerServer();
        try (Balancer balancer = Balancer.start(stage.serverGateway().namespace(), CONTROL_ONLY, 21)) {
            Fetched fetched = stages.atClient(
                    () -> StageClient.get(StageClient.to(outer, 21).mode(DataMode.EPSV), Secrets.FILE));
            assertThat(fetched.whole()).isFalse();
            assertThat(fetched.failure()).contains("EPSV", "425");
            assertThat(stages.awaitLog(stage.server(), 21, "proxyRefused"))
                    .contains("\"proxy\":\"" + stage.gateway() + ":");
            Diagnosed.Told finding = stages.atClient(() -> StageClient.examine(
                            StageClient.to(outer, 21), StageClient.trials(Mode.EPSV, Mode.PASV_PEER)))
                    .finding(Cause.DATA_FROM_OTHER_ADDRESS);
            assertThat(finding.change()).anyMatch(line -> line.contains("PROXY headers on the data ports"));
        }
    }

    @Test
    void dataThatDoesNotGoThroughTheProxy_worksWithTheClientsOwnAddress() throws Exception {
        Stage stage = new Stage(stages, 33, Stage.Side.PUBLIC, Stage.OPEN, Stage.Side.NAT, SOURCES.formatted(33) + """
                        chain destinations {
                          type nat hook prerouting priority dstnat;
                          iifname "outside" tcp dport 50000-50009 dnat ip to 10.100.33.2
                        }
                        """);
        start(stage.server(), "10.100.33.1", new PortRange(50_000, 50_009));
        String outer = stage.outerServer();
        Secrets secrets = stages.secrets();
        try (Balancer balancer = Balancer.start(stage.serverGateway().namespace(), DATA_DIRECT, 21)) {
            for (CompletableFuture<Fetched> each : List.of(
                    begin(() -> StageClient.to(outer, 21), DataMode.PASV),
                    begin(() -> StageClient.to(outer, 21, secrets), DataMode.PASV))) {
                assertThat(each.join().failure()).isEmpty();
                assertThat(each.join().whole()).isTrue();
            }
        }
    }
}
