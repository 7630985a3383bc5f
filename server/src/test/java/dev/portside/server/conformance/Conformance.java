package dev.portside.server.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.server.FtpServerOptions;
import dev.portside.server.RunningServer;
import dev.portside.testkit.Content;
import dev.portside.testkit.FreePorts;
import dev.portside.testkit.LeakCheckExtension;
import dev.portside.testkit.ScriptedClient;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a client may do to a server, by raw sockets. Whatever a test does: after it a normal login and download works, no
 * unfinished upload lies about, nothing outside the home has changed, and no thread, file or socket is left.
 */
@ExtendWith(LeakCheckExtension.class)
abstract class Conformance {
    static final Content CONTENT = new Content(100_000, 1);
    static final InetAddress STRANGER = InetAddress.ofLiteral("127.0.0.2");
    private static final long POLL_NANOS = 1_000_000;
    private static final String SECRET = "nobody may read this";

    @TempDir
    private Path directory;

    Path home;
    RunningServer server;

    @BeforeEach
    void start() throws IOException {
        home = Files.createDirectory(directory.resolve("home"));
        Files.writeString(directory.resolve("secret.txt"), SECRET);
        server = RunningServer.on(home);
        server.file("a.bin", CONTENT.bytes());
    }

    /** The same server with other options. */
    void restart(UnaryOperator<FtpServerOptions.Builder> changes) throws IOException {
        server.close();
        server = RunningServer.on(home, changes);
    }

    /** The same on another address. */
    void restartAt(String address, UnaryOperator<FtpServerOptions.Builder> changes) throws IOException {
        server.close();
        server = RunningServer.at(address, home, changes);
    }

    @AfterEach
    void normalWorkIsDone_andNothingIsLeft() throws IOException {
        try (RunningServer running = server) {
            await(
                    "the sessions of the test to end",
                    () -> running.server().sessions().isEmpty());
            try (ScriptedClient client = server.login()) {
                assertThat(client.download("RETR a.bin")).isEqualTo(CONTENT.bytes());
                client.upload("STOR normal.bin", new byte[10]);
                client.command("DELE normal.bin", 250);
                client.command("QUIT", 221);
            }
        }
        assertThat(unfinishedUploads()).isEmpty();
        try (Stream<Path> outside = Files.list(directory)) {
            assertThat(outside).containsExactlyInAnyOrder(home, directory.resolve("secret.txt"));
        }
        assertThat(directory.resolve("secret.txt")).hasContent(SECRET);
    }

    static int freePort() throws IOException {
        return FreePorts.one(InetAddress.getLoopbackAddress());
    }

    List<String> unfinishedUploads() throws IOException {
        return names().stream().filter(name -> name.startsWith(".portside")).toList();
    }

    /** What is in the home. */
    List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(home)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** Waits for a state that nobody announces. */
    static void await(String what, BooleanSupplier reached) {
        long deadline = System.nanoTime() + ScriptedClient.WAIT.toNanos();
        while (!reached.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("waited in vain for " + what);
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }
}
