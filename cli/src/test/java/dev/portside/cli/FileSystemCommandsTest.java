package dev.portside.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** ls, tree, cat, rm, mkdir, rmdir, mv, stat and hash against our own server. */
class FileSystemCommandsTest {
    @TempDir
    Path root;

    @TempDir
    Path home;

    private ServedDirectory served;
    private CapturedConsole console;

    @BeforeEach
    void serve() throws IOException {
        served = new ServedDirectory(root);
        served.write("a.txt", "hello");
        served.write("with space.txt", "two");
        served.write("sub/日本語.txt", "three");
        served.write("sub/deep/é.txt", "four");
        Files.setLastModifiedTime(served.path("a.txt"), FileTime.from(Instant.parse("2024-02-29T12:34:56Z")));
        console = new CapturedConsole(home).with(Login.PASSWORD_VARIABLE, ServedDirectory.PASSWORD);
    }

    @AfterEach
    void stop() {
        served.close();
    }

    @Test
    void ls_listsNamesInOrder() {
        assertThat(console.run("ls", served.url(""))).isZero();
        assertThat(console.outLines()).containsExactly("a.txt", "sub/", "with space.txt");
        assertThat(console.err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "passive", "active", "epsv", "pasv", "eprt", "port"})
    void ls_worksInEveryMode(String mode) {
        assertThat(console.run("ls", "--mode", mode, served.url("sub"))).isZero();
        assertThat(console.outLines()).containsExactly("deep/", "日本語.txt");
    }

    @Test
    void ls_ofAFile_isThatFile() {
        assertThat(console.run("ls", served.url("sub/日本語.txt"))).isZero();
        assertThat(console.outLines()).containsExactly("sub/日本語.txt");
    }

    @Test
    void ls_absolutePath() {
        assertThat(console.run("ls", served.url("%2Fsub/"))).isZero();
        assertThat(console.outLines()).containsExactly("deep/", "日本語.txt");
    }

    @Test
    void ls_ofNothing_is6() {
        assertThat(console.run("ls", served.url("nosuch"))).isEqualTo(ExitCode.REFUSED.value());
        assertThat(console.err()).contains("550").contains("no such file");
    }

    @Test
    void rm_ofADirectory_saysHow() {
        assertThat(console.run("rm", served.url("sub"))).isEqualTo(ExitCode.REFUSED.value());
        assertThat(console.err()).isEqualTo("portside: sub: is a directory, use -r\n");
        assertThat(served.path("sub")).isDirectory();
    }

    @Test
    void ls_ofSeveral_reportsOneAndListsTheOthers() {
        assertThat(console.run("ls", served.url("nosuch/"), served.url("sub/")))
                .isEqualTo(ExitCode.SOME_FAILED.value());
        assertThat(console.outLines()).contains("sub:", "日本語.txt");
    }

    @Test
    void ls_pattern_isExpandedHere() {
        assertThat(console.run("ls", served.url("*.txt"))).isZero();
        assertThat(console.outLines()).containsExactly("a.txt", "with space.txt");
        assertThat(console.run("ls", served.url("s*/d*/*"))).isZero();
        assertThat(console.outLines()).containsExactly("sub/deep/é.txt");
        assertThat(console.run("ls", served.url("x*"))).isEqualTo(ExitCode.REFUSED.value());
        assertThat(console.err()).contains("x*: nothing matches");
    }

    @Test
    void ls_long_tellsSizeAndTime() {
        assertThat(console.run("ls", "-l", served.url("a.txt"))).isZero();
        assertThat(console.out()).matches("-rw-[-rwx]{6} +5 B  2024-02-\\d\\d \\d\\d:\\d\\d  a\\.txt\n");
    }

    @Test
    void ls_json_isOneObjectALine() {
        assertThat(console.run("ls", "--json", served.url(""))).isZero();
        assertThat(console.outLines())
                .hasSize(3)
                .first()
                .asString()
                .contains(
                        "\"url\":\"" + served.url("a.txt") + "\"",
                        "\"name\":\"a.txt\"",
                        "\"type\":\"file\"",
                        "\"size\":5,",
                        "\"modified\":\"2024-02-29T12:34:56Z\"");
        assertThat(console.outLines().get(2)).contains("/with%20space.txt\"");
    }

    @Test
    void ls_json_tellsFailuresToo() {
        assertThat(console.run("ls", "--json", served.url("nosuch"))).isEqualTo(ExitCode.REFUSED.value());
        assertThat(console.out()).contains("\"error\":").contains("\"exitCode\":6");
    }

    @Test
    void tree_showsEverything() {
        assertThat(console.run("tree", served.url(""))).isZero();
        assertThat(console.outLines())
                .containsExactly(
                        ".",
                        "├── a.txt",
                        "├── sub/",
                        "│   ├── deep/",
                        "│   │   └── é.txt",
                        "│   └── 日本語.txt",
                        "└── with space.txt",
                        "",
                        "2 directories, 4 files, 17 B");
    }

    @Test
    void tree_withoutUtf8_isAscii() {
        console.charset(StandardCharsets.US_ASCII);
        assertThat(console.run("tree", "-L", "1", served.url(""))).isZero();
        assertThat(console.outLines()).startsWith(".", "|-- a.txt", "|-- sub/", "`-- with space.txt");
    }

    @Test
    void tree_json_hasPaths() {
        assertThat(console.run("tree", "--json", served.url("sub"))).isZero();
        assertThat(console.outLines())
                .hasSize(3)
                .anySatisfy(line -> assertThat(line).contains("\"path\":\"sub/deep/é.txt\""));
    }

    @Test
    void cat_writesTheBytes() {
        assertThat(console.run("cat", served.url("a.txt"), served.url("with%20space.txt")))
                .isZero();
        assertThat(console.out()).isEqualTo("hellotwo");
    }

    @Test
    void cat_typeA_convertsLineEnds() throws IOException {
        served.write("lines", "one\ntwo\n");
        assertThat(console.run("cat", served.url("lines;type=a"))).isZero();
        assertThat(console.out()).isEqualTo("one\ntwo\n".replace("\n", System.lineSeparator()));
    }

    @Test
    void cat_typeD_listsNames() {
        assertThat(console.run("cat", served.url("sub;type=d"))).isZero();
        assertThat(console.out()).contains("日本語.txt");
    }

    @Test
    void rm_deletesFilesAndPatterns() {
        assertThat(console.run("rm", served.url("a.txt"), served.url("w*"))).isZero();
        assertThat(root.resolve("a.txt")).doesNotExist();
        assertThat(root.resolve("with space.txt")).doesNotExist();
        assertThat(root.resolve("sub")).exists();
    }

    @Test
    void rm_ofADirectory_needsR() {
        assertThat(console.run("rm", served.url("sub"))).isEqualTo(ExitCode.REFUSED.value());
        assertThat(console.run("rm", "-r", served.url("sub"))).isZero();
        assertThat(root.resolve("sub")).doesNotExist();
    }

    @Test
    void rm_recursive_deletesALinkAndNotWhereItLeads() throws IOException {
        Files.createSymbolicLink(root.resolve("sub/link"), Path.of("../a.txt"));
        assertThat(console.run("rm", "-r", served.url("sub"))).isZero();
        assertThat(root.resolve("a.txt")).exists();
    }

    @Test
    void rm_recursive_refusesTheWholeServer() {
        assertThat(console.run("rm", "-r", served.url(""))).isEqualTo(ExitCode.USAGE.value());
        assertThat(root.resolve("a.txt")).exists();
    }

    @Test
    void mkdir_andRmdir() {
        assertThat(console.run("mkdir", served.url("new"))).isZero();
        assertThat(root.resolve("new")).isDirectory();
        assertThat(console.run("mkdir", served.url("new"))).isEqualTo(ExitCode.REFUSED.value());
        assertThat(console.run("rmdir", served.url("new"))).isZero();
        assertThat(root.resolve("new")).doesNotExist();
    }

    @Test
    void mkdir_withParents_makesWhatIsMissing() {
        assertThat(console.run("mkdir", "-p", served.url("x/y/z"), served.url("sub")))
                .isZero();
        assertThat(root.resolve("x/y/z")).isDirectory();
    }

    @Test
    void mv_renamesAndMovesInto() {
        assertThat(console.run("mv", served.url("a.txt"), served.url("b.txt"))).isZero();
        assertThat(root.resolve("b.txt")).hasContent("hello");
        assertThat(console.run("mv", served.url("b.txt"), served.url("sub"))).isZero();
        assertThat(root.resolve("sub/b.txt")).hasContent("hello");
        assertThat(console.run("mv", served.url("sub/*.txt"), served.url(""))).isZero();
        assertThat(root.resolve("b.txt")).exists();
        assertThat(root.resolve("日本語.txt")).exists();
    }

    @Test
    void stat_tellsTheFacts() {
        assertThat(console.run("stat", served.url("a.txt"))).isZero();
        assertThat(console.out()).contains("path  a.txt", "type  file", "size  5 bytes (5 B)", "2024-02-29T12:34:56Z");
        assertThat(console.run("stat", served.url(""))).isZero();
        assertThat(console.out()).contains("path  /", "type  directory");
    }

    @Test
    void stat_json() {
        assertThat(console.run("stat", "--json", served.url("sub"))).isZero();
        assertThat(console.out()).contains("\"type\":\"directory\"");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void hash_isWhatSha256sumPrints(boolean download) {
        String expected = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824  a.txt\n";
        if (download) {
            assertThat(console.run("hash", "--download", served.url("a.txt"))).isZero();
        } else {
            assertThat(console.run("hash", served.url("a.txt"))).isZero();
        }
        assertThat(console.out()).isEqualTo(expected);
    }

    @Test
    void hash_otherAlgorithms() {
        for (String download : new String[] {"--download", "-q"}) {
            assertThat(console.run("hash", "-a", "md5", download, served.url("a.txt")))
                    .isZero();
            assertThat(console.out()).startsWith("5d41402abc4b2a76b9719d911017c592 ");
            assertThat(console.run("hash", "-a", "crc32", download, served.url("a.txt")))
                    .isZero();
            assertThat(console.out()).startsWith("3610a686 ");
        }
    }

    @Test
    void readOnlyUser_cannotChangeAnything() {
        assertThat(console.run("rm", served.anonymousUrl("a.txt"))).isEqualTo(ExitCode.REFUSED.value());
        assertThat(console.run("mkdir", served.anonymousUrl("new"))).isEqualTo(ExitCode.REFUSED.value());
        assertThat(root.resolve("a.txt")).exists();
    }
}
