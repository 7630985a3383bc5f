package dev.portside.server.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.server.Account;
import dev.portside.server.FtpServerListener;
import dev.portside.server.Heard;
import dev.portside.server.RunningServer;
import dev.portside.server.SessionStatus;
import dev.portside.testkit.ScriptedClient;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Errors of the platform, as when memory or a class is missing: what was counted and who listens outlives them. */
@Timeout(60)
class ErrorTest {
    @TempDir
    Path home;

    @Test
    void anErrorOfAListener_changesNothing() throws IOException, InterruptedException {
        FtpServerListener failing = new FtpServerListener() {
            @Override
            public void sessionOpened(SessionStatus session) {
                throw new NoClassDefFoundError("a class that is missing, as this test wants it");
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
    void anErrorAtLogin_doesNotCountAsASession() throws IOException {
        Path broken = (Path) Proxy.newProxyInstance(
                Path.class.getClassLoader(), new Class<?>[] {Path.class}, (proxy, method, arguments) -> {
                    throw new NoClassDefFoundError("a class that is missing, as this test wants it");
                });
        AtomicReference<Path> directory = new AtomicReference<>(broken);
        try (RunningServer server = RunningServer.on(
                        home,
                        o -> o.maxSessionsPerUser(1).authenticator((user, password) -> {
                            return new Account("alice", directory.get(), true);
                        }));
                ScriptedClient client = server.connect()) {
            client.command("USER alice", 331);
            assertThat(client.command("PASS x", 451).text()).doesNotContain("Class");
            directory.set(home);
            client.command("PASS x", 230);
        }
    }
}
