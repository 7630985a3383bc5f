package dev.portside.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.server.RunningServer;
import dev.portside.testkit.LeakCheckExtension;
import dev.portside.testkit.ScriptedClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
@ExtendWith(LeakCheckExtension.class)
class InformationCommandsTest {
    @TempDir
    Path home;

    @Test
    void feat_tellsExactlyWhatIsOn() throws IOException {
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.connect()) {
            List<String> features = client.command("FEAT", 211).lines();
            assertThat(features)
                    .contains(" EPRT", " EPSV", " MDTM", " SIZE", " REST STREAM", " TVFS", " UTF8", " MFMT", " HOST")
                    .contains(" LANG EN*", " HASH SHA-256*;SHA-512;SHA-1;MD5;CRC32", " RANG STREAM")
                    .contains(" MODE Z")
                    .noneMatch(feature -> feature.contains("AUTH"));
        }
    }

    @Test
    void help_knowsEveryVerb() throws IOException {
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.login()) {
            assertThat(client.command("HELP", 214).lines()).anyMatch(line -> line.contains(" RETR "));
            client.command("HELP retr", 214);
            client.command("HELP nonsense", 504);
            client.command("HELP SITE", 214);
            client.command("SITE HELP", 214);
            client.command("SITE NONSENSE", 504);
        }
    }

    @Test
    void syst_isWhatClientsLookFor() throws IOException {
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.login()) {
            assertThat(client.command("SYST", 215).text()).isEqualTo("UNIX Type: L8");
        }
    }

    @Test
    void options_areChecked() throws IOException {
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.login()) {
            client.command("OPTS UTF8 ON", 200);
            client.command("opts utf8", 200);
            client.command("OPTS UTF8 OFF", 504);
            client.command("OPTS UTF8 MAYBE", 501);
            client.command("OPTS NONSENSE", 501);
            client.command("LANG", 200);
            client.command("LANG en-GB", 200);
            client.command("LANG de", 504);
            client.command("CSID Name=test; Version=1;", 200);
        }
    }

    @Test
    void siteIdle_isBounded() throws IOException {
        try (RunningServer server = RunningServer.on(home, o -> o.maxIdleTimeout(Duration.ofMinutes(10)));
                ScriptedClient client = server.login()) {
            assertThat(client.command("SITE IDLE", 200).text()).contains("300 seconds");
            client.command("SITE IDLE 600", 200);
            assertThat(client.command("STAT", 211).lines()).contains(" Idle timeout 600 s");
            client.command("SITE IDLE 601", 501);
            client.command("SITE IDLE 1", 501);
            client.command("SITE IDLE soon", 501);
        }
    }
}
