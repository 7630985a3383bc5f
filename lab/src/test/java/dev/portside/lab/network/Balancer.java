package dev.portside.lab.network;

import dev.portside.lab.peer.Processes;
import dev.portside.lab.peer.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** HAProxy, as a load balancer in a namespace. */
final class Balancer implements AutoCloseable {
    private static final Duration LISTENS_WITHIN = Duration.ofSeconds(20);

    private final Process process;
    private final Path directory;

    private Balancer(Process process, Path directory) {
        this.process = process;
        this.directory = directory;
    }

    /**
     * Starts it, and waits until it listens.
     *
     * @param configuration its sections behind {@code defaults}
     * @param port one on which it is to listen
     */
    static Balancer start(Namespace namespace, String configuration, int port)
            throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("portside-haproxy");
        Path file = directory.resolve("haproxy.cfg");
        Files.writeString(file, """
                global
                    maxconn 200
                defaults
                    mode tcp
                    timeout connect 5s
                    timeout client 60s
                    timeout server 60s
                """ + configuration);
        Process process = namespace
                .process(List.of(Programs.client("haproxy").toString(), "-db", "-f", file.toString()), directory)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        Balancer balancer = new Balancer(process, directory);
        // Local address and state of a socket that listens, as the kernel prints them.
        String listens = "%04X 00000000:0000 0A".formatted(port);
        if (!Processes.await(
                        LISTENS_WITHIN,
                        () -> !process.isAlive() || sockets(namespace).contains(listens))
                || !process.isAlive()) {
            String log = Files.readString(directory.resolve("log"));
            balancer.close();
            throw new AssertionError("HAProxy does not listen: " + log);
        }
        return balancer;
    }

    private static String sockets(Namespace namespace) {
        try {
            return namespace.shell("cat /proc/net/tcp");
        } catch (IOException failed) {
            return "";
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    @Override
    public void close() {
        Processes.kill(process);
        Processes.delete(directory);
    }
}
