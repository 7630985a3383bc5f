package dev.portside.server;

import dev.portside.testkit.ScriptedClient;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.UnaryOperator;

/** A server on a free port of the loopback address with one user, alice, who may write. */
public final class RunningServer implements AutoCloseable {
    public static final String USER = "alice";
    public static final String PASSWORD = "open sesame";
    /** More than the buffers of a loopback connection hold: whoever does not read makes the sender wait. */
    public static final int LARGE = 64 << 20;

    private final FtpServer server;
    private final Path home;

    private RunningServer(FtpServer server, Path home) throws IOException {
        this.server = server;
        this.home = home;
        server.start();
    }

    public static RunningServer on(Path home) throws IOException {
        return on(home, options -> options);
    }

    public static RunningServer on(Path home, UnaryOperator<FtpServerOptions.Builder> changes) throws IOException {
        return at("127.0.0.1", home, changes);
    }

    public static RunningServer at(String address, Path home, UnaryOperator<FtpServerOptions.Builder> changes)
            throws IOException {
        FtpServerOptions.Builder options = FtpServerOptions.builder()
                .listenOn(new InetSocketAddress(InetAddress.ofLiteral(address), 0))
                .authenticator(Authenticator.users(new Authenticator.User(USER, PASSWORD, home, true)))
                .loginDelay(Duration.ZERO)
                .closeGrace(Duration.ofSeconds(2));
        return new RunningServer(new FtpServer(changes.apply(options).build()), home);
    }

    public FtpServer server() {
        return server;
    }

    public InetSocketAddress address() {
        return server.address();
    }

    public ScriptedClient connect() throws IOException {
        ScriptedClient client = ScriptedClient.connect(address());
        client.expect(220);
        return client;
    }

    /** A client that has logged in, in TYPE I. */
    public ScriptedClient login() throws IOException {
        ScriptedClient client = ScriptedClient.login(address(), USER, PASSWORD);
        client.command("TYPE I", 200);
        return client;
    }

    public Path file(String name) {
        return home.resolve(name);
    }

    public Path file(String name, byte[] content) throws IOException {
        Files.createDirectories(file(name).getParent());
        return Files.write(file(name), content);
    }

    /** A file of {@link #LARGE} bytes that takes no room. */
    public Path largeFile(String name) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(file(name).toFile(), "rw")) {
            file.setLength(LARGE);
        }
        return file(name);
    }

    @Override
    public void close() {
        server.close();
    }
}
