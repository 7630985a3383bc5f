package dev.portside.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.testkit.ScriptedClient;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Names that are no text: the client chooses them, and the logs have to live with them. */
@Timeout(60)
class TransferLogNamesTest {
    @TempDir
    Path folder;

    @Test
    void aNameThatIsNotUtf8_isLogged_andSoIsWhatComesBehind() throws IOException, InterruptedException {
        Path home = Files.createDirectory(folder.resolve("home"));
        Path xferlog = folder.resolve("xferlog");
        Path json = folder.resolve("log.json");
        Heard heard = new Heard();
        try (TransferLog first = TransferLog.xferlog(xferlog);
                TransferLog second = TransferLog.json(json)) {
            try (RunningServer server = RunningServer.on(home, o -> o.listeners(first, second, heard));
                    ScriptedClient client = server.login()) {
                try (Socket data = client.passive()) {
                    client.sendRaw("STOR caf\u00e9\r\n".getBytes(ISO_8859_1));
                    client.expect(150);
                    data.getOutputStream().write("hello".getBytes(UTF_8));
                }
                client.expect(226);
                client.upload("STOR plain.txt", "hello!".getBytes(UTF_8));
                client.command("QUIT", 221);
                heard.until("closed");
            }
        }
        List<String> lines = Files.readAllLines(xferlog);
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0)).contains(" 5 /caf").endsWith(" b _ i r alice ftp 0 * c");
        assertThat(lines.get(1)).contains(" 6 /plain.txt ");
        assertThat(Files.readString(json).lines())
                .filteredOn(line -> line.contains("transferFinished"))
                .hasSize(2);
    }
}
