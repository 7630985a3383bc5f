package dev.portside.server.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.server.Heard;
import dev.portside.testkit.ScriptedClient;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a client may take up: sessions, time, and guesses. */
class LimitsTest extends Conformance {
    private static final Duration SHORT = Duration.ofMillis(300);

    private final List<ScriptedClient> clients = new ArrayList<>();

    @AfterEach
    void closeClients() {
        clients.forEach(ScriptedClient::close);
    }

    private ScriptedClient connected() throws IOException {
        ScriptedClient client = ScriptedClient.connect(server.address());
        clients.add(client);
        return client;
    }

    private ScriptedClient loggedIn() throws IOException {
        ScriptedClient client = connected();
        client.expect(220);
        return client.login("alice", "open sesame");
    }

    private void assertThatOneMoreIsRefused() throws IOException {
        ScriptedClient refused = connected();
        refused.expect(421);
        refused.expectClosed();
    }

    @Test
    void sessionTooMany_is421_untilOneEnds() throws Exception {
        restart(options -> options.maxSessions(3));
        ScriptedClient first = loggedIn();
        loggedIn();
        loggedIn();
        assertThatOneMoreIsRefused();
        first.command("QUIT", 221);
        await("the session to end", () -> server.server().sessions().size() == 2);
        loggedIn();
        assertThatOneMoreIsRefused();
    }

    @Test
    void sessionTooManyOfAnAddress_is421_andAnotherAddressIsServed() throws Exception {
        restart(options -> options.maxSessionsPerAddress(2));
        loggedIn();
        loggedIn();
        assertThatOneMoreIsRefused();
        try (ScriptedClient other = ScriptedClient.connect(server.address(), STRANGER)) {
            other.expect(220);
            other.login("alice", "open sesame");
        }
    }

    @Test
    void sessionTooManyOfAUser_is421AtPass() throws Exception {
        restart(options -> options.maxSessionsPerUser(2));
        loggedIn();
        ScriptedClient second = loggedIn();
        ScriptedClient third = connected();
        third.expect(220);
        third.command("USER alice", 331);
        third.command("PASS open sesame", 421);
        third.expectClosed();
        second.command("REIN", 220);
        loggedIn();
    }

    @Test
    void sessionTooManyThatHasNotLoggedIn_is421_andWhoHasLoggedInCountsNoMore() throws Exception {
        restart(options -> options.maxSessionsNotLoggedIn(2));
        loggedIn();
        loggedIn();
        loggedIn();
        connected().expect(220);
        connected().expect(220);
        assertThatOneMoreIsRefused();
    }

    @Test
    void thirdWrongPassword_is421_andTheEnd() throws Exception {
        ScriptedClient client = connected();
        client.expect(220);
        for (int i = 0; i < 2; i++) {
            client.command("USER alice", 331);
            client.command("PASS wrong", 530);
        }
        client.command("USER alice", 331);
        client.send("PASS wrong", "USER alice", "PASS open sesame");
        client.expect(421);
        client.expectClosed();
    }

    @Test
    void unknownUser_isAnsweredAsAKnownOne() throws Exception {
        ScriptedClient client = connected();
        client.expect(220);
        String known = client.command("USER alice", 331).text();
        assertThat(client.command("USER who-is-this", 331).text()).isEqualTo(known);
        String unknownFailed = client.command("PASS x", 530).text();
        client.command("USER alice", 331);
        assertThat(client.command("PASS x", 530).text()).isEqualTo(unknownFailed);
    }

    @Test
    void wrongPasswordsOfAnAddress_shutItOut_andNobodyElse() throws Exception {
        restart(options -> options.maxFailedLoginsPerAddress(4, Duration.ofMinutes(1)));
        for (int i = 0; i < 2; i++) {
            try (ScriptedClient guesser = ScriptedClient.connect(server.address(), STRANGER)) {
                guesser.expect(220);
                guesser.command("USER alice", 331);
                guesser.command("PASS wrong", 530);
                guesser.command("USER alice", 331);
                guesser.command("PASS wrong", 530);
            }
        }
        try (ScriptedClient guesser = ScriptedClient.connect(server.address(), STRANGER)) {
            if (guesser.expect(220, 421).code().value() == 220) {
                guesser.command("USER alice", 331);
                guesser.command("PASS open sesame", 421, 530);
            }
        }
        loggedIn();
    }

    @Test
    void wrongPassword_isAnsweredLater_andDelaysNobodyElse() throws Exception {
        Duration delay = Duration.ofSeconds(2);
        restart(options -> options.loginDelay(delay));
        ScriptedClient guesser = connected();
        guesser.expect(220);
        guesser.command("USER alice", 331);
        long began = System.nanoTime();
        guesser.send("PASS wrong");
        loggedIn().command("PWD", 257);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(delay);
        guesser.expect(530);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(delay);
    }

    @Test
    void passwords_areInNoEvent() throws Exception {
        Heard heard = new Heard();
        restart(options -> options.listeners(heard));
        try (ScriptedClient client = connected()) {
            client.expect(220);
            client.command("USER alice", 331);
            client.command("PASS hunter2", 530);
            client.send("PASSWORD hunter2").readReply();
            client.send("PASD hunter2").readReply();
            client.send("pass  hunter2").readReply();
            client.sendRaw("PASS hun\rter2\r\n".getBytes(StandardCharsets.US_ASCII))
                    .expect(501);
            client.command("ACCT hunter2", 202, 502, 503);
            client.login("alice", "open sesame");
            client.command("QUIT", 221);
        }
        assertThat(heard.until("closed")).isNotEmpty().noneMatch(event -> event.contains("ter2"));
    }

    @Test
    void idleSession_is421() throws Exception {
        restart(options -> options.idleTimeout(SHORT));
        ScriptedClient client = loggedIn();
        client.expect(421);
        client.expectClosed();
    }

    @Test
    void idleSession_thatSendsHalfALine_is421() throws Exception {
        restart(options -> options.idleTimeout(SHORT));
        ScriptedClient client = loggedIn();
        client.sendRaw("NOO".getBytes(StandardCharsets.US_ASCII));
        client.expect(421);
        client.expectClosed();
    }

    @Test
    void drippingSession_is421_thoughItIsNeverSilent() throws Exception {
        restart(options -> options.idleTimeout(SHORT));
        ScriptedClient client = loggedIn();
        client.wait(Duration.ofMillis(20));
        long deadline = System.nanoTime() + ScriptedClient.WAIT.toNanos();
        while (true) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            try {
                client.sendRaw(new byte[] {'x'});
                client.expect(421);
                return;
            } catch (SocketTimeoutException goesOn) {
                // Not yet.
            } catch (SocketException closed) {
                return;
            }
        }
    }

    @Test
    void sessionThatDoesNotLogIn_is421_howeverBusyItIs() throws Exception {
        restart(options -> options.loginTimeout(SHORT));
        ScriptedClient silent = connected();
        silent.expect(220);
        ScriptedClient busy = connected();
        busy.expect(220);
        while (busy.command("NOOP").code().value() != 421) {
            // Still talking.
        }
        busy.expectClosed();
        silent.expect(421);
        silent.expectClosed();
    }

    @Test
    void transfer_isNoIdleTime() throws Exception {
        restart(options -> options.idleTimeout(SHORT));
        server.largeFile("large.bin");
        ScriptedClient client = loggedIn();
        try (Socket data = client.passive()) {
            client.command("RETR large.bin", 150);
            long end = System.nanoTime() + SHORT.multipliedBy(3).toNanos();
            await("three times the idle timeout", () -> System.nanoTime() > end);
            ScriptedClient.readAll(data);
        }
        client.expect(226);
        client.command("NOOP", 200);
    }

    @Test
    void clientThatNeverReadsItsReplies_isCutOff() throws Exception {
        restart(options -> options.replyStall(SHORT));
        ScriptedClient client = loggedIn();
        byte[] many = "HELP\r\n".repeat(10_000).getBytes(StandardCharsets.US_ASCII);
        long deadline = System.nanoTime() + ScriptedClient.WAIT.toNanos();
        try {
            while (true) {
                client.sendRaw(many);
                assertThat(System.nanoTime()).isLessThan(deadline);
            }
        } catch (SocketException cutOff) {
            await("the session to end", () -> server.server().sessions().isEmpty());
        }
    }

    @Test
    void fiveHundredConnections_openedAndDropped_leaveNothing() throws Exception {
        restart(options -> options.maxSessions(1000).maxSessionsPerAddress(1000).maxSessionsNotLoggedIn(1000));
        List<ScriptedClient> open = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            open.add(connected());
        }
        for (int i = 0; i < 500; i++) {
            ScriptedClient client = open.get(i);
            switch (i % 5) {
                case 0 -> client.close();
                case 1 -> client.closeWithReset();
                case 2 -> {
                    client.expect(220);
                    client.close();
                }
                case 3 -> {
                    client.send("USER alice");
                    client.closeWithReset();
                }
                default -> {
                    client.sendRaw("NOOP\r\nUSE".getBytes(StandardCharsets.US_ASCII));
                    client.close();
                }
            }
        }
        await("all sessions to end", () -> server.server().sessions().isEmpty());
    }

    @Test
    void fiveHundredConnections_thatSayNothing_keepNobodyOut() throws Exception {
        restart(options -> options.maxSessionsPerAddress(600).maxSessionsNotLoggedIn(600));
        for (int i = 0; i < 500; i++) {
            connected();
        }
        ScriptedClient client = loggedIn();
        client.command("TYPE I", 200);
        assertThat(client.download("RETR a.bin")).isEqualTo(CONTENT.bytes());
    }
}
