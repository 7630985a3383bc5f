package dev.portside.server.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import dev.portside.server.FtpServerOptions;
import dev.portside.server.RunningServer;
import dev.portside.server.TlsPolicy;
import dev.portside.server.tls.TlsServer;
import dev.portside.testkit.ScriptedClient;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sessions whose clients say nothing for a while: they cost no thread, and nobody notices. */
class IdleSessionTest {
    @TempDir
    Path home;

    @TempDir
    Path dumps;

    private RunningServer server;
    private int dumped;

    private ScriptedClient quiet(UnaryOperator<FtpServerOptions.Builder> changes) throws Exception {
        server = RunningServer.on(home, changes);
        ScriptedClient client = server.login();
        awaitNoThread();
        return client;
    }

    @AfterEach
    void close() {
        server.close();
    }

    /** Until no session has a thread: virtual threads are seen in a dump only. */
    private void awaitNoThread() throws IOException {
        HotSpotDiagnosticMXBean machine = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        long end = System.nanoTime() + ScriptedClient.WAIT.toNanos();
        String threads;
        do {
            assertThat(System.nanoTime()).as("a session keeps its thread").isLessThan(end);
            Path dump = dumps.resolve("threads" + dumped++);
            machine.dumpThreads(dump.toString(), ThreadDumpFormat.TEXT_PLAIN);
            threads = Files.readString(dump);
        } while (threads.contains("\"portside-session\""));
        assertThat(threads).contains("\"portside-idle\"");
    }

    @Test
    void aQuietSession_goesOnWithTheNextCommand_asOftenAsItLikes() throws Exception {
        ScriptedClient client = quiet(options -> options);
        client.command("PWD", 257);
        awaitNoThread();
        client.sendRaw("NO".getBytes(StandardCharsets.US_ASCII));
        awaitNoThread();
        client.sendRaw("OP\r\nPWD\r\n".getBytes(StandardCharsets.US_ASCII));
        client.expect(200);
        client.expect(257);
    }

    @Test
    void whatWasChosen_isNotForgotten_norIsThePort() throws Exception {
        server = RunningServer.on(home);
        server.file("a.bin", new byte[1000]);
        ScriptedClient client = server.login();
        client.command("REST 400", 350);
        try (Socket data = client.passive()) {
            awaitNoThread();
            client.command("RETR a.bin", 150);
            assertThat(ScriptedClient.readAll(data)).hasSize(600);
        }
        client.expect(226);
        awaitNoThread();
    }

    @Test
    void underTls_aQuietSession_goesOn_andItsDataConnectionsResumeIt() throws Exception {
        try (TlsServer secured = TlsServer.on(home, TlsPolicy.DATA)) {
            server = secured.running();
            server.file("a.bin", new byte[1000]);
            ScriptedClient client = secured.login();
            awaitNoThread();
            client.command("PWD", 257);
            awaitNoThread();
            assertThat(client.download("RETR a.bin")).hasSize(1000);
            awaitNoThread();
            client.command("QUIT", 221);
        }
    }

    @Test
    void aQuietSession_endsWhenItsTimeIsUp() throws Exception {
        ScriptedClient client = quiet(options -> options.idleTimeout(Duration.ofSeconds(3)));
        assertThat(client.expect(421).text()).contains("3 s");
        client.expectClosed();
    }

    @Test
    void aQuietClientThatGoes_isNotedAtOnce() throws Exception {
        ScriptedClient client = quiet(options -> options);
        client.close();
        long end = System.nanoTime() + ScriptedClient.WAIT.toNanos();
        while (!server.server().sessions().isEmpty()) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.onSpinWait();
        }
    }

    @Test
    void aServerThatIsClosed_saysGoodbyeToQuietSessions() throws Exception {
        ScriptedClient client = quiet(options -> options);
        server.close();
        client.expect(421);
        client.expectClosed();
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain("portside-idle");
    }

    @Test
    void whoIsNotLoggedIn_isNotWaitedForAnyLonger() throws Exception {
        server = RunningServer.on(home, options -> options.loginTimeout(Duration.ofSeconds(3)));
        ScriptedClient client = server.connect();
        awaitNoThread();
        client.expect(421);
    }
}
