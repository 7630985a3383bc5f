package dev.portside.lab.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.cli.doctor.Cause;
import dev.portside.cli.doctor.Mode;
import dev.portside.cli.doctor.Place;
import dev.portside.client.FtpClientOptions;
import dev.portside.lab.peer.Programs;
import dev.portside.protocol.PortRange;
import dev.portside.protocol.RepresentationType;
import dev.portside.server.FtpServerNetwork;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * A gateway that forgets connections after some seconds in which nothing moves, so that the control connection is gone when a
 * long transfer ends. All stages begin at once: each has its gateway, and a slow way to the client.
 */
abstract class ForgetfulStages {
    /** As in {@link #FORGETS}. */
    private static final int REMEMBERS_SECONDS = 4;

    private static final Duration WAITS_FOR_226 = Duration.ofSeconds(2);

    /** Only of control connections: a data connection that a busy machine holds up is no part of this. */
    private static final String FORGETS = """
            ct timeout soon {
              protocol tcp
              l3proto ip
              policy = { established : 4 }
            }
            chain forgets {
              type filter hook prerouting priority filter;
              tcp dport 21 ct timeout set "soon"
            }
            """;

    /** What is forgotten is dropped, both ways. */
    private static final String DROPS = FORGETS + """
            chain through {
              type filter hook forward priority filter;
              ct state established,related accept
              ct state new iifname "inside" accept
              goto stop
            }
            """;

    /** What is forgotten is answered by a reset, both ways. */
    private static final String RESETS = FORGETS + """
            chain through {
              type filter hook forward priority filter;
              ct state established,related accept
              ct state new iifname "inside" accept
              meta l4proto tcp reject with tcp reset
            }
            """;

    private static CompletableFuture<Fetched> noop;
    private static CompletableFuture<Fetched> nothing;
    private static CompletableFuture<Fetched> sizeNotKnown;
    private static CompletableFuture<Fetched> noopTooLate;
    private static CompletableFuture<Diagnosed> diagnosed;

    /** Begins them all: they take 10 s, in which the others have their turn. */
    static void begin(Stages stages) throws Exception {
        String first = forgetful(stages, 21, DROPS);
        noop = begin(stages, () -> to(first).keepAliveInterval(Duration.ofSeconds(1)));
        String second = forgetful(stages, 22, DROPS);
        nothing = begin(stages, () -> to(second));
        String third = forgetful(stages, 23, DROPS);
        sizeNotKnown = begin(stages, () -> to(third).type(RepresentationType.ASCII));
        String fourth = forgetful(stages, 24, RESETS);
        noopTooLate = begin(stages, () -> to(fourth).keepAliveInterval(Duration.ofSeconds(REMEMBERS_SECONDS + 2)));
        String fifth = forgetful(stages, 25, DROPS);
        diagnosed = stages.beginAtClient(() -> StageClient.examine(
                to(fifth), StageClient.trials(0, Duration.ofSeconds(REMEMBERS_SECONDS + 2), Mode.EPSV)));
    }

    private static CompletableFuture<Fetched> begin(Stages stages, Task<FtpClientOptions.Builder> options)
            throws Exception {
        return stages.beginAtClient(() -> StageClient.get(options.run(), StageServer.LARGE));
    }

    private static FtpClientOptions.Builder to(String server) {
        return StageClient.to(server, 21)
                .completionTimeout(WAITS_FOR_226)
                .replyTimeout(Duration.ofSeconds(5))
                .dataConnectTimeout(Duration.ofSeconds(5));
    }

    /** A server behind such a gateway, to which the way is slow: {@link StageServer#LARGE} takes 10 s. */
    private static String forgetful(Stages stages, int number, String rules) throws Exception {
        Stage stage = new Stage(stages, number, Stage.Side.PUBLIC, rules, Stage.Side.PUBLIC, Stage.OPEN);
        stage.clientGateway().namespace().set("net/netfilter/nf_conntrack_tcp_loose=0");
        stage.clientGateway()
                .namespace()
                .shell(Programs.client("tc") + " qdisc add dev inside root tbf rate 1mbit burst 32kb latency 400ms");
        String server = stage.server();
        Secrets secrets = stages.secrets();
        stages.atServer(() -> StageServer.start(
                secrets, server, 21, FtpServerNetwork.builder().passivePorts(new PortRange(50_000, 50_009))));
        return server;
    }

    /** Nobody knows that this is about the gateway unless the transfer outlives its memory. */
    private static void assertLong(Fetched fetched) {
        assertThat(fetched.took()).isGreaterThan(Duration.ofSeconds(REMEMBERS_SECONDS + 1));
    }

    @Test
    void noopDuringTheTransfer_keepsTheControlConnection() {
        Fetched fetched = noop.join();
        assertThat(fetched.failure()).isEmpty();
        assertLong(fetched);
        assertThat(fetched.whole()).isTrue();
        assertThat(fetched.completion()).startsWith("226");
        assertThat(fetched.proof()).isEqualTo("REPLY");
        assertThat(fetched.next()).startsWith("200");
    }

    @Test
    void withoutAWord_theFileIsWholeByItsSizeAndTheClientSaysThatThe226DidNotCome() throws Exception {
        Fetched fetched = nothing.join();
        assertThat(fetched.failure()).isEmpty();
        assertLong(fetched);
        assertThat(fetched.whole()).isTrue();
        assertThat(fetched.completion()).isEmpty();
        assertThat(fetched.proof()).isEqualTo("SIZE");
        assertThat(fetched.next()).contains("RETR large.bin: the final reply did not come within 2 s");
        assertThat(fetched.took()).isLessThan(Duration.ofSeconds(40));
        StagesTest.stages().awaitLog("203.0.113.22", 21, "\"event\":\"transferFinished\"");
    }

    /** In TYPE A nobody knows how many bytes are to come: then it is not said that they came. */
    @Test
    void withoutAWordAndWithoutASize_theClientFailsAndSaysHowManyBytesCame() {
        Fetched fetched = sizeNotKnown.join();
        assertLong(fetched);
        assertThat(fetched.whole()).isTrue();
        assertThat(fetched.failure())
                .isEqualTo(
                        "RETR large.bin: completion not confirmed after 1250000 bytes: RETR large.bin: the final reply"
                                + " did not come within 2 s");
    }

    @Test
    void gatewayThatResets_costsTheControlConnectionAndNotTheFile() {
        Fetched fetched = noopTooLate.join();
        assertThat(fetched.failure()).isEmpty();
        assertLong(fetched);
        assertThat(fetched.whole()).isTrue();
        assertThat(fetched.completion()).isEmpty();
        assertThat(fetched.proof()).isEqualTo("SIZE");
        assertThat(fetched.next()).contains("reset");
    }

    @Test
    void doctor_namesTheGatewayThatForgets() {
        Diagnosed.Told finding = diagnosed.join().finding(Cause.IDLE_CONNECTION_FORGOTTEN);
        assertThat(finding.places()).contains(Place.CLIENT_GATEWAY);
        assertThat(finding.wrong()).contains("does not survive 6");
        assertThat(finding.change()).anyMatch(line -> line.contains("NOOP"));
    }
}
