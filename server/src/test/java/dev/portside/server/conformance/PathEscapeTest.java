package dev.portside.server.conformance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.protocol.Reply;
import dev.portside.testkit.ScriptedClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Pathnames that want to leave the home, under every verb that takes one. Beside the home lies secret.txt, which the
 * superclass finds unchanged after each test.
 */
class PathEscapeTest extends Conformance {
    private static final Set<String> ABOUT_A_LINK = Set.of("MDTM", "MLST", "RNFR", "STAT");

    static Stream<String> escapes() {
        return Stream.of(
                "../secret.txt",
                "/../secret.txt",
                "../../../../../../../../etc/passwd",
                "/etc/passwd",
                "//etc/passwd",
                "sub/../../secret.txt",
                "./../secret.txt",
                "sub/./../../secret.txt",
                "a.bin/../../secret.txt",
                "nowhere/../../secret.txt",
                "..//secret.txt",
                "/..//..//secret.txt",
                "..\\secret.txt",
                "..\\..\\secret.txt",
                "\\..\\secret.txt",
                "C:\\secret.txt",
                "C:/secret.txt",
                "/proc/self/cwd/secret.txt",
                "%2e%2e/secret.txt",
                "..%2fsecret.txt",
                "\u00c0\u00ae\u00c0\u00ae/secret.txt",
                ".. /secret.txt",
                "..;/secret.txt",
                "~/../secret.txt",
                "~root/secret.txt",
                "link/secret.txt",
                "link-to-secret",
                "link/../../secret.txt",
                "file:///etc/passwd",
                "sub/".repeat(300) + "../".repeat(400) + "secret.txt");
    }

    private void makeLinks() throws IOException {
        Files.createDirectory(home.resolve("sub"));
        Files.createSymbolicLink(home.resolve("link"), home.getParent());
        Files.createSymbolicLink(home.resolve("link-to-secret"), home.resolveSibling("secret.txt"));
    }

    private static ScriptedClient send(ScriptedClient client, String line) throws IOException {
        return client.sendRaw((line + "\r\n").getBytes(ISO_8859_1));
    }

    @ParameterizedTest
    @MethodSource("escapes")
    @DisabledOnOs(OS.WINDOWS)
    void pathname_findsNothingOutside(String pathname) throws Exception {
        makeLinks();
        Files.setLastModifiedTime(
                home.resolveSibling("secret.txt"), FileTime.from(Instant.parse("2001-02-03T04:05:06Z")));
        try (ScriptedClient client = server.login()) {
            for (String verb : List.of("RETR", "SIZE", "MDTM", "MLST", "HASH", "XCRC", "RNFR", "CWD", "MLSD", "STAT")) {
                Reply reply = send(client, verb + " " + pathname).readReply();
                boolean refused =
                        reply.code().isPermanentNegative() || reply.code().value() == 425;
                // The link is in the home: it may be looked at and renamed, but never followed.
                boolean ofTheLink = pathname.equals("link-to-secret") && ABOUT_A_LINK.contains(verb);
                assertThat(refused || ofTheLink)
                        .as(verb + " " + pathname + ": " + reply)
                        .isTrue();
                assertThat(String.join("\n", reply.lines()))
                        .doesNotContain("root:x")
                        .doesNotContain("2001");
            }
            assertThat(client.command("PWD", 257).text()).startsWith("\"/\"");
        }
    }

    @ParameterizedTest
    @MethodSource("escapes")
    @DisabledOnOs(OS.WINDOWS)
    void pathname_changesNothingOutside(String pathname) throws Exception {
        makeLinks();
        try (ScriptedClient client = server.login()) {
            for (String verb : List.of(
                    "DELE",
                    "RMD",
                    "SITE CHMOD 777",
                    "SITE UTIME 20010101000000",
                    "MFMT 20010101000000",
                    "MFF modify=20010101000000;")) {
                send(client, verb + " " + pathname).readReply();
            }
            client.command("RNFR a.bin", 350);
            if (send(client, "RNTO " + pathname).readReply().code().isCompletion()) {
                client.send("RNFR " + pathname);
                client.expect(350);
                client.command("RNTO a.bin", 250);
            }
            for (String verb : List.of("STOR", "APPE", "STOU")) {
                try (Socket data = client.passive()) {
                    if (send(client, verb + " " + pathname).readReply().code().isPreliminary()) {
                        data.getOutputStream().write(new byte[10]);
                        data.shutdownOutput();
                        client.readReply();
                    }
                }
            }
            send(client, "MKD " + pathname + ".d").readReply();
        }
        assertThat(Path.of("/etc/passwd.d")).doesNotExist();
        assertThat(home.resolveSibling("secret.txt.d")).doesNotExist();
    }

    @ParameterizedTest
    @MethodSource("escapes")
    @DisabledOnOs(OS.WINDOWS)
    void listing_showsNothingOutside(String pathname) throws Exception {
        makeLinks();
        try (ScriptedClient client = server.login()) {
            String directory = pathname.substring(0, pathname.lastIndexOf('/') + 1);
            for (String argument : List.of(pathname, directory, directory + "*", directory + "secret*")) {
                for (String verb : List.of("LIST", "NLST", "LIST -la", "STAT")) {
                    try (Socket data = client.passive()) {
                        Reply reply = send(client, verb + " " + argument).readReply();
                        assertThat(reply.lines()).noneMatch(line -> line.contains("passwd") && line.startsWith("-"));
                        if (reply.code().isPreliminary()) {
                            String listing = new String(ScriptedClient.readAll(data), ISO_8859_1);
                            client.expect(226);
                            // "link-to-secret" is in the home.
                            assertThat(listing.lines())
                                    .noneMatch(line -> line.matches("(.*[ /])?(secret\\.txt|shadow|passwd)"));
                        }
                    }
                }
            }
        }
    }

    @Test
    void dotDotAtTheRoot_isTheRoot() throws Exception {
        try (ScriptedClient client = server.login()) {
            client.command("CWD ..", 250);
            client.command("CDUP", 250);
            client.command("CWD ../../..", 250);
            assertThat(client.command("PWD", 257).text()).startsWith("\"/\"");
            assertThat(client.lines("NLST ..")).allMatch(name -> name.endsWith("a.bin"));
        }
    }

    @Test
    void unfinishedUpload_cannotBeNamed_orSeen() throws Exception {
        try (ScriptedClient client = server.login();
                ScriptedClient other = server.login();
                Socket data = client.passive()) {
            client.command("STOR up.bin", 150);
            data.getOutputStream().write(new byte[1000]);
            await("the hidden file", () -> hidden() != null);
            String name = hidden();
            for (String verb : List.of("RETR", "SIZE", "DELE", "RNFR", "STOR", "MLST")) {
                other.command(verb + " " + name, 550, 553);
            }
            assertThat(other.lines("NLST -a")).containsExactly("a.bin");
            assertThat(other.lines("MLSD")).noneMatch(line -> line.contains(".portside"));
            data.shutdownOutput();
            client.expect(226);
        }
    }

    private String hidden() {
        try {
            return unfinishedUploads().stream().findFirst().orElse(null);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
