package dev.portside.cli;

import dev.portside.client.DataMode;
import dev.portside.client.Download;
import dev.portside.client.FtpClient;
import dev.portside.client.FtpClientOptions;
import dev.portside.client.FtpClientTls;
import dev.portside.client.TlsMode;
import dev.portside.client.Upload;
import dev.portside.protocol.HostPort;
import dev.portside.server.Authenticator;
import dev.portside.server.FtpServer;
import dev.portside.server.FtpServerOptions;
import dev.portside.server.FtpServerTls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the demo plays on: a server on this machine, a temporary directory, files to move. */
final class DemoStage implements AutoCloseable {
    /** What was moved in one mode, and the scene that is shown. */
    record Moved(int files, long bytes, Duration duration, Recorder.Scene scene) {}

    private static final String HOST = "127.0.0.1";
    private static final String USER = "demo";
    /** The file whose download is drawn. */
    private static final String SHOWN = "naïve café.bin";

    private static final Map<String, Integer> SIZES = new LinkedHashMap<>();

    static {
        SIZES.put("empty", 0);
        SIZES.put("one byte", 1);
        SIZES.put(SHOWN, 100_000);
        SIZES.put("日本語.txt", 65_537);
        SIZES.put("a ship \uD83D\uDEA2.bin", 1 << 20);
        SIZES.put("large.bin", 5 << 20);
    }

    private final Path directory;
    private final Path sources;
    private final Path served;
    private final Path targets;
    private final String password = UUID.randomUUID().toString();
    private final FtpServer server;

    DemoStage() throws IOException {
        directory = Files.createTempDirectory("portside-demo-");
        sources = Files.createDirectory(directory.resolve("sources"));
        served = Files.createDirectory(directory.resolve("served"));
        targets = Files.createDirectory(directory.resolve("targets"));
        Random random = new Random(959);
        for (Map.Entry<String, Integer> file : SIZES.entrySet()) {
            byte[] content = new byte[file.getValue()];
            random.nextBytes(content);
            Files.write(sources.resolve(file.getKey()), content);
        }
        server = new FtpServer(FtpServerOptions.builder()
                .listenOn(new InetSocketAddress(InetAddress.ofLiteral(HOST), 0))
                .tls(FtpServerTls.builder().selfSigned(directory, List.of(HOST)).build())
                .authenticator(Authenticator.users(new Authenticator.User(USER, password, served, true)))
                .build());
        server.start();
    }

    String address() {
        return new HostPort(server.address().getAddress(), server.address().getPort()).toString();
    }

    String description() {
        long bytes = SIZES.values().stream().mapToLong(Integer::longValue).sum();
        return SIZES.size() + " of 0 B to 5 MiB, " + Amount.ofBytes(bytes)
                + ", named in ASCII, é, 日本語 and \uD83D\uDEA2";
    }

    /**
     * Uploads and downloads every file, and compares what has arrived on either side.
     *
     * @throws PortsideException if a byte is wrong
     */
    Moved move(DataMode mode, TlsMode tls) throws IOException {
        AtomicReference<Recorder.@Nullable Scene> last = new AtomicReference<>();
        FtpClientTls trust = FtpClientTls.builder(tls)
                .authorities(directory.resolve("self-signed.pem"))
                .build();
        FtpClientOptions options = FtpClientOptions.builder(HOST)
                .port(server.address().getPort())
                .mode(mode)
                .tls(tls == TlsMode.OFF ? FtpClientTls.OFF : trust)
                .listener(new Recorder(last::set))
                .build();
        long began = System.nanoTime();
        long bytes = 0;
        Recorder.Scene shown = null;
        try (FtpClient client = FtpClient.connect(options)) {
            client.login(USER, password);
            for (String name : SIZES.keySet()) {
                bytes += upload(client, name);
                bytes += download(client, name);
                compare(name);
                shown = name.equals(SHOWN) ? last.get() : shown;
            }
        }
        if (shown == null) {
            throw new IllegalStateException("nothing was recorded");
        }
        return new Moved(SIZES.size(), bytes, Duration.ofNanos(System.nanoTime() - began), shown);
    }

    private long upload(FtpClient client, String name) throws IOException {
        Upload upload = client.store(name);
        try (upload;
                FileChannel file = FileChannel.open(sources.resolve(name))) {
            upload.transferFrom(file);
        }
        return upload.bytes();
    }

    private long download(FtpClient client, String name) throws IOException {
        Download download = client.retrieve(name);
        try (download;
                FileChannel file = FileChannel.open(
                        targets.resolve(name),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            download.transferTo(file);
        }
        return download.bytes();
    }

    private void compare(String name) throws IOException {
        byte[] hash = sha256(sources.resolve(name));
        for (Path arrived : List.of(served.resolve(name), targets.resolve(name))) {
            if (!Arrays.equals(hash, sha256(arrived))) {
                throw new PortsideException(ExitCode.SOME_FAILED, arrived + ": has arrived with other bytes");
            }
        }
    }

    private static byte[] sha256(Path file) throws IOException {
        try {
            return MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (UncheckedIOException failed) {
            throw new IOException(failed);
        }
    }
}
