package dev.portside.lab.network;

import dev.portside.server.Authenticator;
import dev.portside.server.DataSessionReuse;
import dev.portside.server.FtpServer;
import dev.portside.server.FtpServerNetwork;
import dev.portside.server.FtpServerOptions;
import dev.portside.server.FtpServerTls;
import dev.portside.server.TlsPolicy;
import dev.portside.server.TransferLog;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What runs in the process of the servers of {@link Stages}. */
final class StageServer {
    /** The bytes of {@link #LARGE}: seconds at {@code 1 Mbit/s}. */
    static final int LARGE_SIZE = 1_250_000;

    static final String LARGE = "large.bin";

    private static final ConcurrentLinkedQueue<FtpServer> RUNNING = new ConcurrentLinkedQueue<>();

    private StageServer() {}

    /** Where it logs. */
    static String log(String address, int port) {
        return "log-" + address + "-" + port;
    }

    /**
     * Starts a server; it runs until the host ends. Under TLS data connections must resume the session of their control
     * connection.
     */
    static boolean start(Secrets secrets, String address, int port, FtpServerNetwork.Builder network)
            throws IOException {
        Path home = Path.of("home").toAbsolutePath();
        synchronized (RUNNING) {
            Files.createDirectories(home);
            Files.writeString(home.resolve(Secrets.FILE), Secrets.CONTENT);
            Files.write(home.resolve(LARGE), new byte[LARGE_SIZE]);
        }
        FtpServer server = new FtpServer(FtpServerOptions.builder()
                .listenOn(new InetSocketAddress(InetAddress.ofLiteral(address), port), TlsPolicy.OFFERED)
                .tls(FtpServerTls.builder()
                        .certificate(Path.of(secrets.chain()), Path.of(secrets.key()))
                        .dataSessionReuse(DataSessionReuse.REQUIRED)
                        .build())
                .authenticator(Authenticator.users(new Authenticator.User(Secrets.USER, Secrets.PASSWORD, home, true)))
                .network(network.build())
                .listeners(TransferLog.json(Path.of(log(address, port))))
                .dataConnectWait(Duration.ofSeconds(3))
                .closeGrace(Duration.ZERO)
                .build());
        server.start();
        return RUNNING.add(server);
    }
}
