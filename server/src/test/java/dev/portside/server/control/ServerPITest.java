package dev.portside.server.control;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.protocol.Reply;
import dev.portside.server.Authenticator;
import dev.portside.server.Heard;
import dev.portside.server.RunningServer;
import dev.portside.testkit.LeakCheckExtension;
import dev.portside.testkit.ScriptedClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
@ExtendWith(LeakCheckExtension.class)
class ServerPITest {
    @TempDir
    Path home;

    @Test
    void pipelinedCommands_areAnsweredInOrder() throws IOException {
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.connect()) {
            client.send("USER alice", "PASS open sesame", "MKD a", "CWD a", "PWD", "SYST", "QUIT");
            for (int code : new int[] {331, 230, 257, 250, 257, 215, 221}) {
                client.expect(code);
            }
            client.expectClosed();
        }
    }

    @Test
    void linesMayCome_byteByByteAndInAnyCase() throws IOException {
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.connect()) {
            client.sendSplit("uSeR alice").expect(331);
            client.sendSplit("PaSs open sesame").expect(230);
            client.sendRaw("noop\n".getBytes(US_ASCII)).expect(200);
        }
    }

    @Test
    void aLineThatIsTooLong_is500AndTheNextOneCounts() throws IOException {
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.login()) {
            client.send("CWD " + "a".repeat(100_000), "NOOP");
            client.expect(500);
            client.expect(200);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "RETR", "MKD ", "TYPE", "REST -1", "REST 99999999999999999999", "PORT 1,2,3", "\t"})
    void nonsense_isRefusedAndTheSessionGoesOn(String line) throws IOException {
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.login()) {
            Reply reply = client.command(line);
            assertThat(reply.code().isPermanentNegative()).isTrue();
            client.command("NOOP", 200);
        }
    }

    @Test
    void passwords_neverAppearInEvents() throws IOException, InterruptedException {
        Heard heard = new Heard();
        try (RunningServer server = RunningServer.on(home, o -> o.listeners(heard));
                ScriptedClient client = server.connect()) {
            client.command("USER alice", 331);
            client.sendRaw("PASS se\0cret\r\n".getBytes(UTF_8)).expect(501);
            client.command(" PASS secret", 500);
            client.command("PASS secret", 530);
            client.command("ACCT secret", 202);
            client.command("QUIT", 221);
            List<String> events = heard.until("closed");
            assertThat(events).noneMatch(event -> event.contains("cret"));
            assertThat(events).contains("command PASS **** -> 530 Login incorrect");
        }
    }

    @Test
    void anErrorOfTheServer_is451WithoutItsClass() throws IOException {
        Authenticator broken = (user, password) -> {
            throw new IllegalStateException("a secret of the server");
        };
        try (RunningServer server = RunningServer.on(home, o -> o.authenticator(broken));
                ScriptedClient client = server.connect()) {
            client.command("USER alice", 331);
            assertThat(client.command("PASS x", 451).text()).isEqualTo("Local error in processing");
            client.command("NOOP", 200);
        }
    }

    @Test
    void telnetSequences_areDropped() throws IOException {
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.login()) {
            byte[] abort = {(byte) 0xff, (byte) 0xf4, (byte) 0xff, (byte) 0xf2, 'A', 'B', 'O', 'R', '\r', '\n'};
            client.sendRaw(abort).expect(226);
        }
    }
}
