package dev.portside.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.client.DataConnectionEvent;
import dev.portside.client.DataMode;
import dev.portside.client.TlsStatus;
import dev.portside.client.TransferResult;
import dev.portside.protocol.Command;
import dev.portside.protocol.HostPort;
import dev.portside.protocol.Reply;
import dev.portside.protocol.ReplyCode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RecorderTest {
    private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");
    private static final Reply OKAY = new Reply(ReplyCode.COMMAND_OKAY_200, "okay");
    private static final Reply OPENING = new Reply(ReplyCode.FILE_STATUS_OKAY_150, "opening");
    private static final Reply COMPLETE = new Reply(ReplyCode.CLOSING_DATA_CONNECTION_226, "complete");
    private static final Command.Retr RETR = new Command.Retr("a.bin");

    private final List<Recorder.Scene> scenes = new ArrayList<>();
    private final Recorder recorder = new Recorder(scenes::add);

    private List<String> drawn() {
        assertThat(scenes).hasSize(1);
        Picture picture = new Picture(Style.PLAIN);
        scenes.getFirst().picture().accept(picture);
        return picture.lines().stream()
                .map(line -> line.replaceAll("[-=|<>]{3,}", "").strip())
                .toList();
    }

    private void connect() {
        recorder.connected(new InetSocketAddress(HERE, 40000), new InetSocketAddress(HERE, 21));
        recorder.command(new Command.Pass("secret"));
        recorder.reply(new Reply(ReplyCode.LOGGED_IN_230, "welcome"));
    }

    private void port() {
        Command.Port port = new Command.Port(new HostPort(HERE, 53001));
        recorder.command(port);
        recorder.reply(OKAY);
        recorder.command(RETR);
    }

    private void opened() {
        recorder.dataConnection(new DataConnectionEvent(
                DataMode.PORT,
                new Command.Port(new HostPort(HERE, 53001)),
                OKAY,
                new InetSocketAddress(HERE, 53001),
                new InetSocketAddress(HERE, 20),
                RETR));
    }

    private void finished() {
        recorder.transferFinished(
                RETR,
                new TransferResult(5, 5, Duration.ofMillis(1), Optional.of(COMPLETE), TransferResult.Proof.REPLY));
    }

    @Test
    void login_isNoPartOfThePicture() {
        connect();
        port();
        opened();
        recorder.reply(OPENING);
        recorder.reply(COMPLETE);
        finished();
        assertThat(drawn())
                .noneMatch(line -> line.contains("PASS") || line.contains("secret") || line.contains("welcome"));
    }

    @Test
    void bytes_comeBeforeTheReplyThatTheyAreComplete() {
        connect();
        port();
        opened();
        recorder.reply(OPENING);
        recorder.reply(COMPLETE);
        finished();
        List<String> lines = drawn();
        assertThat(lines.subList(lines.size() - 2, lines.size()))
                .satisfiesExactly(
                        bytes -> assertThat(bytes).contains("7 5 B"),
                        last -> assertThat(last).contains("8 226 complete"));
    }

    @Test
    void dataConnectionThatIsNoticedLate_isStillBeforeTheCompletion() {
        connect();
        port();
        recorder.reply(OPENING);
        recorder.reply(COMPLETE);
        opened();
        finished();
        List<String> lines = drawn();
        assertThat(lines.subList(lines.size() - 3, lines.size()))
                .satisfiesExactly(
                        data -> assertThat(data).contains("opens the data connection"),
                        bytes -> assertThat(bytes).contains("5 B"),
                        last -> assertThat(last).contains("226 complete"));
    }

    @Test
    void tls_isDrawnWhereItBegan() {
        connect();
        recorder.secured(new TlsStatus(false, "TLSv1.3", "TLS_AES_128_GCM_SHA256", false, null));
        port();
        opened();
        recorder.secured(new TlsStatus(true, "TLSv1.3", "TLS_AES_128_GCM_SHA256", true, null));
        recorder.reply(OPENING);
        recorder.reply(COMPLETE);
        finished();
        List<String> lines = drawn();
        assertThat(lines.get(4)).contains("1 opens the control connection");
        assertThat(lines.get(5)).contains("2 TLS handshake, TLSv1.3").doesNotContain("resumed");
        int data = lines.indexOf(lines.stream()
                .filter(line -> line.contains("opens the data connection"))
                .findFirst()
                .orElseThrow());
        assertThat(lines.get(data + 1)).contains("TLS handshake, TLSv1.3, session resumed");
    }

    @Test
    void nextTransfer_startsAFreshPicture() {
        connect();
        port();
        opened();
        recorder.reply(COMPLETE);
        finished();
        scenes.clear();
        port();
        opened();
        recorder.reply(COMPLETE);
        finished();
        assertThat(drawn().stream().filter(line -> line.contains("listens"))).hasSize(1);
    }

    @Test
    void transferWithoutFailure_isNotDrawnAtTheEnd() {
        connect();
        recorder.transferFailed();
        assertThat(scenes).isEmpty();
    }
}
