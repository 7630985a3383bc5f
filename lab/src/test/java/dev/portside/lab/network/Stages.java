package dev.portside.lab.network;

import dev.portside.lab.peer.Processes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Some {@link Stage}s side by side: all clients live in one namespace, all servers in another one. */
final class Stages implements AutoCloseable {
    private static final Duration LOGGED_WITHIN = Duration.ofSeconds(20);

    private final Network network;
    private final Namespace clients;
    private final Namespace servers;
    private final Host client;
    private final Host server;
    private final Secrets secrets = Secrets.make();

    private Stages(Network network) throws IOException, InterruptedException {
        this.network = network;
        clients = network.namespace("clients");
        servers = network.namespace("servers");
        // What is sent slowly is to wait in the program, not in the kernel.
        servers.set("net/ipv4/tcp_wmem=4096 16384 65536");
        clients.set("net/ipv4/tcp_rmem=4096 65536 131072");
        client = Host.start(clients);
        server = Host.startWithNameServer(servers);
    }

    /**
     * Namespaces and hosts, without a stage.
     *
     * @throws AssertionError if this machine has no namespaces for us: it says what is missing
     */
    static Stages open() throws IOException, InterruptedException {
        Network network = Network.create();
        try {
            return new Stages(network);
        } catch (IOException | RuntimeException | Error | InterruptedException failed) {
            network.close();
            throw failed;
        }
    }

    Namespace namespace(String name) throws IOException, InterruptedException {
        return network.namespace(name);
    }

    Namespace clients() {
        return clients;
    }

    Namespace servers() {
        return servers;
    }

    Secrets secrets() {
        return secrets;
    }

    /** Runs something where the clients are: see {@link StageClient}. */
    <T> T atClient(Task<T> task) throws IOException {
        return client.run(task);
    }

    /** The same, and does not wait for its end. */
    <T> CompletableFuture<T> beginAtClient(Task<T> task) throws IOException {
        return client.begin(task);
    }

    /** Runs something where the servers are: see {@link StageServer}. */
    <T> T atServer(Task<T> task) throws IOException {
        return server.run(task);
    }

    /** What the server at this address and port has logged, a line of JSON each. */
    List<String> log(String address, int port) {
        try {
            return Files.readAllLines(server.directory().resolve(StageServer.log(address, port)));
        } catch (NoSuchFileException nothing) {
            return List.of();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Waits for a line of the log that has all these parts, and returns it. */
    String awaitLog(String address, int port, String... parts) throws InterruptedException {
        if (!Processes.await(LOGGED_WITHIN, () -> has(address, port, parts))) {
            throw new AssertionError(
                    "not logged: " + List.of(parts) + ", but\n" + String.join("\n", log(address, port)));
        }
        return log(address, port).stream()
                .filter(each -> List.of(parts).stream().allMatch(each::contains))
                .findFirst()
                .orElseThrow();
    }

    private boolean has(String address, int port, String... parts) {
        return log(address, port).stream()
                .anyMatch(each -> List.of(parts).stream().allMatch(each::contains));
    }

    @Override
    public void close() {
        client.close();
        server.close();
        network.close();
    }
}
