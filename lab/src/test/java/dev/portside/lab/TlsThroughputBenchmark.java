package dev.portside.lab;

import dev.portside.client.Download;
import dev.portside.client.FtpClient;
import dev.portside.client.FtpClientOptions;
import dev.portside.client.FtpClientTls;
import dev.portside.client.TlsMode;
import dev.portside.lab.peer.RealClient;
import dev.portside.lab.peer.RealServer;
import dev.portside.lab.peer.RealServer.Kind;
import dev.portside.lab.peer.RealServer.Options;
import dev.portside.lab.peer.ServerTls;
import dev.portside.lab.peer.TestAuthority;
import dev.portside.lab.peer.TestAuthority.Subject;
import dev.portside.lab.peer.TlsVersions;
import dev.portside.testkit.Content;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * How fast servers are under TLS 1.3: a file of 1 GiB is sent and received by curl, which costs the same with every server,
 * and 1,000 files of 1 KiB are brought by our client in one session. vsftpd, ProFTPD, Pure-FTPd and {@code portside serve}
 * (a process of its own, with the options that a user has) take turns; prints medians, and the ratio to the best of the
 * others. Not a test: nothing here is right or wrong.
 *
 * <p>Run as root, with 3 GiB free on tmpfs, after {@code lab/peers}: {@code ./mvnw -q -pl lab -am test-compile
 * dependency:build-classpath -Dmdep.outputFile=/tmp/lab.cp && java -Dportside.root=$PWD -Djava.io.tmpdir=/dev/shm -cp
 * "lab/target/test-classes:$(cat /tmp/lab.cp)" dev.portside.lab.TlsThroughputBenchmark [rounds]}
 */
final class TlsThroughputBenchmark {
    private static final long SIZE = 1L << 30;
    private static final int FILES = 1000;
    private static final int FILE_BYTES = 1 << 10;
    private static final int USUAL_ROUNDS = 5;
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final String USER = "ada";
    private static final String PASSWORD = "s3cret";
    private static final String PORTSIDE = "PORTSIDE";

    private TlsThroughputBenchmark() {}

    /** A server, and the directory that its user sees. */
    private record Peer(String name, InetSocketAddress address, Path home) {
        String url(String path) {
            return "ftp://127.0.0.1:" + address.getPort() + "/" + path;
        }
    }

    /** One measurement: more is better. */
    private interface Measure {
        double of(Peer peer) throws Exception;
    }

    /** Prints a table. */
    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length == 0 ? USUAL_ROUNDS : Integer.parseInt(arguments[0]);
        Path directory = Files.createTempDirectory("portside-benchmark");
        Path big = new Content(SIZE, 1).writeTo(directory.resolve("big"));
        List<RealServer> servers = new ArrayList<>();
        Path home = Files.createDirectory(directory.resolve("home"));
        Process portside = portside(home);
        try {
            List<Peer> peers = new ArrayList<>();
            for (Kind kind : Kind.values()) {
                RealServer server =
                        RealServer.start(kind, Options.USUAL.with(ServerTls.EXPLICIT.only(TlsVersions.TLS_1_3)));
                servers.add(server);
                seed(server.home(), big);
                server.handOver();
                peers.add(new Peer(kind.name(), server.address(), server.home()));
            }
            seed(home, big);
            peers.add(new Peer(PORTSIDE, address(portside), home));
            IO.println("%-34s %10s %10s %10s %10s %8s"
                    .formatted("TLS 1.3, median of " + rounds, "vsftpd", "ProFTPD", "Pure-FTPd", "Portside", "ratio"));
            row("RETR 1 GiB, MiB/s", rounds, peers, TlsThroughputBenchmark::retr);
            row("STOR 1 GiB, MiB/s", rounds, peers, peer -> stor(peer, big));
            row("RETR 1,000 x 1 KiB, files/s", rounds, peers, TlsThroughputBenchmark::small);
        } finally {
            portside.destroy();
            portside.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS);
            servers.forEach(RealServer::close);
            delete(directory);
        }
    }

    private static void row(String what, int rounds, List<Peer> peers, Measure measure) throws Exception {
        Map<String, double[]> results = new LinkedHashMap<>();
        // One round to warm up, which does not count.
        for (int round = -1; round < rounds; round++) {
            for (Peer peer : peers) {
                double result = measure.of(peer);
                if (round >= 0) {
                    results.computeIfAbsent(peer.name, name -> new double[rounds])[round] = result;
                }
            }
        }
        StringBuilder line = new StringBuilder("%-34s".formatted(what));
        double best = 0;
        double ours = 0;
        for (Map.Entry<String, double[]> result : results.entrySet()) {
            Arrays.sort(result.getValue());
            double median = result.getValue()[rounds / 2];
            line.append(" %10.0f".formatted(median));
            if (result.getKey().equals(PORTSIDE)) {
                ours = median;
            } else {
                best = Math.max(best, median);
            }
        }
        IO.println(line.append(" %8.2f".formatted(ours / best)));
    }

    /** The large file is the same for all: a link. */
    private static void seed(Path home, Path big) throws IOException {
        Files.createLink(home.resolve("big"), big);
        for (int i = 0; i < FILES; i++) {
            new Content(FILE_BYTES, i).writeTo(home.resolve("small" + i));
        }
    }

    private static Process portside(Path home) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new ProcessBuilder(
                        java,
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.portside.cli.Portside",
                        "serve",
                        home.toString(),
                        "--port=0",
                        "--user=" + USER,
                        "--password=" + PASSWORD,
                        "--tls=required",
                        "--cert=" + TestAuthority.certificate(Subject.SERVER).both())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static InetSocketAddress address(Process portside) throws IOException {
        String listening = "listening on ftpes://127.0.0.1:";
        BufferedReader lines = portside.inputReader();
        String line = lines.readLine();
        while (line != null && !line.startsWith(listening)) {
            line = lines.readLine();
        }
        if (line == null) {
            throw new IOException("portside serve does not start");
        }
        String port = line.substring(listening.length(), line.length() - 1);
        return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), Integer.parseInt(port));
    }

    private static double retr(Peer peer) throws Exception {
        return curl("-o", "/dev/null", peer.url("big"));
    }

    private static double stor(Peer peer, Path big) throws Exception {
        try {
            return curl("-T", big.toString(), peer.url("stored"));
        } finally {
            Files.deleteIfExists(peer.home.resolve("stored"));
        }
    }

    private static double curl(String option, String file, String url) throws Exception {
        RealClient curl = RealClient.named("curl").within(LIMIT);
        long began = System.nanoTime();
        curl.run(
                        "-sS",
                        "--ssl-reqd",
                        "--tlsv1.3",
                        "--cacert",
                        TestAuthority.root().toString(),
                        "--user",
                        USER + ":" + PASSWORD,
                        option,
                        file,
                        url)
                .succeeded();
        return (SIZE >> 20) / seconds(began);
    }

    private static double small(Peer peer) throws Exception {
        FtpClientTls tls = FtpClientTls.builder(TlsMode.EXPLICIT)
                .authorities(TestAuthority.root())
                .build();
        try (FtpClient client = FtpClient.connect(FtpClientOptions.builder("127.0.0.1")
                .port(peer.address.getPort())
                .tls(tls)
                .build())) {
            client.login(USER, PASSWORD);
            long began = System.nanoTime();
            for (int i = 0; i < FILES; i++) {
                try (Download download = client.retrieve("small" + i)) {
                    if (download.inputStream().readAllBytes().length != FILE_BYTES) {
                        throw new IOException("small" + i + " has not all of its bytes");
                    }
                }
            }
            return FILES / seconds(began);
        }
    }

    private static double seconds(long began) {
        return (System.nanoTime() - began) / 1e9;
    }

    private static void delete(Path directory) throws IOException {
        try (var tree = Files.walk(directory)) {
            for (Path path : tree.toList().reversed()) {
                Files.delete(path);
            }
        }
    }
}
