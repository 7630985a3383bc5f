package dev.portside.lab.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.cli.doctor.Cause;
import dev.portside.cli.doctor.Mode;
import dev.portside.cli.doctor.Place;
import dev.portside.client.DataMode;
import dev.portside.client.FtpClientOptions;
import dev.portside.protocol.PortRange;
import dev.portside.server.ClientNetwork;
import dev.portside.server.FtpServerNetwork;
import dev.portside.server.PeerCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Addresses that are other than they seem: inside, from outside, and on the way. */
abstract class AddressStages {
    private static final PortRange RANGE = new PortRange(50_000, 50_009);

    /** The gateway does not loop its outer address back to clients inside. */
    private static final String NO_HAIRPIN = """
            chain local {
              type filter hook input priority filter;
              iifname "lan" ct state new goto stop
            }
            """;

    /** It does: for the control port and the passive ports. */
    private static final String HAIRPIN = """
            chain destinations {
              type nat hook prerouting priority dstnat;
              ip daddr 203.0.113.2 tcp dport { 21, 50000-50009 } dnat ip to 10.100.2.2
            }
            chain sources {
              type nat hook postrouting priority srcnat;
              iifname "lan" ct status dnat snat ip to 10.100.2.1
            }
            """;

    /** The client's gateway takes one outer address for control connections and another one for the rest. */
    private static final String TWO_ADDRESSES = """
            chain sources {
              type nat hook postrouting priority srcnat;
              oifname "outside" tcp dport < 1024 snat ip to 198.51.100.3
              oifname "outside" snat ip to 198.51.100.103
            }
            """;

    /** As in front of containers: whoever connects has the gateway's address. */
    private static final String SOURCE_NAT = """
            chain destinations {
              type nat hook prerouting priority dstnat;
              iifname "outside" tcp dport { 21, 2121, 50000-50010 } dnat ip to 10.100.4.2
            }
            chain sources {
              type nat hook postrouting priority srcnat;
              oifname "inside" snat ip to 10.100.4.1
              oifname "outside" snat ip to 203.0.113.4
            }
            """;

    private final Stages stages = StagesTest.stages();

    @Test
    void inside_withoutHairpin_worksByTheAddressOfItsNetworkAndFailsByTheOuterOne() throws Exception {
        Stage stage = new Stage(stages, 1, Stage.Side.INSIDE, "", Stage.Side.NAT, NO_HAIRPIN);
        String outer = stage.outerServer();
        String server = stage.server();
        Secrets secrets = stages.secrets();
        stages.atServer(() -> StageServer.start(
                secrets,
                server,
                21,
                FtpServerNetwork.builder().passivePorts(RANGE).externalAddress(outer)));
        stages.atServer(() -> StageServer.start(
                secrets,
                server,
                2121,
                FtpServerNetwork.builder()
                        .passivePorts(new PortRange(50_010, 50_019))
                        .externalAddress(outer)
                        .externalAddress(ClientNetwork.parse("10.100.0.0/16"), "")));
        CompletableFuture<Diagnosed> diagnosed = stages.beginAtClient(() -> StageClient.examine(
                StageClient.to(server, 21), StageClient.trials(Mode.EPSV, Mode.PASV_PEER, Mode.PASV_NAMED)));

        CompletableFuture<Diagnosed> outside = stages.beginAtClient(() -> StageClient.examine(
                StageClient.to(outer, 21).connectTimeout(StageClient.PATIENCE), StageClient.trials(Mode.EPSV)));

        Fetched byOuter = stages.atClient(() -> StageClient.get(believing(server, 21), Secrets.FILE));
        assertThat(byOuter.whole()).isFalse();
        assertThat(byOuter.failure()).contains("PASV: 227", "had no answer", "227 names " + outer);
        assertThat(stage.serverGateway().stops())
                .anyMatch(stop -> stop.to().getAddress().getHostAddress().equals(outer));

        Fetched byInner = stages.atClient(() -> StageClient.get(believing(server, 2121), Secrets.FILE));
        assertThat(byInner.failure()).isEmpty();
        assertThat(byInner.whole()).isTrue();

        Diagnosed.Told finding = diagnosed.join().finding(Cause.OUTER_ADDRESS_INSIDE);
        assertThat(finding.places()).containsExactly(Place.SERVER);
        assertThat(finding.wrong()).contains(outer, server);
        assertThat(finding.change()).anyMatch(line -> line.contains("--external-address NETWORK=" + server));
        assertThat(outside.join().finding(Cause.NO_CONTROL_CONNECTION).places())
                .as("without hairpin there is not even a control connection by the outer address")
                .contains(Place.SERVER_GATEWAY);
    }

    @Test
    void inside_withHairpin_worksByTheOuterAddressAlone() throws Exception {
        Stage stage = new Stage(stages, 2, Stage.Side.INSIDE, "", Stage.Side.NAT, HAIRPIN);
        String outer = stage.outerServer();
        String server = stage.server();
        Secrets secrets = stages.secrets();
        stages.atServer(() -> StageServer.start(
                secrets,
                server,
                21,
                FtpServerNetwork.builder().passivePorts(RANGE).externalAddress(outer)));
        Fetched fetched = stages.atClient(() -> StageClient.get(believing(outer, 21), Secrets.FILE));
        assertThat(fetched.failure()).isEmpty();
        assertThat(fetched.whole()).isTrue();
        // The price of it: this is all that the server sees of its clients inside.
        assertThat(stages.awaitLog(server, 21, "transferFinished")).contains("\"remote\":\"" + stage.gateway());
    }

    @Test
    void dataFromAnotherAddress_isRefusedByExactAndTakenBySubnetAndByTlsSession() throws Exception {
        Stage stage = new Stage(stages, 3, Stage.Side.NAT, TWO_ADDRESSES, Stage.Side.PUBLIC, Stage.OPEN);
        String server = stage.server();
        Secrets secrets = stages.secrets();
        int port = 21;
        List<PeerCheck> checks = List.of(PeerCheck.EXACT, PeerCheck.SUBNET, PeerCheck.TLS_SESSION);
        for (PeerCheck check : checks) {
            int own = port + checks.indexOf(check);
            stages.atServer(() -> StageServer.start(
                    secrets, server, own, FtpServerNetwork.builder().peerCheck(check)));
        }
        int exactPort = port + checks.indexOf(PeerCheck.EXACT);
        int subnetPort = port + checks.indexOf(PeerCheck.SUBNET);
        int tlsPort = port + checks.indexOf(PeerCheck.TLS_SESSION);
        CompletableFuture<Diagnosed> diagnosed = stages.beginAtClient(() ->
                StageClient.examine(StageClient.to(server, exactPort), StageClient.trials(Mode.EPSV, Mode.PASV_PEER)));

        Fetched exact = stages.atClient(
                () -> StageClient.get(StageClient.to(server, exactPort).mode(DataMode.EPSV), Secrets.FILE));
        assertThat(exact.whole()).isFalse();
        assertThat(exact.failure()).contains("425", "another address than the control connection");
        assertThat(exact.next()).as("the session goes on").startsWith("200");
        assertThat(stages.awaitLog(server, exactPort, "strangerRefused"))
                .contains("\"stranger\":\"" + stage.otherOuterClient())
                .contains("\"remote\":\"" + stage.outerClient());

        Fetched subnet = stages.atClient(
                () -> StageClient.get(StageClient.to(server, subnetPort).mode(DataMode.EPSV), Secrets.FILE));
        assertThat(subnet.failure()).isEmpty();
        assertThat(subnet.whole()).isTrue();
        Fetched session = stages.atClient(
                () -> StageClient.get(StageClient.to(server, tlsPort, secrets).mode(DataMode.EPSV), Secrets.FILE));
        assertThat(session.failure()).isEmpty();
        assertThat(session.whole()).isTrue();

        Diagnosed.Told finding = diagnosed.join().finding(Cause.DATA_FROM_OTHER_ADDRESS);
        assertThat(finding.places()).contains(Place.CLIENT_GATEWAY);
        assertThat(finding.change()).anyMatch(line -> line.contains("--data-peer-check NETWORK=subnet"));
    }

    @Test
    void behindSourceNat_allClientsAreOneAddressAndPassiveModeWorks() throws Exception {
        Stage stage = new Stage(stages, 4, Stage.Side.PUBLIC, Stage.OPEN, Stage.Side.NAT, SOURCE_NAT);
        String outer = stage.outerServer();
        String server = stage.server();
        Secrets secrets = stages.secrets();
        stages.atServer(() -> StageServer.start(
                secrets,
                server,
                21,
                FtpServerNetwork.builder().passivePorts(RANGE).externalAddress(outer)));
        List<CompletableFuture<Fetched>> all = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            boolean tls = i % 2 == 0;
            all.add(stages.beginAtClient(() -> StageClient.get(
                    tls ? StageClient.to(outer, 21, secrets) : StageClient.to(outer, 21), Secrets.FILE)));
        }
        for (CompletableFuture<Fetched> each : all) {
            assertThat(each.join().failure()).isEmpty();
            assertThat(each.join().mode()).isEqualTo("EPSV");
        }
        assertThat(stages.awaitLog(server, 21, "transferFinished"))
                .contains("\"remote\":\"" + stage.gateway() + ":", "\"dataRemote\":\"" + stage.gateway() + ":");
        stages.atServer(() -> StageServer.start(
                secrets, server, 2121, FtpServerNetwork.builder().passivePorts(new PortRange(50_010, 50_010))));
        List<CompletableFuture<Fetched>> overOnePort = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            overOnePort.add(stages.beginAtClient(
                    () -> StageClient.get(StageClient.to(outer, 2121, secrets).mode(DataMode.EPSV), Secrets.FILE)));
        }
        for (CompletableFuture<Fetched> each : overOnePort) {
            assertThat(each.join().failure())
                    .as("the TLS session tells whose it is")
                    .isEmpty();
        }
        Fetched active =
                stages.atClient(() -> StageClient.get(StageClient.to(outer, 21).mode(DataMode.PORT), Secrets.FILE));
        assertThat(active.failure()).contains("504 PORT: only to the address that you come from, " + stage.gateway());
    }

    @Test
    void nameOfTheExternalAddress_isLookedUpAgainAndNeverWaitedFor() throws Exception {
        Stage stage = new Stage(stages, 5, Stage.Side.PUBLIC, Stage.OPEN, Stage.Side.PUBLIC, Stage.OPEN);
        String server = stage.server();
        Secrets secrets = stages.secrets();
        stages.atServer(() -> NameServer.start("192.0.2.1"));
        stages.atServer(() -> StageServer.start(
                secrets,
                server,
                21,
                FtpServerNetwork.builder()
                        .passivePorts(RANGE)
                        .externalAddress("ftp.example.test")
                        .externalRefresh(Duration.ofSeconds(1))));
        awaitPasv(server, "(192,0,2,1,");
        stages.atServer(() -> NameServer.answerWith("192.0.2.2"));
        awaitPasv(server, "(192,0,2,2,");

        assertThat(stages.atServer(NameServer::fallSilent)).isTrue();
        long began = System.nanoTime();
        assertThat(stages.atClient(() -> StageClient.pasv(StageClient.to(server, 21))))
                .startsWith("227")
                .contains("(192,0,2,2,");
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
        assertThat(stages.awaitLog(server, 21, "\"event\":\"warning\""))
                .contains("ftp.example.test", "cannot be looked up", "192.0.2.2 stays in use");
    }

    /** The server looks the name up each second. */
    private void awaitPasv(String server, String part) throws Exception {
        long began = System.nanoTime();
        String said;
        do {
            said = stages.atClient(() -> StageClient.pasv(StageClient.to(server, 21)));
        } while (!said.contains(part)
                && System.nanoTime() - began < Duration.ofSeconds(15).toNanos());
        assertThat(said).contains(part);
    }

    private static FtpClientOptions.Builder believing(String server, int port) {
        return StageClient.to(server, port).mode(DataMode.PASV).trustPassiveAddress(true);
    }
}
