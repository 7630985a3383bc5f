package dev.portside.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.protocol.RepresentationType;
import dev.portside.testkit.ScriptedClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class TransferLogTest {
    @TempDir
    Path folder;

    @Test
    void xferlog_isInTheUsualFormat() {
        InetSocketAddress client = new InetSocketAddress(InetAddress.ofLiteral("192.0.2.7"), 4000);
        SessionStatus session = new SessionStatus(1, client, client, "alice", Instant.EPOCH, null, "", null);
        TransferStatus transfer = new TransferStatus(
                "STOR",
                "/a b\n.txt",
                RepresentationType.IMAGE,
                12,
                Duration.ofMillis(2600),
                client,
                client,
                null,
                false);
        assertThat(XferLog.line(LocalDateTime.of(2026, 3, 5, 7, 8, 9), session, transfer, 'c'))
                .isEqualTo("Thu Mar  5 07:08:09 2026 3 192.0.2.7 12 /a_b_.txt b _ i r alice ftp 0 * c");
    }

    @Test
    void logs_areWrittenForRealTransfers() throws IOException, InterruptedException {
        Path home = Files.createDirectory(folder.resolve("home"));
        Path xferlog = folder.resolve("xferlog");
        Path json = folder.resolve("log.json");
        Heard heard = new Heard();
        try (TransferLog first = TransferLog.xferlog(xferlog);
                TransferLog second = TransferLog.json(json)) {
            try (RunningServer server = RunningServer.on(home, o -> o.listeners(first, second, heard));
                    ScriptedClient client = server.login()) {
                client.upload("STOR é\uD83D\uDE00", "hello\n".getBytes(UTF_8));
                client.download("RETR é\uD83D\uDE00");
                client.lines("LIST");
                client.command("QUIT", 221);
                heard.until("closed");
            }
        }
        List<String> transfers = Files.readAllLines(xferlog);
        assertThat(transfers).hasSize(2);
        assertThat(transfers.get(0)).contains(" 6 /é").endsWith(" b _ i r alice ftp 0 * c");
        assertThat(transfers.get(1)).endsWith(" b _ o r alice ftp 0 * c");
        String log = Files.readString(json);
        assertThat(log).matches("[\\x20-\\x7e\n]*").doesNotContain(RunningServer.PASSWORD);
        assertThat(log.lines())
                .allMatch(line -> line.startsWith("{\"time\":\"") && line.endsWith("}"))
                .anyMatch(line -> line.contains("\"event\":\"loggedIn\"") && line.contains("\"user\":\"alice\""))
                .anyMatch(line -> line.contains("\"event\":\"command\"") && line.contains("\"PASS ****\""))
                .anyMatch(line -> line.contains("\"event\":\"transferFinished\"") && line.contains("\"bytes\":6"))
                .anyMatch(line -> line.contains("\"event\":\"sessionClosed\"") && line.contains("\"QUIT\""));
    }
}
