package dev.portside.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.lab.peer.RealClient;
import dev.portside.lab.peer.RealClient.Outcome;
import dev.portside.testkit.Content;
import dev.portside.testkit.LeakCheckExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeakCheckExtension.class)
class ServerWithLftpTest {
    private static final Content FILE = new Content(5 << 20, 1);
    private static final Instant LONG_AGO = Instant.parse("2004-03-02T21:20:19Z");

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

    /** Lftp knows EPRT over IPv6 only, and names the address :: in it. */
    static List<Route> routes() {
        return Route.all().stream()
                .filter(route -> route.command() != Route.Command.EPRT || route.family() == Route.Family.IPV6)
                .toList();
    }

    private static String settings(Route route) {
        return "set ftp:passive-mode " + !route.command().isActive() + "\n" + "set ftp:prefer-epsv "
                + (route.command() == Route.Command.EPSV) + "\n";
    }

    /** Runs a script, in which nothing fails, is tried again, or is complained of. */
    private Outcome lftp(Route route, String script) throws Exception {
        Outcome outcome = run(route, script);
        assertThat(outcome.errors())
                .as(outcome.toString())
                .doesNotContainPattern("(?i)retry|failed|reset|cannot|abort|warn|timeout|peer closed|^[*]{4}");
        return outcome;
    }

    /** Runs a script, in which nothing fails. */
    private Outcome run(Route route, String script) throws Exception {
        String all = settings(route) + """
                debug -T 5
                set cmd:fail-exit yes
                set net:max-retries 1
                set net:timeout 5
                set ssl:verify-certificate no
                open -u %s,%s %s
                """.formatted(OurServer.USER, OurServer.PASSWORD, server.url(route.family(), ""))
                + script + "\n";
        return RealClient.named("lftp").in(local).reading(all).run().succeeded();
    }

    private Outcome lftp(String script) throws Exception {
        return lftp(Route.all().getFirst(), script);
    }

    /** A tree with everything that a mirror has to think of. */
    private static void plant(Path root) throws IOException {
        Map<String, Content> files = new TreeMap<>();
        files.put("empty", new Content(0, 1));
        files.put(".hidden", new Content(10, 2));
        files.put("sub/.hidden/deep/file", new Content(100_000, 3));
        files.put("sub/one", new Content(1, 4));
        files.put("big", FILE);
        for (String name : Names.HARD_ONES) {
            files.put("names/" + name + "/" + name, new Content(1000, 5));
        }
        for (Map.Entry<String, Content> file : files.entrySet()) {
            Path path = root.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            file.getValue().writeTo(path);
            Files.setLastModifiedTime(
                    path, FileTime.from(LONG_AGO.plusSeconds(file.getKey().length() * 1_000_000L)));
        }
        Files.createDirectory(root.resolve("sub/nothing"));
    }

    @ParameterizedTest
    @MethodSource("routes")
    void mirror_bringsTheTreeWithItsTimes_andKnowsThatItIsThere(Route route) throws Exception {
        plant(server.home());
        Outcome outcome = lftp(route, "mirror -v . copy");
        assertThat(Tree.of(local.resolve("copy"))).isEqualTo(Tree.of(server.home()));
        assertThat(dialogue(outcome)).contains("---> " + route.command());
        assertThat(lftp(route, "mirror -v . copy").text()).doesNotContain("Transferring");
    }

    @ParameterizedTest
    @MethodSource("routes")
    void reverseMirror_bringsTheTreeWithItsTimes_andKnowsThatItIsThere(Route route) throws Exception {
        plant(Files.createDirectory(local.resolve("tree")));
        Outcome outcome = lftp(route, "mirror -R -v tree .");
        assertThat(Tree.of(server.home())).isEqualTo(Tree.of(local.resolve("tree")));
        assertThat(dialogue(outcome)).contains("---> " + route.command());
        assertThat(lftp(route, "mirror -R -v tree .").text()).doesNotContain("Transferring");
    }

    private static String dialogue(Outcome outcome) {
        return outcome.text() + outcome.errors();
    }

    @ParameterizedTest
    @CsvSource({"true, MLSD", "false, LIST"})
    void mirror_readsEitherListing(boolean mlsd, String command) throws Exception {
        plant(server.home());
        Outcome outcome = lftp("set ftp:use-mlsd " + mlsd + "\nmirror -v . copy");
        assertThat(Tree.of(local.resolve("copy"))).isEqualTo(Tree.of(server.home()));
        assertThat(dialogue(outcome)).contains("---> " + command);
    }

    @Test
    void mirror_deletesWhatIsGone() throws Exception {
        plant(Files.createDirectory(local.resolve("tree")));
        lftp("mirror -R tree .");
        Files.delete(local.resolve("tree/sub/one"));
        Files.delete(local.resolve("tree/sub/nothing"));
        lftp("mirror -R --delete tree .");
        assertThat(Tree.of(server.home())).isEqualTo(Tree.of(local.resolve("tree")));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void mirror_inParallel_bringsTheTree(boolean syncMode) throws Exception {
        plant(server.home());
        // without sync mode, lftp sends commands without waiting for replies
        lftp("set ftp:sync-mode " + syncMode + "\nmirror --parallel=8 . copy\nmirror -R --parallel=8 copy again");
        Tree expected = Tree.of(local.resolve("copy"));
        assertThat(Tree.of(server.home().resolve("again"))).isEqualTo(expected);
        assertThat(expected.entries()).containsKey("names/" + Names.HARD + "/" + Names.HARD);
    }

    @ParameterizedTest
    @MethodSource("routes")
    void interruptedTransfers_goOn(Route route) throws Exception {
        server.seed("down", FILE);
        Content half = new Content(2_000_003, FILE.seed());
        half.writeTo(local.resolve("down"));
        server.seed("up", half);
        FILE.writeTo(local.resolve("up"));
        Outcome outcome = lftp(route, "get -c down\nput -c up");
        FILE.assertIn(local.resolve("down"));
        FILE.assertIn(server.home().resolve("up"));
        assertThat(dialogue(outcome)).contains("---> REST 2000003", "---> STOR up");
    }

    @Test
    void segments_makeUpTheFile() throws Exception {
        server.seed("file", FILE);
        // Each segment but the last aborts the rest of the file, and may still read what we say to that.
        server.letTransfersFail();
        run(Route.all().getFirst(), "pget -n 4 file");
        FILE.assertIn(local.resolve("file"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5 << 20})
    void files_goBothWays(int size) throws Exception {
        Content content = new Content(size, 2);
        content.writeTo(local.resolve("up"));
        lftp("put up -o there\nget there -o down");
        content.assertIn(server.home().resolve("there"));
        content.assertIn(local.resolve("down"));
    }

    @Test
    void everydayCommands_work() throws Exception {
        server.seed("a/one.txt", new Content(10, 1));
        server.seed("a/two.txt", new Content(20, 1));
        server.seed("a/three.bin", new Content(30, 1));
        Outcome outcome = lftp("""
                cd a
                pwd
                mkdir -p b/c
                mv one.txt b/c/moved.txt
                mmv *.txt b
                chmod 600 three.bin
                cls -1 b
                find .
                du -b
                cat b/two.txt
                rm three.bin
                rm -r b
                cd ..
                rmdir a
                """);
        assertThat(outcome.text()).contains("b/two.txt", "./b/c/moved.txt");
        assertThat(server.home()).isEmptyDirectory();
    }

    @Test
    void globs_areExpanded() throws Exception {
        for (String name : Names.HARD_ONES) {
            server.seed(name, new Content(1000, 5));
        }
        server.seed("other.txt", new Content(1, 5));
        lftp("mget *.bin\nmkdir back\nmput -O back *.bin\nmrm *.txt");
        for (String name : Names.HARD_ONES) {
            new Content(1000, 5).assertIn(local.resolve(name));
            new Content(1000, 5).assertIn(server.home().resolve("back").resolve(name));
        }
        assertThat(server.home().resolve("other.txt")).doesNotExist();
    }

    @Test
    void modes_areMirrored() throws Exception {
        Path script =
                Files.writeString(Files.createDirectory(local.resolve("tree")).resolve("run"), "#!");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-x---"));
        lftp("mirror -R tree there\nmirror there back");
        assertThat(Files.getPosixFilePermissions(server.home().resolve("there/run")))
                .isEqualTo(Files.getPosixFilePermissions(script));
        assertThat(Files.getPosixFilePermissions(local.resolve("back/run")))
                .isEqualTo(Files.getPosixFilePermissions(script));
    }
}
