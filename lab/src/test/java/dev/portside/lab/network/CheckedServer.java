package dev.portside.lab.network;

import dev.portside.cli.Portside;
import dev.portside.lab.peer.Processes;
import dev.portside.lab.peer.Programs;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * A server behind a gateway, and a client: to compare what {@code portside check} says of the server's firewall with what
 * happens to packets, and to see what the rules do that it prints.
 *
 * <pre>
 * client 203.0.113.9, 2001:db8:1::9 — gateway 203.0.113.1 — server 192.168.77.1, 2001:db8:77::1
 * </pre>
 */
final class CheckedServer implements AutoCloseable {
    static final String OUTER = "203.0.113.1";
    static final String CLIENT = "203.0.113.9";
    static final String INNER = "192.168.77.1";
    static final String INNER_IPV6 = "2001:db8:77::1";

    private final Network network;
    private final Path tools;
    final Namespace gateway;
    final Namespace server;
    final Host serverHost;
    final Host clientHost;

    private CheckedServer(Network network, Path tools) throws IOException, InterruptedException {
        this.network = network;
        this.tools = tools;
        Namespace client = network.namespace("client");
        gateway = network.namespace("gateway");
        server = network.namespace("server");
        gateway.forward();
        gateway.ip(
                "link add out type veth peer name c0 netns " + client.name(),
                "link add in type veth peer name eth0 netns " + server.name(),
                "addr add " + OUTER + "/24 dev out",
                "addr add 2001:db8:1::1/64 dev out nodad",
                "addr add 192.168.77.254/24 dev in",
                "addr add 2001:db8:77::fe/64 dev in nodad",
                "link set out up",
                "link set in up");
        client.ip(
                "addr add " + CLIENT + "/24 dev c0",
                "addr add 2001:db8:1::9/64 dev c0 nodad",
                "link set c0 up",
                "route add default via " + OUTER,
                "route add ::/0 via 2001:db8:1::1");
        server.ip(
                "addr add " + INNER + "/24 dev eth0",
                "addr add " + INNER_IPV6 + "/64 dev eth0 nodad",
                "link set eth0 up",
                "route add default via 192.168.77.254",
                "route add ::/0 via 2001:db8:77::fe");
        serverHost = Host.start(server);
        clientHost = Host.start(client);
    }

    static CheckedServer build() throws IOException, InterruptedException {
        Network network = Network.create();
        try {
            return new CheckedServer(network, tools());
        } catch (IOException | InterruptedException | RuntimeException | Error failed) {
            network.close();
            throw failed;
        }
    }

    /** A directory with nft and iptables by the names that everybody uses. */
    private static Path tools() throws IOException {
        Path tools = Files.createTempDirectory("portside-tools");
        Files.createSymbolicLink(tools.resolve("nft"), Programs.client("nft"));
        for (String name : List.of("iptables", "ip6tables")) {
            for (String kind : List.of("", "-save", "-restore")) {
                Files.createSymbolicLink(tools.resolve(name + kind), Programs.client("xtables-nft-multi"));
            }
        }
        return tools;
    }

    /** Runs a shell script with nft and iptables in its path; fails with what it prints if it fails. */
    String shell(Namespace namespace, String script) throws IOException, InterruptedException {
        return run(namespace, List.of("sh", "-e"), script, 0);
    }

    /** What {@code portside check} prints at the server, line by line. */
    List<String> check(int exitCode, String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                Portside.class.getName(),
                "check"));
        command.addAll(List.of(options));
        command.add(tools.toString());
        return run(server, command, "", exitCode).lines().toList();
    }

    private String run(Namespace namespace, List<String> command, String input, int exitCode)
            throws IOException, InterruptedException {
        ProcessBuilder builder = namespace.process(command, tools).redirectErrorStream(true);
        builder.environment().merge("PATH", tools.toString(), (path, first) -> first + ":" + path);
        builder.environment().put("XTABLES_LIBDIR", extensions().toString());
        builder.environment()
                .put(
                        "CLASSPATH",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        Process process = builder.start();
        try {
            try (var in = process.outputWriter(StandardCharsets.UTF_8)) {
                in.write(input);
            }
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != exitCode) {
                throw new AssertionError(
                        command + " ended with " + process.exitValue() + ": " + printed + "\n" + input);
            }
            return printed;
        } finally {
            Processes.kill(process);
        }
    }

    /** Where the extensions of iptables are, next to the program. */
    private static Path extensions() throws IOException {
        Path libraries =
                Programs.client("xtables-nft-multi").resolve("../../lib").normalize();
        try (Stream<Path> all = Files.list(libraries)) {
            return all.map(each -> each.resolve("xtables"))
                    .filter(Files::isDirectory)
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("iptables has no extensions in " + libraries));
        }
    }

    /** Listens on ports, and tells everybody who connects which port it was; goes on when the task has ended. */
    record Listen(List<Integer> ports) implements Task<Boolean> {
        @Override
        public Boolean run() throws IOException {
            for (int port : ports) {
                ServerSocket listener = new ServerSocket(port);
                Thread.startVirtualThread(() -> answer(listener, port));
            }
            return true;
        }

        private static void answer(ServerSocket listener, int port) {
            while (true) {
                try (Socket client = listener.accept()) {
                    new DataOutputStream(client.getOutputStream()).writeInt(port);
                } catch (IOException gone) {
                    // The next client.
                }
            }
        }
    }

    /** Connects to every one of the ports; which port it was that answered. */
    record Reach(String address, List<Integer> ports) implements Task<TreeMap<Integer, Integer>> {
        private static final int MILLIS = 1500;

        @Override
        public TreeMap<Integer, Integer> run() throws Exception {
            TreeMap<Integer, Integer> reached = new TreeMap<>();
            try (ExecutorService all = Executors.newVirtualThreadPerTaskExecutor()) {
                TreeMap<Integer, Future<Integer>> asked = new TreeMap<>();
                ports.forEach(port -> asked.put(port, all.submit(() -> ask(port))));
                for (var each : asked.entrySet()) {
                    Integer answer = each.getValue().get();
                    if (answer != null) {
                        reached.put(each.getKey(), answer);
                    }
                }
            }
            return reached;
        }

        private Integer ask(int port) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.ofLiteral(address), port), MILLIS);
                socket.setSoTimeout(MILLIS);
                return new DataInputStream(socket.getInputStream()).readInt();
            } catch (IOException stopped) {
                return null;
            }
        }
    }

    /** Connects from a port, as a server in active mode; whether somebody answers. */
    record ConnectFrom(int source, String address, int port) implements Task<Boolean> {
        @Override
        public Boolean run() {
            try (Socket socket = new Socket()) {
                socket.setReuseAddress(true);
                socket.bind(new InetSocketAddress(source));
                socket.connect(new InetSocketAddress(InetAddress.ofLiteral(address), port), Reach.MILLIS);
                return new DataInputStream(socket.getInputStream()).readInt() == port;
            } catch (IOException stopped) {
                return false;
            }
        }
    }

    @Override
    public void close() {
        serverHost.close();
        clientHost.close();
        network.close();
        Processes.delete(tools);
    }
}
