package dev.portside.lab;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portside.client.DataConnectionEvent;
import dev.portside.client.DataMode;
import dev.portside.client.Download;
import dev.portside.client.FtpClient;
import dev.portside.client.FtpClientListener;
import dev.portside.client.FtpClientOptions;
import dev.portside.client.FtpReplyException;
import dev.portside.client.TransferResult;
import dev.portside.client.Upload;
import dev.portside.lab.peer.RealServer;
import dev.portside.lab.peer.RealServer.Kind;
import dev.portside.lab.peer.RealServer.Options;
import dev.portside.protocol.DirectoryEntry;
import dev.portside.protocol.Listing;
import dev.portside.protocol.ReplyCode;
import dev.portside.protocol.RepresentationType;
import dev.portside.testkit.Content;
import dev.portside.testkit.ContentCheck;
import dev.portside.testkit.LeakCheckExtension;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** All tests of one server, address family and mode share a session: ProFTPD pauses between one and the next. */
@ParameterizedClass(name = "{0} over {1} by {2}")
@MethodSource("serversAndModes")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(LeakCheckExtension.class)
class ClientWithRealServersTest {
    private static final Content FILE = new Content(5 << 20, 1);
    private static final Instant LONG_AGO = Instant.parse("2004-03-02T21:20:19Z");

    @Parameter(0)
    Kind kind;

    @Parameter(1)
    Route.Family family;

    @Parameter(2)
    DataMode mode;

    @TempDir
    Path local;

    private final Queue<DataConnectionEvent> dataConnections = new ConcurrentLinkedQueue<>();
    private RealServer server;
    private FtpClient client;

    static Stream<Arguments> serversAndModes() {
        List<Arguments> all = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            for (Route route : Route.all()) {
                DataMode mode = DataMode.valueOf(route.command().name());
                all.add(Arguments.of(kind, route.family(), mode));
            }
            for (Route.Family family : Route.Family.values()) {
                all.add(Arguments.of(kind, family, DataMode.AUTO));
            }
        }
        return all.stream();
    }

    static List<String> names() {
        return Names.HARD_ONES;
    }

    @BeforeParameterizedClassInvocation
    void logIn() throws Exception {
        Options options = family == Route.Family.IPV6 ? Options.USUAL.onIpv6() : Options.USUAL;
        server = RealServer.start(kind, kind == Kind.PROFTPD ? options.with("LoadModule mod_digest.c") : options);
        client = FtpClient.connect(
                FtpClientOptions.builder(server.address().getAddress().getHostAddress())
                        .port(server.address().getPort())
                        .mode(mode)
                        .listener(new FtpClientListener() {
                            @Override
                            public void dataConnection(DataConnectionEvent event) {
                                dataConnections.add(event);
                            }
                        })
                        .build());
        client.login(server.user(), server.password());
    }

    @AfterParameterizedClassInvocation
    void close() {
        client.close();
        server.close();
    }

    /** AUTO finds that the first one works. */
    @AfterEach
    void dataConnections_areMadeAsAsked() {
        DataMode expected = mode == DataMode.AUTO ? DataMode.EPSV : mode;
        assertThat(dataConnections).allSatisfy(event -> {
            assertThat(event.mode()).isEqualTo(expected);
            assertThat(event.local().getAddress()).isEqualTo(server.address().getAddress());
        });
        dataConnections.clear();
    }

    private void store(String path, Content content) throws IOException {
        Upload upload = client.store(path);
        try (upload) {
            upload.transferFrom(content.channel());
        }
        assertThat(upload.result().bytes()).isEqualTo(content.size());
    }

    private void retrieves(String path, Content content) throws IOException {
        ContentCheck check = content.check();
        Download download = client.retrieve(path);
        try (download) {
            download.transferTo(check);
        }
        check.assertComplete();
        assertThat(download.result().bytes()).isEqualTo(content.size());
        assertThat(download.result().proof()).isEqualTo(TransferResult.Proof.REPLY);
    }

    private List<DirectoryEntry> list(String path) throws IOException {
        Listing listing = client.list(path);
        assertThat(listing.unparsed()).isEmpty();
        return listing.entries().stream()
                .filter(entry -> !entry.isSelfOrParent())
                .toList();
    }

    private List<String> listNames(String path) throws IOException {
        return list(path).stream().map(DirectoryEntry::name).toList();
    }

    private ReplyCode refusal(FtpCall call) {
        FtpReplyException refused = catchThrowableOfType(FtpReplyException.class, call::run);
        assertThat(refused).isNotNull();
        return refused.code();
    }

    private interface FtpCall {
        void run() throws IOException;
    }

    @Test
    void list_tellsNamesTypesSizesAndTimes() throws Exception {
        Path file = server.seed("listed/file.bin", new byte[1234]);
        Path recent = server.seed("listed/empty", new byte[0]);
        server.seed("listed/sub/file", new byte[1]);
        Files.createSymbolicLink(server.home().resolve("listed/link"), Path.of("file.bin"));
        Files.setLastModifiedTime(file, FileTime.from(LONG_AGO));

        List<DirectoryEntry> entries = list("listed");

        assertThat(entries)
                .extracting(DirectoryEntry::name)
                .containsExactlyInAnyOrder("file.bin", "empty", "sub", "link");
        assertThat(entry(entries, "sub").type()).isEqualTo(DirectoryEntry.Type.DIRECTORY);
        DirectoryEntry old = entry(entries, "file.bin");
        assertThat(old.type()).isEqualTo(DirectoryEntry.Type.FILE);
        assertThat(old.size()).isEqualTo(1234);
        assertThat(old.modified()).isBetween(LONG_AGO.truncatedTo(ChronoUnit.DAYS), LONG_AGO);
        Instant now = Files.getLastModifiedTime(recent).toInstant();
        assertThat(entry(entries, "empty").size()).isZero();
        assertThat(entry(entries, "empty").modified()).isBetween(now.truncatedTo(ChronoUnit.MINUTES), now);
    }

    private static DirectoryEntry entry(List<DirectoryEntry> entries, String name) {
        return entries.stream()
                .filter(entry -> entry.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void list_ofAnEmptyDirectory_isEmpty() throws Exception {
        client.makeDirectory("nothing");
        assertThat(list("nothing")).isEmpty();
        client.removeDirectory("nothing");
        assertThat(server.home().resolve("nothing")).doesNotExist();
    }

    @Test
    void list_ofAMissingDirectory_isRefused() {
        assertThat(refusal(() -> client.list("missing")).isNegative()).isTrue();
        assertThat(client.isOpen()).isTrue();
    }

    @Test
    void names_areThoseOfTheDirectory() throws Exception {
        server.seed("nlst/one", new byte[1]);
        server.seed("nlst/" + Names.HARD, new byte[1]);
        client.changeDirectory("nlst");
        try {
            // Pure-FTPd names the directory itself and its parent too
            assertThat(client.names("")).contains("one", Names.HARD).isSubsetOf("one", Names.HARD, ".", "..");
        } finally {
            client.changeDirectory("/");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5 << 20})
    void files_goBothWays(int size) throws Exception {
        Content content = new Content(size, 2);
        store("both.bin", content);
        content.assertIn(server.home().resolve("both.bin"));
        assertThat(client.size("both.bin")).isEqualTo(size);
        retrieves("both.bin", content);
        client.delete("both.bin");
        assertThat(server.home().resolve("both.bin")).doesNotExist();
    }

    @Test
    void filesOfTheDisk_goBothWays() throws Exception {
        Path file = FILE.writeTo(local.resolve("file"));
        Path copy = Files.createFile(local.resolve("copy"));
        try (FileChannel from = FileChannel.open(file);
                Upload upload = client.store("disk.bin")) {
            upload.transferFrom(from);
        }
        try (Download download = client.retrieve("disk.bin");
                FileChannel to = FileChannel.open(copy, StandardOpenOption.WRITE)) {
            download.transferTo(to);
        }
        FILE.assertIn(copy);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 3_000_001, 5 << 20})
    void download_resumes(long offset) throws Exception {
        FILE.writeTo(server.home().resolve("partial.bin"));
        server.handOver();
        ContentCheck check = FILE.check(offset);
        try (Download download = client.retrieve("partial.bin", offset)) {
            download.transferTo(check);
        }
        check.assertComplete();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 3_000_001})
    void upload_resumes(long offset) throws Exception {
        store("resumed.bin", new Content(offset, FILE.seed()));
        try (Upload upload = client.store("resumed.bin", client.size("resumed.bin"))) {
            upload.transferFrom(FILE.channel(offset));
        }
        FILE.assertIn(server.home().resolve("resumed.bin"));
    }

    @Test
    void append_growsTheFile() throws Exception {
        long half = FILE.size() / 2;
        store("grown.bin", new Content(half, FILE.seed()));
        try (Upload upload = client.append("grown.bin")) {
            upload.transferFrom(FILE.channel(half));
        }
        FILE.assertIn(server.home().resolve("grown.bin"));
    }

    @ParameterizedTest
    @MethodSource("names")
    void names_survive(String name) throws Exception {
        Content content = new Content(1000, 3);
        client.makeDirectory("names");
        store("names/" + name, content);
        content.assertIn(server.home().resolve("names").resolve(name));
        assertThat(listNames("names")).containsExactly(name);
        retrieves("names/" + name, content);
        client.rename("names/" + name, "names/x " + name);
        assertThat(server.home().resolve("names").resolve("x " + name)).exists();
        client.delete("names/x " + name);
        client.removeDirectory("names");
        client.makeDirectory(name);
        client.changeDirectory(name);
        assertThat(client.workingDirectory()).isEqualTo("/" + name);
        assertThat(list("")).isEmpty();
        client.changeDirectory("..");
        client.removeDirectory(name);
        assertThat(server.home().resolve(name)).doesNotExist();
    }

    @Test
    void nameThatIsNoUtf8_survives() throws Exception {
        Names.createLatin(Files.createDirectory(server.home().resolve("latin")), "content");
        server.handOver();
        assertThat(listNames("latin")).containsExactly(Names.LATIN);
        assertThat(text("latin/" + Names.LATIN)).isEqualTo("content");
        store("latin/" + Names.LATIN, new Content(0, 0));
        assertThat(Names.readLatin(server.home().resolve("latin"))).isEmpty();
        client.delete("latin/" + Names.LATIN);
        client.removeDirectory("latin");
    }

    private String text(String path) throws IOException {
        try (Download download = client.retrieve(path)) {
            return new String(download.inputStream().readAllBytes(), UTF_8);
        }
    }

    @Test
    void missingFile_isRefused_andTheSessionGoesOn() throws Exception {
        assertThat(refusal(() -> client.retrieve("missing").close())).isEqualTo(new ReplyCode(550));
        assertThat(refusal(() -> client.delete("missing"))).isEqualTo(new ReplyCode(550));
        assertThat(refusal(() -> client.size("missing"))).isEqualTo(new ReplyCode(550));
        assertThat(refusal(() -> client.rename("missing", "found"))).isEqualTo(new ReplyCode(550));
        assertThat(refusal(() -> client.store("missing/file").close()).isNegative())
                .isTrue();
        assertThat(refusal(() -> client.entry("missing")).isNegative()).isTrue();
        assertThat(client.workingDirectory()).isEqualTo("/");
        store("after.bin", new Content(1, 4));
    }

    @Test
    void modifiedTime_isToldAndSet() throws Exception {
        Path file = server.seed("timed.bin", new byte[1]);
        Files.setLastModifiedTime(file, FileTime.from(LONG_AGO));
        assertThat(client.modifiedTime("timed.bin")).isEqualTo(LONG_AGO);
        Instant later = LONG_AGO.plusSeconds(1_000_000);
        client.setModifiedTime("timed.bin", later);
        assertThat(Files.getLastModifiedTime(file).toInstant()).isEqualTo(later);
    }

    @Test
    void entry_isToldOfFilesAndDirectories() throws Exception {
        Path file = server.seed("told/file.bin", new byte[77]);
        Files.setLastModifiedTime(file, FileTime.from(LONG_AGO));
        DirectoryEntry told = client.entry("told/file.bin");
        assertThat(told.name()).isEqualTo("file.bin");
        assertThat(told.type()).isEqualTo(DirectoryEntry.Type.FILE);
        assertThat(told.size()).isEqualTo(77);
        assertThat(told.modified()).isEqualTo(LONG_AGO);
        assertThat(client.entry("told").isDirectory()).isTrue();
    }

    @Test
    void hash_isThatOfTheContent_orRefused() throws Exception {
        server.seed("hashed.bin", FILE.bytes());
        if (kind == Kind.PROFTPD) {
            byte[] expected = MessageDigest.getInstance("SHA-256").digest(FILE.bytes());
            assertThat(client.hash("SHA-256", "hashed.bin"))
                    .isEqualTo(HexFormat.of().formatHex(expected));
        } else {
            assertThat(refusal(() -> client.hash("SHA-256", "hashed.bin")).isNegative())
                    .isTrue();
        }
    }

    @Test
    void text_hasTheLineEndsOfEitherSide() throws Exception {
        Path file = server.seed("lines.txt", "eins\nzwei\n".getBytes(UTF_8));
        client.type(RepresentationType.ASCII);
        try {
            assertThat(text("lines.txt")).isEqualTo("eins" + System.lineSeparator() + "zwei" + System.lineSeparator());
            Upload upload = client.store("lines.txt");
            try (upload) {
                upload.write(ByteBuffer.wrap("drei%nvier%n".formatted().getBytes(UTF_8)));
            }
            assertThat(upload.result().bytes()).isEqualTo("drei\r\nvier\r\n".length());
        } finally {
            client.type(RepresentationType.IMAGE);
        }
        assertThat(file).content().isEqualTo("drei\nvier\n");
    }

    @Test
    void download_canBeAborted_andTheSessionGoesOn() throws Exception {
        Path large = server.seed("large.bin", new byte[0]);
        try (RandomAccessFile sparse = new RandomAccessFile(large.toFile(), "rw")) {
            sparse.setLength(1L << 30);
        }
        Download download = client.retrieve("large.bin");
        assertThat(download.read(ByteBuffer.allocate(100))).isPositive();
        download.abort();
        download.close();
        assertThat(client.size("large.bin")).isEqualTo(1L << 30);
        store("after.bin", FILE);
        retrieves("after.bin", FILE);
        client.delete("large.bin");
    }
}
