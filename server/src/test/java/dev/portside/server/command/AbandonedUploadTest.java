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
        upload(client -> client.socket().shutdownOutput(), "failed STOR");
        assertThat(home).isEmptyDirectory();
    }

    @RepeatedTest(30)
    void clientThatIsKilled_leavesNoFile() throws IOException, InterruptedException {
        upload(client -> ScriptedClient.reset(client.socket()), "failed STOR");
        assertThat(home).isEmptyDirectory();
    }

    @RepeatedTest(10)
    void clientThatSaysQuitAndGoes_leavesTheWholeFile() throws IOException, InterruptedException {
        upload(
                client -> {
                    client.send("QUIT");
                    client.socket().shutdownOutput();
                },
                "finished STOR");
        assertThat(home.resolve("a.txt")).hasBinaryContent(HALF);
    }

    @FunctionalInterface
    private interface Going {
        void with(ScriptedClient client) throws IOException;
    }

    /** Begins an upload, goes, and then ends the data connection as if the file were whole. */
    private void upload(Going going, String outcome) throws IOException, InterruptedException {
        Heard heard = new Heard();
        try (RunningServer server = RunningServer.on(home, o -> o.listeners(heard));
                ScriptedClient client = server.login();
                Socket data = client.passive()) {
            client.command("STOR a.txt", 150);
            data.getOutputStream().write(HALF);
            going.with(client);
            data.shutdownOutput();
            heard.until(outcome);
            heard.until("closed");
        }
    }
}
