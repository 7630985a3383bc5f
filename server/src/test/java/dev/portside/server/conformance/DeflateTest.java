package dev.portside.server.conformance;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portside.protocol.Reply;
import dev.portside.server.RunningServer;
import dev.portside.testkit.Content;
import dev.portside.testkit.ScriptedClient;
import dev.portside.testkit.Zlib;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** MODE Z (draft-preston-ftpext-deflate-04), and what hostile clients send in it. */
class DeflateTest extends Conformance {
    private ScriptedClient login() throws IOException {
        ScriptedClient client = server.login();
        client.command("MODE Z", 200);
        return client;
    }

    /** What an upload of these bytes of the wire is answered with, behind 150. */
    private Reply upload(ScriptedClient client, String command, byte[] wire) throws IOException {
        try (Socket data = client.passive()) {
            client.command(command, 150);
            try {
                data.getOutputStream().write(wire);
                data.shutdownOutput();
            } catch (SocketException closed) {
                // The server has seen enough.
            }
            return client.readReply();
        }
    }

    private static void assertRefused(Reply reply, String why) {
        assertThat(reply.code().value()).isEqualTo(426);
        assertThat(reply.text()).contains(why);
    }

    // What goes well

    static Stream<byte[]> contents() {
        return Stream.of(new byte[0], new byte[1], new Content(5 << 20, 2).bytes(), new byte[5 << 20]);
    }

    @ParameterizedTest
    @MethodSource("contents")
    void files_goBothWaysUnchanged(byte[] content) throws Exception {
        try (ScriptedClient client = login()) {
            client.upload("STOR b.bin", Zlib.deflated(content));
            assertThat(home.resolve("b.bin")).hasBinaryContent(content);
            assertThat(Zlib.inflated(client.download("RETR b.bin"))).isEqualTo(content);
        }
    }

    @Test
    void modeS_isStreamModeAgain() throws Exception {
        try (ScriptedClient client = login()) {
            client.command("MODE S", 200);
            assertThat(client.download("RETR a.bin")).isEqualTo(CONTENT.bytes());
        }
    }

    @Test
    void rein_isStreamModeAgain() throws Exception {
        try (ScriptedClient client = login()) {
            client.command("OPTS MODE Z LEVEL 1", 200);
            client.command("REIN", 220);
            client.login(RunningServer.USER, RunningServer.PASSWORD);
            client.command("TYPE I", 200);
            assertThat(client.download("RETR a.bin")).isEqualTo(CONTENT.bytes());
            assertThat(client.command("OPTS MODE Z", 200).text()).endsWith("LEVEL 6");
        }
    }

    @Test
    void stat_tellsTheMode() throws Exception {
        try (ScriptedClient client = login()) {
            assertThat(client.command("STAT", 211).lines()).contains(" TYPE I, STRU F, MODE Z");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"LIST", "NLST", "MLSD"})
    void listings_areCompressedToo(String verb) throws Exception {
        try (ScriptedClient client = login()) {
            String listing = new String(Zlib.inflated(client.download(verb)), US_ASCII);
            assertThat(listing).contains("a.bin\r\n");
            Files.createDirectory(home.resolve("empty"));
            assertThat(Zlib.inflated(client.download(verb + " empty"))).isEmpty();
        }
    }

    @Test
    void text_isConvertedBeforeItIsCompressed() throws Exception {
        try (ScriptedClient client = login()) {
            client.command("TYPE A", 200);
            client.upload("STOR text", Zlib.deflated("one\r\ntwo\r\n".getBytes(US_ASCII)));
            assertThat(home.resolve("text")).hasContent("one\ntwo\n");
            assertThat(Zlib.inflated(client.download("RETR text"))).asString().isEqualTo("one\r\ntwo\r\n");
        }
    }

    /** In MODE Z as in stream mode, REST counts the bytes of the file. */
    @Test
    void rest_countsTheBytesOfTheFile() throws Exception {
        try (ScriptedClient client = login()) {
            client.command("REST 90000", 350);
            assertThat(Zlib.inflated(client.download("RETR a.bin"))).isEqualTo(CONTENT.bytes(90_000, 100_000));
            client.upload("STOR b.bin", Zlib.deflated(CONTENT.bytes(0, 60_000)));
            client.command("REST 50000", 350);
            client.upload("STOR b.bin", Zlib.deflated(CONTENT.bytes(50_000, 80_000)));
            client.upload("APPE b.bin", Zlib.deflated(CONTENT.bytes(80_000, 100_000)));
            CONTENT.assertIn(home.resolve("b.bin"));
            client.command("RANG 10 19", 350);
            assertThat(Zlib.inflated(client.download("RETR a.bin"))).isEqualTo(CONTENT.bytes(10, 20));
        }
    }

    @Test
    void level_decidesHowMuchIsSent() throws Exception {
        server.file("zeros.bin", new byte[1 << 20]);
        try (ScriptedClient client = login()) {
            client.command("OPTS MODE Z LEVEL 0", 200);
            assertThat(client.download("RETR zeros.bin")).hasSizeGreaterThan(1 << 20);
            client.command("OPTS MODE Z LEVEL 9", 200);
            byte[] small = client.download("RETR zeros.bin");
            assertThat(small).hasSizeLessThan(2000);
            assertThat(Zlib.inflated(small)).hasSize(1 << 20);
        }
    }

    // What is refused

    @ParameterizedTest
    @CsvSource({
        "OPTS MODE Z, 200",
        "opts mode z level 9, 200",
        "OPTS MODE Z ENGINE ZLIB METHOD 8 LEVEL 1, 200",
        "OPTS MODE Z LEVEL 10, 501",
        "OPTS MODE Z LEVEL -1, 501",
        "OPTS MODE Z LEVEL, 501",
        "OPTS MODE Z LEVEL x, 501",
        "OPTS MODE Z ENGINE LZO, 501",
        "OPTS MODE Z METHOD 9, 501",
        "OPTS MODE Z NONSENSE 1, 501",
        "OPTS MODE S LEVEL 1, 501",
        "OPTS MODE, 501",
        "MODE B, 504",
        "MODE C, 504"
    })
    void options_areChecked(String command, int code) throws Exception {
        try (ScriptedClient client = server.login()) {
            client.command(command, code);
        }
    }

    @Test
    void compression_thatIsOff_isNeitherToldNorDone() throws Exception {
        restart(options -> options.compression(false));
        try (ScriptedClient client = server.login()) {
            assertThat(client.command("FEAT", 211).lines()).noneMatch(line -> line.contains("MODE"));
            client.command("MODE Z", 504);
            client.command("OPTS MODE Z LEVEL 1", 504);
            client.command("MODE S", 200);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 50_000, -4, -1})
    void upload_thatEndsBeforeTheCompressedData_is426_andLeavesTheOldFile(int length) throws Exception {
        byte[] whole = Zlib.deflated(new Content(200_000, 3).bytes());
        byte[] part = Arrays.copyOf(whole, length < 0 ? whole.length + length : length);
        try (ScriptedClient client = login()) {
            assertRefused(upload(client, "STOR a.bin", part), "cut off");
            assertRefused(upload(client, "STOR b.bin", part), "cut off");
            client.command("NOOP", 200);
        }
        CONTENT.assertIn(home.resolve("a.bin"));
        assertThat(names()).containsExactly("a.bin");
    }

    static List<byte[]> badStreams() {
        byte[] good = Zlib.deflated(new Content(200_000, 3).bytes());
        byte[] changed = good.clone();
        changed[100_000] ^= 1;
        byte[] twice = Arrays.copyOf(good, good.length * 2);
        System.arraycopy(good, 0, twice, good.length, good.length);
        return List.of(CONTENT.bytes(), changed, twice, Arrays.copyOf(good, good.length + 1));
    }

    @ParameterizedTest
    @MethodSource("badStreams")
    void upload_ofWhatIsNotOneZlibStream_is426_andLeavesNothing(byte[] wire) throws Exception {
        try (ScriptedClient client = login()) {
            assertRefused(upload(client, "STOR b.bin", wire), "not a zlib stream");
            client.command("NOOP", 200);
        }
        assertThat(names()).containsExactly("a.bin");
    }

    @Test
    void bomb_is426_andLeavesTheOldFile() throws Exception {
        byte[] bomb = Zlib.bomb(4L << 30);
        assertThat(bomb).hasSizeLessThan(5 << 20);
        try (ScriptedClient client = login()) {
            assertRefused(upload(client, "STOR a.bin", bomb), "inflates too far, use MODE S");
            assertRefused(upload(client, "STOU", bomb), "inflates too far, use MODE S");
            client.command("NOOP", 200);
        }
        assertThat(names()).containsExactly("a.bin");
    }

    @Test
    void maxInflation_isAnOption() throws Exception {
        restart(options -> options.maxInflation(10, 10_000));
        try (ScriptedClient client = login()) {
            client.upload("STOR b.bin", Zlib.deflated(new byte[10_000]));
            assertRefused(upload(client, "STOR c.bin", Zlib.deflated(new byte[20_000])), "inflates too far");
            client.upload("STOR d.bin", Zlib.deflated(CONTENT.bytes()));
        }
        assertThat(names()).containsExactly("a.bin", "b.bin", "d.bin");
    }

    // What is aborted

    @Test
    void abor_ofADownload_is426Then226_andTheDataConnectionIsReset() throws Exception {
        new Content(RunningServer.LARGE, 4).writeTo(home.resolve("large.bin"));
        try (ScriptedClient client = login();
                Socket data = client.passive()) {
            client.command("RETR large.bin", 150);
            client.command("ABOR", 426);
            client.expect(226);
            assertThatThrownBy(() -> ScriptedClient.readAll(data)).isInstanceOf(SocketException.class);
            assertThat(Zlib.inflated(client.download("RETR a.bin"))).isEqualTo(CONTENT.bytes());
        }
    }

    @Test
    void abor_ofAnUpload_is426Then226_andLeavesNothing() throws Exception {
        try (ScriptedClient client = login();
                Socket data = client.passive()) {
            client.command("STOR b.bin", 150);
            data.getOutputStream().write(Zlib.deflated(CONTENT.bytes()), 0, 50_000);
            client.command("ABOR", 426);
            client.expect(226);
        }
        assertThat(names()).containsExactly("a.bin");
    }

    /** What was sent of a listing that fails must not be a whole zlib stream. */
    @Test
    void listing_thatFailsHalfWay_looksCutOff() throws Exception {
        restart(options -> options.maxListingEntries(10));
        for (int i = 0; i < 20; i++) {
            server.file("file" + i, new byte[0]);
        }
        try (ScriptedClient client = login();
                Socket data = client.passive()) {
            client.command("LIST", 150);
            client.expect(451);
            assertThatThrownBy(() -> Zlib.inflated(ScriptedClient.readAll(data)))
                    .isInstanceOfAny(SocketException.class, EOFException.class);
        }
    }
}
