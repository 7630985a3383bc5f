package dev.portside.lab.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.cli.doctor.Cause;
import dev.portside.cli.doctor.Mode;
import dev.portside.cli.doctor.Place;
import dev.portside.protocol.PortRange;
import dev.portside.server.FtpServerNetwork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A gateway that lets in a part of the passive ports: which transfers work is chance. */
abstract class PartlyOpenStages {
    private static final int SAMPLES = 16;

    private static final String FIREWALL = """
            chain through {
              type filter hook forward priority filter;
              ct state established,related accept
              iifname "inside" accept
              goto stop
            }
            """;

    private static final String HALF = """
            chain through {
              type filter hook forward priority filter;
              ct state established,related accept
              iifname "inside" accept
              tcp dport { 21, 50000-50019 } accept
              goto stop
            }
            """;

    private final Stages stages = StagesTest.stages();

    @Test
    void halfOfTheRange_isNamedByTheDoctorAndNeverHoldsUpTheClientForLong() throws Exception {
        Stage stage = new Stage(stages, 41, Stage.Side.PUBLIC, FIREWALL, Stage.Side.PUBLIC, HALF);
        String server = stage.server();
        Secrets secrets = stages.secrets();
        stages.atServer(() -> StageServer.start(
                secrets, server, 21, FtpServerNetwork.builder().passivePorts(new PortRange(50_000, 50_039))));
        CompletableFuture<Diagnosed> diagnosed = stages.beginAtClient(() -> StageClient.examine(
                StageClient.to(server, 21), StageClient.trials(SAMPLES, null, Mode.EPSV, Mode.PASV_PEER)));
        List<CompletableFuture<Fetched>> all = new ArrayList<>();
        for (int i = 0; i < SAMPLES; i++) {
            all.add(stages.beginAtClient(() -> StageClient.get(StageClient.to(server, 21), Secrets.FILE)));
        }
        assertClients(all);

        Diagnosed.Told finding = diagnosed.join().finding(Cause.PASSIVE_RANGE_PARTLY_OPEN);
        assertThat(finding.places()).contains(Place.SERVER_GATEWAY).doesNotContain(Place.CLIENT_GATEWAY);
        assertThat(finding.change()).anySatisfy(line -> assertThat(line).matches(".*let these in too: .*500[23]\\d.*"));
        assertThat(diagnosed.join().problems()).containsExactly(Cause.PASSIVE_RANGE_PARTLY_OPEN);
    }

    private static void assertClients(List<CompletableFuture<Fetched>> all) {
        int held = 0;
        for (CompletableFuture<Fetched> each : all) {
            Fetched fetched = each.join();
            // Four modes at most, each with its time-out; and active mode, which the server gives up after 10 s.
            assertThat(fetched.took()).isLessThan(Duration.ofSeconds(30));
            if (!fetched.whole()) {
                assertThat(fetched.failure()).contains("EPSV: 229", "PASV: 227", "What to change:", "passive ports");
            }
            assertThat(fetched.next()).startsWith("200");
            held += fetched.attempts().isEmpty() ? 0 : 1;
        }
        assertThat(held).as("of 16, by chance").isBetween(1, SAMPLES - 1);
        assertThat(all).anyMatch(each -> each.join().whole());
    }
}
