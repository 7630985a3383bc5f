package dev.portside.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.testkit.ScriptedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** get and put against our own server. */
class TransferCommandsTest {
    private static final byte[] LARGE = new byte[300_000];

    static {
        new Random(7).nextBytes(LARGE);
    }

    @TempDir
    Path root;

    @TempDir
    Path home;

    @TempDir
    Path local;

    private ServedDirectory served;
    private CapturedConsole console;

    @BeforeEach
    void serve() {
        served = new ServedDirectory(root);
        console = new CapturedConsole(home).with(Login.PASSWORD_VARIABLE, ServedDirectory.PASSWORD);
    }

    @AfterEach
    void stop() {
        served.close();
    }

    private String into(String name) {
        return local.resolve(name).toString();
    }

    private static Path dated(Path file, String time) throws IOException {
        return Files.setLastModifiedTime(file, FileTime.from(Instant.parse(time)));
    }

    @Test
    void putResume_ofAFileThatWasChangedSince_startsAgain() throws IOException {
        dated(served.write("a.txt", "old text"), "2024-02-29T12:34:56Z");
        Path file = Files.writeString(local.resolve("a.txt"), "new text");
        assertThat(console.run("put", "-c", "--json", file.toString(), served.url("a.txt")))
                .isZero();
        assertThat(console.out()).contains("\"transferred\":8,\"resumed\":false");
        assertThat(served.path("a.txt")).hasContent("new text");
        assertThat(console.run("put", "-c", "--json", file.toString(), served.url("a.txt")))
                .isZero();
        assertThat(console.out()).contains("\"transferred\":0,\"resumed\":true");
    }

    @Test
    void compress_makesTransfersAndListingsSmaller_andVerboseTellsIt() throws IOException {
        byte[] zeros = new byte[300_000];
        served.write("a.bin", zeros);
        assertThat(console.run("get", "-z", "-v", served.url("a.bin"), into("a.bin")))
                .isZero();
        assertThat(local.resolve("a.bin")).hasBinaryContent(zeros);
        assertThat(console.err()).contains("> MODE Z").contains(", compressed to ");
        assertThat(console.run("put", "--compress", "-v", into("a.bin"), served.url("b.bin")))
                .isZero();
        assertThat(served.path("b.bin")).hasBinaryContent(zeros);
        assertThat(console.err()).contains("> MODE Z").contains(", compressed to ");
        assertThat(console.run("ls", "-z", served.url(""))).isZero();
        assertThat(console.out()).contains("a.bin").contains("b.bin");
    }

    @Test
    void get_toADevice_writesToItAndLeavesItThere() throws IOException {
        served.write("a.bin", LARGE);
        // Reached by a link, so that a failure of this test takes away the link and not the machine's device.
        Path device = Files.createSymbolicLink(local.resolve("null"), Path.of("/dev/null"));
        assertThat(console.run("get", "--json", served.url("a.bin"), "-o", device.toString()))
                .isZero();
        assertThat(console.out()).contains("\"transferred\":300000");
        assertThat(device).isSymbolicLink();
        assertThat(local.resolve("null.part")).doesNotExist();
    }

    @Test
    void get_toALink_doesNotReplaceIt() throws IOException {
        served.write("a.bin", LARGE);
        Files.writeString(local.resolve("kept"), "kept");
        Path link = Files.createSymbolicLink(local.resolve("link"), Path.of("kept"));
        assertThat(console.run("get", served.url("a.bin"), "-o", link.toString()))
                .isEqualTo(ExitCode.LOCAL_FILE.value());
        assertThat(console.err()).contains("link: is a symbolic link").contains("-o");
        assertThat(link).isSymbolicLink();
        assertThat(local.resolve("kept")).hasContent("kept");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 300_000})
    void get_bringsEveryByteAndTheTime(int size) throws IOException {
        dated(served.write("a.bin", Arrays.copyOf(LARGE, size)), "2024-02-29T12:34:56Z");
        assertThat(console.run("get", served.url("a.bin"), "-o", local + "/")).isZero();
        assertThat(local.resolve("a.bin")).hasBinaryContent(Arrays.copyOf(LARGE, size));
        assertThat(Files.getLastModifiedTime(local.resolve("a.bin")).toInstant())
                .isEqualTo("2024-02-29T12:34:56Z");
        assertThat(local.resolve("a.bin.part")).doesNotExist();
        assertThat(console.out()).isEmpty();
        assertThat(console.err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 300_000})
    void put_bringsEveryByteAndTheTime(int size) throws IOException {
        Path file = dated(Files.write(local.resolve("a.bin"), Arrays.copyOf(LARGE, size)), "2024-02-29T12:34:56Z");
        assertThat(console.run("put", file.toString(), served.url(""))).isZero();
        assertThat(root.resolve("a.bin")).hasBinaryContent(Arrays.copyOf(LARGE, size));
        assertThat(Files.getLastModifiedTime(root.resolve("a.bin")).toInstant()).isEqualTo("2024-02-29T12:34:56Z");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"with space.bin", "é.bin", "日本語.bin", "\uD83D\uDEA2.bin", "100%.bin", "a*?[b].bin", "#;.bin"})
    void names_surviveBothWays(String name) throws IOException {
        Path file = Files.write(local.resolve(name), new byte[] {1, 2, 3});
        assertThat(console.run("put", file.toString(), served.url("in/"))).isEqualTo(ExitCode.REFUSED.value());
        Files.createDirectory(root.resolve("in"));
        assertThat(console.run("put", file.toString(), served.url("in/"))).isZero();
        assertThat(root.resolve("in").resolve(name)).exists();
        String encoded = RemoteUrl.parse(served.url(""), dev.portside.protocol.NameCharset.UTF_8)
                .withPath("in/" + name)
                .toString();
        assertThat(console.run("get", encoded, into("back"))).isZero();
        assertThat(local.resolve("back")).hasBinaryContent(new byte[] {1, 2, 3});
    }

    @Test
    void get_toStandardOutput() throws IOException {
        served.write("a.bin", LARGE);
        assertThat(console.run("get", served.url("a.bin"), "-o", "-")).isZero();
        assertThat(console.outBytes()).isEqualTo(LARGE);
    }

    @Test
    void put_fromStandardInput() throws IOException {
        console.input(LARGE);
        assertThat(console.run("put", "-", served.url("a.bin"))).isZero();
        assertThat(root.resolve("a.bin")).hasBinaryContent(LARGE);
        assertThat(console.run("put", "-", served.url(""))).isEqualTo(ExitCode.USAGE.value());
    }

    @Test
    void get_resume_fetchesTheRestOnly() throws IOException {
        dated(served.write("a.bin", LARGE), "2024-02-29T12:34:56Z");
        Files.write(local.resolve("a.bin.part"), Arrays.copyOf(LARGE, 100_000));
        assertThat(console.run("get", "-c", "--json", served.url("a.bin"), into("a.bin")))
                .isZero();
        assertThat(local.resolve("a.bin")).hasBinaryContent(LARGE);
        assertThat(console.out()).contains("\"size\":300000,\"transferred\":200000,\"resumed\":true");
    }

    @Test
    void get_resume_startsAgainWhenTheFileWasChanged() throws IOException {
        served.write("a.bin", LARGE);
        dated(Files.write(local.resolve("a.bin.part"), new byte[100_000]), "2024-02-29T12:34:56Z");
        assertThat(console.run("get", "-c", "--json", served.url("a.bin"), into("a.bin")))
                .isZero();
        assertThat(local.resolve("a.bin")).hasBinaryContent(LARGE);
        assertThat(console.out()).contains("\"transferred\":300000,\"resumed\":false");
    }

    @Test
    void get_resume_leavesACompleteFile() throws IOException {
        dated(served.write("a.bin", LARGE), "2024-02-29T12:34:56Z");
        assertThat(console.run("get", served.url("a.bin"), into("a.bin"))).isZero();
        assertThat(console.run("get", "-c", "--json", served.url("a.bin"), into("a.bin")))
                .isZero();
        assertThat(console.out()).contains("\"transferred\":0");
    }

    @Test
    void get_replacesWhatIsThere() throws IOException {
        served.write("a.bin", LARGE);
        Files.writeString(local.resolve("a.bin"), "old");
        assertThat(console.run("get", served.url("a.bin"), into("a.bin"))).isZero();
        assertThat(local.resolve("a.bin")).hasBinaryContent(LARGE);
    }

    @Test
    void put_resume_sendsTheRestOnly() throws IOException {
        Path file = Files.write(local.resolve("a.bin"), LARGE);
        served.write("a.bin", Arrays.copyOf(LARGE, 100_000));
        assertThat(console.run("put", "-c", "--json", file.toString(), served.url("a.bin")))
                .isZero();
        assertThat(root.resolve("a.bin")).hasBinaryContent(LARGE);
        assertThat(console.out()).contains("\"transferred\":200000,\"resumed\":true");
        assertThat(console.run("put", "-c", "--json", file.toString(), served.url("a.bin")))
                .isZero();
        assertThat(console.out()).contains("\"transferred\":0,\"resumed\":true");
    }

    @ParameterizedTest
    @ValueSource(strings = {"epsv", "pasv", "eprt", "port"})
    void trees_goBothWaysInEveryMode(String mode) throws IOException {
        Path tree = local.resolve("tree");
        Files.createDirectories(tree.resolve("sub/deep"));
        Files.createDirectories(tree.resolve("empty"));
        Files.write(tree.resolve("large.bin"), LARGE);
        Files.writeString(tree.resolve("sub/é.txt"), "é");
        Files.writeString(tree.resolve("sub/deep/日本語"), "x");
        assertThat(console.run("put", "-r", "--mode", mode, tree.toString(), served.url("")))
                .isZero();
        assertThat(root.resolve("tree/empty")).isDirectory();
        assertThat(console.run("get", "-r", "--mode", mode, served.url("tree"), into("back")))
                .isZero();
        assertThat(local.resolve("back/large.bin")).hasBinaryContent(LARGE);
        assertThat(local.resolve("back/sub/é.txt")).hasContent("é");
        assertThat(local.resolve("back/sub/deep/日本語")).hasContent("x");
        assertThat(local.resolve("back/empty")).isDirectory();
        assertThat(console.err()).isEmpty();
    }

    @Test
    void put_recursive_twiceIsFine() throws IOException {
        Files.createDirectories(local.resolve("tree/sub"));
        Files.writeString(local.resolve("tree/sub/a"), "a");
        assertThat(console.run("put", "-r", into("tree"), served.url(""))).isZero();
        assertThat(console.run("put", "-r", into("tree"), served.url(""))).isZero();
        assertThat(root.resolve("tree/sub/a")).hasContent("a");
        assertThat(root.resolve("tree/tree")).doesNotExist();
    }

    @Test
    void links_areSkippedOnBothSides() throws IOException {
        served.write("tree/a", "a");
        Files.createSymbolicLink(root.resolve("tree/out"), Path.of("/etc/passwd"));
        assertThat(console.run("get", "-r", served.url("tree"), into("back"))).isZero();
        assertThat(local.resolve("back/out")).doesNotExist();
        assertThat(console.err()).contains("tree/out: a symbolic link, skipped");
        Files.createSymbolicLink(local.resolve("back/link"), Path.of("/etc/passwd"));
        assertThat(console.run("put", "-r", into("back"), served.url("up"))).isZero();
        assertThat(root.resolve("up/link")).doesNotExist();
        assertThat(console.err()).contains("link: a symbolic link, skipped");
    }

    @Test
    void get_recursive_asksForTheTimeOnly_whereTheListingHasTheSize() throws IOException {
        try (ScriptedServer server = listed("-rw-r--r-- 1 a b 3 Nov 20 18:57 a", "-rw-r--r-- 1 a b 3 Nov 20 18:57 b")
                .start()) {
            String url = "ftp://127.0.0.1:" + server.port() + "/d/";
            assertThat(console.run("get", "-q", "-r", url, into("d"))).isZero();
            assertThat(commandsForFiles(server))
                    .containsExactly("MDTM d/a", "EPSV", "RETR d/a", "MDTM d/b", "EPSV", "RETR d/b");
        }
        assertThat(local.resolve("d/b")).hasBinaryContent(new byte[] {4, 5, 6});
        assertThat(Files.getLastModifiedTime(local.resolve("d/b")).toInstant()).isEqualTo("2024-02-29T12:34:56Z");
    }

    @Test
    void get_recursive_ofALargerFileThanIsThere_isNoSuccess() throws IOException {
        try (ScriptedServer server = listed("-rw-r--r-- 1 a b 4 Nov 20 18:57 a").start()) {
            String url = "ftp://127.0.0.1:" + server.port() + "/d/";
            assertThat(console.run("get", "-q", "-r", url, into("d"))).isNotZero();
            assertThat(console.err()).contains("cut short");
        }
        assertThat(local.resolve("d/a")).doesNotExist();
    }

    @Test
    void get_recursive_asksAServerWithoutMdtmOnce() throws IOException {
        try (ScriptedServer server = listed("-rw-r--r-- 1 a b 3 Nov 20 18:57 a", "-rw-r--r-- 1 a b 3 Nov 20 18:57 b")
                .reply("MDTM", "500 what?")
                .start()) {
            String url = "ftp://127.0.0.1:" + server.port() + "/d/";
            assertThat(console.run("get", "-q", "-r", url, into("d"))).isZero();
            assertThat(commandsForFiles(server)).containsExactly("MDTM d/a", "EPSV", "RETR d/a", "EPSV", "RETR d/b");
        }
        assertThat(local.resolve("d/b")).hasBinaryContent(new byte[] {4, 5, 6});
    }

    /** A server without MLSD, with a directory d. */
    private static ScriptedServer.Script listed(String... lines) {
        return ScriptedServer.script()
                .features("MDTM", "SIZE")
                .file("d/a", new byte[] {1, 2, 3})
                .file("d/b", new byte[] {4, 5, 6})
                .listing("LIST", "drwxr-xr-x 2 a b 0 Nov 20 18:57 d")
                .listing("LIST d", lines);
    }

    private static List<String> commandsForFiles(ScriptedServer server) {
        List<String> commands = server.commands();
        List<String> files = commands.subList(commands.indexOf("LIST d") + 1, commands.indexOf("QUIT"));
        return files.stream().filter(command -> !command.startsWith("TYPE")).toList();
    }

    @Test
    void get_pattern_intoADirectory() throws IOException {
        served.write("a.txt", "a");
        served.write("b.txt", "b");
        served.write("c.bin", "c");
        assertThat(console.run("get", served.url("*.txt"), into("new/"))).isZero();
        assertThat(local.resolve("new/a.txt")).hasContent("a");
        assertThat(local.resolve("new/b.txt")).hasContent("b");
        assertThat(local.resolve("new/c.bin")).doesNotExist();
    }

    @Test
    void get_ofADirectory_needsR() throws IOException {
        served.write("sub/a", "a");
        assertThat(console.run("get", served.url("sub"), into("x"))).isEqualTo(ExitCode.REFUSED.value());
        assertThat(console.err()).contains("sub: is a directory, use -r");
    }

    @Test
    void missingRemoteFile_leavesNothingBehind() {
        assertThat(console.run("get", served.url("nosuch"), into("x"))).isEqualTo(ExitCode.REFUSED.value());
        assertThat(local).isEmptyDirectory();
    }

    @Test
    void missingLocalFile_is7() {
        assertThat(console.run("put", into("nosuch"), served.url(""))).isEqualTo(ExitCode.LOCAL_FILE.value());
        assertThat(console.err()).contains("nosuch: no such file or directory").doesNotContain("Exception");
    }

    @Test
    void localFileThatCannotBeWritten_is7() throws IOException {
        served.write("a.bin", LARGE);
        Files.createDirectory(local.resolve("a.bin.part"));
        assertThat(console.run("get", served.url("a.bin"), into("a.bin"))).isEqualTo(ExitCode.LOCAL_FILE.value());
        assertThat(console.run("get", served.url("a.bin"), "/dev/null/x")).isEqualTo(ExitCode.LOCAL_FILE.value());
    }

    @Test
    void progress_isShownOnATerminalOnly() throws IOException {
        served.write("a.bin", LARGE);
        console.terminal();
        assertThat(console.run("get", served.url("a.bin"), into("a.bin"))).isZero();
        assertThat(console.err()).contains("a.bin").contains("293.0 KiB").contains("/s");
        assertThat(console.run("get", "-q", served.url("a.bin"), into("a.bin"))).isZero();
        assertThat(console.err()).isEmpty();
    }

    @Test
    void verbose_showsTheDialogueAndAPicture() throws IOException {
        served.write("a.bin", LARGE);
        assertThat(console.run("get", "-v", "--mode=pasv", served.url("a.bin"), into("a.bin")))
                .isZero();
        assertThat(console.err())
                .contains("> USER joe", "> PASS ****", "> PASV", "< 227 ", "> RETR a.bin", "< 226 ")
                .contains("opened by the client (passive mode, PASV)")
                .contains("opens the control connection", "opens the data connection", "listens ◎")
                .doesNotContain(ServedDirectory.PASSWORD);
        assertThat(console.out()).isEmpty();
    }

    @Test
    void activeMode_namesPortsOfTheRange() throws IOException {
        served.write("a.bin", LARGE);
        assertThat(console.run(
                        "get", "-v", "--mode=port", "--active-ports=42000-42999", served.url("a.bin"), into("a.bin")))
                .isZero();
        assertThat(console.err())
                .containsPattern("127\\.0\\.0\\.1:42\\d\\d\\d, opened by the server \\(active mode, PORT\\)");
    }
}
