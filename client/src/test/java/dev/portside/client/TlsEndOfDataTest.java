package dev.portside.client;

import static dev.portside.client.Clients.download;
import static dev.portside.client.TlsScripts.loggedIn;
import static dev.portside.client.TlsScripts.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portside.client.TransferResult.Proof;
import dev.portside.testkit.Content;
import dev.portside.testkit.Fault;
import dev.portside.testkit.LeakCheckExtension;
import dev.portside.testkit.ScriptedServer;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Whether a download under TLS is complete, or was cut off by somebody on the way. */
@ExtendWith(LeakCheckExtension.class)
class TlsEndOfDataTest {
    private static final byte[] BYTES = new Content(200_000, 5).bytes();

    private static Download read(FtpClient client, String path) throws IOException {
        Download download = client.retrieve(path);
        try (download) {
            download.inputStream().readAllBytes();
        }
        return download;
    }

    @Test
    void closeNotify_isTheProof() throws Exception {
        try (ScriptedServer server = script().file("a", BYTES).start();
                FtpClient client = loggedIn(server)) {
            assertThat(read(client, "a").result().proof()).isEqualTo(Proof.CLOSE_NOTIFY);
            Upload upload = client.store("b");
            upload.close();
            assertThat(upload.result().proof()).isEqualTo(Proof.REPLY);
        }
    }

    @Test
    void aServerThatNeverSendsIt_isBelievedByTheSize() throws Exception {
        try (ScriptedServer server =
                        script(Fault.NO_CLOSE_NOTIFY).file("a", BYTES).start();
                FtpClient client = loggedIn(server)) {
            TransferResult result = read(client, "a").result();
            assertThat(result.proof()).isEqualTo(Proof.SIZE);
            assertThat(result.completion()).isPresent();
        }
    }

    @Test
    void aServerThatNeverSendsIt_isAskedForTheSize() throws Exception {
        try (ScriptedServer server =
                        script(Fault.NO_CLOSE_NOTIFY).file("a b)", BYTES).start();
                FtpClient client = loggedIn(server)) {
            assertThat(read(client, "a b)").result().proof()).isEqualTo(Proof.SIZE);
            assertThat(server.verbs()).contains("SIZE");
        }
    }

    @Test
    void whereTheSizeIsNotKnown_nothingProvesIt() throws Exception {
        try (ScriptedServer server = script(Fault.NO_CLOSE_NOTIFY)
                        .file("a b)", BYTES)
                        .reply("SIZE", "500 what?")
                        .start();
                FtpClient client = loggedIn(server)) {
            assertThatThrownBy(() -> read(client, "a b)"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("without the close_notify of TLS");
            assertThat(client.workingDirectory()).isEqualTo("/");
        }
    }

    @Test
    void aServerThatWasSeenToSendIt_isHeldToIt() throws Exception {
        try (ScriptedServer server = script().file("a", BYTES)
                        .file("b", BYTES)
                        .once("RETR", (session, line) -> session.answer(line))
                        .fault(Fault.NO_CLOSE_NOTIFY, "RETR")
                        .listing("MLSD", "type=file; x")
                        .start();
                FtpClient client = loggedIn(server)) {
            assertThat(client.list().entries()).hasSize(1);
            // Every byte is there, and still nobody knows whether that was the end.
            assertThatThrownBy(() -> download(client, "a")).hasMessageContaining("may have been cut off");
            assertThat(client.isOpen()).isTrue();
        }
    }

    @Test
    void aDownloadCutOff_isNoDownload() throws Exception {
        try (ScriptedServer server = script(Fault.CUT_WITHOUT_CLOSE_NOTIFY)
                        .file("a b)", BYTES)
                        .start();
                FtpClient client = loggedIn(server)) {
            assertThatThrownBy(() -> download(client, "a b)"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("may have been cut off");
        }
    }

    @Test
    void aListingCutOff_isNoListing() throws Exception {
        try (ScriptedServer server = script(Fault.CUT_WITHOUT_CLOSE_NOTIFY)
                        .listing("MLSD", "type=file; a", "type=file; b")
                        .start();
                FtpClient client = loggedIn(server)) {
            assertThatThrownBy(client::list).hasMessageContaining("may have been cut off");
        }
    }

    @Test
    void aLostReply_isMadeUpForByTheSizeUnderTlsToo() throws Exception {
        try (ScriptedServer server =
                        script(Fault.NO_COMPLETION).file("a", BYTES).start();
                FtpClient client = loggedIn(server, options -> options.completionTimeout(Clients.SHORT))) {
            TransferResult result = read(client, "a").result();
            assertThat(result.proof()).isEqualTo(Proof.SIZE);
            assertThat(result.completion()).isEqualTo(Optional.empty());
        }
    }
}
