package dev.portside.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.client.DataMode;
import dev.portside.client.Download;
import dev.portside.client.FtpClient;
import dev.portside.client.FtpClientOptions;
import dev.portside.client.FtpClientTls;
import dev.portside.client.TlsMode;
import dev.portside.client.Upload;
import dev.portside.lab.peer.TestAuthority;
import dev.portside.lab.peer.TlsClient;
import dev.portside.lab.peer.TlsVersions;
import dev.portside.protocol.PortRange;
import dev.portside.server.DataSessionReuse;
import dev.portside.server.FtpServerNetwork;
import dev.portside.server.TransferStatus;
import dev.portside.testkit.Content;
import dev.portside.testkit.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An office behind one address, and a server with one passive port for all of it. */
class OnePassivePortTest {
    private static final int OURS = 24;
    private static final int ROUNDS = 5;
    private static final int TRANSFERS = 10;

    @TempDir
    Path directory;

    private OurServer server() throws IOException {
        int port = FreePorts.one(InetAddress.ofLiteral("127.0.0.1"));
        FtpServerNetwork network = FtpServerNetwork.builder()
                .passivePorts(new PortRange(port, port))
                .build();
        return OurServer.startTls(directory.resolve("home"), DataSessionReuse.REQUIRED, network);
    }

    private static void runAll(List<Callable<Void>> sessions) throws Exception {
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            for (Future<Void> each : threads.invokeAll(sessions)) {
                each.get();
            }
        }
    }

    @Test
    void ourClients_transferAtOnce() throws Exception {
        OurServer server = server();
        CyclicBarrier all = new CyclicBarrier(OURS);
        List<Callable<Void>> sessions = new ArrayList<>();
        for (int i = 0; i < OURS; i++) {
            Content content = new Content(300_000 + i, i);
            String name = "file-" + i;
            FtpClientOptions options =
                    options(server.target(false).server(), i % 2 == 0 ? "TLSv1.3" : "TLSv1.2", i % 3 == 0);
            sessions.add(() -> {
                try (FtpClient client = FtpClient.connect(options)) {
                    client.login(OurServer.USER, OurServer.PASSWORD);
                    for (int round = 0; round < ROUNDS; round++) {
                        all.await(1, TimeUnit.MINUTES);
                        roundTrip(client, name, content);
                    }
                }
                return null;
            });
        }
        try (server) {
            runAll(sessions);
        }
        assertThat(server.logins()).isEqualTo(OURS);
        assertThat(server.transfers()).hasSize(2 * ROUNDS * OURS).allMatch(TransferStatus::resumed);
    }

    private static FtpClientOptions options(InetSocketAddress address, String version, boolean pasv) {
        return FtpClientOptions.builder(address.getAddress().getHostAddress())
                .port(address.getPort())
                .mode(pasv ? DataMode.PASV : DataMode.EPSV)
                .tls(FtpClientTls.builder(TlsMode.EXPLICIT)
                        .authorities(TestAuthority.root())
                        .protocols(version)
                        .build())
                .build();
    }

    private static void roundTrip(FtpClient client, String name, Content content) throws IOException {
        try (Upload upload = client.store(name)) {
            ByteBuffer bytes = ByteBuffer.wrap(content.bytes());
            while (bytes.hasRemaining()) {
                upload.write(bytes);
            }
        }
        try (Download download = client.retrieve(name)) {
            assertThat(download.inputStream().readAllBytes()).isEqualTo(content.bytes());
        }
    }

    /** All that can resume, whenever they begin their handshake: ahead of the command, behind it, and behind 150. */
    @Test
    void realClients_transferAtOnce() throws Exception {
        OurServer server = server();
        List<Callable<Void>> sessions = new ArrayList<>();
        for (TlsClient client : TlsClient.values()) {
            for (TlsVersions versions : List.of(TlsVersions.TLS_1_2, TlsVersions.TLS_1_3)) {
                if (versions == TlsVersions.TLS_1_2 || client == TlsClient.CURL || client.resumesAgain(versions)) {
                    Path local = Files.createDirectory(directory.resolve(client + "-" + versions));
                    sessions.add(() -> {
                        client.transfer(server.target(false).only(versions), TRANSFERS, local);
                        return null;
                    });
                }
            }
        }
        try (server) {
            runAll(sessions);
        }
        assertThat(server.logins()).isEqualTo(sessions.size());
        assertThat(server.transfers())
                .hasSize((TRANSFERS + 1) * sessions.size())
                .allMatch(TransferStatus::resumed);
    }
}
