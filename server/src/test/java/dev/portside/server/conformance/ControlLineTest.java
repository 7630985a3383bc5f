package dev.portside.server.conformance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.protocol.Reply;
import dev.portside.testkit.Content;
import dev.portside.testkit.ScriptedClient;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines as clients send them, and as they should not. */
class ControlLineTest extends Conformance {
    private static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }

    @Test
    void pipelinedCommands_areAnsweredInOrder() throws Exception {
        try (ScriptedClient client = server.connect()) {
            client.send("USER alice", "PASS open sesame", "TYPE I", "SIZE a.bin", "PWD", "NOOP", "BOGUS", "QUIT");
            client.expect(331);
            client.expect(230);
            client.expect(200);
            assertThat(client.expect(213).text()).isEqualTo("100000");
            client.expect(257);
            client.expect(200);
            client.expect(500);
            client.expect(221);
            client.expectClosed();
        }
    }

    @Test
    void aThousandPipelinedCommands_getAThousandReplies() throws Exception {
        try (ScriptedClient client = server.login()) {
            client.sendRaw(bytes("NOOP\r\nPWD\r\n".repeat(500)));
            for (int i = 0; i < 500; i++) {
                client.expect(200);
                client.expect(257);
            }
        }
    }

    @Test
    void lineInSegmentsOfOneByte_isOneCommand() throws Exception {
        try (ScriptedClient client = server.connect()) {
            client.sendSplit("USER alice").expect(331);
            client.sendSplit("PASS open sesame").expect(230);
            client.sendSplit("PWD").expect(257);
        }
    }

    @Test
    void lineEndingInABareLf_isACommand() throws Exception {
        try (ScriptedClient client = server.login()) {
            client.sendRaw(bytes("NOOP\nPWD\r\n"));
            client.expect(200);
            client.expect(257);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"noop", "NoOp", "NOOP ", "NOOP with an argument"})
    void verb_isUnderstoodInAnyCase_andWithSpacesBehind(String line) throws Exception {
        try (ScriptedClient client = server.login()) {
            client.command(line, 200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "  NOOP", "\u0001\u0002", "RETR\ta.bin", "???", "A-VERB-THAT-IS-FAR-TOO-LONG x"})
    void lineThatIsNoCommand_is500(String line) throws Exception {
        try (ScriptedClient client = server.login()) {
            client.sendRaw(bytes(line + "\r\n")).expect(500);
            client.command("NOOP", 200);
        }
    }

    @Test
    void bytesThatAreNoText_are500() throws Exception {
        byte[] noise = new Content(5000, 99).bytes();
        for (int i = 0; i < noise.length; i++) {
            // No line end, no Telnet, and not what TLS begins with.
            noise[i] = noise[i] == '\n' || noise[i] == -1 || noise[i] == 0x16 ? 1 : noise[i];
        }
        try (ScriptedClient client = server.login()) {
            client.sendRaw(noise).sendRaw(bytes("\r\n")).expect(500);
            client.command("NOOP", 200);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {(16 << 10) + 1, 64 << 10, 500_000})
    void lineThatIsTooLong_is500_andTheNextIsHeard(int length) throws Exception {
        try (ScriptedClient client = server.login()) {
            client.sendRaw(bytes("STOR " + "x".repeat(length) + "\r\nNOOP\r\n"));
            assertThat(client.expect(500).text()).contains("too long");
            client.expect(200);
        }
        assertThat(names()).containsExactly("a.bin");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void lineWithoutAnEnd_isCutOff(boolean loggedIn) throws Exception {
        try (ScriptedClient client = loggedIn ? server.login() : server.connect()) {
            byte[] much = bytes("x".repeat(100_000));
            try {
                for (int i = 0; i < 1000; i++) {
                    client.sendRaw(much);
                }
                throw new AssertionError("100 MB of a line were taken");
            } catch (SocketException cutOff) {
                // The server has closed the connection.
            }
        }
    }

    @Test
    void userNameOf64KiB_is500_andThePasswordTooLongToo() throws Exception {
        try (ScriptedClient client = server.connect()) {
            client.command("USER " + "a".repeat(64 << 10), 500);
            client.command("USER alice", 331);
            client.command("PASS " + "p".repeat(64 << 10), 500);
            client.command("PASS open sesame", 230);
        }
    }

    /** A name of that many bytes is no command that is too long, but no file has it. */
    @Test
    void nameOf8000Bytes_is553() throws Exception {
        try (ScriptedClient client = server.login()) {
            client.command("MKD " + "x".repeat(8000), 553);
            client.command("SIZE " + "x/".repeat(4000) + "x", 553);
            client.command("SIZE " + "x".repeat(300), 550, 553);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"DELE a\rb", "MKD a\0b", "MKD \0", "RNFR a.bin\0", "SITE CHMOD 777 a\rb", "USER a\rb"})
    void crOrNulInAnArgument_is501(String line) throws Exception {
        Files.createFile(home.resolve("ab"));
        try (ScriptedClient client = server.login()) {
            client.sendRaw(bytes(line + "\r\n")).expect(501);
            client.command("NOOP", 200);
        }
        assertThat(names()).containsExactly("a.bin", "ab");
    }

    @Test
    void crLfInAName_isTwoCommands() throws Exception {
        try (ScriptedClient client = server.login()) {
            client.sendRaw(bytes("MKD one\r\nMKD two\r\n"));
            client.expect(257);
            client.expect(257);
        }
        assertThat(names()).containsExactly("a.bin", "one", "two");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"GET / HTTP/1.1", "POST /x HTTP/1.1", "HEAD / HTTP/1.0", "OPTIONS * HTTP/1.1", "get / HTTP/1.1"})
    void httpVerb_closesAtOnce_andWhatFollowsIsNotHeard(String line) throws Exception {
        try (ScriptedClient client = server.connect()) {
            client.sendRaw(bytes(line + "\r\nHost: x\r\n\r\nUSER alice\r\nPASS open sesame\r\nMKD made-by-http\r\n"));
            client.expectClosed();
        }
        assertThat(names()).containsExactly("a.bin");
    }

    @Test
    void httpVerb_afterLogin_closesToo() throws Exception {
        try (ScriptedClient client = server.login()) {
            client.sendRaw(bytes("POST / HTTP/1.1\r\nMKD made-by-http\r\n"));
            client.expectClosed();
        }
        assertThat(names()).containsExactly("a.bin");
    }

    @Test
    void tlsClientHello_closesAtOnce() throws Exception {
        byte[] hello = {
            0x16, 3, 1, 0, 46, 1, 0, 0, 42, 3, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20,
            21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 0, 0, 2, 19, 1, 1, 0
        };
        try (ScriptedClient client = server.connect()) {
            client.sendRaw(hello);
            client.expectClosed();
        }
    }

    @Test
    void telnetSequences_areDropped_whereverTheyStand() throws Exception {
        try (ScriptedClient client = server.login()) {
            client.sendRaw(bytes("\u00ff\u00fd\u0003NO\u00ff\u00f4OP\r\u00ff\u00f1\n"))
                    .expect(200);
            client.sendRaw(bytes("SIZE " + "x".repeat(502) + "\u00ff\u00f2\u00ff\u00fe\u0001" + "\r\n"))
                    .expect(550, 553);
            client.sendRaw(bytes("\u00ff\u00fa\u0018\u0000QUIT\r\n\u00ff\u00f0NOOP\r\n"))
                    .expect(200);
        }
    }

    @Test
    void nameWithQuotes_isQuotedTwiceIn257() throws Exception {
        try (ScriptedClient client = server.login()) {
            assertThat(client.command("MKD say \"hi\"", 257).text()).startsWith("\"/say \"\"hi\"\"\"");
            client.command("CWD say \"hi\"", 250);
            assertThat(client.command("PWD", 257).text()).startsWith("\"/say \"\"hi\"\"\"");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {" leading", "trailing ", "two  spaces", "%s%n%x", "-la", "é 日本語 🙂", "~", "*", "[x]", "'"})
    void strangeName_survivesEveryCommand(String name) throws Exception {
        byte[] bytes = {1, 2, 3};
        try (ScriptedClient client = server.login()) {
            client.upload("STOR " + name, bytes);
            assertThat(client.command("SIZE " + name, 213).text()).isEqualTo("3");
            assertThat(client.lines("MLSD")).anyMatch(line -> line.endsWith("; " + name));
            client.command("RNFR " + name, 350);
            client.command("RNTO renamed", 250);
            client.command("RNFR renamed", 350);
            client.command("RNTO " + name, 250);
            assertThat(client.download("RETR " + name)).isEqualTo(bytes);
            client.command("DELE " + name, 250);
        }
        assertThat(names()).containsExactly("a.bin");
    }

    @ParameterizedTest
    @ValueSource(strings = {"STOR", "MKD", "RNTO"})
    void newName_withAControlCharacter_is553(String verb) throws Exception {
        try (ScriptedClient client = server.login()) {
            for (String name : new String[] {"a\tb", "\u001b[31m", "bell\u0007", "del\u007f", "c1\u0085"}) {
                client.epsv();
                client.command("RNFR a.bin", 350);
                client.command(verb + " " + name, 553);
            }
        }
        assertThat(names()).containsExactly("a.bin");
    }

    /** Names on the disk that no client could have made. */
    @ParameterizedTest
    @ValueSource(strings = {"LIST", "NLST", "MLSD", "STAT ."})
    void nameWithALineEnd_forgesNoLine(String command) throws Exception {
        Files.createFile(home.resolve("x\r\n226 done\r\n-rw-r--r-- 1 a a 1 Jan 1 00:00 forged"));
        Files.createFile(home.resolve("bell\u0007\u001b[31m"));
        try (ScriptedClient client = server.login()) {
            String all = command.startsWith("STAT")
                    ? String.join("\n", client.command(command, 212).lines())
                    : new String(client.download(command), US_ASCII);
            assertThat(all.lines())
                    .noneMatch(line -> line.startsWith("226 done"))
                    .noneMatch(line -> line.matches("-rw-r--r-- 1 a a.*"));
            client.command("NOOP", 200);
        }
    }

    @Test
    void noReply_tellsAPathOfThisMachine_orAJavaClass() throws Exception {
        Files.createDirectory(home.resolve("full"));
        Files.createFile(home.resolve("full/x"));
        try (ScriptedClient client = server.login()) {
            for (String line : new String[] {
                "CWD nowhere",
                "CWD a.bin",
                "RMD full",
                "RMD nowhere",
                "DELE full",
                "DELE nowhere",
                "MKD full",
                "MKD nowhere/x",
                "SIZE full",
                "MDTM nowhere",
                "MLST nowhere",
                "STAT nowhere",
                "RNFR nowhere",
                "SITE CHMOD 7777777 a.bin",
                "SITE UTIME x",
                "MFMT 99999999999999 a.bin",
                "MFMT x a.bin",
                "HASH full",
                "HASH nowhere",
                "OPTS HASH CRC33",
                "OPTS MLST x",
                "AVBL nowhere",
                "XCRC nowhere",
                "REST -1",
                "TYPE Q",
                "RETR nowhere",
                "STOR nowhere/x",
                "APPE full",
                "LIST nowhere",
                "NLST nowhere",
                "MLSD a.bin",
                "ALLO x"
            }) {
                Reply reply = client.command(line);
                assertThat(reply.code().isPermanentNegative()
                                || reply.code().value() == 425
                                || reply.code().isCompletion())
                        .as(line + ": " + reply)
                        .isTrue();
                assertThat(String.join(" ", reply.lines()))
                        .doesNotContain(home.toString())
                        .doesNotContain("Exception")
                        .doesNotContain("java.")
                        .doesNotContain("dev.portside");
            }
        }
    }

    @Test
    void halfALine_andTheEnd_isNoCommand() throws IOException {
        try (ScriptedClient client = server.login()) {
            client.sendRaw(bytes("DELE a.bin"));
            client.socket().shutdownOutput();
            client.expectClosed();
        }
        assertThat(names()).containsExactly("a.bin");
    }
}
