package dev.portside.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portside.protocol.HostPort;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeakCheckExtension.class)
class ScriptedServerTest {
    private static final Content CONTENT = new Content(300_000, 5);
    private static final Duration SOON = Duration.ofMillis(200);

    private ScriptedServer server;
    private ScriptedClient client;

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    private ScriptedServer.Script script() {
        return ScriptedServer.script().file("a.bin", CONTENT);
    }

    private void start(ScriptedServer.Script script) throws IOException {
        server = script.start();
        client = ScriptedClient.login(server.address(), "anna", "secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void file_goesBothWays_passiveAndActive(String address) throws Exception {
        start(script().bind(InetAddress.ofLiteral(address)));
        assertThat(client.download("RETR a.bin")).isEqualTo(CONTENT.bytes());
        client.upload("STOR b.bin", CONTENT.bytes());
        assertThat(server.stored("b.bin")).isEqualTo(CONTENT.bytes());
        ServerSocket port = client.active();
        client.command("REST 299999", 350);
        client.command("RETR b.bin", 150);
        try (Socket data = ScriptedClient.accept(port)) {
            assertThat(ScriptedClient.readAll(data)).containsExactly(CONTENT.at(299_999));
        }
        client.expect(226);
        client.command("QUIT", 221);
        client.expectClosed();
        assertThat(server.verbs()).startsWith("USER", "PASS", "EPSV", "RETR", "EPSV", "STOR");
    }

    @Test
    void listing_isOfTheFiles_orOfTheScript() throws Exception {
        start(script().file("sub/b.bin", new byte[3]).listing("LIST", "total 1", "nonsense"));
        assertThat(client.lines("NLST")).containsExactly("a.bin");
        assertThat(client.lines("MLSD")).containsExactly("type=file;size=300000;modify=20240229123456; a.bin");
        assertThat(client.lines("LIST")).containsExactly("total 1", "nonsense");
        client.command("CWD sub", 250);
        assertThat(client.lines("NLST")).containsExactly("b.bin");
        assertThat(client.command("SIZE b.bin", 213).text()).isEqualTo("3");
    }

    @Test
    void override_isForTheNextTime_orForEveryTime() throws Exception {
        start(script().replyOnce("SIZE", "550 not now").reply("SYST", "215 VMS"));
        client.command("SIZE a.bin", 550);
        client.command("SIZE a.bin", 213);
        assertThat(client.command("SYST").text()).isEqualTo("VMS");
        assertThat(client.command("SYST").text()).isEqualTo("VMS");
    }

    @Test
    void dialogue_thatIsNotFollowed_failsTheTest() throws Exception {
        server = ScriptedServer.script()
                .dialogue((session, line) -> {
                    session.send("220 ready");
                    session.expect("USER .*");
                    session.send("230 you are in");
                    session.expect("QUIT");
                })
                .start();
        client = ScriptedClient.connect(server.address());
        client.expect(220);
        client.command("USER anna", 230);
        client.send("NOOP");
        client.expectClosed();
        assertThatThrownBy(server::close).isInstanceOf(AssertionError.class).hasMessageContaining("QUIT");
        server = ScriptedServer.script().start();
    }

    @Test
    void passiveFaults_nameTheWrongPlace() throws Exception {
        start(script().fault(Fault.PASSIVE_ADDRESS_FOREIGN).fault(Fault.EPSV_UNREACHABLE));
        assertThat(client.pasv().getAddress().getHostAddress()).isEqualTo("192.0.2.1");
        InetSocketAddress dead = client.epsv();
        assertThatThrownBy(() -> client.connectData(dead)).isInstanceOf(ConnectException.class);
    }

    @Test
    void passiveBlackHole_answersNothing() throws Exception {
        start(script().fault(Fault.PASSIVE_BLACK_HOLE));
        InetSocketAddress hole = client.epsv();
        try (Socket socket = new Socket()) {
            assertThatThrownBy(() -> socket.connect(hole, (int) SOON.toMillis()))
                    .isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void passiveWithoutParentheses_hasNone_butTheNumbers() throws Exception {
        start(script().fault(Fault.PASSIVE_WITHOUT_PARENTHESES));
        String text = client.command("PASV", 227).text();
        assertThat(text).doesNotContain("(");
        assertThat(HostPort.parsePassive(text).address()).isEqualTo(InetAddress.getLoopbackAddress());
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"ABORTED_IN_MID_TRANSFER", "DATA_CUT_SHORT"})
    void cutTransfer_givesHalf_andTheReplyOfTheFault(Fault fault) throws Exception {
        start(script().fault(fault));
        try (Socket data = client.passive()) {
            client.command("RETR a.bin", 150);
            assertThat(ScriptedClient.readAll(data)).isEqualTo(CONTENT.bytes(0, 150_000));
        }
        client.expect(fault == Fault.DATA_CUT_SHORT ? 226 : 426);
    }

    @Test
    void resetData_isAReset() throws Exception {
        start(script().fault(Fault.RESET_DATA));
        try (Socket data = client.passive()) {
            client.command("RETR a.bin", 150);
            assertThatThrownBy(() -> ScriptedClient.readAll(data)).isInstanceOf(SocketException.class);
        }
        client.expect(426);
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"HANG_AFTER_150", "HANG_IN_MID_TRANSFER", "DATA_NEVER_ENDS"})
    void hangingTransfer_endsWithAbor(Fault fault) throws Exception {
        start(script().fault(fault));
        try (Socket data = client.passive()) {
            client.command("RETR a.bin", 150);
            int sent = switch (fault) {
                case HANG_AFTER_150 -> 0;
                case HANG_IN_MID_TRANSFER -> 150_000;
                default -> 300_000;
            };
            // What was sent is read before ABOR, which may cut off what is still on its way.
            assertThat(data.getInputStream().readNBytes(sent)).hasSize(sent);
            client.command("ABOR", 426);
            client.expect(226);
            assertThat(data.getInputStream().readNBytes(1)).isEmpty();
        }
    }

    @Test
    void completionBeforeDataEnd_comesWhileDataAreToCome() throws Exception {
        start(ScriptedServer.script()
                .file("big.bin", new Content(64 << 20, 1))
                .fault(Fault.COMPLETION_BEFORE_DATA_END));
        try (Socket data = client.passive()) {
            client.command("RETR big.bin", 150);
            data.getInputStream().readNBytes(32 << 20);
            client.expect(226);
            assertThat(ScriptedClient.readAll(data)).hasSize(32 << 20);
        }
        client.command("NOOP", 200);
    }

    @Test
    void controlClosedInMidTransfer_isTheEndOfBoth() throws Exception {
        start(script().fault(Fault.CONTROL_CLOSED_IN_MID_TRANSFER));
        try (Socket data = client.passive()) {
            client.command("RETR a.bin", 150);
            assertThat(ScriptedClient.readAll(data)).hasSize(150_000);
        }
        client.expectClosed();
    }

    @Test
    void repliesByteByByte_areWholeInTheEnd() throws Exception {
        start(script().fault(Fault.REPLIES_BYTE_BY_BYTE));
        assertThat(client.command("FEAT", 211).lines()).contains(" EPSV");
    }

    @Test
    void noReply_isForTheVerbsItIsRestrictedTo() throws Exception {
        start(script().fault(Fault.NO_REPLY, "SIZE"));
        client.command("NOOP", 200);
        client.wait(SOON).send("SIZE a.bin");
        assertThatThrownBy(client::readReply).isInstanceOf(SocketTimeoutException.class);
    }

    @Test
    void lateReply_comesWhenItIsReleased() throws Exception {
        start(script().fault(Fault.LATE_REPLY));
        client.send("NOOP");
        server.awaitCommand("NOOP", ScriptedClient.WAIT);
        client.wait(SOON);
        assertThatThrownBy(client::readReply).isInstanceOf(SocketTimeoutException.class);
        server.releaseReplies();
        client.wait(ScriptedClient.WAIT).expect(200);
    }

    @Test
    void lineOf10MiB_isThatLong() throws Exception {
        start(script().fault(Fault.LINE_OF_10_MIB));
        assertThat(client.command("NOOP", 200).text()).hasSize(10 << 20);
    }

    @Test
    void endlessReply_goesOnAfterAMillionLines() throws Exception {
        start(script().fault(Fault.ENDLESS_REPLY, "FEAT"));
        client.send("FEAT");
        byte[] some = client.socket().getInputStream().readNBytes(20 << 20);
        assertThat(some).hasSize(20 << 20);
        assertThat(Arrays.copyOf(some, 4)).isEqualTo(new byte[] {'2', '1', '1', '-'});
    }

    @Test
    void strangerConnectsFirst_inActiveMode() throws Exception {
        start(script().fault(Fault.STRANGER_CONNECTS_FIRST));
        try (ServerSocket port = client.active("PORT")) {
            client.command("RETR a.bin", 150);
            try (Socket first = port.accept();
                    Socket second = port.accept()) {
                assertThat(first.getInetAddress().getHostAddress()).isEqualTo("127.0.0.2");
                assertThat(ScriptedClient.readAll(second)).hasSize(300_000);
            }
        }
        client.expect(226);
    }

    @Test
    void greetingFaults_areAllThereIs() throws Exception {
        server = script().fault(Fault.NO_BANNER).start();
        client = ScriptedClient.connect(server.address());
        client.wait(SOON);
        assertThatThrownBy(client::readReply).isInstanceOf(SocketTimeoutException.class);
        close();
        server = script().fault(Fault.BUSY_BANNER).start();
        client = ScriptedClient.connect(server.address());
        client.expect(421);
        client.expectClosed();
        close();
        server = script().fault(Fault.CLOSED_BEFORE_BANNER).start();
        client = ScriptedClient.connect(server.address());
        assertThatThrownBy(client::readReply).isInstanceOf(EOFException.class);
    }
}
