package dev.portside.server.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.server.FtpServerOptions;
import dev.portside.server.FtpServerTls;
import dev.portside.server.RunningServer;
import dev.portside.server.TlsPolicy;
import dev.portside.testkit.Content;
import dev.portside.testkit.LeakCheckExtension;
import dev.portside.testkit.ScriptedClient;
import dev.portside.testkit.TlsSocket;
import dev.portside.transport.TlsIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A certificate changes while many sessions transfer. */
@ExtendWith(LeakCheckExtension.class)
class TlsReloadTest {
    private static final int SESSIONS = 200;
    private static final Content CONTENT = new Content(40_000, 5);

    @TempDir
    Path folder;

    private final Set<Certificate> shown = ConcurrentHashMap.newKeySet();
    /** A session has transferred before the change. */
    private final CountDownLatch begun = new CountDownLatch(SESSIONS);

    private final CountDownLatch changed = new CountDownLatch(1);

    @Test
    void reload_underLoad_failsNoTransfer() throws Exception {
        TlsIdentity first = TlsServer.AUTHORITY.identity("EC", "first.example");
        TlsIdentity second = TlsServer.AUTHORITY.identity("EC", "second.example");
        Path file = Files.writeString(folder.resolve("certificate.pem"), TestAuthority.pem(first));
        Path home = Files.createDirectory(folder.resolve("home"));
        FtpServerTls tls = FtpServerTls.builder()
                .certificate(file)
                .reloadInterval(Duration.ofMillis(20))
                .build();
        InetSocketAddress free = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        UnaryOperator<FtpServerOptions.Builder> options = changes -> changes.tls(tls)
                .listenOn(free, TlsPolicy.DATA)
                .maxSessionsPerAddress(SESSIONS * 2)
                .maxSessionsPerUser(SESSIONS * 2)
                .maxSessionsNotLoggedIn(SESSIONS * 2);
        try (RunningServer server = RunningServer.on(home, options);
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            InetSocketAddress address = server.server().addresses().getLast();
            List<Future<?>> sessions = new ArrayList<>();
            for (int i = 0; i < SESSIONS; i++) {
                String name = "up" + i;
                String protocol = i % 2 == 0 ? "TLSv1.3" : "TLSv1.2";
                sessions.add(clients.submit(() -> {
                    session(address, name, protocol);
                    return name;
                }));
            }
            begun.await();
            TestAuthority.replace(file, TestAuthority.pem(second));
            awaitShown(address, second.leaf());
            changed.countDown();
            for (Future<?> session : sessions) {
                session.get();
            }
            assertThat(shown).containsExactlyInAnyOrder(first.leaf(), second.leaf());
        }
    }

    /** Transfers before, during and behind the change, in one session and then in a new one. */
    private void session(InetSocketAddress address, String name, String protocol) throws Exception {
        try {
            Supplier<SSLEngine> engines = TlsServer.engines(protocol);
            try (ScriptedClient client = login(address, engines)) {
                upload(client, name);
                begun.countDown();
                download(client, name);
                changed.await();
                upload(client, name);
                client.command("QUIT", 221);
            }
            try (ScriptedClient client = login(address, engines)) {
                download(client, name);
            }
        } finally {
            begun.countDown();
        }
    }

    private ScriptedClient login(InetSocketAddress address, Supplier<SSLEngine> engines) throws IOException {
        ScriptedClient client = ScriptedClient.connect(address);
        client.expect(220);
        client.startTls(engines)
                .login(RunningServer.USER, RunningServer.PASSWORD)
                .protectData();
        client.command("TYPE I", 200);
        shown.add(TlsClient.shown(((TlsSocket) client.socket()).engine()));
        return client;
    }

    private static void upload(ScriptedClient client, String name) throws IOException {
        client.upload("STOR " + name, CONTENT.bytes());
    }

    private static void download(ScriptedClient client, String name) throws IOException {
        assertThat(client.download("RETR " + name)).isEqualTo(CONTENT.bytes());
    }

    /** Until a client without a session gets the new certificate. */
    private void awaitShown(InetSocketAddress address, Certificate expected) throws IOException {
        while (!shown.contains(expected)) {
            login(address, TlsServer.engines()).close();
        }
    }
}
