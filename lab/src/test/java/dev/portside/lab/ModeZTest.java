package dev.portside.lab;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portside.client.Download;
import dev.portside.client.FtpClient;
import dev.portside.client.FtpClientListener;
import dev.portside.client.FtpClientOptions;
import dev.portside.client.FtpReplyException;
import dev.portside.client.TransferResult;
import dev.portside.client.Upload;
import dev.portside.lab.peer.RealClient;
import dev.portside.lab.peer.RealClient.Outcome;
import dev.portside.lab.peer.RealServer;
import dev.portside.lab.peer.RealServer.Kind;
import dev.portside.protocol.Command;
import dev.portside.protocol.DirectoryEntry;
import dev.portside.protocol.RepresentationType;
import dev.portside.testkit.Content;
import dev.portside.testkit.LeakCheckExtension;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** MODE Z: our client with ProFTPD's mod_deflate, lftp with our server, and our two ends with each other. */
@ExtendWith(LeakCheckExtension.class)
class ModeZTest {
    private static final Content RANDOM = new Content(5 << 20, 1);
    private static final byte[] SMALL = "hello\n".getBytes(UTF_8);

    @TempDir
    Path directory;

    private final Queue<String> commands = new ConcurrentLinkedQueue<>();
    private final Queue<String> notCompressed = new ConcurrentLinkedQueue<>();

    /** A file, and whether it gets smaller. */
    static final class Sample {
        private final String name;
        private final byte[] bytes;
        private final boolean shrinks;

        Sample(String name, byte[] bytes, boolean shrinks) {
            this.name = name;
            this.bytes = bytes;
            this.shrinks = shrinks;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static List<Sample> samples() {
        String words = "many words, many words, and a line end\n";
        return List.of(
                new Sample("empty", new byte[0], false),
                new Sample("small", SMALL, false),
                new Sample("random", RANDOM.bytes(), false),
                new Sample("words", words.repeat(135_000).getBytes(UTF_8), true),
                new Sample("zeros", new byte[5 << 20], true));
    }

    private FtpClient client(InetSocketAddress server, String user, String password) throws IOException {
        FtpClient client =
                FtpClient.connect(FtpClientOptions.builder(server.getAddress().getHostAddress())
                        .port(server.getPort())
                        .compression(true)
                        .listener(new FtpClientListener() {
                            @Override
                            public void command(Command command) {
                                commands.add(command.masked());
                            }

                            @Override
                            public void notCompressed(String reason) {
                                notCompressed.add(reason);
                            }
                        })
                        .build());
        client.login(user, password);
        return client;
    }

    private static TransferResult upload(FtpClient client, String name, byte[] bytes, long offset) throws IOException {
        Upload upload = client.store(name, offset);
        try (upload) {
            upload.write(ByteBuffer.wrap(bytes));
        }
        return upload.result();
    }

    private static byte[] download(FtpClient client, String name, long offset) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Download download = client.retrieve(name, offset)) {
            download.transferTo(Channels.newChannel(bytes));
        }
        return bytes.toByteArray();
    }

    private static void sizesAreRight(TransferResult result, Sample sample) {
        assertThat(result.bytes()).isEqualTo(sample.bytes.length);
        assertThat(result.wireBytes() < sample.bytes.length).isEqualTo(sample.shrinks);
    }

    private static List<String> names(List<DirectoryEntry> entries) {
        return entries.stream()
                .filter(entry -> !entry.isSelfOrParent())
                .map(DirectoryEntry::name)
                .sorted()
                .toList();
    }

    private void downloadsAndListingsGoCompressed(FtpClient client, List<String> inTheHome) throws IOException {
        for (Sample sample : samples()) {
            Download download = client.retrieve(sample.name).expectSize(sample.bytes.length);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (download) {
                download.transferTo(Channels.newChannel(bytes));
            }
            assertThat(bytes.toByteArray()).isEqualTo(sample.bytes);
            sizesAreRight(download.result(), sample);
        }
        assertThat(names(client.list().entries())).containsExactlyElementsOf(inTheHome);
        client.makeDirectory("nothing");
        assertThat(names(client.list("nothing").entries())).isEmpty();
        // REST counts the bytes of the file.
        assertThat(download(client, "random", 5_000_000)).isEqualTo(RANDOM.bytes(5_000_000, RANDOM.size()));
        assertThat(commands).containsOnlyOnce("MODE Z").doesNotContain("MODE S");
        assertThat(notCompressed).isEmpty();
    }

    private static List<String> sampleNames() {
        return samples().stream().map(Sample::toString).sorted().toList();
    }

    private static void textGoesCompressed(FtpClient client, Path home) throws IOException {
        client.type(RepresentationType.ASCII);
        upload(client, "text", "one\ntwo\n".getBytes(UTF_8), 0);
        assertThat(home.resolve("text")).hasContent("one\ntwo\n");
        assertThat(download(client, "text", 0)).asString(UTF_8).isEqualTo("one\ntwo\n");
        client.type(RepresentationType.IMAGE);
    }

    private static void aTransferThatIsAbortedLeavesTheSession(FtpClient client) throws IOException {
        Download download = client.retrieve("random");
        download.read(ByteBuffer.allocate(1000));
        download.abort();
        assertThatThrownBy(() -> download.transferTo(Channels.newChannel(new ByteArrayOutputStream())))
                .isInstanceOf(IOException.class);
        download.close();
        assertThat(download(client, "small", 0)).isEqualTo(SMALL);
    }

    @Nested
    class OurClient {
        /** Large uploads are left out: mod_deflate 0.6 stops in the middle of them, whoever sends them. */
        @Test
        void withProFtpd_compressesDownloadsListingsAndSmallUploads() throws Exception {
            try (RealServer server = RealServer.start(Kind.PROFTPD);
                    FtpClient client = client(server.address(), server.user(), server.password())) {
                for (Sample sample : samples()) {
                    server.seed(sample.name, sample.bytes);
                }
                downloadsAndListingsGoCompressed(client, sampleNames());
                upload(client, "uploaded", SMALL, 0);
                assertThat(server.home().resolve("uploaded")).hasBinaryContent(SMALL);
                textGoesCompressed(client, server.home());
                aTransferThatIsAbortedLeavesTheSession(client);
            }
        }

        @Test
        void withOurServer_compressesEverything() throws Exception {
            try (OurServer server = OurServer.start(directory.resolve("home"));
                    FtpClient client = client(server.address(Route.Family.IPV4), OurServer.USER, OurServer.PASSWORD)) {
                for (Sample sample : samples()) {
                    Path source = Files.write(directory.resolve(sample.name), sample.bytes);
                    Upload upload = client.store(sample.name);
                    try (upload;
                            FileChannel file = FileChannel.open(source)) {
                        upload.transferFrom(file);
                    }
                    sizesAreRight(upload.result(), sample);
                    assertThat(server.home().resolve(sample.name)).hasBinaryContent(sample.bytes);
                }
                downloadsAndListingsGoCompressed(client, sampleNames());
                upload(client, "resumed", RANDOM.bytes(0, 100_000), 0);
                upload(client, "resumed", RANDOM.bytes(70_000, RANDOM.size()), 70_000);
                RANDOM.assertIn(server.home().resolve("resumed"));
                textGoesCompressed(client, server.home());
                server.letTransfersFail();
                aTransferThatIsAbortedLeavesTheSession(client);
            }
        }

        @ParameterizedTest
        @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PROFTPD")
        void withAServerThatCannot_goesWithout_andSaysSo(Kind kind) throws Exception {
            try (RealServer server = RealServer.start(kind);
                    FtpClient client = client(server.address(), server.user(), server.password())) {
                TransferResult result = upload(client, "zeros", new byte[100_000], 0);
                assertThat(result.wireBytes()).isEqualTo(100_000);
                assertThat(download(client, "zeros", 0)).hasSize(100_000);
                assertThat(notCompressed).containsExactly("the server has no MODE Z");
            }
        }

        @Test
        void againstABomb_endsTheDownload() throws Exception {
            try (RealServer server = RealServer.start(Kind.PROFTPD);
                    FtpClient client = client(server.address(), server.user(), server.password())) {
                try (FileChannel zeros =
                        FileChannel.open(server.seed("zeros", new byte[0]), StandardOpenOption.WRITE)) {
                    zeros.write(ByteBuffer.allocate(1), 1L << 30);
                }
                Download download = client.retrieve("zeros");
                assertThatThrownBy(() -> download.transferTo(Channels.newChannel(OutputStream.nullOutputStream())))
                        .isInstanceOf(IOException.class)
                        .isNotInstanceOf(FtpReplyException.class)
                        .hasMessageContaining("inflated too far")
                        .hasMessageEndingWith("transfer it without compression");
                assertThat(download.bytes()).isLessThan(65 << 20);
                download.close();
                assertThat(client.list().entries()).isNotEmpty();
            }
        }
    }

    @Nested
    class Lftp {
        private OurServer server;
        private Path local;

        @AfterEach
        void close() {
            server.close();
        }

        private Outcome lftp(String script) throws Exception {
            local = Files.createDirectories(directory.resolve("local"));
            String all = """
                    debug -T 5
                    set cmd:fail-exit yes
                    set net:max-retries 1
                    set net:timeout 5
                    set ftp:use-mode-z yes
                    open -u %s,%s %s
                    """.formatted(OurServer.USER, OurServer.PASSWORD, server.url("")) + script + "\n";
            Outcome outcome =
                    RealClient.named("lftp").in(local).reading(all).run().succeeded();
            assertThat(outcome.text() + outcome.errors()).contains("---> MODE Z");
            assertThat(outcome.errors())
                    .as(outcome.toString())
                    .doesNotContainPattern("(?i)retry|failed|reset|cannot|abort|warn|timeout|peer closed|^[*]{4}");
            return outcome;
        }

        @ParameterizedTest
        @MethodSource("dev.portside.lab.ModeZTest#samples")
        void getAndPut_goCompressed(Sample sample) throws Exception {
            server = OurServer.start(directory.resolve("home"));
            Files.write(server.home().resolve("file"), sample.bytes);
            lftp("get file");
            assertThat(local.resolve("file")).hasBinaryContent(sample.bytes);
            lftp("put file -o copy");
            assertThat(server.home().resolve("copy")).hasBinaryContent(sample.bytes);
            assertThat(lftp("cls -l").text()).contains("copy").contains(Integer.toString(sample.bytes.length));
        }

        @Test
        void get_goesOnWithWhatIsThere() throws Exception {
            server = OurServer.start(directory.resolve("home"));
            server.seed("file", RANDOM);
            Path part = Files.createDirectories(directory.resolve("local")).resolve("file");
            Files.write(part, RANDOM.bytes(0, 1_000_000));
            Outcome outcome = lftp("get -c file");
            RANDOM.assertIn(part);
            assertThat(outcome.text() + outcome.errors()).contains("---> REST 1000000");
        }

        @Test
        void mirror_bringsTheTree_bothWays() throws Exception {
            server = OurServer.start(directory.resolve("home"));
            TreeMap<String, Content> files = new TreeMap<>();
            for (int i = 0; i < 50; i++) {
                files.put("dir" + i % 5 + "/file" + i, new Content(i * 1000L, i));
            }
            for (var file : files.entrySet()) {
                Files.setLastModifiedTime(
                        server.seed(file.getKey(), file.getValue()),
                        FileTime.from(Instant.parse("2004-03-02T21:20:19Z")));
            }
            lftp("mirror . copy");
            assertThat(Tree.of(local.resolve("copy"))).isEqualTo(Tree.of(server.home()));
            lftp("mirror -R copy back");
            assertThat(Tree.of(server.home().resolve("back"))).isEqualTo(Tree.of(local.resolve("copy")));
        }
    }
}
