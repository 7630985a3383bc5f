package dev.portside.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class LeakCheckTest {
    private final LeakCheck check = LeakCheck.start();

    @Test
    void nothing_isNoLeak() {
        assertThat(check.leaks()).isEmpty();
    }

    @Test
    void virtualThread_thatWaits_isALeak_untilItEnds() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Thread thread = Thread.ofVirtual().name("left-behind").start(() -> await(started, end));
        started.await();
        assertThat(check.leaks()).singleElement().asString().contains("left-behind");
        end.countDown();
        thread.join();
        check.close();
    }

    @Test
    void platformThread_thatWaits_isALeak_untilItEnds() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Thread thread = Thread.ofPlatform().name("left-behind").start(() -> await(started, end));
        started.await();
        assertThatThrownBy(() -> check.close(Duration.ofMillis(50)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("\"left-behind\"");
        end.countDown();
        thread.join();
        check.close();
    }

    private static void await(CountDownLatch started, CountDownLatch end) {
        started.countDown();
        try {
            end.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void socket_thatIsOpen_isALeak_untilItCloses() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(listener.isBound()).isTrue();
            assertThat(check.leaks()).singleElement().asString().contains("socket:");
        }
        check.close();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void file_thatIsOpen_isALeak_untilItCloses(@TempDir Path directory) throws Exception {
        Path file = Files.write(directory.resolve("left.bin"), new byte[1]);
        try (InputStream in = Files.newInputStream(file)) {
            assertThat(in.read()).isZero();
            assertThat(check.leaks()).singleElement().asString().contains("left.bin");
        }
        check.close();
    }

    @Test
    void scriptedServer_leavesNothing() throws Exception {
        try (ScriptedServer server = ScriptedServer.script()
                        .file("a.bin", new Content(1 << 20, 1))
                        .start();
                ScriptedClient client = ScriptedClient.login(server.address(), "anna", "secret")) {
            client.download("RETR a.bin");
            client.passive().close();
        }
        check.close();
    }
}
