package dev.portside.client;

import static dev.portside.client.Clients.commandsAfterLogin;
import static dev.portside.client.Clients.download;
import static dev.portside.client.Clients.loggedIn;
import static dev.portside.client.Clients.verbsAfterLogin;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portside.protocol.DirectoryEntry;
import dev.portside.protocol.Listing;
import dev.portside.protocol.NameCharset;
import dev.portside.testkit.LeakCheckExtension;
import dev.portside.testkit.ScriptedServer;
import java.io.FileNotFoundException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@SuppressWarnings("try")
@ExtendWith(LeakCheckExtension.class)
class ListingsTest {
    private static final byte[] BYTES = {1, 2, 3};

    @Test
    void mlsd_whereTheServerHasIt() throws Exception {
        try (ScriptedServer server = ScriptedServer.script()
                        .listing(
                                "MLSD",
                                "type=cdir; .",
                                "type=dir;modify=20240102030405; sub",
                                "type=file;size=3; a b ",
                                "?")
                        .start();
                FtpClient client = loggedIn(server)) {
            Listing listing = client.list("/d");
            assertThat(listing.entries()).extracting(DirectoryEntry::name).containsExactly(".", "sub", "a b ");
            assertThat(listing.entries().get(1).modified()).isEqualTo(Instant.parse("2024-01-02T03:04:05Z"));
            assertThat(listing.unparsed()).containsExactly("?");
            assertThat(commandsAfterLogin(server)).containsExactly("FEAT", "OPTS UTF8 ON", "EPSV", "MLSD /d");
        }
    }

    @Test
    void list_whereTheServerHasNoMlsd() throws Exception {
        try (ScriptedServer server = ScriptedServer.script()
                        .features()
                        .listing("LIST", "total 1", "-rw-r--r-- 1 o g 3 Feb 29  2024 a b", "nonsense")
                        .start();
                FtpClient client = loggedIn(server, options -> options.serverZone(ZoneOffset.ofHours(2)))) {
            Listing listing = client.list("-l");
            assertThat(listing.entries()).extracting(DirectoryEntry::name).containsExactly("a b");
            assertThat(listing.entries().getFirst().modified()).isEqualTo(Instant.parse("2024-02-28T22:00:00Z"));
            assertThat(listing.unparsed()).containsExactly("nonsense");
            assertThat(commandsAfterLogin(server)).containsExactly("FEAT", "TYPE A", "EPSV", "LIST ./-l");
        }
    }

    @Test
    void list_whereTheServerOnlyBelievesToHaveMlsd() throws Exception {
        try (ScriptedServer server = ScriptedServer.script()
                        .reply("MLSD", "502 not here")
                        .file("a", BYTES)
                        .start();
                FtpClient client = loggedIn(server)) {
            assertThat(client.list().entries()).hasSize(1);
            assertThat(client.list().entries()).hasSize(1);
            assertThat(verbsAfterLogin(server)).containsOnlyOnce("MLSD");
        }
    }

    @Test
    void failure_isNeverAnEmptyListing() throws Exception {
        try (ScriptedServer server = ScriptedServer.script()
                        .replyOnce("MLSD", "550 no such directory")
                        .replyOnce("MLSD", "450 busy")
                        .replyOnce("NLST", "550 no files found")
                        .start();
                FtpClient client = loggedIn(server)) {
            assertThatThrownBy(() -> client.list("none"))
                    .isInstanceOf(FtpReplyException.class)
                    .hasMessage("MLSD none: 550 no such directory");
            assertThatThrownBy(client::list).isInstanceOf(FtpReplyException.class);
            assertThatThrownBy(() -> client.names("")).isInstanceOf(FtpReplyException.class);
            assertThat(client.list().entries()).isEmpty();
        }
    }

    @Test
    void anEmptyList_ofADirectoryThatIsNot_isItsRefusal() throws Exception {
        try (ScriptedServer server = ScriptedServer.script()
                        .features()
                        .listing("LIST")
                        .replyOnce("CWD", "550 none: no such directory")
                        .start();
                FtpClient client = loggedIn(server)) {
            assertThatThrownBy(() -> client.list("none"))
                    .isInstanceOf(FtpReplyException.class)
                    .hasMessage("CWD none: 550 none: no such directory");
            assertThat(client.list("some").entries()).isEmpty();
            assertThat(commandsAfterLogin(server)).endsWith("PWD", "CWD some", "CWD /");
            assertThat(client.list().entries()).isEmpty();
        }
    }

    @Test
    void names_areTheLines() throws Exception {
        try (ScriptedServer server = ScriptedServer.script()
                        .listing("NLST", " a", "b ", "../c")
                        .start();
                FtpClient client = loggedIn(server)) {
            assertThat(client.names("x")).containsExactly(" a", "b ", "../c");
            assertThat(commandsAfterLogin(server)).containsExactly("TYPE A", "EPSV", "NLST x");
        }
    }

    @Test
    void aNameThatLeadsElsewhere_isThere_andIsNotSafe() throws Exception {
        try (ScriptedServer server = ScriptedServer.script()
                        .listing("MLSD", "type=file; ../../etc/passwd", "type=file; a")
                        .start();
                FtpClient client = loggedIn(server)) {
            assertThat(client.list().entries())
                    .extracting(DirectoryEntry::hasSafeName)
                    .containsExactly(false, true);
        }
    }

    @Test
    void aNameThatIsNotUtf8_survivesFromListingToRetr() throws Exception {
        byte[] latin1 = "type=file; Gr\u00fc\u00dfe.txt\r\n".getBytes(StandardCharsets.ISO_8859_1);
        String name = NameCharset.UTF_8.decode("Gr\u00fc\u00dfe.txt".getBytes(StandardCharsets.ISO_8859_1));
        try (ScriptedServer server = ScriptedServer.script()
                        .listing("MLSD", latin1)
                        .file(name, BYTES)
                        .start();
                FtpClient client = loggedIn(server)) {
            String listed = client.list().entries().getFirst().name();
            assertThat(NameCharset.hasUndecodableBytes(listed)).isTrue();
            assertThat(download(client, listed)).isEqualTo(BYTES);
        }
    }

    @Test
    void aListingBeyondItsLimits_isAProtocolException_andTheSessionGoesOn() throws Exception {
        try (ScriptedServer server = ScriptedServer.script()
                        .listing("MLSD", "type=file; a", "type=file; b", "type=file; c")
                        .listing("NLST", "x".repeat(2000))
                        .start();
                FtpClient client =
                        loggedIn(server, options -> options.maxListingLines(2).maxLine(1000))) {
            assertThatThrownBy(client::list)
                    .isInstanceOf(FtpProtocolException.class)
                    .hasMessage("MLSD: the listing has more than 2 lines");
            assertThatThrownBy(() -> client.names(""))
                    .isInstanceOf(FtpProtocolException.class)
                    .hasMessage("NLST: a line is longer than 1000 bytes");
            assertThat(client.workingDirectory()).isEqualTo("/");
        }
    }

    // One object

    @Test
    void entry_byMlst_hasTheLastNameOfThePath() throws Exception {
        try (ScriptedServer server = ScriptedServer.script().file("d/a", BYTES).start();
                FtpClient client = loggedIn(server)) {
            DirectoryEntry entry = client.entry("d/a");
            assertThat(entry.name()).isEqualTo("a");
            assertThat(entry.size()).isEqualTo(3);
            assertThatThrownBy(() -> client.entry("d/b"))
                    .isInstanceOf(FtpReplyException.class)
                    .hasMessage("MLST d/b: 550 d/b: no such file");
        }
    }

    @Test
    void entry_ofTheListedDirectoryItself_isADirectory() throws Exception {
        try (ScriptedServer server = ScriptedServer.script()
                        .reply("MLST", "250-here", " type=cdir; /", "250 end")
                        .start();
                FtpClient client = loggedIn(server)) {
            assertThat(client.entry("/").type()).isEqualTo(DirectoryEntry.Type.DIRECTORY);
            assertThat(client.entry("/").name()).isEqualTo("/");
        }
    }

    @Test
    void entry_withoutMlst_asksForSizeAndTime() throws Exception {
        try (ScriptedServer server =
                        ScriptedServer.script().features().file("a", BYTES).start();
                FtpClient client = loggedIn(server)) {
            DirectoryEntry entry = client.entry("a");
            assertThat(entry.type()).isEqualTo(DirectoryEntry.Type.FILE);
            assertThat(entry.size()).isEqualTo(3);
            assertThat(entry.modified()).isEqualTo(Instant.parse("2024-02-29T12:34:56Z"));
            assertThat(client.entry("/").isDirectory()).isTrue();
        }
    }

    @Test
    void entry_withoutMlst_ofADirectory_looksInItsParent() throws Exception {
        try (ScriptedServer server = ScriptedServer.script()
                        .features()
                        .listing("LIST /x", "drwxr-xr-x 2 o g 4096 Feb 29  2024 sub")
                        .start();
                FtpClient client = loggedIn(server)) {
            assertThat(client.entry("/x/sub").isDirectory()).isTrue();
            assertThatThrownBy(() -> client.entry("/x/none")).isInstanceOf(FileNotFoundException.class);
        }
    }
}
