package dev.portside.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.lab.peer.RealClient;
import dev.portside.lab.peer.RealClient.Outcome;
import dev.portside.testkit.Content;
import dev.portside.testkit.LeakCheckExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeakCheckExtension.class)
class ServerWithCurlTest {
    private static final Content FILE = new Content(5 << 20, 1);
    private static final List<Content> SIZES = List.of(new Content(0, 2), new Content(1, 2), FILE);

    /** This curl always says "sa_addr inet_ntop() failed" in active mode, to every server. */
    private static final Pattern COMPLAINT =
            Pattern.compile("(?i)fail|reset|retry|warn|error|unexpected|denied|curl: |^< [45]");

    @TempDir
    Path directory;

    private Path local;
    private OurServer server;

    @BeforeEach
    void start() throws Exception {
        local = Files.createDirectory(directory.resolve("local"));
        server = OurServer.start(directory.resolve("home"));
    }

    @AfterEach
    void close() {
        server.close();
    }

    static List<Route> routes() {
        return Route.all();
    }

    private static List<String> options(Route route) {
        return switch (route.command()) {
            case EPSV -> List.of();
            case PASV -> List.of("--disable-epsv");
            case EPRT -> List.of("--ftp-port", "-");
            case PORT -> List.of("--ftp-port", "-", "--disable-eprt");
        };
    }

    /** Runs curl, whatever its exit code. */
    private Outcome run(String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of("-sSv", "--user", OurServer.USER + ":" + OurServer.PASSWORD));
        all.addAll(List.of(arguments));
        return RealClient.named("curl").in(local).run(all.toArray(String[]::new));
    }

    /** Runs curl, which finds nothing to complain of and uses one session. */
    private Outcome curl(String... arguments) throws Exception {
        Outcome outcome = run(arguments).succeeded();
        assertThat(outcome.errors()
                        .lines()
                        .filter(COMPLAINT.asPredicate().and(line -> !line.startsWith("* sa_addr inet_ntop() failed"))))
                .isEmpty();
        assertThat(outcome.errors().split("< 220 ", -1)).as("one session").hasSize(2);
        return outcome;
    }

    private Outcome curl(List<String> options, List<String> arguments) throws Exception {
        return curl(Stream.concat(options.stream(), arguments.stream()).toArray(String[]::new));
    }

    /** The first files go with the first URLs, the first outputs too: uploads come first, and have an output. */
    private static List<String> upload(String file, String url) {
        return List.of("-T", file, "-o", "/dev/null", url);
    }

    @ParameterizedTest
    @MethodSource("routes")
    void everySize_goesBothWays(Route route) throws Exception {
        List<String> arguments = new ArrayList<>();
        List<String> downloads = new ArrayList<>();
        for (Content content : SIZES) {
            Path file = content.writeTo(local.resolve(content.size() + ".up"));
            String url = server.url(route.family(), "sub/" + content.size());
            arguments.addAll(upload(file.toString(), url));
            downloads.addAll(List.of("-o", content.size() + ".down", url));
        }
        arguments.addAll(downloads);
        arguments.addAll(List.of("-o", "list", server.url(route.family(), "sub/")));
        Files.createDirectory(server.home().resolve("sub"));

        Outcome outcome = curl(options(route), arguments);

        for (Content content : SIZES) {
            content.assertIn(server.home().resolve("sub/" + content.size()));
            content.assertIn(local.resolve(content.size() + ".down"));
        }
        assertThat(local.resolve("list")).content().hasLineCount(SIZES.size()).contains(" 5242880 ");
        assertThat(outcome.errors()).contains("> " + route.command());
        for (Route.Command other : Route.Command.values()) {
            if (other != route.command()) {
                assertThat(outcome.errors()).doesNotContain("> " + other);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("routes")
    void interruptedDownload_goesOn(Route route) throws Exception {
        server.seed("file", FILE);
        Content half = new Content(2_000_003, FILE.seed());
        half.writeTo(local.resolve("file"));
        Outcome outcome = curl(options(route), List.of("-C", "-", "-o", "file", server.url(route.family(), "file")));
        FILE.assertIn(local.resolve("file"));
        assertThat(outcome.errors()).contains("> REST 2000003");
    }

    @ParameterizedTest
    @MethodSource("routes")
    void interruptedUpload_goesOn(Route route) throws Exception {
        Path file = FILE.writeTo(local.resolve("file"));
        Content half = new Content(2_000_003, FILE.seed());
        server.seed("file", half);
        Outcome outcome =
                curl(options(route), List.of("-C", "-", "-T", file.toString(), server.url(route.family(), "file")));
        FILE.assertIn(server.home().resolve("file"));
        assertThat(outcome.errors()).contains("> SIZE file", "> APPE file");
    }

    @Test
    void append_growsTheFile() throws Exception {
        Path more = Files.writeString(local.resolve("more"), " and new");
        Files.writeString(server.home().resolve("file"), "old");
        curl("--append", "-T", more.toString(), server.url("file"));
        assertThat(server.home().resolve("file")).hasContent("old and new");
    }

    @Test
    void part_isRetrieved() throws Exception {
        server.seed("file", FILE);
        Outcome outcome = run("-r", "1000-1999", server.url("file")).succeeded();
        assertThat(outcome.output()).isEqualTo(FILE.bytes(1000, 2000));
        assertThat(run("-r", "-500", server.url("file")).succeeded().output())
                .isEqualTo(FILE.bytes(FILE.size() - 500, FILE.size()));
        // curl hangs up on the rest of the file
        server.forgetFailures();
    }

    @Test
    void renameDeleteAndDirectories_work() throws Exception {
        server.seed("a/b/file", FILE);
        curl("-l", "-Q", "-RNFR a/b/file", "-Q", "-RNTO a/moved", "-Q", "-RMD a/b", "-Q", "-MKD a/new", server.url(""));
        FILE.assertIn(server.home().resolve("a/moved"));
        assertThat(server.home().resolve("a")).isDirectoryNotContaining("glob:**/b");
        curl("-l", "-Q", "-DELE a/moved", "-Q", "-RMD a/new", "-Q", "-RMD a", server.url(""));
        assertThat(server.home()).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(strings = {"multicwd", "nocwd", "singlecwd"})
    void names_survive(String method) throws Exception {
        // in passive mode, when a server is quick, this curl often waits a second before it connects
        List<String> arguments = new ArrayList<>(List.of("--ftp-port", "-", "--ftp-method", method));
        List<String> downloads = new ArrayList<>();
        Content content = new Content(1000, 3);
        content.writeTo(local.resolve("up"));
        for (String name : Names.HARD_ONES) {
            Files.createDirectory(server.home().resolve(name));
            String url = server.url(Names.inUrl(name) + "/" + Names.inUrl(name));
            arguments.addAll(upload("up", url));
            downloads.addAll(List.of("-o", name, url));
        }
        arguments.addAll(downloads);

        curl(arguments.toArray(String[]::new));

        for (String name : Names.HARD_ONES) {
            content.assertIn(server.home().resolve(name).resolve(name));
            assertThat(local.resolve(name)).hasBinaryContent(content.bytes());
        }
        assertThat(curl("-l", server.url("")).text().lines()).containsExactlyInAnyOrderElementsOf(Names.HARD_ONES);
    }

    @Test
    void missingDirectories_areMade() throws Exception {
        Path file = FILE.writeTo(local.resolve("file"));
        run("--ftp-create-dirs", "-T", file.toString(), server.url("a/b/c/file"))
                .succeeded();
        FILE.assertIn(server.home().resolve("a/b/c/file"));
    }

    @Test
    void nameThatIsNoUtf8_survives() throws Exception {
        Names.createLatin(server.home(), "content");
        Path file = Files.writeString(local.resolve("new"), "new content");

        assertThat(curl("-l", server.url("")).output())
                .isEqualTo(new byte[] {'c', 'a', 'f', (byte) 0xe9, '.', 't', 'x', 't', '\n'});
        assertThat(curl(server.url(Names.LATIN_IN_URL)).text()).isEqualTo("content");

        curl("-T", file.toString(), server.url(Names.LATIN_IN_URL));
        assertThat(Names.readLatin(server.home())).isEqualTo("new content");
    }

    @Test
    void globs_areUploadedAndDownloaded() throws Exception {
        String[] names = {"a", "b", "c"};
        for (String name : names) {
            Files.writeString(local.resolve(name), name);
        }
        curl("-T", "{a,b,c}", server.url(""));
        curl("-o", "x#1", server.url("[a-c]"));
        for (String name : names) {
            assertThat(server.home().resolve(name)).hasContent(name);
            assertThat(local.resolve("x" + name)).hasContent(name);
        }
    }

    @ParameterizedTest
    @MethodSource("routes")
    void tenFiles_goOverOneSession(Route route) throws Exception {
        for (int i = 1; i <= 10; i++) {
            server.seed("many/" + i, new Content(i, i));
        }
        curl(options(route), List.of("-o", "#1", server.url(route.family(), "many/[1-10]")));
        for (int i = 1; i <= 10; i++) {
            new Content(i, i).assertIn(local.resolve(Integer.toString(i)));
        }
    }

    @Test
    void manySessions_goAtOnce() throws Exception {
        FILE.writeTo(local.resolve("up"));
        List<String> arguments = new ArrayList<>(List.of("--parallel", "--parallel-immediate", "--ftp-create-dirs"));
        for (int i = 0; i < 20; i++) {
            arguments.addAll(List.of("-T", "up", server.url("many/" + i)));
        }
        run(arguments.toArray(String[]::new)).succeeded();
        run("--parallel", "--parallel-immediate", "-o", "#1", server.url("many/[0-19]"))
                .succeeded();
        for (int i = 0; i < 20; i++) {
            FILE.assertIn(server.home().resolve("many/" + i));
            FILE.assertIn(local.resolve(Integer.toString(i)));
        }
    }

    @Test
    void text_isConverted() throws Exception {
        Files.writeString(server.home().resolve("text"), "eins\nzwei\n");
        Path file = Files.writeString(local.resolve("text"), "drei\nvier\n");
        assertThat(curl(server.url("text;type=a")).text()).isEqualTo("eins\nzwei\n");
        curl("-B", "-T", file.toString(), server.url("new"));
        assertThat(server.home().resolve("new")).content().isEqualTo("drei\nvier\n");
    }

    @Test
    void sizeAndTime_areTold() throws Exception {
        Path file = server.seed("file", FILE);
        Instant longAgo = Instant.parse("2004-03-02T21:20:19Z");
        Files.setLastModifiedTime(file, FileTime.from(longAgo));
        String head = curl("-I", server.url("file")).text();
        assertThat(head).contains("Last-Modified: Tue, 02 Mar 2004 21:20:19 GMT", "Content-Length: 5242880");
        curl("-R", "-o", "file", server.url("file"));
        assertThat(Files.getLastModifiedTime(local.resolve("file")).toInstant()).isEqualTo(longAgo);
    }

    @Test
    void missingFile_isRefused() throws Exception {
        Outcome outcome = run(server.url("missing"));
        assertThat(outcome.exitCode()).as(outcome.errors()).isEqualTo(78);
        assertThat(run("-T", "/dev/null", server.url("missing/file")).exitCode())
                .isEqualTo(9);
    }

    @Test
    void wrongPassword_isRefused() throws Exception {
        assertThat(RealClient.named("curl")
                        .run("-sS", "-u", "ada:no", server.url(""))
                        .exitCode())
                .isEqualTo(67);
    }

    @Test
    void listing_isReadByTheEyes() throws Exception {
        server.seed("one", new Content(1234, 1));
        Files.createDirectory(server.home().resolve("sub"));
        List<String> lines = curl(server.url("")).text().lines().sorted().toList();
        assertThat(lines.get(0)).matches("-rw-r--r-- .* 1234 [A-Z][a-z]{2} [ 0-9]\\d \\d\\d:\\d\\d one");
        assertThat(lines.get(1)).matches("drwxr-xr-x .* [A-Z][a-z]{2} [ 0-9]\\d \\d\\d:\\d\\d sub");
        assertThat(curl("-l", server.url("")).text().lines()).containsExactlyInAnyOrder("one", "sub");
    }
}
