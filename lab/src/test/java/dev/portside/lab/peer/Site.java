package dev.portside.lab.peer;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where and for whom one server runs.
 *
 * @param directory holds the server's configuration and logs
 * @param home the user's home directory, which the user sees as {@code /}
 * @param address the address to listen on
 * @param port the port to listen on
 * @param tls how the server speaks TLS
 * @param extraConfig added at the end of the configuration, in the server's own language
 */
record Site(Path directory, Path home, InetAddress address, int port, ServerTls tls, List<String> extraConfig) {
    static final String USER = "ada";
    static final String PASSWORD = "s3cret";
    /** What {@code openssl passwd -6 -salt portside s3cret} prints. */
    static final String PASSWORD_HASH =
            "$6$portside$U1rmFimo1rMc7stmh6gGBRKT6Vl.whRW2V7z8EAtgCRFPfLjjYr8VTvLS" + ".V6PJfdGiTasIB21ON7zdfZ9n5PL/";
    /** Nobody and nogroup: sessions act as this user, even where the test itself is root. */
    static final int UID = 65534;

    /** Below the ports that the kernel hands out, which other tests may be given at any time. */
    static final int FIRST_PASSIVE_PORT = 20_000;

    static final int LAST_PASSIVE_PORT = 29_999;

    /** Writes a file that only root may read, as servers insist for passwords. */
    Path write(String name, Stream<String> lines) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, lines.toList());
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    /** Returns the lines followed by those that the test adds. */
    Stream<String> withExtraConfig(String lines) {
        return Stream.concat(lines.lines(), extraConfig.stream());
    }

    /** Returns the file that holds what the server logs. */
    Path log() {
        return directory.resolve("server.log");
    }

    boolean ipv6() {
        return address.getAddress().length == 16;
    }
}
