package dev.portside.client;

import static dev.portside.client.Clients.SHORT;
import static dev.portside.client.Clients.download;
import static dev.portside.client.Clients.loggedIn;
import static dev.portside.client.Clients.upload;
import static dev.portside.client.Clients.verbsAfterLogin;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portside.client.TransferResult.Proof;
import dev.portside.protocol.ReplyCode;
import dev.portside.protocol.RepresentationType;
import dev.portside.testkit.Content;
import dev.portside.testkit.ContentCheck;
import dev.portside.testkit.Fault;
import dev.portside.testkit.LeakCheckExtension;
import dev.portside.testkit.ScriptedServer;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@SuppressWarnings("try")
@ExtendWith(LeakCheckExtension.class)
class TransferTest {
    private static final Content LARGE = new Content(5 << 20, 3);
    private static final byte[] BYTES = new Content(200_000, 4).bytes();

    private static ScriptedServer.Script script(Fault... faults) {
        ScriptedServer.Script script = ScriptedServer.script().file("a", BYTES).file("empty", new byte[0]);
        for (Fault fault : faults) {
            script.fault(fault);
        }
        return script;
    }

    private static void readAll(Download download) throws IOException {
        download.inputStream().transferTo(OutputStream.nullOutputStream());
    }

    // What goes well

    @Test
    void download_intoAFile_andItsResult(@TempDir Path directory) throws Exception {
        try (ScriptedServer server = script().file("large", LARGE).start();
                FtpClient client = loggedIn(server);
                FileChannel file = FileChannel.open(
                        directory.resolve("large"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            Download download = client.retrieve("large");
            try (download) {
                assertThat(download.size()).hasValue(LARGE.size());
                assertThat(download.transferTo(file)).isEqualTo(LARGE.size());
            }
            assertThat(download.isOpen()).isFalse();
            assertThat(download.result().bytes()).isEqualTo(LARGE.size());
            assertThat(download.result().proof()).isEqualTo(Proof.REPLY);
            assertThat(download.result().completion())
                    .hasValueSatisfying(
                            reply -> assertThat(reply.code()).isEqualTo(ReplyCode.CLOSING_DATA_CONNECTION_226));
            LARGE.assertIn(directory.resolve("large"));
        }
    }

    @Test
    void upload_fromAFile_andResumedFromTheMiddle(@TempDir Path directory) throws Exception {
        Path source = LARGE.writeTo(directory.resolve("source"));
        try (ScriptedServer server = script().start();
                FtpClient client = loggedIn(server);
                FileChannel file = FileChannel.open(source)) {
            try (Upload upload = client.store("large")) {
                assertThat(upload.transferFrom(file)).isEqualTo(LARGE.size());
            }
            assertThat(server.stored("large")).isEqualTo(LARGE.bytes());
            upload(client, "part", LARGE.bytes(0, 1000));
            try (Upload upload = client.store("part", 1000)) {
                upload.transferFrom(file.position(1000));
                assertThat(upload.bytes()).isEqualTo(LARGE.size() - 1000);
            }
            assertThat(server.stored("part")).isEqualTo(LARGE.bytes());
            try (Upload upload = client.append("part")) {
                upload.write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
            }
            assertThat(server.stored("part")).hasSize((int) LARGE.size() + 3);
        }
    }

    @Test
    void upload_whereRestIsUnknown_isAppendedIfTheSizeFits() throws Exception {
        try (ScriptedServer server = script().reply("REST", "502 no REST")
                        .file("p", new byte[5])
                        .start();
                FtpClient client = loggedIn(server)) {
            try (Upload upload = client.store("p", 5)) {
                upload.outputStream().write(7);
            }
            assertThat(server.stored("p")).containsExactly(0, 0, 0, 0, 0, 7);
            assertThat(verbsAfterLogin(server)).containsExactly("TYPE", "EPSV", "REST", "SIZE", "APPE");
            assertThatThrownBy(() -> client.store("p", 3))
                    .isInstanceOf(FtpReplyException.class)
                    .hasMessage("REST 3: 502 no REST");
            assertThatThrownBy(() -> client.retrieve("p", 3)).isInstanceOf(FtpReplyException.class);
            assertThat(client.size("p")).isEqualTo(6);
        }
    }

    @Test
    void storeUnique_tellsTheName() throws Exception {
        try (ScriptedServer server = script().start();
                FtpClient client = loggedIn(server)) {
            Upload upload = client.storeUnique("");
            try (upload) {
                upload.outputStream().write(BYTES);
            }
            assertThat(upload.uniqueName()).hasValue("unique.1");
            assertThat(server.stored("unique.1")).isEqualTo(BYTES);
        }
    }

    @Test
    void anEmptyFile_goesBothWays() throws Exception {
        try (ScriptedServer server = script().start();
                FtpClient client = loggedIn(server)) {
            assertThat(download(client, "empty")).isEmpty();
            upload(client, "none", new byte[0]);
            assertThat(server.stored("none")).isEmpty();
        }
    }

    @Test
    void typeA_canBeReadByteByByte() throws Exception {
        byte[] text = "one\r\ntwo\rthree\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        try (ScriptedServer server = script().file("t", text).start();
                FtpClient client = loggedIn(server, options -> options.type(RepresentationType.ASCII))) {
            StringBuilder read = new StringBuilder();
            try (Download download = client.retrieve("t");
                    InputStream stream = download.inputStream()) {
                for (int next = stream.read(); next >= 0; next = stream.read()) {
                    read.append((char) next);
                }
            }
            assertThat(read).hasToString("one\ntwo\rthree\n\n");
            upload(client, "u", "one\ntwo\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(server.stored("u")).asString().isEqualTo("one\r\ntwo\r\n");
        }
    }

    @Test
    void readAheadAndTransferTo_loseNothing() throws Exception {
        try (ScriptedServer server = script().start();
                FtpClient client = loggedIn(server)) {
            Content content = new Content(BYTES.length, 4);
            try (Download download = client.retrieve("a");
                    ContentCheck check = content.check(1)) {
                assertThat(download.inputStream().read()).isEqualTo(BYTES[0] & 0xff);
                assertThat(download.transferTo(check)).isEqualTo(BYTES.length - 1);
                check.assertComplete();
            }
        }
    }

    // Replies in another order

    @Test
    void completionBeforeTheDataEnds_isAllRight() throws Exception {
        try (ScriptedServer server = script(Fault.COMPLETION_BEFORE_DATA_END).start();
                FtpClient client = loggedIn(server)) {
            assertThat(download(client, "a")).isEqualTo(BYTES);
            assertThat(download(client, "a")).isEqualTo(BYTES);
            upload(client, "b", BYTES);
            // The server reads this when it has stored the file.
            assertThat(client.size("b")).isEqualTo(BYTES.length);
        }
    }

    @Test
    void noPreliminaryReply_isAllRight() throws Exception {
        try (ScriptedServer server = script().on("RETR", (session, line) -> {
                            session.data().send(BYTES);
                            session.data().close();
                            session.send("226 here it was");
                        })
                        .start();
                FtpClient client = loggedIn(server, options -> options.replyTimeout(Duration.ofSeconds(5)))) {
            assertThat(download(client, "a")).isEqualTo(BYTES);
            assertThat(client.size("a")).isEqualTo(BYTES.length);
        }
    }

    @Test
    void noReplyBeforeTheDataIsRead_isAllRight() throws Exception {
        try (ScriptedServer server = script().file("large", LARGE)
                        .on("RETR", (session, line) -> {
                            session.data().send(LARGE.bytes());
                            session.data().close();
                            session.send("226 here it was");
                        })
                        .start();
                FtpClient client = loggedIn(server, options -> options.replyTimeout(SHORT))) {
            assertThat(download(client, "large")).isEqualTo(LARGE.bytes());
        }
    }

    @Test
    void a125InsteadOf150_andA250InsteadOf226_areAllRight() throws Exception {
        try (ScriptedServer server = script().on("RETR", (session, line) -> {
                            session.send("125 already open");
                            session.data().send(BYTES);
                            session.data().close();
                            session.send("250 done");
                        })
                        .start();
                FtpClient client = loggedIn(server)) {
            assertThat(download(client, "a")).isEqualTo(BYTES);
        }
    }

    // Truncation

    @Test
    void a426InMidTransfer_isTheReply_withTheBytesSoFar() throws Exception {
        try (ScriptedServer server = script(Fault.ABORTED_IN_MID_TRANSFER).start();
                FtpClient client = loggedIn(server)) {
            Download download = client.retrieve("a");
            readAll(download);
            assertThatThrownBy(download::close)
                    .isInstanceOf(FtpReplyException.class)
                    .hasMessage("RETR a: 426 the transfer was cut off (after 100000 bytes)");
            assertThat(download.bytes()).isEqualTo(100_000);
            assertThatThrownBy(download::result).isInstanceOf(IllegalStateException.class);
            assertThat(client.size("a")).isEqualTo(BYTES.length);
        }
    }

    @Test
    void aResetInMidTransfer_isTheReplyToo() throws Exception {
        try (ScriptedServer server = script(Fault.RESET_DATA).start();
                FtpClient client = loggedIn(server)) {
            try (Download download = client.retrieve("a")) {
                assertThatThrownBy(() -> readAll(download))
                        .isInstanceOf(FtpReplyException.class)
                        .hasMessageStartingWith("RETR a: 426 the transfer was cut off (after ");
            }
            assertThat(client.size("a")).isEqualTo(BYTES.length);
        }
    }

    @Test
    void a451BehindTheData_isTheReply() throws Exception {
        try (ScriptedServer server = script(Fault.NEGATIVE_COMPLETION).start();
                FtpClient client = loggedIn(server)) {
            assertThatThrownBy(() -> download(client, "a"))
                    .isInstanceOf(FtpReplyException.class)
                    .hasMessage("RETR a: 451 the disk failed (after 200000 bytes)");
            assertThatThrownBy(() -> upload(client, "b", BYTES)).isInstanceOf(FtpReplyException.class);
            assertThat(client.isOpen()).isTrue();
        }
    }

    @Test
    void dataCutShort_isAnErrorInSpiteOf226() throws Exception {
        try (ScriptedServer server = script(Fault.DATA_CUT_SHORT).start();
                FtpClient client = loggedIn(server)) {
            assertThatThrownBy(() -> download(client, "a"))
                    .isInstanceOf(FtpProtocolException.class)
                    .hasMessage("RETR a: cut short: 226 (after 100000 bytes), 200000 expected");
            assertThat(client.size("a")).isEqualTo(BYTES.length);
        }
    }

    @Test
    void dataCutShort_whereOnlyTheCallerKnowsTheSize() throws Exception {
        try (ScriptedServer server = script().on("RETR", (session, line) -> {
                            session.send("150 begins");
                            session.data().send(new byte[10]);
                            session.data().close();
                            session.send("226 done");
                        })
                        .start();
                FtpClient client = loggedIn(server)) {
            assertThat(download(client, "a")).hasSize(10);
            Download download = client.retrieve("a", 90).expectSize(101);
            readAll(download);
            assertThatThrownBy(download::close).isInstanceOf(FtpProtocolException.class);
            try (Download whole = client.retrieve("a", 90).expectSize(100)) {
                readAll(whole);
            }
        }
    }

    @Test
    void aListingCutOff_isNoListing() throws Exception {
        try (ScriptedServer server = script(Fault.ABORTED_IN_MID_TRANSFER).start();
                FtpClient client = loggedIn(server)) {
            assertThatThrownBy(client::list).isInstanceOf(FtpReplyException.class);
            assertThatThrownBy(() -> client.names("")).isInstanceOf(FtpReplyException.class);
            assertThat(client.size("a")).isEqualTo(BYTES.length);
        }
    }

    // What never comes

    @ParameterizedTest
    @EnumSource(names = {"HANG_AFTER_150", "HANG_IN_MID_TRANSFER", "DATA_NEVER_ENDS"})
    void whatHangs_stallsInBoundedTime_andTheSessionGoesOn(Fault fault) throws Exception {
        try (ScriptedServer server = script(fault).start();
                FtpClient client = loggedIn(server, options -> options.dataStallTimeout(SHORT))) {
            try (Download download = client.retrieve("a")) {
                assertThatThrownBy(() -> readAll(download))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("moved nothing for 0.3 s");
            }
            assertThat(verbsAfterLogin(server)).endsWith("ABOR");
            assertThat(client.size("a")).isEqualTo(BYTES.length);
        }
    }

    @Test
    void whoKnowsTheSize_needNotLookForTheEnd() throws Exception {
        try (ScriptedServer server = script().start();
                FtpClient client = loggedIn(server)) {
            Download download = client.retrieve("a");
            try (download) {
                assertThat(download.inputStream().readNBytes(BYTES.length)).isEqualTo(BYTES);
            }
            assertThat(download.result().proof()).isEqualTo(Proof.REPLY);
            assertThat(verbsAfterLogin(server)).doesNotContain("ABOR");
        }
    }

    @Test
    void noCompletion_whereTheSizeIsKnown_isMadeUpFor() throws Exception {
        try (ScriptedServer server = script(Fault.NO_COMPLETION).start();
                FtpClient client = loggedIn(server, options -> options.completionTimeout(SHORT))) {
            Download download = client.retrieve("a");
            try (download) {
                readAll(download);
            }
            assertThat(download.result().proof()).isEqualTo(Proof.SIZE);
            assertThat(download.result().completion()).isEmpty();
            assertThat(client.isOpen()).isFalse();
            assertThatThrownBy(() -> client.size("a"))
                    .hasMessage("SIZE a: RETR a: the final reply did not come within 0.3 s");
        }
    }

    @Test
    void noCompletionOfAnUpload_isAnError() throws Exception {
        try (ScriptedServer server = script(Fault.NO_COMPLETION).start();
                FtpClient client = loggedIn(server, options -> options.completionTimeout(SHORT))) {
            assertThatThrownBy(() -> upload(client, "b", BYTES))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("STOR b: completion not confirmed after 200000 bytes: ");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"CONTROL_CLOSED_IN_MID_TRANSFER", "CONTROL_RESET_IN_MID_TRANSFER"})
    void theControlConnectionLostInMidTransfer_isAnError(Fault fault) throws Exception {
        try (ScriptedServer server = script(fault).start();
                FtpClient client = loggedIn(server)) {
            assertThatThrownBy(() -> download(client, "a"))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("RETR a: ");
            assertThat(client.isOpen()).isFalse();
            assertThatThrownBy(() -> client.size("a")).isInstanceOf(IOException.class);
        }
    }

    // Resumed downloads

    /** Takes REST, and sends the whole file all the same. */
    private static ScriptedServer.Script deafToRest() {
        return script().on("RETR", (session, line) -> {
            session.send("150 here it is (" + BYTES.length + " bytes)");
            session.data().send(BYTES);
            session.data().close();
            session.send("226 done");
        });
    }

    @Test
    void aResumedDownload_thatGetsTheWholeFile_isAnError() throws Exception {
        try (ScriptedServer server = deafToRest().start();
                FtpClient client = loggedIn(server)) {
            assertThatThrownBy(() -> download(client, "a", 90_000))
                    .isInstanceOf(FtpProtocolException.class)
                    .hasMessageContaining("did not begin at 90000");
            assertThatThrownBy(() -> download(client, "a", BYTES.length)).isInstanceOf(FtpProtocolException.class);
            assertThat(client.size("a")).isEqualTo(BYTES.length);
        }
    }

    @Test
    void aResumedDownload_readToTheSizeOnly_isAnErrorIfThereIsMore() throws Exception {
        try (ScriptedServer server = deafToRest().start();
                FtpClient client = loggedIn(server)) {
            Download download = client.retrieve("a", 100_000);
            assertThat(download.size()).hasValue(BYTES.length);
            ByteBuffer rest = ByteBuffer.allocate(100_000);
            while (rest.hasRemaining()) {
                assertThat(download.read(rest)).isPositive();
            }
            assertThatThrownBy(download::close).isInstanceOf(FtpProtocolException.class);
            assertThat(client.size("a")).isEqualTo(BYTES.length);
        }
    }

    @Test
    void aResumedDownload_ofAFileThatGrows_isAllRight() throws Exception {
        try (ScriptedServer server = script().reply("SIZE", "213 150000").start();
                FtpClient client = loggedIn(server)) {
            assertThat(download(client, "a", 100_000)).hasSize(100_000);
        }
    }

    @Test
    void aResumedDownload_fromBehindTheEnd_isAnError() throws Exception {
        try (ScriptedServer server = script().start();
                FtpClient client = loggedIn(server)) {
            assertThatThrownBy(() -> client.retrieve("a", 200_001))
                    .isInstanceOf(EOFException.class)
                    .hasMessage("RETR a: cannot begin at 200001, the file ends at 200000");
            assertThat(download(client, "a", 200_000)).isEmpty();
        }
    }

    @Test
    void aResumedDownload_whereSizeIsUnknown_isAllRight() throws Exception {
        try (ScriptedServer server = script().reply("SIZE", "502 no SIZE").start();
                FtpClient client = loggedIn(server)) {
            assertThat(download(client, "a", 100_000)).hasSize(100_000);
        }
    }

    // Closed

    @Test
    void whatWasReadAhead_isGoneWhenTheDownloadIsClosed() throws Exception {
        try (ScriptedServer server = script().start();
                FtpClient client = loggedIn(server)) {
            Download download = client.retrieve("a");
            assertThat(download.inputStream().read()).isEqualTo(BYTES[0] & 0xff);
            download.close();
            assertThatThrownBy(() -> download.read(ByteBuffer.allocate(10))).isInstanceOf(ClosedChannelException.class);
            assertThatThrownBy(() -> download.transferTo(Channels.newChannel(OutputStream.nullOutputStream())))
                    .isInstanceOf(ClosedChannelException.class);
        }
    }

    @Test
    void aDownloadThatNobodyCloses_leavesNothingBehind() throws Exception {
        try (ScriptedServer server = script(Fault.COMPLETION_BEFORE_DATA_END).start()) {
            try (FtpClient client = loggedIn(server)) {
                readAll(client.retrieve("a"));
            }
        }
    }
}
