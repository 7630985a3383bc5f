package dev.portside.lab.peer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Many vsftpd, each at an address of its own, all with the same user and home directory. TLS is offered, not required; a data
 * connection must resume the TLS session of its control connection.
 */
public final class ManyVsftpd implements AutoCloseable {
    private final Process process;
    private final Path directory;

    /**
     * One of them.
     *
     * @param address where it listens
     * @param externalAddress what 227 names; null for its own address
     */
    public record Plan(
            String address,
            int port,
            int firstPassivePort,
            int lastPassivePort,
            @Nullable String externalAddress) {
        private String config() {
            // Lines that come later count.
            return "listen_port=%d\npasv_min_port=%d\npasv_max_port=%d\nforce_local_logins_ssl=NO\nforce_local_data_ssl=NO\n"
                            .formatted(port, firstPassivePort, lastPassivePort)
                    + (externalAddress == null ? "" : "pasv_address=" + externalAddress + "\n");
        }
    }

    private ManyVsftpd(Process process, Path directory) {
        this.process = process;
        this.directory = directory;
    }

    /**
     * Starts them; returns when all listen.
     *
     * @param around put before the command line that starts them, to choose a network namespace
     * @param file the name of a file in the home directory
     * @param content what is in it
     */
    public static ManyVsftpd start(List<String> around, List<Plan> plans, String file, String content)
            throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("portside-servers");
        try {
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
            Path home = Files.createDirectory(directory.resolve("home"));
            Files.writeString(home.resolve(file), content);
            List<String> command = new ArrayList<>(around);
            command.addAll(prepare(plans, directory, home).enclosed());
            Process process = Programs.process(command, directory)
                    .redirectError(directory.resolve("errors.log").toFile())
                    .redirectOutput(directory.resolve("output.log").toFile())
                    .start();
            ManyVsftpd started = new ManyVsftpd(process, directory);
            started.awaitReady();
            return started;
        } catch (Throwable failed) {
            Processes.delete(directory);
            throw failed;
        }
    }

    private static Launch prepare(List<Plan> plans, Path directory, Path home) throws IOException {
        ServerTls tls = new ServerTls(ServerTls.Mode.EXPLICIT, TlsVersions.BOTH, true, TestAuthority.Subject.SERVER_EC);
        Launch last = null;
        for (int i = 0; i < plans.size(); i++) {
            Plan plan = plans.get(i);
            Path own = Files.createDirectory(directory.resolve(Integer.toString(i)));
            Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rwxr-xr-x"));
            Site site = new Site(
                    own,
                    home,
                    InetAddress.ofLiteral(plan.address()),
                    plan.port(),
                    tls,
                    plan.config().lines().toList());
            last = Vsftpd.prepare(site);
        }
        if (last == null) {
            throw new IllegalArgumentException("no server");
        }
        String program = Programs.server("vsftpd/usr/sbin/vsftpd").toString();
        // Listening is what each does first: when its port is taken in /proc/net, it is ready.
        String script = """
                for config in */vsftpd.conf; do "$1" "$PWD/$config" & done
                until [ $(cat /proc/net/tcp /proc/net/tcp6 | grep -c ':0015 0*:0000 0A') -ge "$2" ]; do sleep 0.05; done
                echo ready >&2
                wait
                """;
        return new Launch(
                List.of("sh", "-c", script, "sh", program, Integer.toString(plans.size())), last.replacements());
    }

    /** The server's standard output is that of its log; what it says to us is in the errors. */
    private void awaitReady() throws InterruptedException {
        boolean ready = false;
        try {
            ready = Processes.await(Duration.ofSeconds(30), () -> !process.isAlive() || errors().contains("ready"))
                    && process.isAlive();
        } finally {
            if (!ready) {
                end();
            }
        }
        if (!ready) {
            throw new AssertionError("vsftpd does not start:\n" + errors());
        }
    }

    private String errors() {
        try {
            return Files.readString(directory.resolve("errors.log"), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void end() {
        try {
            process.getOutputStream().close();
        } catch (IOException gone) {
            // It has ended already.
        }
        Processes.awaitEnd(process);
    }

    @Override
    public void close() {
        end();
        Processes.delete(directory);
    }
}
