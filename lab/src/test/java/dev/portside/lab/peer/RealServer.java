package dev.portside.lab.peer;

import dev.portside.testkit.FreePorts;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * A running vsftpd, ProFTPD or Pure-FTPd.
 *
 * <ol>
 *   <li>{@link #start} makes an empty home directory, configures the server, starts it on a free port of the loopback
 *       interface, and returns when it has greeted a first client;
 *   <li>{@link #user} may log in with {@link #password}, sees the home directory as {@code /}, and may do everything
 *       in it;
 *   <li>{@link #close} ends the server and its sessions, and deletes the home directory.
 * </ol>
 */
public final class RealServer implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(10);

    private final Kind kind;
    private final Site site;
    private final Process process;

    private RealServer(Kind kind, Site site, Process process) {
        this.kind = kind;
        this.site = site;
        this.process = process;
    }

    /** The servers there are. */
    public enum Kind {
        VSFTPD,
        PROFTPD,
        PURE_FTPD;

        /** Writes the configuration and returns how to start the server. */
        private Launch prepare(Site site) throws IOException, InterruptedException {
            return switch (this) {
                case VSFTPD -> Vsftpd.prepare(site);
                case PROFTPD -> ProFtpd.prepare(site);
                case PURE_FTPD -> PureFtpd.prepare(site);
            };
        }
    }

    /**
     * How a server differs from the usual one.
     *
     * @param ipv6 whether it listens on {@code ::1} rather than 127.0.0.1
     * @param tls how it speaks TLS
     * @param extraConfig lines for the end of the configuration file; for Pure-FTPd, arguments
     */
    public record Options(boolean ipv6, ServerTls tls, List<String> extraConfig) {
        /** A server on 127.0.0.1 without TLS and extra configuration. */
        public static final Options USUAL = new Options(false, ServerTls.OFF, List.of());

        /** Returns these options with the server on {@code ::1}. */
        public Options onIpv6() {
            return new Options(true, tls, extraConfig);
        }

        /** Returns these options with a server that speaks TLS in this way. */
        public Options with(ServerTls tls) {
            return new Options(ipv6, tls, extraConfig);
        }

        /** Returns these options with more lines of configuration. */
        public Options with(String... lines) {
            return new Options(
                    ipv6,
                    tls,
                    Stream.concat(extraConfig.stream(), Stream.of(lines)).toList());
        }
    }

    /** Starts a server on 127.0.0.1. */
    public static RealServer start(Kind kind) throws IOException, InterruptedException {
        return start(kind, Options.USUAL);
    }

    /**
     * Starts a server.
     *
     * @throws AssertionError if it is not available, does not start, or if this process is not root
     */
    public static RealServer start(Kind kind, Options options) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("portside-server");
        if (!Files.getAttribute(directory, "unix:uid").equals(0)) {
            Processes.delete(directory);
            throw new AssertionError(kind + " needs root: it changes its root directory and its user");
        }
        try {
            InetAddress address = InetAddress.getByName(options.ipv6() ? "::1" : "127.0.0.1");
            Path home = Files.createDirectory(directory.resolve("home"));
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
            Site site =
                    new Site(directory, home, address, FreePorts.one(address), options.tls(), options.extraConfig());
            own(home);
            Process process = Programs.process(kind.prepare(site).enclosed(), directory)
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("output.log").toFile())
                    .start();
            RealServer server = new RealServer(kind, site, process);
            server.awaitStart();
            return server;
        } catch (Throwable e) {
            Processes.delete(directory);
            throw e;
        }
    }

    /** Returns which server this is. */
    public Kind kind() {
        return kind;
    }

    /** Returns the address and port of the control connection. */
    public InetSocketAddress address() {
        return new InetSocketAddress(site.address(), site.port());
    }

    /** Returns how the server speaks TLS. */
    public ServerTls tls() {
        return site.tls();
    }

    /** Returns the name that may log in. */
    public String user() {
        return Site.USER;
    }

    /** Returns the user's password. */
    public String password() {
        return Site.PASSWORD;
    }

    /** Returns {@code ftp://host:port/} followed by the path, which is taken as it is. */
    public String url(String path) {
        String host = site.address().getHostAddress();
        return "ftp://" + (site.ipv6() ? "[" + host + "]" : host) + ":" + site.port() + "/" + path;
    }

    /** Returns the directory that the user sees as {@code /}. */
    public Path home() {
        return site.home();
    }

    /** Creates a file of the user, with the directories above it, and returns it. */
    public Path seed(String path, byte[] content) throws IOException {
        Path file = home().resolve(path);
        Files.createDirectories(file.getParent());
        Files.write(file, content);
        handOver();
        return file;
    }

    /** Makes the user the owner of everything in the home directory, also of what a test has put there. */
    public void handOver() throws IOException {
        own(home());
    }

    private static void own(Path home) throws IOException {
        try (Stream<Path> tree = Files.walk(home)) {
            for (Path path : tree.toList()) {
                Files.setAttribute(path, "unix:uid", Site.UID, LinkOption.NOFOLLOW_LINKS);
                Files.setAttribute(path, "unix:gid", Site.UID, LinkOption.NOFOLLOW_LINKS);
            }
        }
    }

    /** Returns what the server has logged so far. */
    public String log() {
        StringBuilder log = new StringBuilder();
        for (Path file : List.of(site.directory().resolve("output.log"), site.log())) {
            try {
                log.append(Files.exists(file) ? new String(Files.readAllBytes(file), StandardCharsets.UTF_8) : "");
            } catch (IOException e) {
                log.append(e);
            }
        }
        return log.toString();
    }

    /** Returns the processes of the server and its sessions, and those that enclose them. */
    public List<ProcessHandle> processes() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .toList();
    }

    @Override
    public void close() {
        end();
        Processes.delete(site.directory());
    }

    private void end() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // its reader is gone: the server has ended already
        }
        Processes.awaitEnd(process);
    }

    private void awaitStart() throws InterruptedException {
        boolean greeted = false;
        try {
            greeted = Processes.await(START_LIMIT, () -> !process.isAlive() || serves()) && process.isAlive();
        } finally {
            if (!greeted) {
                end();
            }
        }
        if (!greeted) {
            throw new AssertionError(kind + " does not start:\n" + log());
        }
    }

    /** Returns whether it takes connections and, unless a TLS handshake comes first, greets. */
    private boolean serves() {
        try (Socket socket = new Socket()) {
            int limit = Math.toIntExact(START_LIMIT.toMillis());
            socket.connect(address(), limit);
            if (site.tls().mode() == ServerTls.Mode.IMPLICIT) {
                return true;
            }
            socket.setSoTimeout(limit);
            BufferedReader replies =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            String line = replies.readLine();
            while (line != null && line.startsWith("220-")) {
                line = replies.readLine();
            }
            return line != null && line.startsWith("220 ");
        } catch (IOException e) {
            return false;
        }
    }
}
