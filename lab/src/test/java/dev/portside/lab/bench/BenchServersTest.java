package dev.portside.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.lab.peer.RealClient;
import dev.portside.lab.peer.TestAuthority;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** The servers of the benchmark, but not pyftpdlib, which only the benchmark itself unpacks: they serve, and tell their cost. */
class BenchServersTest {
    private static final long SIZE = 128L << 20;

    @TempDir
    Path scratch;

    private Path data;

    @BeforeEach
    void makeData() throws Exception {
        data = Files.createDirectory(scratch.resolve("data"));
        Files.setPosixFilePermissions(scratch, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setAttribute(data, "unix:uid", Site.UID);
        try (RandomAccessFile file =
                new RandomAccessFile(data.resolve("zero.bin").toFile(), "rw")) {
            file.setLength(SIZE);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "PYFTPDLIB")
    void aContender_servesFilesInTheClear(Contender contender) throws Exception {
        try (Contestant server = contender.start(new Setting(data, false, scratch))) {
            download(server);
            upload(server);

            assertThat(server.contender()).isEqualTo(contender);
            assertThat(contender.version()).startsWith(contender.title() + " ").containsPattern("[0-9]$");
            assertThat(server.startup()).isBetween(Duration.ofMillis(1), Duration.ofSeconds(30));
        }
        assertThat(scratch).as("what is left when it is closed").isDirectoryNotContaining(path -> !path.equals(data));
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "PYFTPDLIB")
    void aContender_servesFilesUnderTls_andItsCostIsThatOfAllItsProcesses(Contender contender) throws Exception {
        try (Contestant server = contender.start(new Setting(data, true, scratch))) {
            upload(server, "--ssl-reqd");
            Duration before = server.cpu();
            long beginning = System.nanoTime();

            download(server, "--ssl-reqd", "--tlsv1.3");

            // No processor encrypts as much in less. A server that forks has lost its process for the session by now.
            Duration elapsed = Duration.ofNanos(System.nanoTime() - beginning);
            assertThat(server.cpu().minus(before))
                    .isBetween(
                            Duration.ofMillis(10),
                            elapsed.multipliedBy(Runtime.getRuntime().availableProcessors()));
            server.collectGarbage();
            assertThat(server.proportionalSetKiB()).isBetween(500L, server.residentKiB());
            assertThat(server.residentKiB()).isLessThan(1 << 20);
        }
    }

    private void download(Contestant server, String... options) throws Exception {
        Path file = scratch.resolve("received");
        curl(server, options, "--output", file.toString(), url(server, "zero.bin"));
        assertThat(file).hasSize(SIZE);
        Files.delete(file);
    }

    private void upload(Contestant server, String... options) throws Exception {
        Path file = Files.writeString(scratch.resolve("sent"), "uploaded");
        curl(server, options, "--upload-file", file.toString(), url(server, "stored.txt"));
        assertThat(data.resolve("stored.txt")).hasContent("uploaded");
        Files.delete(file);
    }

    private static String url(Contestant server, String path) {
        return "ftp://%s:%d/%s".formatted(Site.HOST, server.address().getPort(), path);
    }

    private static void curl(Contestant server, String[] options, String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of(options));
        all.addAll(List.of(
                "--silent", "--show-error", "--cacert", TestAuthority.root().toString()));
        all.addAll(List.of("--user", server.user() + ":" + server.password()));
        all.addAll(List.of(arguments));
        RealClient.named("curl")
                .within(Duration.ofSeconds(60))
                .run(all.toArray(String[]::new))
                .succeeded();
    }
}
