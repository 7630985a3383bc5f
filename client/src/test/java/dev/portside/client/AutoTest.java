package dev.portside.client;

import static dev.portside.client.Clients.SHORT;
import static dev.portside.client.Clients.download;
import static dev.portside.client.Clients.loggedIn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portside.client.FtpDataConnectionException.Attempt;
import dev.portside.client.FtpDataConnectionException.Outcome;
import dev.portside.testkit.Content;
import dev.portside.testkit.Fault;
import dev.portside.testkit.LeakCheckExtension;
import dev.portside.testkit.ScriptedServer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** AUTO succeeds wherever a mode can work, in a bounded time, and at once the next time. */
@SuppressWarnings("try")
@ExtendWith(LeakCheckExtension.class)
class AutoTest {
    private static final byte[] BYTES = new Content(100_000, 4).bytes();
    /** What an attempt may take beyond its limits, on a machine that is busy. */
    private static final Duration SLACK = Duration.ofSeconds(5);

    private final Events events = new Events();

    /** What the others of {@link Clients.Recorder} leave out. */
    private static final class Events implements FtpClientListener {
        private final List<String> again = new CopyOnWriteArrayList<>();

        @Override
        public void connectedAgain(String reason) {
            again.add(reason);
        }
    }

    private static ScriptedServer.Script script(Fault... faults) {
        ScriptedServer.Script script = ScriptedServer.script().file("a", BYTES);
        for (Fault fault : faults) {
            script.fault(fault);
        }
        return script;
    }

    /** Only active mode can work. */
    private static ScriptedServer.Script withoutPassive() {
        return script(Fault.EPSV_REFUSED, Fault.PASV_REFUSED);
    }

    private FtpClient client(ScriptedServer server) throws IOException {
        return loggedIn(
                server,
                options -> options.dataConnectTimeout(SHORT).abortTimeout(SHORT).listener(events));
    }

    private static FtpDataConnectionException failure(FtpClient client) {
        FtpDataConnectionException failure =
                catchThrowableOfType(FtpDataConnectionException.class, () -> client.retrieve("a"));
        assertThat(failure).isNotNull();
        return failure;
    }

    private static List<String> verbsOf(ScriptedServer server, Operation operation) throws IOException {
        int before = server.verbs().size();
        operation.run();
        return server.verbs().subList(before, server.verbs().size());
    }

    private interface Operation {
        void run() throws IOException;
    }

    /** The ways in which a command comes to nothing. */
    enum Manner {
        REFUSED,
        DROPPED,
        CONTROL_RESET,
        CONTROL_HANGS;

        void spoil(ScriptedServer.Script script, String verb) {
            boolean passive = verb.equals("EPSV") || verb.equals("PASV");
            switch (this) {
                case REFUSED -> script.replyOnce(verb, "502 no");
                case DROPPED -> {
                    if (passive) {
                        script.fault(Fault.PASSIVE_BLACK_HOLE, verb);
                    } else {
                        // As vsftpd: tries to connect, and does nothing else for a minute.
                        script.replyOnce(verb, "200 okay").once("RETR", (session, line) -> session.awaitEnd());
                    }
                }
                case CONTROL_RESET -> script.once(verb, (session, line) -> session.reset());
                case CONTROL_HANGS -> script.once(verb, (session, line) -> session.awaitEnd());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void whateverWorks_isFound_andIsTheFirstTheNextTime(Manner manner) throws Exception {
        List<String> verbs = List.of("EPSV", "PASV", "EPRT", "PORT");
        for (int working = 1; working < verbs.size(); working++) {
            ScriptedServer.Script script = script();
            verbs.subList(0, working).forEach(verb -> manner.spoil(script, verb));
            try (ScriptedServer server = script.start();
                    FtpClient client = loggedIn(
                            server,
                            options -> options.dataConnectTimeout(SHORT)
                                    .abortTimeout(SHORT)
                                    .replyTimeout(manner == Manner.CONTROL_HANGS ? SHORT : Clients.SOON))) {
                assertThat(download(client, "a")).isEqualTo(BYTES);
                assertThat(server.verbs()).containsSubsequence(verbs.subList(0, working + 1));
                assertThat(verbsOf(server, () -> download(client, "a"))).containsExactly(verbs.get(working), "RETR");
                FtpClientOptions options = Clients.options(server).build();
                try (FtpClient next = FtpClient.connect(options)) {
                    next.login();
                    assertThat(verbsOf(server, () -> download(next, "a")))
                            .containsExactly("TYPE", verbs.get(working), "RETR");
                }
            }
        }
    }

    // The time it takes

    @Test
    void whenNothingWorks_eachAttemptTakesItsTime_andTheNextTransferNone() throws Exception {
        try (ScriptedServer server = script(Fault.PASSIVE_BLACK_HOLE, Fault.ACTIVE_NEVER_CONNECTS)
                        .start();
                FtpClient client = client(server)) {
            assertThat(failure(client).attempts())
                    .hasSize(4)
                    .allSatisfy(attempt -> assertThat(attempt.outcome()).isEqualTo(Outcome.TIMED_OUT))
                    .allSatisfy(attempt -> assertThat(attempt.duration()).isLessThan(SHORT.plus(SLACK)));
            assertThat(verbsOf(
                            server,
                            () -> assertThat(failure(client))
                                    .hasMessageContaining("ago, and is tried again when that is 60 s")
                                    .hasMessageContaining("Passive: nothing answers at ")))
                    .isEmpty();
            assertThat(client.size("a")).isEqualTo(BYTES.length);
        }
    }

    @Test
    void aServerThatSays425MuchLater_isNotWaitedFor() throws Exception {
        try (ScriptedServer server = withoutPassive()
                        .replyOnce("EPRT", "200 okay")
                        .once("RETR", (session, line) -> {
                            session.expect("ABOR");
                            session.send("425 cannot connect", "225 nothing to abort");
                        })
                        .start();
                FtpClient client = client(server)) {
            assertThat(download(client, "a")).isEqualTo(BYTES);
            assertThat(server.sessions()).isEqualTo(1);
            assertThat(server.verbs()).endsWith("EPRT", "RETR", "ABOR", "PORT", "RETR");
        }
    }

    @Test
    void aServerThatDropsThePassiveConnection_andSaysNothing_isNotWaitedFor() throws Exception {
        try (ScriptedServer server = script().once("RETR", (session, line) -> {
                            session.data().open();
                            session.data().close();
                            session.expect("ABOR");
                            session.send("425 you are not the one", "225 nothing to abort");
                        })
                        .start();
                FtpClient client = client(server)) {
            assertThat(download(client, "a")).isEqualTo(BYTES);
            assertThat(server.verbs()).endsWith("EPSV", "RETR", "ABOR", "PASV", "RETR");
        }
    }

    @Test
    void aServerThatTakesItsTimeToBegin_isWaitedFor() throws Exception {
        try (ScriptedServer server = script().once("RETR", (session, line) -> {
                            assertThat(new CountDownLatch(1).await(SHORT.toMillis() * 3, TimeUnit.MILLISECONDS))
                                    .isFalse();
                            session.send("150 from the tape");
                            session.data().send(BYTES);
                            session.data().close();
                            session.send("226 done");
                        })
                        .start();
                FtpClient client = client(server)) {
            assertThat(download(client, "a")).isEqualTo(BYTES);
            assertThat(server.verbs()).doesNotContain("ABOR", "PASV");
        }
    }

    @Test
    void aServerThatSendsBeforeItSays150_losesNoByte() throws Exception {
        try (ScriptedServer server = script().once("RETR", (session, line) -> {
                            session.data().send(BYTES);
                            session.data().close();
                            assertThat(new CountDownLatch(1).await(SHORT.toMillis() * 3, TimeUnit.MILLISECONDS))
                                    .isFalse();
                            session.send("226 done");
                        })
                        .start();
                FtpClient client = client(server)) {
            assertThat(download(client, "a")).isEqualTo(BYTES);
            assertThat(server.verbs()).doesNotContain("ABOR", "PASV");
        }
    }

    // The control connection is lost

    @Test
    void anotherControlConnection_isWhereTheOneBeforeWas_andTheListenerKnows() throws Exception {
        try (ScriptedServer server = withoutPassive()
                        .replyOnce("EPRT", "200 okay")
                        .once("RETR", (session, line) -> session.awaitEnd())
                        .file("sub/a", BYTES)
                        .start();
                FtpClient client = client(server)) {
            client.changeDirectory("/sub");
            assertThat(download(client, "a")).isEqualTo(BYTES);
            assertThat(server.sessions()).isEqualTo(2);
            assertThat(server.commands())
                    .containsSubsequence("ABOR", "USER user", "PASS secret", "CWD /sub", "TYPE I", "RETR a");
            assertThat(events.again)
                    .containsExactly("a gateway or the server did not bear EPRT: connected again to try what is left");
        }
    }

    @Test
    void whenEveryCommandCostsTheConnection_thereIsAnEnd() throws Exception {
        ScriptedServer.Script script = script();
        for (String verb : List.of("EPSV", "PASV", "EPRT", "PORT")) {
            script.on(verb, (session, line) -> session.reset());
        }
        try (ScriptedServer server = script.start();
                FtpClient client = client(server)) {
            assertThat(failure(client))
                    .hasMessageContaining("lost behind ")
                    .extracting(failure ->
                            failure.attempts().stream().map(Attempt::outcome).toList())
                    .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
                    .contains(Outcome.CONTROL_CONNECTION_LOST);
            assertThat(server.sessions()).isEqualTo(4);
            assertThat(client.isOpen()).isFalse();
        }
    }

    @Test
    void whenThereIsNoOtherConnection_theMessageSaysWhatWasNotTried() throws Exception {
        try (ScriptedServer server = script().replyOnce("USER", "331 password")
                        .reply("USER", "530 no more")
                        .on("EPSV", (session, line) -> session.reset())
                        .start();
                FtpClient client = client(server)) {
            FtpDataConnectionException failure = failure(client);
            assertThat(failure.attempts())
                    .extracting(Attempt::outcome)
                    .containsExactly(
                            Outcome.CONTROL_CONNECTION_LOST, Outcome.NOT_TRIED, Outcome.NOT_TRIED, Outcome.NOT_TRIED);
            assertThat(failure)
                    .hasMessageContaining("PASV: not tried: the control connection is gone")
                    .hasMessageContaining("The control connection was lost behind EPSV. A gateway or firewall");
            assertThat(client.isOpen()).isFalse();
        }
    }

    @Test
    void aModeThatWasDemanded_isNotTriedOverAnotherConnection() throws Exception {
        try (ScriptedServer server =
                        script().on("EPSV", (session, line) -> session.reset()).start();
                FtpClient client = loggedIn(server, options -> options.mode(DataMode.PASSIVE))) {
            assertThat(failure(client).attempts())
                    .extracting(Attempt::outcome)
                    .containsExactly(Outcome.CONTROL_CONNECTION_LOST, Outcome.NOT_TRIED);
            assertThat(server.sessions()).isEqualTo(1);
        }
    }
}
