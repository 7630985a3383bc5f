package dev.portside.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.server.Authenticator;
import dev.portside.server.FtpServer;
import dev.portside.server.FtpServerListener;
import dev.portside.server.FtpServerOptions;
import dev.portside.server.SessionStatus;
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

/** Our server on 127.0.0.1 and ::1, with one user who may do everything in a directory of the disk. */
final class OurServer implements AutoCloseable {
    static final String USER = "ada";
    static final String PASSWORD = "s3cret";

    private final Path home;
    private final FtpServer server;
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();

    private OurServer(Path home) throws IOException {
        this.home = home;
        this.server = new FtpServer(FtpServerOptions.builder()
                .listenOn(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0))
                .listenOn(new InetSocketAddress(InetAddress.ofLiteral("::1"), 0))
                .authenticator(Authenticator.users(new Authenticator.User(USER, PASSWORD, home, true)))
                .listeners(new FtpServerListener() {
                    @Override
                    public void transferFailed(SessionStatus session, TransferStatus transfer, String reason) {
                        failures.add(transfer + ": " + reason);
                    }
                })
                .build());
    }

    /** Starts a server whose user sees this directory as {@code /}. */
    static OurServer start(Path home) throws IOException {
        OurServer started = new OurServer(Files.createDirectories(home));
        started.server.start();
        return started;
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

    /** Forgets the transfers that failed so far: the test meant them to. */
    void forgetFailures() {
        failures.clear();
    }

    /** Stops the server, and fails if a transfer has failed: no client of these tests gives up on its own. */
    @Override
    public void close() {
        server.close();
        assertThat(failures).isEmpty();
    }
}
