package dev.portside.client;

import static dev.portside.client.Clients.commandsAfterLogin;
import static dev.portside.client.Clients.loggedIn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portside.protocol.ReplyCode;
import dev.portside.testkit.LeakCheckExtension;
import dev.portside.testkit.ScriptedServer;
import java.time.Instant;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheckExtension.class)
class FileFactsTest {
    private static final String SHA_256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    private static final Instant TIME = Instant.parse("2024-02-29T12:34:56.789Z");

    @Test
    void sizeAndTime_areReadFromTheReply() throws Exception {
        try (ScriptedServer server =
                        ScriptedServer.script().file("a", new byte[17]).start();
                FtpClient client = loggedIn(server)) {
            assertThat(client.size("a")).isEqualTo(17);
            assertThat(client.modifiedTime("a")).isEqualTo(Instant.parse("2024-02-29T12:34:56Z"));
            assertThatThrownBy(() -> client.size("b"))
                    .isInstanceOf(FtpReplyException.class)
                    .hasMessage("SIZE b: 550 b: no such file");
            assertThat(commandsAfterLogin(server)).containsExactly("TYPE I", "SIZE a", "MDTM a", "SIZE b");
        }
    }

    @Test
    void aReplyWithoutItsValue_isAProtocolException_andTheSessionGoesOn() throws Exception {
        try (ScriptedServer server = ScriptedServer.script()
                        .reply("SIZE", "213 very big")
                        .reply("MDTM", "213 yesterday")
                        .replyOnce("PWD", "257 at home")
                        .start();
                FtpClient client = loggedIn(server)) {
            assertThatThrownBy(() -> client.size("a")).isInstanceOf(FtpProtocolException.class);
            assertThatThrownBy(() -> client.modifiedTime("a")).isInstanceOf(FtpProtocolException.class);
            assertThatThrownBy(client::workingDirectory).isInstanceOf(FtpProtocolException.class);
            assertThat(client.workingDirectory()).isEqualTo("/");
        }
    }

    @Test
    void workingDirectory_undoublesQuotes() throws Exception {
        try (ScriptedServer server = ScriptedServer.script()
                        .reply("PWD", "257 \"/say \"\"hi\"\" there\" is where you are")
                        .start();
                FtpClient client = loggedIn(server)) {
            assertThat(client.workingDirectory()).isEqualTo("/say \"hi\" there");
        }
    }

    @Test
    void directoriesAndNames_areOneCommandEach() throws Exception {
        try (ScriptedServer server =
                        ScriptedServer.script().file("a b", new byte[1]).start();
                FtpClient client = loggedIn(server)) {
            client.makeDirectory("d");
            client.removeDirectory("d");
            client.changeDirectory("d");
            client.changeDirectory("/");
            client.rename("a b", " c");
            client.delete(" c");
            assertThat(commandsAfterLogin(server))
                    .containsExactly("MKD d", "RMD d", "CWD d", "CWD /", "RNFR a b", "RNTO  c", "DELE  c");
            assertThatThrownBy(() -> client.rename("x", "y"))
                    .isInstanceOf(FtpReplyException.class)
                    .hasMessageStartingWith("RNFR x: 550");
        }
    }

    @Test
    void anIntermediateReply_isNotTheEndOfACommand() throws Exception {
        try (ScriptedServer server =
                        ScriptedServer.script().reply("DELE", "350 really?").start();
                FtpClient client = loggedIn(server)) {
            assertThatThrownBy(() -> client.delete("a"))
                    .isInstanceOf(FtpProtocolException.class)
                    .hasMessage("DELE a: a final reply expected: 350 really?");
        }
    }

    @Test
    void setModifiedTime_byMfmt() throws Exception {
        try (ScriptedServer server = ScriptedServer.script().start();
                FtpClient client = loggedIn(server)) {
            client.setModifiedTime("a", TIME);
            assertThat(commandsAfterLogin(server)).endsWith("MFMT 20240229123456 a");
        }
    }

    @Test
    void setModifiedTime_byWhatTheServerHas() throws Exception {
        try (ScriptedServer server = ScriptedServer.script()
                        .features("MDTM", "SIZE")
                        .replyOnce("MDTM", "213 time set")
                        .reply("MDTM", "550 20240229123456 a: no such file")
                        .start();
                FtpClient client = loggedIn(server)) {
            client.setModifiedTime("a", TIME);
            assertThat(commandsAfterLogin(server)).containsExactly("FEAT", "MDTM 20240229123456 a");
            client.setModifiedTime("a", TIME);
            assertThat(commandsAfterLogin(server)).endsWith("MDTM 20240229123456 a", "SITE UTIME 20240229123456 a");
        }
    }

    @Test
    void setModifiedTime_ofNothing_isTheFirstRefusalThatMeansIt() throws Exception {
        try (ScriptedServer server = ScriptedServer.script()
                        .reply("MFMT", "550 a: no such file")
                        .start();
                FtpClient client = loggedIn(server)) {
            assertThatThrownBy(() -> client.setModifiedTime("a", TIME))
                    .isInstanceOfSatisfying(
                            FtpReplyException.class,
                            refused -> assertThat(refused.code()).isEqualTo(ReplyCode.FILE_UNAVAILABLE_550));
            assertThat(commandsAfterLogin(server)).endsWith("MFMT 20240229123456 a");
        }
    }

    @Test
    void hash_selectsTheAlgorithmOnce() throws Exception {
        try (ScriptedServer server = ScriptedServer.script()
                        .features("HASH SHA-256;SHA-1*;CRC32")
                        .reply("HASH", "213 SHA-256 0-49 " + SHA_256 + " a")
                        .start();
                FtpClient client = loggedIn(server)) {
            assertThat(client.hash("sha256", "a")).isEqualTo(SHA_256);
            assertThat(client.hash("SHA-256", "a")).isEqualTo(SHA_256);
            assertThat(commandsAfterLogin(server))
                    .containsExactly("FEAT", "OPTS HASH SHA-256", "TYPE I", "HASH a", "HASH a");
        }
    }

    @Test
    void hash_byTheOlderCommands() throws Exception {
        try (ScriptedServer server = ScriptedServer.script()
                        .features("XCRC", "XSHA256")
                        .reply("XSHA256", "250 " + SHA_256.toUpperCase(Locale.ROOT))
                        .reply("XCRC", "250 57AC4D")
                        .reply("XMD5", "500 what?")
                        .start();
                FtpClient client = loggedIn(server)) {
            assertThat(client.hash("SHA-256", "a")).isEqualTo(SHA_256);
            assertThat(client.hash("CRC32", "a")).isEqualTo("0057ac4d");
            assertThatThrownBy(() -> client.hash("MD5", "a"))
                    .isInstanceOf(FtpReplyException.class)
                    .hasMessage("XMD5 a: 500 what?");
            assertThatThrownBy(() -> client.hash("ROT13", "a")).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
