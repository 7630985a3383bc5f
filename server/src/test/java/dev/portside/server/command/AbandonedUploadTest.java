package dev.portside.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.server.Heard;
import dev.portside.server.RunningServer;
import dev.portside.testkit.LeakCheckExtension;
import dev.portside.testkit.ScriptedClient;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A client that goes in mid-upload: in stream mode its end looks like the end of the file. */
@ExtendWith(LeakCheckExtension.class)
class AbandonedUploadTest {
    private static final byte[] HALF = "half a file".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path home;

    @RepeatedTest(30)
    void clientThatEndsBothConnectionsAtOnce_leavesNoFile() throws IOException, InterruptedException {
        Heard heard = new Heard();
        try (RunningServer server = RunningServer.on(home, o -> o.listeners(heard));
                ScriptedClient client = server.login();
                Socket data = client.passive()) {
            client.command("STOR a.txt", 150);
            data.getOutputStream().write(HALF);
            client.socket().shutdownOutput();
            data.shutdownOutput();
            heard.until("failed STOR");
            heard.until("closed");
            assertThat(home).isEmptyDirectory();
        }
    }

    @RepeatedTest(30)
    void clientThatIsKilled_leavesNoFile() throws IOException, InterruptedException {
        Heard heard = new Heard();
        try (RunningServer server = RunningServer.on(home, o -> o.listeners(heard));
                ScriptedClient client = server.login();
                Socket data = client.passive()) {
            client.command("STOR a.txt", 150);
            data.getOutputStream().write(HALF);
            ScriptedClient.reset(client.socket());
            data.shutdownOutput();
            heard.until("failed STOR");
            heard.until("closed");
            assertThat(home).isEmptyDirectory();
        }
    }

    @RepeatedTest(10)
    void clientThatSaysQuitAndGoes_leavesTheWholeFile() throws IOException, InterruptedException {
        Heard heard = new Heard();
        try (RunningServer server = RunningServer.on(home, o -> o.listeners(heard));
                ScriptedClient client = server.login();
                Socket data = client.passive()) {
            client.command("STOR a.txt", 150);
            data.getOutputStream().write(HALF);
            client.send("QUIT");
            client.socket().shutdownOutput();
            data.shutdownOutput();
            heard.until("finished STOR");
            heard.until("closed");
            assertThat(home.resolve("a.txt")).hasBinaryContent(HALF);
        }
    }
}
