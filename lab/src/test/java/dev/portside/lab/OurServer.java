package dev.portside.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.lab.peer.TestAuthority;
import dev.portside.lab.peer.TestAuthority.Certificate;
import dev.portside.lab.peer.TlsClient;
import dev.portside.lab.peer.TlsVersions;
import dev.portside.server.Authenticator;
import dev.portside.server.DataSessionReuse;
import dev.portside.server.FtpServer;
import dev.portside.server.FtpServerListener;
import dev.portside.server.FtpServerNetwork;
import dev.portside.server.FtpServerOptions;
import dev.portside.server.FtpServerTls;
import dev.portside.server.SessionStatus;
import dev.portside.server.TlsPolicy;
import dev.portside.server.TransferStatus;
import dev.portside.testkit.Content;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Our server on 127.0.0.1 and ::1, with one user who may do everything in a directory of the disk. */
final class OurServer implements AutoCloseable {
    static final String USER = "ada";
    static final String PASSWORD = "s3cret";

    private final Path home;
    private final FtpServer server;
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final Queue<TransferStatus> transfers = new ConcurrentLinkedQueue<>();
    private final AtomicInteger logins = new AtomicInteger();
    private boolean transfersMayFail;

    private OurServer(Path home, FtpServerOptions.Builder options) throws IOException {
        this.home = home;
        this.server = new FtpServer(
                options.authenticator(Authenticator.users(new Authenticator.User(USER, PASSWORD, home, true)))
                        .listeners(new FtpServerListener() {
                            @Override
                            public void loggedIn(SessionStatus session) {
                                logins.incrementAndGet();
                            }

                            @Override
                            public void transferFinished(SessionStatus session, TransferStatus transfer) {
                                transfers.add(transfer);
                            }

                            @Override
                            public void transferFailed(SessionStatus session, TransferStatus transfer, String reason) {
                                failures.add(transfer + ": " + reason);
                            }
                        })
                        .build());
    }

    /** Starts a server whose user sees this directory as {@code /}. */
    static OurServer start(Path home) throws IOException {
        return start(
                home,
                FtpServerOptions.builder()
                        .listenOn(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0))
                        .listenOn(new InetSocketAddress(InetAddress.ofLiteral("::1"), 0)));
    }

    /** Starts a server that demands TLS for everything, with a certificate of the {@link TestAuthority}. */
    static OurServer startTls(Path home, DataSessionReuse reuse) throws IOException {
        return startTls(home, reuse, FtpServerNetwork.builder().build());
    }

    /** The same, with data connections to these ports. */
    static OurServer startTls(Path home, DataSessionReuse reuse, FtpServerNetwork network) throws IOException {
        Certificate certificate = TestAuthority.certificate(TestAuthority.Subject.SERVER);
        return start(
                home,
                FtpServerOptions.builder()
                        .network(network)
                        .tls(FtpServerTls.builder()
                                .certificate(certificate.chain(), certificate.key())
                                .dataSessionReuse(reuse)
                                .build())
                        .listenOn(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), TlsPolicy.DATA)
                        .listenOn(new InetSocketAddress(InetAddress.ofLiteral("::1"), 0), TlsPolicy.DATA)
                        .listenOnImplicit(
                                new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), TlsPolicy.DATA));
    }

    private static OurServer start(Path home, FtpServerOptions.Builder options) throws IOException {
        OurServer started = new OurServer(Files.createDirectories(home), options);
        started.server.start();
        return started;
    }

    /** What a client is to know of a server that speaks TLS; over IPv4. */
    TlsClient.Target target(boolean implicit) {
        return new TlsClient.Target(
                server.addresses().get(implicit ? 2 : 0),
                implicit,
                USER,
                PASSWORD,
                TestAuthority.root(),
                TlsVersions.BOTH,
                true,
                false);
    }

    /** The transfers that came to their good end so far; events take a moment, until {@link #close}. */
    List<TransferStatus> transfers() {
        return List.copyOf(transfers);
    }

    /** How often somebody has logged in so far; events take a moment, until {@link #close}. */
    int logins() {
        return logins.get();
    }

    /** The directory that the user sees as {@code /}. */
    Path home() {
        return home;
    }

    InetSocketAddress address(Route.Family family) {
        List<InetSocketAddress> addresses = server.addresses();
        return addresses.get(family == Route.Family.IPV4 ? 0 : 1);
    }

    String host(Route.Family family) {
        return address(family).getAddress().getHostAddress();
    }

    String port(Route.Family family) {
        return Integer.toString(address(family).getPort());
    }

    /** The URL of a path, which is taken as it is, over IPv4. */
    String url(String path) {
        return url(Route.Family.IPV4, path);
    }

    /** The URL of a path, which is taken as it is. */
    String url(Route.Family family, String path) {
        String host = family == Route.Family.IPV4 ? host(family) : "[" + host(family) + "]";
        return "ftp://" + host + ":" + port(family) + "/" + path;
    }

    /** Creates a file, with the directories above it. */
    Path seed(String path, Content content) throws IOException {
        Path file = home.resolve(path);
        Files.createDirectories(file.getParent());
        return content.writeTo(file);
    }

    /** From now on a transfer may fail: the client gives up on purpose. */
    void letTransfersFail() {
        transfersMayFail = true;
    }

    /** Stops the server, and fails if a transfer has failed without leave. */
    @Override
    public void close() {
        server.close();
        if (!transfersMayFail) {
            assertThat(failures).isEmpty();
        }
    }
}
