package dev.portside.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.server.RunningServer;
import dev.portside.testkit.ScriptedClient;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What replies say has to be true: programs read it too. */
@Timeout(60)
class ReplyTextTest {
    @TempDir
    Path home;

    /** A client that takes the number for the length of what comes would take a complete file for a damaged one. */
    @ParameterizedTest
    @CsvSource({"TYPE A, false", "TYPE I, true"})
    void the150_tellsTheLength_onlyWhereItIsTheLengthOnTheWire(String type, boolean told) throws IOException {
        Files.write(home.resolve("a.txt"), "one\ntwo\n".getBytes(StandardCharsets.US_ASCII));
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.login()) {
            client.command(type, 200);
            try (Socket data = client.passive()) {
                String text = client.command("RETR a.txt", 150).text();
                int length = ScriptedClient.readAll(data).length;
                assertThat(text.endsWith(" (" + length + " bytes)")).isEqualTo(told);
                assertThat(text.contains("bytes")).isEqualTo(told);
            }
            client.expect(226);
        }
    }

    @Test
    void renameThatFailsForItsNewName_saysSo() throws IOException {
        Files.createFile(home.resolve("a"));
        Files.createDirectory(home.resolve("d"));
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.login()) {
            for (String target : new String[] {"/nowhere/b", "/d", "/b\tc", "/"}) {
                client.command("RNFR a", 350);
                assertThat(client.command("RNTO " + target, 550, 553).text())
                        .startsWith(target.equals("/nowhere/b") ? "/nowhere: no such" : target + ": ");
            }
        }
    }
}
