package dev.portside.lab.peer;

import dev.portside.client.FtpProxy;
import dev.portside.testkit.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A running tinyproxy (HTTP CONNECT) or Dante (SOCKS5, CONNECT and BIND), on a free port of the loopback interface. */
public final class RealProxy implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(10);
    private static final InetAddress ADDRESS = InetAddress.getLoopbackAddress();

    private final Kind kind;
    private final Path directory;
    private final int port;
    private final Process process;

    private RealProxy(Kind kind, Path directory, int port, Process process) {
        this.kind = kind;
        this.directory = directory;
        this.port = port;
        this.process = process;
    }

    /** The proxies there are. */
    public enum Kind {
        /** Lets through only whoever is {@link Site#USER}. */
        TINYPROXY("tinyproxy/usr/bin/tinyproxy", """
                Port %1$d
                Listen 127.0.0.1
                Timeout 600
                MaxClients 50
                BasicAuth ada s3cret
                """),
        /** Lets everybody through. */
        DANTE("dante/usr/sbin/danted", """
                logoutput: stderr
                internal: 127.0.0.1 port = %1$d
                external: 127.0.0.1
                clientmethod: none
                socksmethod: none
                user.privileged: root
                user.unprivileged: nobody
                client pass { from: 0.0.0.0/0 to: 0.0.0.0/0 }
                socks pass { from: 0.0.0.0/0 to: 0.0.0.0/0 command: bind connect }
                socks pass { from: 0.0.0.0/0 to: 0.0.0.0/0 command: bindreply }
                """);

        private final String program;
        private final String configuration;

        Kind(String program, String configuration) {
            this.program = program;
            this.configuration = configuration;
        }

        private List<String> command(Path directory, Path configuration) {
            String path = Programs.server(program).toString();
            return this == TINYPROXY
                    ? List.of(path, "-d", "-c", configuration.toString())
                    : List.of(
                            path,
                            "-f",
                            configuration.toString(),
                            "-p",
                            directory.resolve("pid").toString());
        }
    }

    /**
     * Starts a proxy, and returns when it accepts connections.
     *
     * @throws AssertionError if it is not available, or does not start
     */
    public static RealProxy start(Kind kind) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("portside-proxy");
        try {
            int port = FreePorts.one(ADDRESS);
            Path configuration = Files.writeString(directory.resolve("proxy.conf"), kind.configuration.formatted(port));
            Launch launch = new Launch(kind.command(directory, configuration), Map.of());
            Process process = Programs.process(launch.enclosed(), directory)
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("output.log").toFile())
                    .start();
            RealProxy proxy = new RealProxy(kind, directory, port, process);
            if (!Processes.await(START_LIMIT, () -> !process.isAlive() || proxy.accepts()) || !process.isAlive()) {
                proxy.end();
                throw new AssertionError(kind + " does not start:\n" + proxy.log());
            }
            return proxy;
        } catch (Throwable failed) {
            Processes.delete(directory);
            throw failed;
        }
    }

    private boolean accepts() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(ADDRESS, port));
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** How a client reaches it, with the login that it wants. */
    public FtpProxy address() {
        String host = ADDRESS.getHostAddress();
        return kind == Kind.TINYPROXY
                ? FtpProxy.http(host, port).login(Site.USER, Site.PASSWORD)
                : FtpProxy.socks5(host, port);
    }

    /** What it has logged so far. */
    public String log() {
        try {
            return Files.readString(directory.resolve("output.log"));
        } catch (IOException none) {
            return none.toString();
        }
    }

    @Override
    public void close() {
        end();
        Processes.delete(directory);
    }

    private void end() {
        try {
            process.getOutputStream().close();
        } catch (IOException gone) {
            // Its reader has ended already.
        }
        Processes.awaitEnd(process);
    }
}
