package dev.portside.lab.network;

import dev.portside.protocol.PortRange;
import dev.portside.server.Authenticator;
import dev.portside.server.DataSessionReuse;
import dev.portside.server.FtpServer;
import dev.portside.server.FtpServerNetwork;
import dev.portside.server.FtpServerOptions;
import dev.portside.server.FtpServerTls;
import dev.portside.server.TlsPolicy;
import java.io.Serializable;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Starts servers of ours, which run until the host ends or {@link Close}. All have the same user, and offer TLS in which data
 * connections must resume the session of their control connection.
 *
 * @param plans one for each server
 * @param secrets the certificate, and who may log in
 */
record StartServers(List<Plan> plans, Secrets secrets) implements Task<Void> {
    private static final ConcurrentLinkedQueue<FtpServer> RUNNING = new ConcurrentLinkedQueue<>();

    /**
     * One server.
     *
     * @param address where it listens
     * @param port the control port
     * @param firstPassivePort where data connections come in
     * @param lastPassivePort the end of that range
     * @param externalAddress what 227 names; null for the server's own address
     */
    record Plan(
            String address,
            int port,
            int firstPassivePort,
            int lastPassivePort,
            @Nullable String externalAddress) implements Serializable {

        /** The server of a topology. */
        static Plan of(Topology topology) {
            return new Plan(
                    topology.serverAddress(),
                    Laboratory.CONTROL_PORT,
                    Laboratory.PASSIVE_PORTS.first(),
                    Laboratory.PASSIVE_PORTS.last(),
                    topology.server().namesExternalAddress() ? topology.publicServerAddress() : null);
        }
    }

    @Override
    public Void run() throws Exception {
        Path home = Files.createDirectories(Path.of("home").toAbsolutePath());
        Files.writeString(home.resolve(Secrets.FILE), Secrets.CONTENT);
        List<FtpServer> started = new ArrayList<>();
        for (Plan plan : plans) {
            FtpServer server = new FtpServer(options(plan, home));
            server.start();
            started.add(server);
        }
        RUNNING.addAll(started);
        return null;
    }

    private FtpServerOptions options(Plan plan, Path home) {
        FtpServerNetwork.Builder network =
                FtpServerNetwork.builder().passivePorts(new PortRange(plan.firstPassivePort(), plan.lastPassivePort()));
        if (plan.externalAddress() != null) {
            network.externalAddress(plan.externalAddress());
        }
        return FtpServerOptions.builder()
                .listenOn(new InetSocketAddress(InetAddress.ofLiteral(plan.address()), plan.port()), TlsPolicy.OFFERED)
                .tls(FtpServerTls.builder()
                        .certificate(Path.of(secrets.chain()), Path.of(secrets.key()))
                        .dataSessionReuse(DataSessionReuse.REQUIRED)
                        .handshakeTimeout(Secrets.HANDSHAKE)
                        .build())
                .authenticator(Authenticator.users(new Authenticator.User(Secrets.USER, Secrets.PASSWORD, home, true)))
                .network(network.build())
                .maxSessionsPerAddress(1000)
                .closeGrace(Duration.ZERO)
                .build();
    }

    /** Stops all servers of this host. */
    record Close() implements Task<Void> {
        @Override
        public Void run() {
            List<FtpServer> all = new ArrayList<>();
            for (FtpServer each = RUNNING.poll(); each != null; each = RUNNING.poll()) {
                all.add(each);
            }
            all.forEach(FtpServer::close);
            return null;
        }
    }
}
