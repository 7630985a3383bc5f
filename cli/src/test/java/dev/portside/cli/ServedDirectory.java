package dev.portside.cli;

import dev.portside.server.Authenticator;
import dev.portside.server.FtpServer;
import dev.portside.server.FtpServerListener;
import dev.portside.server.FtpServerOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Our server on a directory, for the command line to talk to over real sockets. */
final class ServedDirectory implements AutoCloseable {
    static final String USER = "joe";
    static final String PASSWORD = "correct horse";

    private final Path root;
    private final FtpServer server;

    ServedDirectory(Path root, FtpServerListener... listeners) {
        this.root = root;
        this.server = new FtpServer(FtpServerOptions.builder()
                .listenOn(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0))
                .authenticator(Authenticator.firstOf(
                        Authenticator.users(new Authenticator.User(USER, PASSWORD, root, true)),
                        Authenticator.anonymous(root)))
                .loginDelay(Duration.ZERO)
                .listeners(listeners)
                .closeGrace(Duration.ZERO)
                .build());
        try {
            server.start();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    Path path(String name) {
        return root.resolve(name);
    }

    Path write(String name, String content) throws IOException {
        return write(name, content.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    Path write(String name, byte[] content) throws IOException {
        Path file = path(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, content);
    }

    InetSocketAddress address() {
        return server.address();
    }

    int port() {
        return server.address().getPort();
    }

    /** The URL of a path, with the user and without the password. */
    String url(String path) {
        return "ftp://" + USER + "@127.0.0.1:" + port() + "/" + path;
    }

    String anonymousUrl(String path) {
        return "ftp://127.0.0.1:" + port() + "/" + path;
    }

    @Override
    public void close() {
        server.close();
    }
}
