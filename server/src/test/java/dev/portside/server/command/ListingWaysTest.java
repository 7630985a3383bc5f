package dev.portside.server.command;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.server.RunningServer;
import dev.portside.testkit.ScriptedClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whether the kernel is asked directly or through {@code java.nio.file}, the bytes of a listing are the same. In processes of
 * their own, since that is decided when Java starts, and without the right to read everything that root has.
 */
@Timeout(150)
class ListingWaysTest {
    private static final List<String> COMMANDS = List.of(
            "LIST",
            "NLST",
            "MLSD",
            "LIST shut",
            "MLSD shut",
            "NLST shut",
            "LIST dir",
            "MLSD to-dir",
            "LIST *a*",
            "NLST f*");
    private static final List<String> REPLIES = List.of("MLST big", "MLST", "STAT shut", "SIZE big", "MDTM future");

    @TempDir
    Path directory;

    private Path home;

    @BeforeEach
    void plant() throws Exception {
        home = Files.createDirectory(directory.resolve("home"));
        Files.writeString(home.resolve("file"), "content");
        Files.writeString(home.resolve("a b;c=d -> e"), "");
        Files.writeString(home.resolve("tab\tand\r\nline"), "");
        Files.writeString(home.resolve("n".repeat(255)), "");
        Files.writeString(home.resolve(".portside-upload-0123456789abcdef0123456789abcdef"), "not finished");
        for (String escaped : List.of("%C3%A9", "%E6%97%A5", "latin-%E9", "%ff%FE%80", "cut-%E6%97", ".%C3")) {
            Files.writeString(
                    home.resolve(Path.of(URI.create("file:///" + escaped)).getFileName()), escaped);
        }
        plantLinks();
        plantModesAndTimes();
        Files.createDirectories(home.resolve("shut/inner"));
        Files.writeString(home.resolve("shut/file"), "");
        Files.setPosixFilePermissions(home.resolve("shut"), PosixFilePermissions.fromString("r--r--r--"));
    }

    private void plantLinks() throws IOException {
        Files.createDirectories(home.resolve("dir/sub"));
        Files.writeString(home.resolve("dir/inside"), "inside");
        Files.writeString(directory.resolve("outside"), "secret");
        link("to-file", "file");
        link("to-dir", "dir");
        link("to-absolute", home.resolve("dir/inside").toString());
        link("dir/up", "../file");
        link("to-outside", "../outside");
        link("to-outside-absolute", directory.resolve("outside").toString());
        link("to-nothing", "nothing");
        link("round", "round");
        Files.createLink(home.resolve("second-name"), home.resolve("file"));
    }

    private void link(String name, String target) throws IOException {
        Files.createSymbolicLink(home.resolve(name), Path.of(target));
    }

    private void plantModesAndTimes() throws Exception {
        try (RandomAccessFile big = new RandomAccessFile(home.resolve("big").toFile(), "rw")) {
            big.setLength(5L << 30);
        }
        assertThat(new ProcessBuilder("mkfifo", home.resolve("pipe").toString())
                        .start()
                        .waitFor())
                .isZero();
        for (String time : List.of(
                "1901-12-31T23:59:59.999Z",
                "1969-12-31T23:59:59.5Z",
                "2001-02-28T01:02:03.004Z",
                "2099-12-31T12:00:00Z")) {
            Path file = Files.writeString(home.resolve("at-" + time.substring(0, 4)), "");
            Files.setLastModifiedTime(file, FileTime.from(Instant.parse(time)));
        }
        Path future = Files.writeString(home.resolve("future"), "");
        Files.setLastModifiedTime(future, FileTime.from(Instant.parse("2400-02-29T00:00:00Z")));
        for (int mode : new int[] {0, 0111, 0640, 04755, 02070, 01777, 07777}) {
            Path file = Files.writeString(home.resolve("mode-" + Integer.toOctalString(mode)), "");
            Files.setAttribute(file, "unix:mode", 0100000 | mode);
        }
    }

    @AfterEach
    void unlock() throws IOException {
        Files.setPosixFilePermissions(home.resolve("shut"), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void bothWays_giveTheSameBytes() throws Exception {
        List<String> kernel = listings("kernel", "--enable-native-access=ALL-UNNAMED");
        List<String> portable = listings("portable", "--illegal-native-access=deny");
        assertThat(kernel).isEqualTo(portable);
        assertThat(kernel)
                .anyMatch(line -> line.contains(" 5368709120 ") && line.endsWith(" big"))
                .anyMatch(line -> line.endsWith(" to-dir -> dir"))
                .anyMatch(line -> line.contains("type=OS.unix=slink") && line.endsWith(" to-outside"))
                .anyMatch(line -> line.contains("type=OS.unix=special") && line.endsWith(" pipe"))
                .anyMatch(line -> line.endsWith("; latin-\u00e9"))
                .contains("latin-\u00e9", "tab\tand??line", "n".repeat(255))
                .noneMatch(line -> line.contains("portside-upload") || line.contains("secret"));
    }

    private List<String> listings(String name, String option) throws IOException, InterruptedException {
        Path output = directory.resolve(name);
        List<String> command = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            command.addAll(List.of("setpriv", "--bounding-set", "-all", "--inh-caps", "-all"));
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(option, "-cp", System.getProperty("java.class.path"), ListingWaysTest.class.getName()));
        command.addAll(List.of(home.toString(), output.toString()));
        Path errors = directory.resolve(name + "-errors");
        Process child = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(errors.toFile())
                .start();
        try {
            assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            child.destroyForcibly();
        }
        assertThat(child.exitValue()).as(Files.readString(errors)).isZero();
        return Files.readAllLines(output, ISO_8859_1);
    }

    public static void main(String[] arguments) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try (RunningServer server = RunningServer.on(Path.of(arguments[0]));
                ScriptedClient client = server.login()) {
            for (String command : COMMANDS) {
                all.writeBytes((command + "\n").getBytes(UTF_8));
                // A directory has no order; to compare bytes, one is made.
                String[] lines = new String(client.download(command), ISO_8859_1).split("\r\n", -1);
                Arrays.sort(lines);
                all.writeBytes(String.join("\n", lines).getBytes(ISO_8859_1));
            }
            for (String command : REPLIES) {
                String reply = "\n" + String.join("\n", client.command(command).lines());
                all.writeBytes(reply.getBytes(UTF_8));
            }
        }
        Files.write(Path.of(arguments[1]), all.toByteArray());
    }
}
