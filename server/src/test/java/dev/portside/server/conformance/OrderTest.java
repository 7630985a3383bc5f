package dev.portside.server.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.testkit.ScriptedClient;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Which reply belongs to which command, where a command takes its time. */
class OrderTest extends Conformance {
    /** Until 150 has come, the client cannot know that another reply is not the one to its transfer. */
    @Test
    void noopAndStat_areNotAnsweredBeforeThe150OfTheTransferInFrontOfThem() throws Exception {
        try (ScriptedClient client = server.login()) {
            InetSocketAddress port = client.epsv();
            client.send("RETR a.bin", "NOOP", "STAT");
            await(
                    "the commands to be read",
                    () -> server.server().sessions().stream()
                            .allMatch(session -> session.command().equals("RETR a.bin")));
            try (Socket data = client.connectData(port)) {
                assertThat(client.readReply().code().value()).isEqualTo(150);
                assertThat(ScriptedClient.readAll(data)).isEqualTo(CONTENT.bytes());
            }
            client.expect(200, 226);
            client.expect(200, 211, 226);
            client.expect(211, 226);
        }
    }

    @Test
    void noop_isAnsweredBehindAHash_whichHasNoPreliminaryReply() throws Exception {
        server.largeFile("large.bin");
        try (ScriptedClient client = server.login()) {
            client.send("HASH large.bin", "NOOP", "XCRC large.bin", "STAT");
            assertThat(client.readReply().code().value()).isEqualTo(213);
            assertThat(client.readReply().code().value()).isEqualTo(200);
            assertThat(client.readReply().code().value()).isEqualTo(250);
            assertThat(client.readReply().code().value()).isEqualTo(211);
        }
    }

    @Test
    void abor_isHeardBehindCommandsThatWaitForThe150() throws Exception {
        try (ScriptedClient client = server.login()) {
            client.epsv();
            client.send("RETR a.bin", "NOOP", "STAT", "ABOR");
            client.expect(425, 426);
            client.expect(200);
            client.expect(211);
            client.expect(226);
        }
    }

    @Test
    void noops_moreThanCanBeKeptWaiting_areAllAnswered_behindTheHash() throws Exception {
        server.largeFile("large.bin");
        int count = 500;
        try (ScriptedClient client = server.login()) {
            client.send("HASH large.bin");
            client.sendRaw("NOOP\r\n".repeat(count).getBytes(StandardCharsets.US_ASCII));
            assertThat(client.readReply().code().value()).isEqualTo(213);
            for (int i = 0; i < count; i++) {
                client.expect(200);
            }
            client.command("PWD", 257);
        }
    }

    @Test
    void abor_ofAHash_isHeardAtOnce() throws Exception {
        server.largeFile("large.bin");
        try (ScriptedClient client = server.login()) {
            client.send("HASH large.bin", "ABOR");
            client.expect(426, 213);
            client.expect(226);
        }
    }

    /** Whoever always has another command under way is never waited for. */
    @Test
    void clientThatPipelinesWithoutEnd_hasToLogInInTime() throws Exception {
        restart(options -> options.loginTimeout(Duration.ofMillis(300)));
        byte[] many = "NOOP\r\n".repeat(2000).getBytes(StandardCharsets.US_ASCII);
        AtomicBoolean over = new AtomicBoolean();
        try (ScriptedClient client = server.connect()) {
            Thread flood = Thread.startVirtualThread(() -> {
                try {
                    while (!over.get()) {
                        client.sendRaw(many);
                    }
                } catch (IOException closed) {
                    over.set(true);
                }
            });
            long end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
            boolean ended = false;
            try {
                while (!ended && System.nanoTime() < end) {
                    ended = client.readReply().code().value() == 421;
                }
            } catch (SocketException | EOFException closed) {
                ended = true;
            }
            over.set(true);
            client.closeWithReset();
            flood.join();
            assertThat(ended).isTrue();
        }
    }
}
