package dev.portside.server.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.testkit.ScriptedClient;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** REIN: "identical to the state immediately after the control connection is opened" (RFC 959 section 4.1.1). */
class ReinTest extends Conformance {
    @Test
    void rein_leavesNothingOfTheUserBefore() throws Exception {
        Files.createDirectory(home.resolve("d"));
        try (ScriptedClient client = server.login()) {
            String features = String.join("\n", client.command("FEAT", 211).lines());
            client.command("CWD d", 250);
            client.command("OPTS MLST type;", 200);
            client.command("OPTS HASH MD5", 200);
            client.command("SITE IDLE 17", 200);
            client.command("CLNT one of mine", 200);
            client.command("EPSV ALL", 200);
            client.command("REST 5", 350);
            client.command("RNFR /a.bin", 350);
            client.command("REIN", 220);
            client.command("HOST example.org", 220);
            client.login("alice", "open sesame");
            client.command("RNTO /b.bin", 503);
            assertThat(client.command("PWD", 257).text()).startsWith("\"/\"");
            assertThat(client.command("SITE IDLE", 200).text()).contains("300");
            assertThat(String.join("\n", client.command("FEAT", 211).lines())).isEqualTo(features);
            assertThat(String.join("\n", client.command("STAT", 211).lines()))
                    .contains("TYPE A")
                    .doesNotContain("one of mine");
            client.command("TYPE I", 200);
            client.pasv();
            assertThat(client.download("RETR a.bin")).isEqualTo(CONTENT.bytes());
        }
    }

    @Test
    void rein_longAfterConnecting_leavesTimeToLogIn() throws Exception {
        Duration timeout = Duration.ofSeconds(1);
        restart(options -> options.loginTimeout(timeout));
        try (ScriptedClient client = server.login()) {
            long later = System.nanoTime() + timeout.toNanos();
            await("the login timeout to be over", () -> System.nanoTime() > later);
            client.command("REIN", 220);
            long afterReply = System.nanoTime() + timeout.dividedBy(10).toNanos();
            await("more than the time that is left at least", () -> System.nanoTime() > afterReply);
            client.login("alice", "open sesame");
            client.command("REIN", 220);
            client.expect(421);
            client.expectClosed();
        }
    }
}
