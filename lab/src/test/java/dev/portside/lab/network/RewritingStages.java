package dev.portside.lab.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.cli.doctor.Cause;
import dev.portside.cli.doctor.DoctorOptions;
import dev.portside.cli.doctor.Place;
import dev.portside.client.DataMode;
import dev.portside.client.FtpClientOptions;
import dev.portside.protocol.PortRange;
import dev.portside.server.ClientNetwork;
import dev.portside.server.FtpServerNetwork;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Gateways that read control connections, and change what they read; and one that gets it wrong. */
// The rules of a gateway, with a name and a comment, are easier to read than inside a test.
@SuppressWarnings("InlineFormatString")
abstract class RewritingStages {
    private static final PortRange RANGE = new PortRange(50_000, 50_009);

    /** NAT with a mapped control port, whose helper reads it and opens the rest. */
    private static final String SERVER_NAT = """
            ct helper ftp {
              type "ftp" protocol tcp;
            }
            chain helpers {
              type filter hook prerouting priority filter;
              tcp dport %2$s ct helper set "ftp"
            }
            chain destinations {
              type nat hook prerouting priority dstnat;
              iifname "outside" tcp dport %2$s dnat ip to 10.100.%1$s.2
            }
            chain sources {
              type nat hook postrouting priority srcnat;
              oifname "outside" snat ip to 203.0.113.%1$s
            }
            chain through {
              type filter hook forward priority filter;
              ct state established,related accept
              iifname "inside" accept
              ct status dnat accept
              goto stop
            }
            """;

    /** NAT, whose helper rewrites PORT and lets the server's connection in. */
    private static final String CLIENT_NAT = """
            ct helper ftp {
              type "ftp" protocol tcp;
            }
            chain helpers {
              type filter hook prerouting priority filter;
              tcp dport 2121 ct helper set "ftp"
            }
            chain sources {
              type nat hook postrouting priority srcnat;
              oifname "outside" snat ip to 198.51.100.%s
            }
            chain through {
              type filter hook forward priority filter;
              ct state established,related accept
              iifname "inside" accept
              goto stop
            }
            """;

    /** Control connections go to the program that changes replies, the rest to the server. */
    private static final String WRONG = """
            chain destinations {
              type nat hook prerouting priority dstnat;
              iifname "outside" tcp dport 21 dnat ip to 10.100.%1$s.2:2100
              iifname "outside" dnat ip to 10.100.%1$s.2
            }
            chain sources {
              type nat hook postrouting priority srcnat;
              oifname "outside" snat ip to 203.0.113.%1$s
            }
            """;

    private final Stages stages = StagesTest.stages();

    private static DoctorOptions usual() {
        return DoctorOptions.of(Secrets.USER, Secrets.PASSWORD);
    }

    /** Nothing but the control port is mapped: without the helper no data connection would come about. */
    @Test
    void helperAtTheServersGateway_rewrites227AndTheDoctorSeesWhatWasSent() throws Exception {
        for (int port : new int[] {21, 2121}) {
            int number = port == 21 ? 11 : 12;
            Stage stage = new Stage(
                    stages, number, Stage.Side.PUBLIC, Stage.OPEN, Stage.Side.NAT, SERVER_NAT.formatted(number, port));
            String server = stage.server();
            String outer = stage.outerServer();
            Secrets secrets = stages.secrets();
            stages.atServer(() -> StageServer.start(
                    secrets,
                    server,
                    port,
                    FtpServerNetwork.builder().passivePorts(RANGE).siteSeen(true)));
            Fetched believed = stages.atClient(() -> StageClient.get(
                    StageClient.to(outer, port).mode(DataMode.PASV).trustPassiveAddress(true), Secrets.FILE));
            assertThat(believed.failure()).isEmpty();
            assertThat(believed.whole()).isTrue();
            Diagnosed diagnosed = stages.atClient(() -> StageClient.examine(StageClient.to(outer, port), usual()));
            assertThat(diagnosed.finding(Cause.REWRITTEN_BY_GATEWAY).places()).contains(Place.SERVER_GATEWAY);
            assertThat(diagnosed.evidence(Cause.REWRITTEN_BY_GATEWAY))
                    .anySatisfy(line -> assertThat(line)
                            .matches(".*227 named " + server + ":500\\d\\d when it was sent, and " + outer
                                    + ":500\\d\\d when it arrived"));
        }
    }

    @Test
    void helperAtTheClientsGateway_rewritesPortOnAnotherPortThan21Too() throws Exception {
        Stage stage = new Stage(stages, 13, Stage.Side.NAT, CLIENT_NAT.formatted(13), Stage.Side.PUBLIC, Stage.OPEN);
        String server = stage.server();
        String client = stage.client();
        Secrets secrets = stages.secrets();
        stages.atServer(() -> StageServer.start(
                secrets, server, 2121, FtpServerNetwork.builder().siteSeen(true)));
        for (DataMode mode : new DataMode[] {DataMode.PORT, DataMode.EPRT}) {
            Fetched fetched = stages.atClient(
                    () -> StageClient.get(StageClient.to(server, 2121).mode(mode), Secrets.FILE));
            assertThat(fetched.failure()).isEmpty();
            assertThat(fetched.whole()).isTrue();
        }
        Diagnosed diagnosed = stages.atClient(() -> StageClient.examine(StageClient.to(server, 2121), usual()));
        assertThat(diagnosed.evidence(Cause.REWRITTEN_BY_GATEWAY))
                .anySatisfy(line -> assertThat(line)
                        .matches(".*PORT named " + client + ":\\d+ when it was sent, and " + stage.outerClient()
                                + ":\\d+ when it arrived"));
        assertThat(diagnosed.problems()).isEmpty();
    }

    private static UnaryOperator<String> in227(String from, String to) {
        return line -> line.startsWith("227 ") ? line.replaceAll(from, to) : line;
    }

    /** A PASV that goes to another address is no harm to a client that does not follow it. */
    @Test
    void gatewayThatWritesAWrongAddress_isSurvivedByPasvAndNamedByTheDoctor() throws Exception {
        Stage stage = new Stage(stages, 14, Stage.Side.PUBLIC, Stage.OPEN, Stage.Side.NAT, WRONG.formatted(14));
        String server = stage.server();
        String outer = stage.outerServer();
        startBehind(server, outer);
        stages.atServer(() -> RewritingGateway.start(server, 2100, server, 21, in227("203,0,113,14", "203,0,113,77")));
        Fetched fetched = stages.atClient(() -> StageClient.get(passive(outer), Secrets.FILE));
        assertThat(fetched.failure()).isEmpty();
        assertThat(fetched.whole()).isTrue();
        Diagnosed diagnosed = stages.atClient(() -> StageClient.examine(StageClient.to(outer, 21), usual()));
        assertThat(diagnosed.evidence(Cause.REWRITTEN_BY_GATEWAY))
                .anySatisfy(line -> assertThat(line)
                        .matches(
                                ".*227 named 203.0.113.14:500\\d\\d when it was sent, and 203.0.113.77:500\\d\\d when it"
                                        + " arrived"));
    }

    @Test
    void gatewayThatWritesAWrongPort_isSurvivedByAutoAndToldByPasv() throws Exception {
        Stage stage = new Stage(stages, 15, Stage.Side.PUBLIC, Stage.OPEN, Stage.Side.NAT, WRONG.formatted(15));
        String server = stage.server();
        String outer = stage.outerServer();
        startBehind(server, outer);
        stages.atServer(() -> RewritingGateway.start(server, 2100, server, 21, in227("\\d+,\\d+\\)", "200,1)")));
        Fetched pasv = stages.atClient(() -> StageClient.get(passive(outer), Secrets.FILE));
        assertThat(pasv.failure()).contains("PASV: 227", "the connection to " + outer + ":51201 was refused");
        assertThat(pasv.took()).isLessThan(Duration.ofSeconds(10));
        assertThat(pasv.next()).as("the session goes on").startsWith("200");
        Fetched auto = stages.atClient(() -> StageClient.get(StageClient.to(outer, 21), Secrets.FILE));
        assertThat(auto.failure()).isEmpty();
        assertThat(auto.mode()).isEqualTo("EPSV");
        Diagnosed diagnosed = stages.atClient(() -> StageClient.examine(StageClient.to(outer, 21), usual()));
        assertThat(diagnosed.evidence(Cause.REWRITTEN_BY_GATEWAY))
                .anySatisfy(line -> assertThat(line).endsWith(outer + ":51201 when it arrived"));
    }

    @Test
    void gatewayThatSpoils227AndKnowsNoEpsv_isSurvivedByAutoInActiveMode() throws Exception {
        Stage stage = new Stage(stages, 16, Stage.Side.PUBLIC, Stage.OPEN, Stage.Side.NAT, WRONG.formatted(16));
        String server = stage.server();
        String outer = stage.outerServer();
        startBehind(server, outer);
        stages.atServer(() -> RewritingGateway.start(
                server,
                2100,
                server,
                21,
                line -> line.startsWith("229 ")
                        ? "500 Command not understood"
                        : in227("\\(.*", "(203,0,113,16,195)").apply(line)));
        Fetched pasv = stages.atClient(() -> StageClient.get(passive(outer), Secrets.FILE));
        assertThat(pasv.failure()).contains("PASV: 227", "a gateway in between rewrites it");
        Fetched auto = stages.atClient(() -> StageClient.get(StageClient.to(outer, 21), Secrets.FILE));
        assertThat(auto.failure()).isEmpty();
        assertThat(auto.mode()).isEqualTo("EPRT");
        assertThat(auto.attempts()).hasSize(2);
        Diagnosed diagnosed = stages.atClient(() -> StageClient.examine(StageClient.to(outer, 21), usual()));
        assertThat(diagnosed.finding(Cause.PASV_MALFORMED).places())
                .contains(Place.SERVER_GATEWAY, Place.CLIENT_GATEWAY);
        assertThat(diagnosed.finding(Cause.EPSV_REFUSED).places()).contains(Place.SERVER_GATEWAY);
    }

    private static FtpClientOptions.Builder passive(String server) {
        return StageClient.to(server, 21).mode(DataMode.PASV);
    }

    /** The program that changes replies runs beside the server, and tells it who the clients are. */
    private void startBehind(String server, String outer) throws Exception {
        Secrets secrets = stages.secrets();
        stages.atServer(() -> StageServer.start(
                secrets,
                server,
                21,
                FtpServerNetwork.builder()
                        .passivePorts(RANGE)
                        .externalAddress(outer)
                        .proxies(ClientNetwork.parse(server))
                        .siteSeen(true)));
    }
}
