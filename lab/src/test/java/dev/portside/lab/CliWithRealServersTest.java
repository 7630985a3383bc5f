package dev.portside.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.lab.peer.RealClient.Outcome;
import dev.portside.lab.peer.RealServer;
import dev.portside.lab.peer.RealServer.Kind;
import dev.portside.testkit.Content;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/** What a user of the {@code portside} command does with vsftpd, ProFTPD and Pure-FTPd, in passive and active mode. */
@ParameterizedClass(name = "{0}, {1}")
@CsvSource({
    "VSFTPD, passive",
    "VSFTPD, active",
    "PROFTPD, passive",
    "PROFTPD, active",
    "PURE_FTPD, passive",
    "PURE_FTPD, active"
})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CliWithRealServersTest {
    private static final Content FILE = new Content(5 << 20, 1);
    private static final Content HALF = new Content(2_000_003, FILE.seed());
    private static final Instant LONG_AGO = Instant.parse("2004-03-02T21:20:19Z");

    @Parameter(0)
    Kind kind;

    @Parameter(1)
    String mode;

    @TempDir
    Path local;

    private RealServer server;

    @BeforeParameterizedClassInvocation
    void start() throws Exception {
        server = RealServer.start(kind);
    }

    @AfterParameterizedClassInvocation
    void close() {
        server.close();
    }

    private Outcome run(String command, String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of(command, "--mode", mode));
        all.addAll(List.of(arguments));
        return OurCommand.run(local, server.password(), all.toArray(String[]::new));
    }

    private Outcome portside(String command, String... arguments) throws Exception {
        Outcome outcome = run(command, arguments).succeeded();
        assertThat(outcome.errors()).as(outcome.toString()).isEmpty();
        return outcome;
    }

    private String url(String path) {
        return server.url(path).replace("//", "//" + server.user() + "@");
    }

    private Path seed(String path, Content content) throws IOException {
        Path file = server.seed(path, content.bytes());
        Files.setLastModifiedTime(file, FileTime.from(LONG_AGO));
        return file;
    }

    @Test
    void put_andGet_bringFiles() throws Exception {
        new Content(0, 2).writeTo(local.resolve("0"));
        new Content(1, 2).writeTo(local.resolve("1"));
        FILE.writeTo(local.resolve(Names.HARD));

        portside("put", "0", "1", Names.HARD, url(""));
        portside("put", "1", url("new"));
        portside("get", url("0"), url("1"), url(Names.inUrl(Names.HARD)), "-o", "back/");

        assertThat(server.home().resolve("new")).hasSize(1);
        for (String name : List.of("0", "1", Names.HARD)) {
            assertThat(server.home().resolve(name)).hasSameBinaryContentAs(local.resolve(name));
            assertThat(local.resolve("back").resolve(name)).hasSameBinaryContentAs(local.resolve(name));
        }
    }

    @Test
    void directories_goBothWays() throws Exception {
        Path tree = local.resolve("tree");
        for (String path : List.of("big", "empty", ".hidden", "sub/deep/one", "names/" + Names.HARD)) {
            Path file = tree.resolve(path);
            Files.createDirectories(file.getParent());
            (path.equals("big") ? FILE : new Content(path.length() - 5, 1)).writeTo(file);
            Files.setLastModifiedTime(file, FileTime.from(LONG_AGO));
        }
        Path there = server.home().resolve("tree");

        portside("put", "-r", "tree", url(""));
        if (kind == Kind.VSFTPD) {
            // it shows no hidden files
            assertThat(Files.deleteIfExists(there.resolve(".hidden"))).isTrue();
            Files.delete(tree.resolve(".hidden"));
        }
        assertThat(Tree.of(there)).isEqualTo(Tree.of(tree));

        portside("get", "-r", url("tree"), "-o", "copy");
        assertThat(Tree.of(local.resolve("copy"))).isEqualTo(Tree.of(tree));
    }

    @Test
    void ls_printsNames() throws Exception {
        seed("list/one", FILE);
        seed("list/" + Names.HARD, HALF);
        assertThat(portside("ls", "-l", url("list/")).text().lines())
                .hasSize(2)
                .allMatch(line -> line.contains("2004-03-02"))
                .anyMatch(line -> line.endsWith(" one"))
                .anyMatch(line -> line.endsWith(" " + Names.HARD));
    }

    @Test
    void resume_finishesWhatWasInterrupted() throws Exception {
        seed("down", FILE);
        server.seed("up", HALF.bytes());
        FILE.writeTo(local.resolve("up"));
        HALF.writeTo(local.resolve("down.part"));

        portside("put", "--resume", "up", url("up"));
        portside("get", "--resume", url("down"));

        FILE.assertIn(server.home().resolve("up"));
        FILE.assertIn(local.resolve("down"));
        assertThat(local.resolve("down.part")).doesNotExist();
    }

    @Test
    void nameInAnotherCharset_isRetrieved() throws Exception {
        Names.createLatin(Files.createDirectory(server.home().resolve("latin")), "content");
        server.handOver();
        portside("get", "--charset", "iso-8859-1", "-r", url("latin"));
        assertThat(local.resolve("latin/caf\u00e9.txt")).hasContent("content");
    }

    @Test
    void dialogue_tellsTheMode() throws Exception {
        seed("small", new Content(1, 1));
        Outcome outcome = run("cat", "-v", url("small")).succeeded();
        assertThat(outcome.output()).isEqualTo(new Content(1, 1).bytes());
        assertThat(outcome.errors())
                .contains(mode.equals("active") ? "EPRT " : "EPSV")
                .doesNotContain(server.password());
    }

    @Test
    void missingFile_isRefused() throws Exception {
        Outcome outcome = run("get", url("missing"));
        assertThat(outcome.exitCode()).as(outcome.toString()).isEqualTo(6);
        assertThat(outcome.errors()).contains("550").hasLineCount(1);
        assertThat(local.resolve("missing")).doesNotExist();
    }
}
