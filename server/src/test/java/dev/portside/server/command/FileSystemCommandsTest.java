package dev.portside.server.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.server.RunningServer;
import dev.portside.testkit.LeakCheckExtension;
import dev.portside.testkit.ScriptedClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
@ExtendWith(LeakCheckExtension.class)
class FileSystemCommandsTest {
    private static final byte[] HELLO = "hello\n".getBytes(UTF_8);

    @TempDir
    Path home;

    @Test
    void directories_areMadeNamedAndRemoved() throws IOException {
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.login()) {
            assertThat(client.command("MKD a \"quoted\" name", 257).text()).startsWith("\"/a \"\"quoted\"\" name\" ");
            client.command("MKD a \"quoted\" name", 550);
            client.command("RMD a \"quoted\" name", 250);
            client.command("RMD nothing", 550);
            server.file("dir/a.txt", HELLO);
            client.command("RMD dir", 550);
            client.command("DELE dir", 550);
            client.command("DELE dir/a.txt", 250);
            client.command("RMD dir", 250);
            client.command("RMD /", 550);
        }
    }

    @Test
    void rename_needsBothCommandsInARow() throws IOException {
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.login()) {
            server.file("a.txt", HELLO);
            client.command("RNTO b.txt", 503);
            client.command("RNFR nothing", 550);
            client.command("RNTO b.txt", 503);
            client.command("RNFR a.txt", 350);
            client.command("NOOP", 200);
            client.command("RNTO b.txt", 503);
            client.command("RNFR a.txt", 350);
            client.command("RNTO b.txt", 250);
            assertThat(server.file("b.txt")).hasBinaryContent(HELLO);
            client.command("RNTO c.txt", 503);
        }
    }

    @Test
    void newNames_haveNoControlCharacters() throws IOException {
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.login()) {
            server.file("a.txt", HELLO);
            client.command("MKD a\u001bb", 553);
            client.epsv();
            client.command("STOR a\tb", 553);
            client.command("RNFR a.txt", 350);
            client.command("RNTO a\u0007", 553);
            client.command("MKD a\0b", 501);
        }
    }

    @Test
    void longNames_are553() throws IOException {
        try (RunningServer server = RunningServer.on(home, o -> o.maxPathLength(100));
                ScriptedClient client = server.login()) {
            client.command("MKD " + "a".repeat(101), 553);
            client.command("MKD " + "a".repeat(50), 257);
            client.command("CWD " + "a".repeat(50), 250);
            client.command("MKD " + "a".repeat(60), 553);
        }
    }

    @Test
    void size_isToldInTypeIOnly() throws IOException {
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.login()) {
            server.file("a.txt", HELLO);
            Files.createDirectory(home.resolve("dir"));
            assertThat(client.command("SIZE a.txt", 213).text()).isEqualTo("6");
            client.command("SIZE dir", 550);
            client.command("TYPE A", 200);
            assertThat(client.command("SIZE a.txt", 550).text()).contains("TYPE I");
        }
    }

    @Test
    void times_areReadAndSet() throws IOException {
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.login()) {
            Path file = server.file("a.txt", HELLO);
            Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2024-01-05T12:34:56Z")));
            assertThat(client.command("MDTM a.txt", 213).text()).isEqualTo("20240105123456");
            assertThat(client.command("MFMT 20200102030405 a.txt", 213).text())
                    .isEqualTo("Modify=20200102030405; a.txt");
            assertThat(client.command("MDTM a.txt", 213).text()).isEqualTo("20200102030405");
            client.command("MDTM 20210102030405 a.txt", 213);
            assertThat(client.command("MDTM a.txt", 213).text()).isEqualTo("20210102030405");
            server.file("20210102030405 b", HELLO);
            client.command("MDTM 20210102030405 b", 213);
            client.command("MDTM 20210102030405 nothing", 550);
            client.command("MDTM not-a-time nothing", 550);
            client.command("MFMT 20201399000000 a.txt", 501);
            client.command("SITE UTIME 20220102030405 a.txt", 200);
            assertThat(client.command("MDTM a.txt", 213).text()).isEqualTo("20220102030405");
            client.command("SITE UTIME a.txt 20230102030405 20230102030406 20230102030407 UTC", 200);
            assertThat(client.command("MDTM a.txt", 213).text()).isEqualTo("20230102030406");
            client.command("SITE UTIME yesterday a.txt", 501);
        }
    }

    @Test
    void mff_setsAllFactsOrNone() throws IOException {
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.login()) {
            Path file = server.file("a.txt", HELLO);
            client.command("MFF modify=20200102030405;UNIX.mode=0600; a.txt", 213);
            assertThat(Files.getLastModifiedTime(file).toInstant()).isEqualTo("2020-01-02T03:04:05Z");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            client.command("MFF UNIX.mode=0644;modify=never; a.txt", 501);
            client.command("MFF UNIX.mode=0644;size=5; a.txt", 504);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void chmod_setsPermissionsAndNothingMore() throws IOException {
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.login()) {
            Path file = server.file("a.txt", HELLO);
            client.command("SITE CHMOD 640 a.txt", 200);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-r-----");
            client.command("SITE CHMOD 4755 a.txt", 550);
            client.command("SITE CHMOD 9 a.txt", 501);
            client.command("SITE CHMOD 640", 501);
            client.command("SITE CHMOD 640 nothing", 550);
        }
    }

    @Test
    void avbl_tellsTheRoom() throws IOException {
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.login()) {
            assertThat(Long.parseLong(client.command("AVBL", 213).text())).isPositive();
            client.command("AVBL nothing", 550);
        }
    }
}
