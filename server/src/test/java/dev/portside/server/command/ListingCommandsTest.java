package dev.portside.server.command;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.protocol.DirectoryEntry;
import dev.portside.protocol.MlsxLine;
import dev.portside.protocol.NameCharset;
import dev.portside.protocol.Reply;
import dev.portside.server.RunningServer;
import dev.portside.testkit.LeakCheckExtension;
import dev.portside.testkit.ScriptedClient;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
@ExtendWith(LeakCheckExtension.class)
class ListingCommandsTest {
    private static final byte[] HELLO = "hello\n".getBytes(UTF_8);

    @TempDir
    Path home;

    private void someFiles(RunningServer server) throws IOException {
        server.file("a.txt", HELLO);
        server.file("b.bin", HELLO);
        server.file(".hidden", HELLO);
        server.file("dir/c.txt", HELLO);
    }

    @Test
    void list_showsWhatLsWould() throws IOException {
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.login()) {
            someFiles(server);
            List<String> lines = client.lines("LIST");
            assertThat(lines).hasSize(4);
            assertThat(lines)
                    .anyMatch(line -> line.matches("-rw.* +1 \\S+ \\S+ +6 \\w{3} \\d\\d \\d\\d:\\d\\d a\\.txt"));
            assertThat(lines).anyMatch(line -> line.matches("drwx.* dir"));
            assertThat(client.lines("LIST -la")).containsExactlyInAnyOrderElementsOf(lines);
            assertThat(client.lines("LIST -a -l dir"))
                    .singleElement()
                    .asString()
                    .endsWith(" c.txt");
            assertThat(client.lines("LIST a.txt")).singleElement().asString().endsWith(" a.txt");
            assertThat(client.lines("LIST -R")).hasSize(4);
        }
    }

    @Test
    void nlst_givesNamesThatRetrUnderstands() throws IOException {
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.login()) {
            someFiles(server);
            assertThat(client.lines("NLST")).containsExactlyInAnyOrder("a.txt", "b.bin", ".hidden", "dir");
            assertThat(client.lines("NLST dir")).containsExactly("dir/c.txt");
            assertThat(client.lines("NLST /dir/")).containsExactly("/dir/c.txt");
            assertThat(client.lines("NLST a.txt")).containsExactly("a.txt");
            assertThat(client.lines("NLST dir/c.txt")).containsExactly("dir/c.txt");
        }
    }

    @Test
    void patterns_fitTheLastNameOnly() throws IOException {
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.login()) {
            someFiles(server);
            server.file("x[1].txt", HELLO);
            assertThat(client.lines("NLST *.txt")).containsExactlyInAnyOrder("a.txt", "x[1].txt");
            assertThat(client.lines("NLST *")).containsExactlyInAnyOrder("a.txt", "b.bin", "dir", "x[1].txt");
            assertThat(client.lines("NLST -a *")).hasSize(5);
            assertThat(client.lines("NLST .h*")).containsExactly(".hidden");
            assertThat(client.lines("NLST dir/?.t[x-z]t")).containsExactly("dir/c.txt");
            assertThat(client.lines("NLST x[1].txt")).containsExactly("x[1].txt");
            assertThat(client.lines("LIST no*")).isEmpty();
            client.epsv();
            client.command("LIST d*/c.txt", 550);
        }
    }

    @Test
    void aPatternThatTakesTooLong_isGivenUp() throws IOException {
        try (RunningServer server = RunningServer.on(home, o -> o.maxPatternSteps(100));
                ScriptedClient client = server.login()) {
            server.file("a".repeat(200), HELLO);
            try (Socket data = client.passive()) {
                client.command("NLST " + "*a".repeat(100) + "b", 150);
                client.expect(451);
                assertThat(data.isConnected()).isTrue();
            }
        }
    }

    @Test
    void tooManyEntries_are451AndCutOff() throws IOException {
        try (RunningServer server = RunningServer.on(home, o -> o.maxListingEntries(2));
                ScriptedClient client = server.login()) {
            someFiles(server);
            try (Socket data = client.passive()) {
                client.command("LIST", 150);
                client.expect(451);
                assertThat(data.isConnected()).isTrue();
            }
        }
    }

    @Test
    void list_ofNothing_is550AndNoEmptyListing() throws IOException {
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.login()) {
            for (String command : List.of("LIST nothing", "NLST nothing", "MLSD nothing")) {
                client.epsv();
                client.command(command, 550);
            }
            assertThat(client.lines("LIST")).isEmpty();
            client.command("MLST nothing", 550);
        }
    }

    @Test
    void mlsd_tellsTheFacts() throws IOException {
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.login()) {
            someFiles(server);
            Map<String, DirectoryEntry> entries = client.lines("MLSD").stream()
                    .map(MlsxLine::parse)
                    .collect(Collectors.toMap(DirectoryEntry::name, Function.identity()));
            assertThat(entries).containsOnlyKeys("a.txt", "b.bin", ".hidden", "dir");
            DirectoryEntry file = entries.get("a.txt");
            assertThat(file.size()).isEqualTo(6);
            assertThat(file.facts()).containsEntry("perm", "adfrw").containsKeys("unix.mode", "unix.owner", "unique");
            assertThat(file.modified())
                    .isEqualTo(Files.getLastModifiedTime(home.resolve("a.txt"))
                            .toInstant()
                            .truncatedTo(java.time.temporal.ChronoUnit.MILLIS));
            assertThat(entries.get("dir").facts())
                    .containsEntry("perm", "cdeflmp")
                    .doesNotContainKey("size");
            client.epsv();
            client.command("MLSD a.txt", 501);
        }
    }

    @Test
    void mlst_tellsOneThing() throws IOException {
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.login()) {
            someFiles(server);
            Reply reply = client.command("MLST dir/c.txt", 250);
            assertThat(reply.lines()).hasSize(3);
            assertThat(MlsxLine.parseReplyLine(reply.lines().get(1)).name()).isEqualTo("/dir/c.txt");
            assertThat(client.command("MLST", 250).lines().get(1))
                    .startsWith(" type=dir;")
                    .endsWith("; /");
        }
    }

    @Test
    void optsMlst_selectsFacts() throws IOException {
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.login()) {
            server.file("a.txt", HELLO);
            assertThat(client.command("OPTS MLST size;Type;nonsense;", 200).text())
                    .isEqualTo("MLST OPTS type;size;");
            assertThat(client.lines("MLSD")).containsExactly("type=file;size=6; a.txt");
            assertThat(client.command("FEAT", 211).lines())
                    .contains(" MLST type*;size*;modify;create;perm;unique;UNIX.mode;UNIX.owner;UNIX.group;");
            client.command("OPTS MLST", 200);
            assertThat(client.lines("MLSD")).containsExactly(" a.txt");
        }
    }

    @Test
    void stat_ofAPath_listsOnTheControlConnection() throws IOException {
        try (RunningServer server = RunningServer.on(home, o -> o.maxStatusEntries(3));
                ScriptedClient client = server.login()) {
            someFiles(server);
            assertThat(client.command("STAT dir", 212).lines().get(1)).endsWith(" c.txt");
            assertThat(client.command("STAT a.txt", 213).lines().get(1)).endsWith(" a.txt");
            Reply cut = client.command("STAT /", 212);
            assertThat(cut.lines()).hasSize(5);
            assertThat(cut.text()).contains("LIST");
            client.command("STAT nothing", 550);
        }
    }

    @Test
    void aName_cannotForgeALine() throws IOException {
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.login()) {
            server.file("x\r\n226 done\n-rw evil", HELLO);
            assertThat(client.lines("LIST")).hasSize(1);
            assertThat(client.lines("NLST")).containsExactly("x??226 done?-rw evil");
            assertThat(client.lines("MLSD")).hasSize(1);
            assertThat(client.command("STAT /", 212).lines()).hasSize(3);
        }
    }

    @Test
    void anotherCharset_isUsedForNames() throws IOException {
        try (RunningServer server = RunningServer.on(home, o -> o.nameCharset(new NameCharset(ISO_8859_1)));
                ScriptedClient client = server.login()) {
            server.file("é", HELLO);
            server.file("日", HELLO);
            assertThat(client.download("NLST")).asString(ISO_8859_1).contains("é\r\n", "?\r\n");
            assertThat(client.command("FEAT", 211).lines()).doesNotContain(" UTF8");
            client.command("OPTS UTF8 ON", 200);
            assertThat(client.lines("NLST")).containsExactlyInAnyOrder("é", "日");
            client.command("OPTS UTF8 OFF", 200);
            client.command("SIZE é", 550);
        }
    }
}
