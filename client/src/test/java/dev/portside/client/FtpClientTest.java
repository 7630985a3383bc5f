package dev.portside.client;

import static dev.portside.client.Clients.commandsAfterLogin;
import static dev.portside.client.Clients.download;
import static dev.portside.client.Clients.loggedIn;
import static dev.portside.client.Clients.upload;
import static dev.portside.client.Clients.verbsAfterLogin;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portside.protocol.Command;
import dev.portside.protocol.NameCharset;
import dev.portside.protocol.ReplyCode;
import dev.portside.protocol.RepresentationType;
import dev.portside.protocol.TransmissionMode;
import dev.portside.testkit.Content;
import dev.portside.testkit.Fault;
import dev.portside.testkit.LeakCheckExtension;
import dev.portside.testkit.ScriptedServer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@SuppressWarnings("try")
@ExtendWith(LeakCheckExtension.class)
class FtpClientTest {
    private static final byte[] BYTES = new Content(1000, 1).bytes();

    // Connecting

    @Test
    void connect_readsTheGreeting() throws Exception {
        try (ScriptedServer server = ScriptedServer.script()
                        .greeting("220-hello\n220 here I am")
                        .start();
                FtpClient client = FtpClient.connect(Clients.options(server).build())) {
            assertThat(client.greeting().lines()).containsExactly("hello", "here I am");
            assertThat(client.remoteAddress()).isEqualTo(server.address());
            assertThat(client.isOpen()).isTrue();
        }
    }

    @Test
    void connect_waitsBehindA120() throws Exception {
        try (ScriptedServer server = ScriptedServer.script()
                        .greeting("120 ready in 1 minute\n220 ready")
                        .start();
                FtpClient client = FtpClient.connect(Clients.options(server).build())) {
            assertThat(client.greeting().code()).isEqualTo(ReplyCode.SERVICE_READY_220);
        }
    }

    @Test
    void connect_toABusyServer_isItsReply() throws Exception {
        try (ScriptedServer server =
                ScriptedServer.script().fault(Fault.BUSY_BANNER).start()) {
            assertThatThrownBy(() -> FtpClient.connect(Clients.options(server).build()))
                    .isInstanceOfSatisfying(
                            FtpReplyException.class,
                            busy -> assertThat(busy.code()).isEqualTo(ReplyCode.SERVICE_NOT_AVAILABLE_421))
                    .hasMessage("greeting: 421 too many users, try again later");
        }
    }

    @Test
    void connect_withoutGreeting_endsInTime() throws Exception {
        try (ScriptedServer server =
                ScriptedServer.script().fault(Fault.NO_BANNER).start()) {
            FtpClientOptions options =
                    Clients.options(server).greetingTimeout(Clients.SHORT).build();
            assertThatThrownBy(() -> FtpClient.connect(options))
                    .isInstanceOf(SocketTimeoutException.class)
                    .hasMessage("greeting: no greeting within 0.3 s");
        }
    }

    @Test
    void connect_closedBeforeTheGreeting_isAnIOException() throws Exception {
        try (ScriptedServer server =
                ScriptedServer.script().fault(Fault.CLOSED_BEFORE_BANNER).start()) {
            assertThatThrownBy(() -> FtpClient.connect(Clients.options(server).build()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("the server closed the control connection");
        }
    }

    @Test
    void connect_toSomethingElse_isAProtocolException() throws Exception {
        try (ScriptedServer server =
                ScriptedServer.script().greeting("SSH-2.0-OpenSSH_9.9").start()) {
            assertThatThrownBy(() -> FtpClient.connect(Clients.options(server).build()))
                    .isInstanceOf(FtpProtocolException.class)
                    .hasMessage("greeting: not a reply: \"SSH-2.0-OpenSSH_9.9\"");
        }
    }

    @Test
    void connect_whereNobodyListens_tellsTheAddress() throws Exception {
        try (Socket bound = new Socket()) {
            bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            FtpClientOptions options = FtpClientOptions.builder("127.0.0.1")
                    .port(bound.getLocalPort())
                    .build();
            assertThatThrownBy(() -> FtpClient.connect(options))
                    .isInstanceOf(ConnectException.class)
                    .hasMessage(
                            "cannot connect to 127.0.0.1: 127.0.0.1:" + bound.getLocalPort() + ": connection refused");
        }
    }

    @Test
    void connect_whereNothingAnswers_endsInTime() throws Exception {
        // A queue that is full: the kernel drops what comes.
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                SocketChannel first = SocketChannel.open();
                SocketChannel second = SocketChannel.open();
                SocketChannel third = SocketChannel.open()) {
            for (SocketChannel filler : List.of(first, second, third)) {
                filler.configureBlocking(false);
                filler.connect(full.getLocalSocketAddress());
            }
            FtpClientOptions options = FtpClientOptions.builder("127.0.0.1")
                    .port(full.getLocalPort())
                    .connectTimeout(Clients.SHORT)
                    .build();
            assertThatThrownBy(() -> FtpClient.connect(options))
                    .isInstanceOf(ConnectException.class)
                    .hasMessageEndingWith(": no answer within 0.3 s");
        }
    }

    @Test
    void connect_byName_triesEachAddress() throws Exception {
        try (ScriptedServer server = ScriptedServer.script().start();
                FtpClient client = FtpClient.connect(FtpClientOptions.builder("localhost")
                        .port(server.port())
                        .build())) {
            assertThat(client.remoteAddress()).isEqualTo(server.address());
        }
    }

    @Test
    void connect_toAnUnknownHost_saysSo() {
        FtpClientOptions options = FtpClientOptions.builder("no-such-host.invalid")
                .dnsTimeout(Duration.ofSeconds(30))
                .build();
        assertThatThrownBy(() -> FtpClient.connect(options))
                .isInstanceOf(UnknownHostException.class)
                .hasMessageStartingWith("no-such-host.invalid: ");
    }

    @Test
    void connect_overIpv6() throws Exception {
        try (ScriptedServer server = ScriptedServer.script()
                        .bind(InetAddress.ofLiteral("::1"))
                        .file("a", BYTES)
                        .start();
                FtpClient client = loggedIn(server)) {
            assertThat(download(client, "a")).isEqualTo(BYTES);
            assertThat(verbsAfterLogin(server)).containsExactly("TYPE", "EPSV", "RETR");
        }
    }

    // Login

    @Test
    void login_sendsUserAndPass() throws Exception {
        try (ScriptedServer server = ScriptedServer.script().start();
                FtpClient client = FtpClient.connect(Clients.options(server).build())) {
            client.login();
            assertThat(server.commands()).containsExactly("USER anonymous", "PASS anonymous@");
        }
    }

    @Test
    void login_withoutPassword_whenTheServerAsksForNone() throws Exception {
        try (ScriptedServer server =
                        ScriptedServer.script().reply("USER", "230 come in").start();
                FtpClient client = FtpClient.connect(Clients.options(server).build())) {
            client.login("user", "secret");
            assertThat(server.commands()).containsExactly("USER user");
        }
    }

    @Test
    void login_refused_isTheReplyAndHidesThePassword() throws Exception {
        try (ScriptedServer server = ScriptedServer.script()
                        .replyOnce("PASS", "530 wrong password")
                        .start();
                FtpClient client = FtpClient.connect(Clients.options(server).build())) {
            assertThatThrownBy(() -> client.login("user", "secret"))
                    .isInstanceOf(FtpReplyException.class)
                    .hasMessage("PASS ****: 530 wrong password");
            client.login("user", "right");
            assertThat(client.isOpen()).isTrue();
        }
    }

    @Test
    void login_whereAnAccountIsWanted_saysSo_orSendsIt() throws Exception {
        try (ScriptedServer server = ScriptedServer.script()
                        .reply("PASS", "332 account, please")
                        .reply("ACCT", "230 welcome")
                        .start();
                FtpClient client = FtpClient.connect(Clients.options(server).build())) {
            assertThatThrownBy(() -> client.login("user", "secret"))
                    .isInstanceOfSatisfying(
                            FtpReplyException.class,
                            wanted -> assertThat(wanted.code()).isEqualTo(ReplyCode.NEED_ACCOUNT_332))
                    .hasMessageContaining("the server wants an account");
            client.login("user", "secret", "42");
            assertThat(server.commands()).endsWith("ACCT 42");
        }
    }

    // How many commands

    @Test
    void aSmallDownload_costsTwoCommands_andTypeOnce() throws Exception {
        try (ScriptedServer server = ScriptedServer.script()
                        .file("a", BYTES)
                        .file("b", BYTES)
                        .start();
                FtpClient client = loggedIn(server)) {
            assertThat(download(client, "a")).isEqualTo(BYTES);
            assertThat(download(client, "b")).isEqualTo(BYTES);
            upload(client, "c", BYTES);
            assertThat(commandsAfterLogin(server))
                    .containsExactly("TYPE I", "EPSV", "RETR a", "EPSV", "RETR b", "EPSV", "STOR c");
            assertThat(server.stored("c")).isEqualTo(BYTES);
        }
    }

    @Test
    void feat_isAskedOnce_andOnlyWhenItIsNeeded() throws Exception {
        try (ScriptedServer server = ScriptedServer.script().file("a", BYTES).start();
                FtpClient client = loggedIn(server)) {
            assertThat(client.features().has("mlst")).isTrue();
            assertThat(client.features().parameters("REST")).isEqualTo(Optional.of("STREAM"));
            client.list();
            client.list("sub");
            assertThat(verbsAfterLogin(server)).containsExactly("FEAT", "OPTS", "EPSV", "MLSD", "EPSV", "MLSD");
        }
    }

    @Test
    void feat_unknownToTheServer_isNoFeatures() throws Exception {
        try (ScriptedServer server = ScriptedServer.script().features().start();
                FtpClient client = loggedIn(server)) {
            assertThat(client.features().names()).isEmpty();
        }
    }

    @Test
    void aNameThatIsNotAscii_makesTheClientAskForUtf8First() throws Exception {
        try (ScriptedServer server = ScriptedServer.script().file("日本語", BYTES).start();
                FtpClient client = loggedIn(server)) {
            assertThat(download(client, "日本語")).isEqualTo(BYTES);
            assertThat(commandsAfterLogin(server))
                    .containsExactly("TYPE I", "FEAT", "OPTS UTF8 ON", "EPSV", "RETR 日本語");
        }
    }

    @Test
    void type_isSentWhenItChanges() throws Exception {
        try (ScriptedServer server = ScriptedServer.script()
                        .file("a", "one\r\ntwo\r\n".getBytes(StandardCharsets.US_ASCII))
                        .start();
                FtpClient client = loggedIn(server)) {
            client.type(RepresentationType.ASCII);
            assertThat(download(client, "a")).asString().isEqualTo("one\ntwo\n");
            client.type(RepresentationType.IMAGE);
            assertThat(download(client, "a")).asString().isEqualTo("one\r\ntwo\r\n");
            assertThat(verbsAfterLogin(server)).containsExactly("TYPE", "EPSV", "RETR", "TYPE", "EPSV", "RETR");
        }
    }

    // One operation at a time

    @Test
    void aCommandWhileADownloadIsOpen_isAMistakeOfTheCaller() throws Exception {
        try (ScriptedServer server = ScriptedServer.script().file("a", BYTES).start();
                FtpClient client = loggedIn(server)) {
            try (Download download = client.retrieve("a")) {
                assertThatThrownBy(() -> client.size("a"))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage("SIZE a: the client is busy with RETR a, close it first");
                assertThatThrownBy(download::result)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage("RETR a: it is still open: close it first");
                assertThat(download.inputStream().readAllBytes()).isEqualTo(BYTES);
            }
            assertThat(client.size("a")).isEqualTo(1000);
        }
    }

    @Test
    void aNameWithALineEnd_isNeverSent() throws Exception {
        try (ScriptedServer server = ScriptedServer.script().start();
                FtpClient client = loggedIn(server)) {
            assertThatThrownBy(() -> client.delete("a\r\nDELE b")).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> client.retrieve("a\nb")).isInstanceOf(IllegalArgumentException.class);
            assertThat(verbsAfterLogin(server)).isEmpty();
            client.execute(new Command.Noop());
        }
    }

    @Test
    void aNameThatTheCharsetLacks_isNeverSent() throws Exception {
        try (ScriptedServer server = ScriptedServer.script().start();
                FtpClient client =
                        loggedIn(server, options -> options.charset(new NameCharset(StandardCharsets.ISO_8859_1)))) {
            assertThatThrownBy(() -> client.retrieve("日本")).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> client.delete("日本")).isInstanceOf(IllegalArgumentException.class);
            client.execute(new Command.Noop());
            assertThat(verbsAfterLogin(server)).endsWith("NOOP");
        }
    }

    @Test
    void execute_refusesWhatBelongsToTransfers() throws Exception {
        try (ScriptedServer server = ScriptedServer.script().start();
                FtpClient client = loggedIn(server)) {
            for (Command command : List.of(
                    new Command.Retr("a"),
                    new Command.Rest(5),
                    new Command.Abor(),
                    new Command.Auth("TLS"),
                    new Command.Mode(TransmissionMode.BLOCK),
                    new Command.Unknown("retr", "a"))) {
                assertThatThrownBy(() -> client.execute(command)).isInstanceOf(IllegalArgumentException.class);
            }
            assertThat(client.execute(new Command.Syst()).text()).isEqualTo("UNIX Type: L8");
            assertThatThrownBy(() -> client.execute(new Command.Unknown("XYZZY", "")))
                    .isInstanceOf(FtpReplyException.class);
        }
    }

    @Test
    void close_saysQuit_andTheSecondTimeNothing() throws Exception {
        Clients.Recorder recorder = new Clients.Recorder();
        try (ScriptedServer server = ScriptedServer.script().start();
                FtpClient client = loggedIn(server, options -> options.listener(recorder))) {
            client.close();
            client.close();
            assertThat(server.verbs()).endsWith("QUIT");
            assertThat(client.isOpen()).isFalse();
            assertThatThrownBy(() -> client.size("a"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("the client is closed");
            assertThat(recorder.events).containsOnlyOnce("closed");
        }
    }

    @Test
    void close_withAnOpenDownload_abortsIt() throws Exception {
        try (ScriptedServer server = ScriptedServer.script()
                        .file("a", BYTES)
                        .fault(Fault.HANG_IN_MID_TRANSFER)
                        .start();
                FtpClient client = loggedIn(server)) {
            client.retrieve("a");
            client.close();
            assertThat(server.verbs()).endsWith("ABOR", "QUIT");
        }
    }

    @Test
    void theListener_isToldEverything_andNoPassword() throws Exception {
        Clients.Recorder recorder = new Clients.Recorder();
        try (ScriptedServer server = ScriptedServer.script().file("a", BYTES).start();
                FtpClient client = loggedIn(server, options -> options.listener(recorder))) {
            download(client, "a");
        }
        assertThat(recorder.events)
                .containsExactly(
                        "connecting",
                        "connected",
                        "< 220",
                        "> USER user",
                        "< 331",
                        "> PASS ****",
                        "< 230",
                        "> TYPE I",
                        "< 200",
                        "> EPSV",
                        "< 229",
                        "data EPSV",
                        "> RETR a",
                        "< 150",
                        "< 226",
                        "finished RETR 1000 REPLY",
                        "> QUIT",
                        "< 221",
                        "closed");
        DataConnectionEvent event = recorder.connections.getFirst();
        assertThat(event.connector()).isEqualTo(event.local());
        assertThat(event.transfer()).isEqualTo(new Command.Retr("a"));
    }
}
