package dev.portside.server.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.protocol.Reply;
import dev.portside.server.FtpServerListener;
import dev.portside.server.Heard;
import dev.portside.server.RunningServer;
import dev.portside.server.SessionStatus;
import dev.portside.testkit.LeakCheckExtension;
import dev.portside.testkit.ScriptedClient;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
@ExtendWith(LeakCheckExtension.class)
class EventsTest {
    @TempDir
    Path home;

    @Test
    void events_comeInOrder() throws IOException, InterruptedException {
        Heard heard = new Heard();
        try (RunningServer server = RunningServer.on(home, o -> o.listeners(heard));
                ScriptedClient client = server.login()) {
            client.upload("STOR a", new byte[] {1, 2, 3});
            client.command("QUIT", 221);
            assertThat(heard.until("closed QUIT"))
                    .containsSubsequence(
                            "opened",
                            "logged in alice",
                            "command PASS **** -> 230 Logged in",
                            "started STOR /a",
                            "finished STOR /a 3",
                            "command STOR a -> 226 Transfer complete, a is stored",
                            "command QUIT -> 221 Goodbye",
                            "closed QUIT");
        }
    }

    @Test
    void progress_isToldWhileATransferRuns() throws IOException, InterruptedException {
        Heard heard = new Heard();
        try (RunningServer server = RunningServer.on(home, o -> o.listeners(heard));
                ScriptedClient client = server.login()) {
            server.largeFile("large");
            try (Socket data = client.passive()) {
                client.command("RETR large", 150);
                heard.until("progress RETR /large");
                assertThat(ScriptedClient.readAll(data)).hasSize(RunningServer.LARGE);
                client.expect(226);
                heard.until("finished RETR /large " + RunningServer.LARGE);
            }
        }
    }

    @Test
    void aListenerThatFails_changesNothing() throws IOException, InterruptedException {
        FtpServerListener failing = new FtpServerListener() {
            @Override
            public void sessionOpened(SessionStatus session) {
                throw new IllegalStateException("a listener that fails, as this test wants it");
            }
        };
        Heard heard = new Heard();
        try (RunningServer server = RunningServer.on(home, o -> o.listeners(failing, heard));
                ScriptedClient client = server.login()) {
            client.command("NOOP", 200);
            heard.until("command NOOP");
        }
    }

    @Test
    void aSlowListener_losesEventsAndHoldsUpNobody() throws IOException, InterruptedException {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        LinkedBlockingQueue<Long> lost = new LinkedBlockingQueue<>();
        FtpServerListener slow = new FtpServerListener() {
            @Override
            public void command(SessionStatus session, String line, Reply reply) {
                entered.countDown();
                try {
                    release.await();
                } catch (InterruptedException closing) {
                    Thread.currentThread().interrupt();
                }
            }

            @Override
            public void eventsLost(long count) {
                lost.add(count);
            }
        };
        try (RunningServer server = RunningServer.on(home, o -> o.eventQueue(10).listeners(slow));
                ScriptedClient client = server.login()) {
            entered.await();
            for (int i = 0; i < 100; i++) {
                client.command("NOOP", 200);
            }
            release.countDown();
            assertThat(lost.take()).isBetween(80L, 110L);
        }
    }
}
