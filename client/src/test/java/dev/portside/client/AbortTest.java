package dev.portside.client;

import static dev.portside.client.Clients.SHORT;
import static dev.portside.client.Clients.SOON;
import static dev.portside.client.Clients.commandsAfterLogin;
import static dev.portside.client.Clients.download;
import static dev.portside.client.Clients.loggedIn;
import static dev.portside.client.Clients.upload;
import static dev.portside.client.Clients.verbsAfterLogin;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portside.testkit.Content;
import dev.portside.testkit.Fault;
import dev.portside.testkit.LeakCheckExtension;
import dev.portside.testkit.ScriptedServer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@SuppressWarnings("try")
@ExtendWith(LeakCheckExtension.class)
class AbortTest {
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

    // Abort

    @Test
    void closeBeforeTheEnd_aborts_withoutAnException() throws Exception {
        try (ScriptedServer server = script().file("large", LARGE)
                        .fault(Fault.HANG_IN_MID_TRANSFER)
                        .start();
                FtpClient client = loggedIn(server)) {
            Download download = client.retrieve("large");
            assertThat(download.inputStream().readNBytes(1000)).hasSize(1000);
            download.close();
            assertThatThrownBy(download::result).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> download.read(ByteBuffer.allocate(10))).isInstanceOf(IOException.class);
            assertThat(verbsAfterLogin(server)).containsExactly("TYPE", "EPSV", "RETR", "ABOR");
            assertThat(client.size("a")).isEqualTo(BYTES.length);
        }
    }

    @Test
    void abortFromAnotherThread_endsARead() throws Exception {
        try (ScriptedServer server = script(Fault.HANG_IN_MID_TRANSFER).start();
                FtpClient client = loggedIn(server)) {
            try (Download download = client.retrieve("a")) {
                byte[] half = download.inputStream().readNBytes(100_000);
                assertThat(half).hasSize(100_000);
                Thread aborter = Thread.ofVirtual().start(client::abort);
                assertThatThrownBy(() -> readAll(download))
                        .isInstanceOf(IOException.class)
                        .hasMessage("RETR a: aborted (after 100000 bytes)");
                aborter.join();
            }
            assertThat(client.size("a")).isEqualTo(BYTES.length);
            client.abort();
            assertThat(verbsAfterLogin(server)).containsOnlyOnce("ABOR");
        }
    }

    @Test
    void whoWasAbortedByAnotherThread_isToldByClose() throws Exception {
        try (ScriptedServer server = script().start();
                FtpClient client = loggedIn(server)) {
            Upload upload = client.store("b");
            upload.outputStream().write(BYTES);
            Thread.ofVirtual().start(client::abort).join();
            assertThatThrownBy(upload::close)
                    .isInstanceOf(IOException.class)
                    .hasMessage("STOR b: aborted (after 200000 bytes)");
            Upload mine = client.store("b");
            mine.abort();
            mine.close();
            assertThatThrownBy(mine::result).isInstanceOf(IllegalStateException.class);
            assertThat(client.size("a")).isEqualTo(BYTES.length);
        }
    }

    @Test
    void abort_whereTheServerAnswersOnceForBoth_isSettledByPwd() throws Exception {
        try (ScriptedServer server = script().on("RETR", (session, line) -> {
                            session.send("150 begins");
                            session.data().open();
                            session.expect("ABOR");
                            session.data().close();
                            session.send("226 aborted");
                        })
                        .start();
                FtpClient client = loggedIn(server)) {
            client.retrieve("a").close();
            assertThat(verbsAfterLogin(server)).endsWith("RETR", "ABOR", "PWD");
            assertThat(client.size("a")).isEqualTo(BYTES.length);
        }
    }

    @Test
    void abort_whereAborIsUnknown_waitsForTheTransfer() throws Exception {
        try (ScriptedServer server = script().on("RETR", (session, line) -> {
                            session.send("150 begins");
                            session.data().open();
                            session.expect("ABOR");
                            session.send("502 no ABOR");
                            session.data().close();
                            session.send("226 done");
                        })
                        .start();
                FtpClient client = loggedIn(server)) {
            client.retrieve("a").close();
            assertThat(client.size("a")).isEqualTo(BYTES.length);
        }
    }

    @Test
    void abort_withoutAnyReply_givesTheConnectionUp() throws Exception {
        try (ScriptedServer server = script().on("RETR", (session, line) -> {
                            session.send("150 begins");
                            session.data().open();
                            session.awaitEnd();
                        })
                        .start();
                FtpClient client = loggedIn(server, options -> options.abortTimeout(SHORT))) {
            client.retrieve("a").close();
            assertThat(client.isOpen()).isFalse();
        }
    }

    @Test
    void anUploadWhoseSourceFails_isAborted_notMadeAWholeFile() throws Exception {
        ReadableByteChannel source = new ReadableByteChannel() {
            private boolean begun;

            @Override
            public int read(ByteBuffer target) throws IOException {
                if (begun) {
                    throw new IOException("the disk failed");
                }
                begun = true;
                target.put((byte) 1);
                return 1;
            }

            @Override
            public boolean isOpen() {
                return true;
            }

            @Override
            public void close() {}
        };
        try (ScriptedServer server = script().start();
                FtpClient client = loggedIn(server)) {
            Upload upload = client.store("b");
            assertThatThrownBy(() -> upload.transferFrom(source)).hasMessage("the disk failed");
            assertThatCode(upload::close).doesNotThrowAnyException();
            assertThatThrownBy(upload::result).isInstanceOf(IllegalStateException.class);
            assertThat(server.exists("b")).isFalse();
            assertThat(client.size("a")).isEqualTo(BYTES.length);
        }
    }

    @Test
    void anUploadThatTheServerCutsOff_isTheReply() throws Exception {
        try (ScriptedServer server = script().on("STOR", (session, line) -> {
                            session.send("150 begins");
                            session.data().open();
                            session.data().reset();
                            session.send("552 quota exceeded");
                        })
                        .start();
                FtpClient client = loggedIn(server)) {
            try (Upload upload = client.store("b")) {
                assertThatThrownBy(() -> upload.transferFrom(new Content(1L << 30, 1).channel()))
                        .isInstanceOf(FtpReplyException.class)
                        .hasMessageStartingWith("STOR b: 552 quota exceeded (after ");
            }
            assertThat(client.size("a")).isEqualTo(BYTES.length);
        }
    }

    @Test
    void anUploadThatTheServerRefusesAndForgetsToClose_endsToo() throws Exception {
        try (ScriptedServer server = script().on("STOR", (session, line) -> {
                            session.send("150 begins");
                            session.data().open();
                            session.send("552 quota exceeded");
                        })
                        .start();
                FtpClient client = loggedIn(server)) {
            try (Upload upload = client.store("b")) {
                assertThatThrownBy(() -> upload.transferFrom(new Content(1L << 30, 1).channel()))
                        .isInstanceOf(FtpReplyException.class);
            }
            assertThat(client.size("a")).isEqualTo(BYTES.length);
        }
    }

    // NOOP in mid-transfer

    @Test
    void noops_areMatchedWithTheirReplies_whetherTheyComeBeforeOrAfter226() throws Exception {
        try (ScriptedServer server = script().on("RETR", (session, line) -> {
                            session.send("150 begins");
                            session.data().open();
                            session.expect("NOOP");
                            session.send("200 still here");
                            session.expect("NOOP");
                            session.data().send(BYTES);
                            session.data().close();
                            session.send("226 done", "200 still here");
                        })
                        .start();
                FtpClient client = loggedIn(server, options -> options.keepAliveInterval(Duration.ofMillis(50)))) {
            assertThat(download(client, "a")).isEqualTo(BYTES);
            assertThat(client.size("a")).isEqualTo(BYTES.length);
            assertThat(server.awaitCommand("NOOP", 2, SOON)).isEqualTo("NOOP");
        }
    }

    @Test
    void noopsThatTheServerSwallows_areForgotten() throws Exception {
        try (ScriptedServer server = script().on("RETR", (session, line) -> {
                            session.send("150 begins");
                            session.data().open();
                            session.expect("NOOP");
                            session.expect("NOOP");
                            session.send("500 NOOPNOOP is unknown");
                            session.data().send(BYTES);
                            session.data().close();
                            session.send("226 done");
                        })
                        .start();
                FtpClient client = loggedIn(server, options -> options.keepAliveInterval(Duration.ofMillis(100)))) {
            Download download = client.retrieve("a");
            try (download) {
                readAll(download);
            }
            assertThat(verbsAfterLogin(server)).endsWith("NOOP", "PWD");
            assertThat(client.size("a")).isEqualTo(BYTES.length);
        }
    }

    @Test
    void noopsThatAreRefused_areNotTheEndOfTheTransfer() throws Exception {
        try (ScriptedServer server = script().on("RETR", (session, line) -> {
                            session.send("150 begins");
                            session.data().open();
                            session.expect("NOOP");
                            session.send("503 not now");
                            session.data().send(BYTES);
                            session.data().close();
                            session.send("226 done");
                        })
                        .start();
                FtpClient client = loggedIn(server, options -> options.keepAliveInterval(Duration.ofMillis(200)))) {
            assertThat(download(client, "a")).isEqualTo(BYTES);
            assertThat(commandsAfterLogin(server)).contains("NOOP");
            assertThat(client.size("a")).isEqualTo(BYTES.length);
        }
    }

    @Test
    void anAbortBeforeTheTransferBegins_isNotForgotten() throws Exception {
        try (ScriptedServer server = script().fault(Fault.LATE_REPLY, "FEAT").start();
                FtpClient client = loggedIn(server)) {
            Thread aborting = Thread.startVirtualThread(() -> {
                try {
                    server.awaitCommand("FEAT", SOON);
                    client.abort();
                } catch (InterruptedException never) {
                    Thread.currentThread().interrupt();
                } finally {
                    server.releaseReplies();
                }
            });
            assertThatThrownBy(client::list).isInstanceOf(IOException.class).hasMessageContaining("aborted");
            aborting.join();
            assertThat(client.list().entries()).isNotEmpty();
        }
    }

    @Test
    void anAbort_endsTheWaitForTheCompletion() throws Exception {
        CountDownLatch sent = new CountDownLatch(1);
        try (ScriptedServer server = script().on("STOR", (session, line) -> {
                            session.send("150 go on");
                            session.data().receive();
                            sent.countDown();
                            session.expect("ABOR");
                            session.send("226 aborted");
                        })
                        .start();
                FtpClient client = loggedIn(server)) {
            Upload upload = client.store("b");
            upload.write(ByteBuffer.wrap(BYTES));
            Thread aborting = Thread.startVirtualThread(() -> {
                try {
                    sent.await();
                    client.abort();
                } catch (InterruptedException never) {
                    Thread.currentThread().interrupt();
                }
            });
            assertThatThrownBy(upload::close)
                    .isInstanceOf(IOException.class)
                    .hasMessage("STOR b: aborted (after 200000 bytes)");
            aborting.join();
            assertThatThrownBy(upload::result).isInstanceOf(IllegalStateException.class);
            assertThat(client.size("a")).isEqualTo(BYTES.length);
        }
    }
}
