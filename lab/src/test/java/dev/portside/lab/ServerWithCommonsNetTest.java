package dev.portside.lab;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.testkit.Content;
import dev.portside.testkit.LeakCheckExtension;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.net.ftp.FTP;
import org.apache.commons.net.ftp.FTPClient;
import org.apache.commons.net.ftp.FTPFile;
import org.apache.commons.net.ftp.FTPReply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(LeakCheckExtension.class)
class ServerWithCommonsNetTest {
    private static final Content FILE = new Content(5 << 20, 1);
    private static final Instant LONG_AGO = Instant.parse("2004-03-02T21:20:19Z");

    @TempDir
    Path directory;

    private OurServer server;
    private FTPClient client;

    @BeforeEach
    void start() throws Exception {
        server = OurServer.start(directory.resolve("home"));
    }

    @AfterEach
    void close() throws Exception {
        try {
            if (client != null) {
                assertThat(client.logout()).isTrue();
                client.disconnect();
            }
        } finally {
            server.close();
        }
    }

    /** Over IPv4, it knows no EPRT. */
    static List<Route> routes() {
        return Route.all().stream()
                .filter(route -> route.family() == Route.Family.IPV6 || route.command() != Route.Command.EPRT)
                .toList();
    }

    static List<String> names() {
        return Names.HARD_ONES;
    }

    private void logIn(Route route) throws IOException {
        client = new FTPClient();
        client.setControlEncoding(UTF_8);
        client.setUseEPSVwithIPv4(route.command() == Route.Command.EPSV);
        client.connect(
                server.address(route.family()).getAddress(),
                server.address(route.family()).getPort());
        assertThat(client.login(OurServer.USER, OurServer.PASSWORD)).isTrue();
        assertThat(client.setFileType(FTP.BINARY_FILE_TYPE)).isTrue();
        if (route.command().isActive()) {
            client.enterLocalActiveMode();
        } else {
            client.enterLocalPassiveMode();
        }
    }

    private void logIn() throws IOException {
        logIn(Route.all().getFirst());
    }

    private byte[] retrieve(String path) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        assertThat(client.retrieveFile(path, bytes)).as(client.getReplyString()).isTrue();
        return bytes.toByteArray();
    }

    private void store(String path, byte[] content) throws IOException {
        assertThat(client.storeFile(path, new ByteArrayInputStream(content)))
                .as(client.getReplyString())
                .isTrue();
    }

    @ParameterizedTest
    @MethodSource("routes")
    void everySize_goesBothWays(Route route) throws Exception {
        logIn(route);
        for (int size : List.of(0, 1, 5 << 20)) {
            Content content = new Content(size, 2);
            store("file", content.bytes());
            content.assertIn(server.home().resolve("file"));
            assertThat(retrieve("file")).isEqualTo(content.bytes());
            assertThat(client.getSize("file")).isEqualTo(Integer.toString(size));
            assertThat(client.listFiles()).extracting(FTPFile::getSize).containsExactly((long) size);
        }
    }

    @ParameterizedTest
    @MethodSource("routes")
    void interruptedTransfers_goOn(Route route) throws Exception {
        int offset = 2_000_003;
        server.seed("down", FILE);
        server.seed("up", new Content(offset, FILE.seed()));
        server.seed("grown", new Content(offset, FILE.seed()));
        byte[] rest = FILE.bytes(offset, FILE.size());
        logIn(route);

        client.setRestartOffset(offset);
        assertThat(retrieve("down")).isEqualTo(rest);
        client.setRestartOffset(offset);
        store("up", rest);
        assertThat(client.appendFile("grown", new ByteArrayInputStream(rest))).isTrue();

        FILE.assertIn(server.home().resolve("up"));
        FILE.assertIn(server.home().resolve("grown"));
    }

    @Test
    void bothListings_agree() throws Exception {
        Path file = server.seed("sub/file", FILE);
        Files.setLastModifiedTime(file, FileTime.from(LONG_AGO));
        server.seed("sub/.hidden", new Content(1, 1));
        Files.createDirectory(server.home().resolve("sub/directory"));
        logIn();
        client.setListHiddenFiles(true);

        FTPFile[] listed = client.listFiles("sub", entry -> !entry.getName().startsWith(".."));
        FTPFile[] machine = client.mlistDir("sub");

        assertThat(names(listed)).contains("file", ".hidden", "directory");
        assertThat(names(machine)).containsExactlyInAnyOrder("file", ".hidden", "directory");
        for (FTPFile[] listing : List.of(listed, machine)) {
            FTPFile entry = Arrays.stream(listing)
                    .filter(each -> each.getName().equals("file"))
                    .findFirst()
                    .orElseThrow();
            assertThat(entry.isFile()).isTrue();
            assertThat(entry.getSize()).isEqualTo(FILE.size());
        }
        assertThat(client.mlistFile("sub/file").getTimestampInstant()).isEqualTo(LONG_AGO);
        assertThat(client.listNames("sub")).contains("sub/file");
    }

    private static List<String> names(FTPFile[] listing) {
        return Arrays.stream(listing).map(FTPFile::getName).toList();
    }

    @ParameterizedTest
    @MethodSource("names")
    void names_survive(String name) throws Exception {
        logIn();
        assertThat(client.makeDirectory(name)).isTrue();
        assertThat(client.changeWorkingDirectory(name)).isTrue();
        assertThat(client.printWorkingDirectory()).isEqualTo("/" + name);
        store(name, FILE.bytes());
        FILE.assertIn(server.home().resolve(name).resolve(name));
        assertThat(names(client.listFiles())).containsExactly(name);
        assertThat(names(client.mlistDir())).containsExactly(name);
        assertThat(client.listNames()).containsExactly(name);
        assertThat(retrieve(name)).isEqualTo(FILE.bytes());
        assertThat(client.rename(name, "moved " + name)).isTrue();
        assertThat(client.deleteFile("moved " + name)).isTrue();
        assertThat(client.changeToParentDirectory()).isTrue();
        assertThat(client.removeDirectory(name)).isTrue();
        assertThat(server.home()).isEmptyDirectory();
    }

    @Test
    void times_areToldAndSet() throws Exception {
        Path file = server.seed("file", FILE);
        logIn();
        assertThat(client.setModificationTime("file", "20040302212019")).isTrue();
        assertThat(Files.getLastModifiedTime(file).toInstant()).isEqualTo(LONG_AGO);
        assertThat(client.mdtmInstant("file")).isEqualTo(LONG_AGO);
    }

    @Test
    void uniqueName_isTold() throws Exception {
        logIn();
        assertThat(client.storeUniqueFile(new ByteArrayInputStream(FILE.bytes())))
                .isTrue();
        List<Path> files;
        try (var listed = Files.list(server.home())) {
            files = listed.toList();
        }
        assertThat(files).hasSize(1);
        FILE.assertIn(files.getFirst());
    }

    @Test
    void text_isConverted() throws Exception {
        logIn();
        client.setFileType(FTP.ASCII_FILE_TYPE);
        store("text", "eins\nzwei\n".getBytes(UTF_8));
        assertThat(server.home().resolve("text")).content().isEqualTo("eins\nzwei\n");
        assertThat(retrieve("text")).asString(UTF_8).isEqualTo("eins%nzwei%n".formatted());
    }

    @Test
    void everydayCommands_areAnswered() throws Exception {
        server.seed("file", FILE);
        logIn();
        assertThat(client.getSystemType()).startsWith("UNIX");
        assertThat(client.getStatus()).isNotBlank();
        assertThat(client.getStatus("file")).contains("file");
        assertThat(client.listHelp()).isNotBlank();
        assertThat(client.sendNoOp()).isTrue();
        assertThat(client.allocate(1000)).isTrue();
        assertThat(client.hasFeature("MLST")).isTrue();
        assertThat(client.sendSiteCommand("CHMOD 600 file")).isTrue();
        assertThat(FTPReply.isPositiveCompletion(client.opts("UTF8", "ON"))).isTrue();
        assertThat(client.deleteFile("missing")).isFalse();
        assertThat(client.getReplyCode()).isEqualTo(550);
    }

    @Test
    void abortedDownload_leavesTheSessionInOrder() throws Exception {
        server.seed("file", new Content(50 << 20, 1));
        logIn();
        try (InputStream data = client.retrieveFileStream("file")) {
            assertThat(data.read()).isNotNegative();
            assertThat(client.abort()).isTrue();
        }
        client.completePendingCommand();
        assertThat(client.sendNoOp()).isTrue();
        server.forgetFailures();
    }
}
