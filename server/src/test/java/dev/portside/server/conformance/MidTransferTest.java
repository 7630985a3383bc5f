package dev.portside.server.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portside.protocol.Reply;
import dev.portside.server.RunningServer;
import dev.portside.testkit.Content;
import dev.portside.testkit.ScriptedClient;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands, silence and death while a transfer runs. */
class MidTransferTest extends Conformance {
    @BeforeEach
    void makeALargeFile() throws IOException {
        server.largeFile("large.bin");
    }

    /** A download of which nothing is read yet: the server waits. */
    private Socket download(ScriptedClient client) throws IOException {
        Socket data = client.passive();
        client.command("RETR large.bin", 150);
        return data;
    }

    @Test
    void abor_ofADownload_is426Then226_andTheDataConnectionIsReset() throws Exception {
        try (ScriptedClient client = server.login();
                Socket data = download(client)) {
            client.command("ABOR", 426);
            client.expect(226);
            assertThatThrownBy(() -> ScriptedClient.readAll(data)).isInstanceOf(SocketException.class);
            assertThat(client.download("RETR a.bin")).isEqualTo(CONTENT.bytes());
        }
    }

    /** Telnet's interrupt process and synch, the last byte urgent, as RFC 959 page 34 has it. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void abor_behindATelnetSynch_isHeard(boolean dataMarkIsUrgent) throws Exception {
        try (ScriptedClient client = server.login();
                Socket data = download(client)) {
            client.sendRaw(new byte[] {(byte) 0xff, (byte) 0xf4});
            if (dataMarkIsUrgent) {
                client.sendRaw(new byte[] {(byte) 0xff});
                client.socket().sendUrgentData(0xf2);
            } else {
                client.socket().sendUrgentData(0xff);
                client.sendRaw(new byte[] {(byte) 0xf2});
            }
            client.command("ABOR", 426);
            client.expect(226);
            assertThat(data.isConnected()).isTrue();
        }
    }

    @Test
    void abor_ofAnUpload_is426Then226_andLeavesNoFile() throws Exception {
        try (ScriptedClient client = server.login();
                Socket data = client.passive()) {
            client.command("STOR up.bin", 150);
            data.getOutputStream().write(new byte[50_000]);
            client.command("ABOR", 426);
            client.expect(226);
            client.command("SIZE up.bin", 550);
        }
        assertThat(names()).containsExactly("a.bin", "large.bin");
    }

    @Test
    void abor_ofAnUploadOverAFile_leavesTheOldFile() throws Exception {
        try (ScriptedClient client = server.login();
                Socket data = client.passive()) {
            client.command("STOR a.bin", 150);
            data.getOutputStream().write(new byte[50_000]);
            client.command("ABOR", 426);
            client.expect(226);
        }
        CONTENT.assertIn(home.resolve("a.bin"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"RETR a.bin", "STOR up.bin", "LIST", "MLSD"})
    void abor_whileTheDataConnectionIsAwaited_endsTheWait(String command) throws Exception {
        try (ScriptedClient client = server.login()) {
            client.epsv();
            client.send(command, "ABOR");
            client.expect(426);
            client.expect(226);
            client.command("NOOP", 200);
        }
        assertThat(names()).containsExactly("a.bin", "large.bin");
    }

    @Test
    void abor_twice_isAnsweredTwice() throws Exception {
        try (ScriptedClient client = server.login();
                Socket data = download(client)) {
            client.send("ABOR", "ABOR");
            client.expect(426);
            client.expect(226);
            client.expect(225, 226);
            client.command("NOOP", 200);
            assertThat(data.isConnected()).isTrue();
        }
    }

    /** The transfer may be over when ABOR comes: whichever it was, every command has its reply. */
    @Test
    void abor_atEveryMoment_leavesTheDialogueInStep() throws Exception {
        try (ScriptedClient client = server.login()) {
            for (int i = 0; i < 60; i++) {
                try (Socket data = client.passive()) {
                    client.send("RETR a.bin");
                    data.getInputStream().readNBytes(i * 2000);
                    client.send("ABOR");
                    int first = client.expect(150, 425, 426).code().value();
                    if (first == 150) {
                        client.expect(226, 426);
                    }
                    client.expect(225, 226);
                }
                assertThat(client.command("SIZE a.bin", 213).text()).isEqualTo("100000");
            }
        }
    }

    @Test
    void statNoopAndQuit_atEveryMoment_leaveTheDialogueInStep() throws Exception {
        for (int i = 0; i < 30; i++) {
            try (ScriptedClient client = server.login();
                    Socket data = client.passive()) {
                client.send("RETR a.bin");
                data.getInputStream().readNBytes(i * 4000);
                client.send("STAT", "NOOP", "QUIT");
                int preliminary = 0;
                int completions = 0;
                ScriptedClient.readAll(data);
                for (int replies = 0; replies < 4; replies++) {
                    int code = client.expect(150, 211, 200, 226).code().value();
                    preliminary += code == 150 ? 1 : 0;
                    completions += code == 226 ? 1 : 0;
                }
                assertThat(preliminary).isEqualTo(1);
                assertThat(completions).isEqualTo(1);
                client.expect(221);
                client.expectClosed();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"RETR large.bin", "STOR up.bin", "LIST", "HASH large.bin"})
    void clientThatVanishes_atEveryMoment_leavesNothing(String command) throws Exception {
        for (int i = 0; i < 30; i++) {
            ScriptedClient client = server.login();
            try (Socket data = client.passive()) {
                client.send(command);
                if (command.startsWith("STOR")) {
                    data.getOutputStream().write(new byte[i * 3000]);
                } else if (command.startsWith("RETR")) {
                    data.getInputStream().readNBytes(i * 3000);
                }
                client.closeWithReset();
                ScriptedClient.reset(data);
            }
        }
        await("all sessions to end", () -> server.server().sessions().isEmpty());
        assertThat(names()).containsExactly("a.bin", "large.bin");
    }

    @Test
    void statAndNoop_areAnsweredAtOnce_andStatCountsBytes() throws Exception {
        try (ScriptedClient client = server.login();
                Socket data = download(client)) {
            data.getInputStream().readNBytes(1 << 20);
            client.command("NOOP", 200);
            long told = 0;
            // Bytes count when the kernel has given back the step that sent them, which may be after they were read.
            while (told < 1 << 20) {
                told = bytesTold(client.command("STAT", 211));
            }
            assertThat(told).isBetween(1L << 20, (long) RunningServer.LARGE);
            assertThat(ScriptedClient.readAll(data)).hasSize(RunningServer.LARGE - (1 << 20));
            client.expect(226);
        }
    }

    private static long bytesTold(Reply status) {
        String line = status.lines().stream()
                .filter(each -> each.contains("RETR /large.bin: "))
                .findFirst()
                .orElseThrow();
        return Long.parseLong(line.replaceAll(".*: (\\d+) bytes .*", "$1"));
    }

    @Test
    void quit_inMidTransfer_isAnsweredBehindTheCompletion() throws Exception {
        try (ScriptedClient client = server.login();
                Socket data = download(client)) {
            client.send("QUIT");
            assertThat(ScriptedClient.readAll(data)).hasSize(RunningServer.LARGE);
            client.expect(226);
            client.expect(221);
            client.expectClosed();
        }
    }

    @Test
    void otherCommands_waitForTheEnd_andAreAnsweredInOrder() throws Exception {
        try (ScriptedClient client = server.login();
                Socket data = download(client)) {
            client.send("SIZE a.bin", "PWD", "EPSV", "BOGUS");
            assertThat(ScriptedClient.readAll(data)).hasSize(RunningServer.LARGE);
            client.expect(226);
            client.expect(213);
            client.expect(257);
            client.expect(229);
            client.expect(500);
        }
    }

    @Test
    void overlongLine_inMidTransfer_is500BehindTheCompletion() throws Exception {
        try (ScriptedClient client = server.login();
                Socket data = download(client)) {
            client.send("STAT " + "x".repeat(50_000), "NOOP");
            ScriptedClient.readAll(data);
            client.expect(226);
            client.expect(500);
            client.expect(200);
        }
    }

    /** How a client can go. */
    enum Death {
        CONTROL_CLOSED,
        CONTROL_RESET,
        DATA_RESET_THEN_CONTROL,
        CONTROL_RESET_THEN_DATA;

        void of(ScriptedClient client, Socket data) throws IOException {
            switch (this) {
                case CONTROL_CLOSED -> client.close();
                case CONTROL_RESET -> client.closeWithReset();
                case DATA_RESET_THEN_CONTROL -> {
                    ScriptedClient.reset(data);
                    client.closeWithReset();
                }
                case CONTROL_RESET_THEN_DATA -> {
                    client.closeWithReset();
                    ScriptedClient.reset(data);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void clientThatDiesInMidUpload_leavesNoHalfFile(Death death) throws Exception {
        ScriptedClient client = server.login();
        try (Socket data = client.passive()) {
            client.command("STOR up.bin", 150);
            data.getOutputStream().write(new Content(300_000, 2).bytes());
            await(
                    "the upload to have begun",
                    () -> server.server().sessions().stream()
                            .anyMatch(session -> session.transfer() != null
                                    && session.transfer().bytes() >= 300_000));
            death.of(client, data);
            await("the session to end", () -> server.server().sessions().isEmpty());
        }
        assertThat(names()).containsExactly("a.bin", "large.bin");
    }

    /** A process that is killed: the kernel ends both connections, and the data connection in order. */
    @Test
    void clientThatIsKilledInMidUpload_leavesNoHalfFile() throws Exception {
        ScriptedClient client = server.login();
        try (Socket data = client.passive()) {
            client.command("STOR up.bin", 150);
            data.getOutputStream().write(new byte[300_000]);
            await(
                    "an upload that lasts",
                    () -> server.server().sessions().stream()
                            .anyMatch(session -> session.transfer() != null
                                    && session.transfer().duration().toMillis() > 1000));
            client.closeWithReset();
            data.shutdownOutput();
            await("the session to end", () -> server.server().sessions().isEmpty());
        }
        assertThat(names()).containsExactly("a.bin", "large.bin");
    }

    @ParameterizedTest
    @EnumSource
    void clientThatDiesInMidDownload_endsItsSession(Death death) throws Exception {
        ScriptedClient client = server.login();
        try (Socket data = download(client)) {
            data.getInputStream().readNBytes(10_000);
            death.of(client, data);
            await("the session to end", () -> server.server().sessions().isEmpty());
        }
    }

    @Test
    void clientThatDiesWhileItsConnectionIsAwaited_endsItsSession() throws Exception {
        ScriptedClient client = server.login();
        client.epsv();
        client.send("RETR a.bin");
        await(
                "the transfer to begin",
                () -> server.server().sessions().stream()
                        .anyMatch(session -> session.command().startsWith("RETR")));
        client.closeWithReset();
        await("the session to end", () -> server.server().sessions().isEmpty());
    }

    @Test
    void resetOfTheDataConnection_is426_andTheSessionGoesOn() throws Exception {
        try (ScriptedClient client = server.login()) {
            Socket upload = client.passive();
            client.command("STOR up.bin", 150);
            upload.getOutputStream().write(new byte[100_000]);
            ScriptedClient.reset(upload);
            client.expect(426);
            Socket download = download(client);
            ScriptedClient.reset(download);
            client.expect(426);
            client.command("NOOP", 200);
        }
        assertThat(names()).containsExactly("a.bin", "large.bin");
    }

    /** What it reads is cut off while it is sent: no client may take that for the whole. */
    @Test
    void fileThatShrinksWhileItIsSent_isNo226() throws Exception {
        try (ScriptedClient client = server.login();
                Socket data = download(client)) {
            Files.write(home.resolve("large.bin"), new byte[10]);
            assertThatThrownBy(() -> ScriptedClient.readAll(data)).isInstanceOf(SocketException.class);
            client.expect(451, 426, 551);
            client.command("NOOP", 200);
        }
    }

    @Test
    void stalledTransfer_is426_andTheSessionGoesOn() throws Exception {
        restart(options -> options.dataStall(Duration.ofMillis(300)));
        try (ScriptedClient client = server.login();
                Socket download = download(client)) {
            client.expect(426);
            try (Socket upload = client.passive()) {
                client.command("STOR up.bin", 150);
                upload.getOutputStream().write("half a line".getBytes(StandardCharsets.US_ASCII));
                client.expect(426);
            }
            assertThat(download.isConnected()).isTrue();
            client.command("NOOP", 200);
        }
        assertThat(names()).containsExactly("a.bin", "large.bin");
    }

    @Test
    void dataConnectionThatIsHalfClosedByTheReader_stillGetsItsFile() throws Exception {
        try (ScriptedClient client = server.login();
                Socket data = client.passive()) {
            data.shutdownOutput();
            client.command("RETR a.bin", 150);
            assertThat(ScriptedClient.readAll(data)).isEqualTo(CONTENT.bytes());
            client.expect(226);
        }
    }

    @Test
    void downloaderThatSendsToo_stillGetsTheLastByte() throws Exception {
        try (ScriptedClient client = server.login();
                Socket data = client.passive()) {
            data.getOutputStream().write(new byte[20_000]);
            client.command("RETR a.bin", 150);
            assertThat(ScriptedClient.readAll(data)).isEqualTo(CONTENT.bytes());
            client.expect(226);
        }
    }
}
