package dev.portside.client;

import static dev.portside.client.Clients.commandsAfterLogin;
import static dev.portside.client.Clients.download;
import static dev.portside.client.Clients.upload;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portside.protocol.Command;
import dev.portside.protocol.DirectoryEntry;
import dev.portside.protocol.RepresentationType;
import dev.portside.protocol.TransmissionMode;
import dev.portside.testkit.Content;
import dev.portside.testkit.LeakCheckExtension;
import dev.portside.testkit.ScriptedServer;
import dev.portside.testkit.Zlib;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketException;
import java.nio.channels.Channels;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** MODE Z, with servers that do it right and such that do not. */
@SuppressWarnings("try")
@ExtendWith(LeakCheckExtension.class)
class CompressionTest {
    private static final byte[] BYTES = new Content(200_000, 4).bytes();

    private final List<String> notCompressed = new CopyOnWriteArrayList<>();
    private final AtomicReference<byte[]> stored = new AtomicReference<>(new byte[0]);

    /** A server whose RETR and MLSD send these bytes of the wire, and whose STOR keeps those that come. */
    private ScriptedServer.Script script(byte[] wire) {
        ScriptedServer.Action send = (session, line) -> {
            session.send("150 begins");
            try {
                session.data().send(wire);
            } catch (SocketException closed) {
                // The client has seen enough.
            }
            session.data().close();
            session.send("226 done");
        };
        return ScriptedServer.script()
                .features("MODE Z", "MLST size*;", "REST STREAM", "SIZE")
                .file("a", BYTES)
                .on("RETR", send)
                .on("MLSD", send)
                .on("STOR", (session, line) -> {
                    session.send("150 begins");
                    stored.set(session.data().receive());
                    session.data().close();
                    session.send("226 done");
                });
    }

    private FtpClient client(ScriptedServer server, UnaryOperator<FtpClientOptions.Builder> change) throws IOException {
        return Clients.loggedIn(
                server,
                options -> change.apply(options.compression(true).listener(new FtpClientListener() {
                    @Override
                    public void notCompressed(String reason) {
                        notCompressed.add(reason);
                    }
                })));
    }

    private FtpClient client(ScriptedServer server) throws IOException {
        return client(server, options -> options);
    }

    private static void readAll(Download download) throws IOException {
        download.transferTo(Channels.newChannel(OutputStream.nullOutputStream()));
    }

    @Test
    void transfers_areCompressed_andModeIsSentOnce() throws Exception {
        byte[] wire = Zlib.deflated(BYTES);
        try (ScriptedServer server = script(wire).start();
                FtpClient client = client(server)) {
            upload(client, "b", BYTES);
            assertThat(Zlib.inflated(stored.get())).isEqualTo(BYTES);
            Download download = client.retrieve("a").expectSize(BYTES.length);
            try (download) {
                readAll(download);
                assertThat(download.bytes()).isEqualTo(BYTES.length);
            }
            assertThat(download.result().bytes()).isEqualTo(BYTES.length);
            assertThat(download.result().wireBytes()).isEqualTo(wire.length);
            assertThat(commandsAfterLogin(server)).containsOnlyOnce("MODE Z").containsOnlyOnce("FEAT");
            assertThat(notCompressed).isEmpty();
        }
    }

    @Test
    void upload_ofNothing_isAnEmptyZlibStream() throws Exception {
        try (ScriptedServer server = script(new byte[0]).start();
                FtpClient client = client(server)) {
            upload(client, "b", new byte[0]);
            assertThat(stored.get()).isNotEmpty();
            assertThat(Zlib.inflated(stored.get())).isEmpty();
        }
    }

    @Test
    void upload_thatIsAborted_isNoWholeZlibStream() throws Exception {
        AtomicReference<Object> came = new AtomicReference<>();
        try (ScriptedServer server = script(new byte[0])
                        .on("STOR", (session, line) -> {
                            session.send("150 begins");
                            try {
                                came.set(session.data().receive());
                            } catch (IOException reset) {
                                came.set(reset);
                            }
                            session.send("426 cut off");
                        })
                        .start();
                FtpClient client = client(server)) {
            Upload upload = client.store("b");
            upload.outputStream().write(BYTES);
            upload.abort();
            upload.close();
            assertThat(came.get()).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void listings_areCompressedToo() throws Exception {
        byte[] listing = "type=file;size=5; one\r\ntype=dir; two\r\n".getBytes(US_ASCII);
        try (ScriptedServer server = script(Zlib.deflated(listing)).start();
                FtpClient client = client(server)) {
            assertThat(client.list().entries()).extracting(DirectoryEntry::name).containsExactly("one", "two");
            assertThat(commandsAfterLogin(server)).contains("MODE Z");
        }
    }

    /** REST counts the bytes of the file. */
    @Test
    void resumed_transfersCountTheBytesOfTheFile() throws Exception {
        byte[] rest = Arrays.copyOfRange(BYTES, 150_000, BYTES.length);
        try (ScriptedServer server = script(Zlib.deflated(rest)).start();
                FtpClient client = client(server)) {
            assertThat(download(client, "a", 150_000)).isEqualTo(rest);
            assertThat(commandsAfterLogin(server)).contains("REST 150000");
        }
    }

    @Test
    void text_isConvertedBeforeItIsCompressed() throws Exception {
        try (ScriptedServer server =
                        script(Zlib.deflated("one\r\n".getBytes(US_ASCII))).start();
                FtpClient client = client(server)) {
            client.type(RepresentationType.ASCII);
            upload(client, "b", "one\ntwo\n".getBytes(US_ASCII));
            assertThat(Zlib.inflated(stored.get())).asString().isEqualTo("one\r\ntwo\r\n");
            assertThat(download(client, "a")).asString().isEqualTo("one\n");
        }
    }

    // Servers without

    @Test
    void aServerWithoutModeZ_getsPlainTransfers_andTheListenerIsTold() throws Exception {
        try (ScriptedServer server = ScriptedServer.script()
                        .features("SIZE")
                        .file("a", BYTES)
                        .start();
                FtpClient client = client(server)) {
            assertThat(download(client, "a")).isEqualTo(BYTES);
            assertThat(download(client, "a")).isEqualTo(BYTES);
            assertThat(notCompressed).containsExactly("the server has no MODE Z");
            assertThat(server.verbs()).doesNotContain("MODE");
        }
    }

    /** As ProFTPD does under TLS. */
    @Test
    void aServerThatRefusesModeZ_getsPlainTransfers_andTheListenerIsTold() throws Exception {
        try (ScriptedServer server = ScriptedServer.script()
                        .features("MODE Z")
                        .reply("MODE", "504 not now")
                        .file("a", BYTES)
                        .start();
                FtpClient client = client(server)) {
            assertThat(download(client, "a")).isEqualTo(BYTES);
            assertThat(download(client, "a")).isEqualTo(BYTES);
            assertThat(notCompressed).containsExactly("the server refuses MODE Z: 504 not now");
            assertThat(server.verbs()).containsOnlyOnce("MODE");
        }
    }

    @Test
    void compression_isOffByDefault() throws Exception {
        try (ScriptedServer server = ScriptedServer.script()
                        .features("MODE Z")
                        .file("a", BYTES)
                        .start();
                FtpClient client = Clients.loggedIn(server)) {
            assertThat(download(client, "a")).isEqualTo(BYTES);
            assertThat(server.verbs()).doesNotContain("MODE");
        }
    }

    @Test
    void execute_refusesModeZ_andModeSIsTakenBackByTheNextTransfer() throws Exception {
        try (ScriptedServer server = script(Zlib.deflated(BYTES)).start();
                FtpClient client = client(server)) {
            assertThatThrownBy(() -> client.execute(new Command.Mode(TransmissionMode.DEFLATE)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(download(client, "a")).isEqualTo(BYTES);
            client.execute(new Command.Mode(TransmissionMode.STREAM));
            assertThat(download(client, "a")).isEqualTo(BYTES);
            assertThat(commandsAfterLogin(server)).containsSubsequence("MODE Z", "MODE S", "MODE Z");
        }
    }

    // Bad data

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100_000, -1})
    void download_thatEndsBeforeTheCompressedData_fails_whateverTheReplySays(int length) throws Exception {
        byte[] whole = Zlib.deflated(BYTES);
        byte[] part = Arrays.copyOf(whole, length < 0 ? whole.length + length : length);
        try (ScriptedServer server = script(part).start();
                FtpClient client = client(server)) {
            Download download = client.retrieve("a");
            assertThatThrownBy(() -> readAll(download))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("RETR a: ")
                    .hasMessageContaining("ended in the middle of the compressed data");
            download.close();
            assertThatThrownBy(download::result).isInstanceOf(IllegalStateException.class);
            client.workingDirectory();
        }
    }

    @Test
    void download_ofWhatIsNoZlibStream_fails() throws Exception {
        try (ScriptedServer server = script(BYTES).start();
                FtpClient client = client(server)) {
            assertThatThrownBy(() -> download(client, "a"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("bad compressed data");
            client.workingDirectory();
        }
    }

    @Test
    void download_ofMoreBehindTheCompressedData_fails_alsoWhenTheSizeIsReached() throws Exception {
        byte[] wire = Zlib.deflated(BYTES);
        try (ScriptedServer server =
                        script(Arrays.copyOf(wire, wire.length + 1)).start();
                FtpClient client = client(server)) {
            assertThatThrownBy(() -> {
                        try (Download download = client.retrieve("a").expectSize(BYTES.length)) {
                            download.inputStream().readNBytes(BYTES.length);
                        }
                    })
                    .hasMessageContaining("bad compressed data");
            client.workingDirectory();
        }
    }

    @Test
    void bomb_endsTheDownload_andTheMessageSaysWhatToDo() throws Exception {
        try (ScriptedServer server = script(Zlib.bomb(4L << 30)).start();
                FtpClient client = client(server)) {
            Download download = client.retrieve("a");
            assertThatThrownBy(() -> readAll(download))
                    .isInstanceOf(IOException.class)
                    .hasMessageMatching("RETR a: .*inflated too far.*transfer it without compression");
            assertThat(download.bytes()).isLessThanOrEqualTo(64 << 20);
            download.close();
            client.workingDirectory();
        }
    }

    @Test
    void maxInflation_isAnOption() throws Exception {
        try (ScriptedServer server = script(Zlib.deflated(new byte[20_000])).start();
                FtpClient client = client(server, options -> options.maxInflation(10, 10_000))) {
            assertThatThrownBy(() -> download(client, "a")).hasMessageContaining("inflated too far");
            FtpClientOptions same =
                    Clients.options(server).compression(true).maxInflation(10, 10_000).build().toBuilder()
                            .build();
            assertThat(same.compression()).isTrue();
            assertThat(same.maxInflation()).isEqualTo(10);
            assertThat(same.inflationGrace()).isEqualTo(10_000);
        }
    }
}
