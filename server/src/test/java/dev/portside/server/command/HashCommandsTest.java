package dev.portside.server.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
@ExtendWith(LeakCheckExtension.class)
class HashCommandsTest {
    private static final byte[] CHECK = "123456789".getBytes(UTF_8);

    @TempDir
    Path home;

    @ParameterizedTest
    @CsvSource({
        "CRC32, cbf43926, XCRC",
        "MD5, 25f9e794323b453885f5181f1b624d0b, XMD5",
        "SHA-1, f7c3bc1d808e04732adf679965ccc34ca7ae3441, XSHA",
        "SHA-256, 15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225, XSHA256"
    })
    void algorithms_giveTheirCheckValues(String algorithm, String digits, String olderVerb) throws IOException {
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.login()) {
            server.file("a file", CHECK);
            assertThat(client.command("OPTS HASH " + algorithm, 200).text()).isEqualTo(algorithm);
            assertThat(client.command("HASH a file", 213).text()).isEqualTo(algorithm + " 0-8 " + digits + " a file");
            assertThat(client.command(olderVerb + " a file", 250).text()).isEqualTo(digits);
            assertThat(client.command(olderVerb + " \"a file\"", 250).text()).isEqualTo(digits);
            assertThat(client.command(olderVerb + " \"a file\" 0 9", 250).text())
                    .isEqualTo(digits);
        }
    }

    @Test
    void sha512_isThereToo() throws IOException {
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.login()) {
            server.file("a", CHECK);
            client.command("OPTS HASH sha-512", 200);
            assertThat(client.command("HASH a", 213).text()).contains(" d9e6762dd1c8eaf6");
            assertThat(client.command("XSHA512 a", 250).text()).hasSize(128);
            client.command("OPTS HASH MD4", 501);
            assertThat(client.command("OPTS HASH", 200).text()).isEqualTo("SHA-512");
            assertThat(client.command("FEAT", 211).lines()).contains(" HASH SHA-256;SHA-512*;SHA-1;MD5;CRC32");
        }
    }

    @Test
    void ranges_areHashed() throws IOException {
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.login()) {
            server.file("a", "xx123456789yy".getBytes(UTF_8));
            client.command("OPTS HASH CRC32", 200);
            client.command("RANG 2 10", 350);
            assertThat(client.command("HASH a", 213).text()).isEqualTo("CRC32 2-10 cbf43926 a");
            assertThat(client.command("XCRC a 2 11", 250).text()).isEqualTo("cbf43926");
            client.command("RANG 20 30", 350);
            client.command("HASH a", 554);
            client.command("XCRC a 5 2", 501);
        }
    }

    @Test
    void whatIsNoFile_hasNoHash() throws IOException {
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.login()) {
            for (String verb : List.of("HASH", "XCRC", "XMD5", "XSHA", "XSHA256", "XSHA512")) {
                client.command(verb + " nothing", 550);
                client.command(verb + " /", 550);
            }
        }
    }

    @Test
    void abor_endsAHash_andANoopInFrontOfItIsAnsweredInItsTurn() throws IOException {
        try (RunningServer server = RunningServer.on(home);
                ScriptedClient client = server.login()) {
            server.largeFile("large");
            client.send("HASH large", "NOOP", "ABOR");
            client.expect(426);
            client.expect(200);
            client.expect(226);
        }
    }
}
