package dev.portside.client;

import static dev.portside.client.Clients.SHORT;
import static dev.portside.client.Clients.commandsAfterLogin;
import static dev.portside.client.Clients.download;
import static dev.portside.client.Clients.loggedIn;
import static dev.portside.client.Clients.upload;
import static dev.portside.client.Clients.verbsAfterLogin;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portside.client.FtpDataConnectionException.Attempt;
import dev.portside.client.FtpDataConnectionException.Outcome;
import dev.portside.protocol.HostPort;
import dev.portside.protocol.PortRange;
import dev.portside.testkit.Content;
import dev.portside.testkit.Fault;
import dev.portside.testkit.LeakCheckExtension;
import dev.portside.testkit.ScriptedServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@SuppressWarnings("try")
@ExtendWith(LeakCheckExtension.class)
class UserDTPTest {
    private static final byte[] BYTES = new Content(100_000, 2).bytes();

    private static ScriptedServer.Script script(Fault... faults) {
        ScriptedServer.Script script = ScriptedServer.script().file("a", BYTES);
        for (Fault fault : faults) {
            script.fault(fault);
        }
        return script;
    }

    private static FtpDataConnectionException failure(FtpClient client) {
        FtpDataConnectionException failure =
                catchThrowableOfType(FtpDataConnectionException.class, () -> client.retrieve("a"));
        assertThat(failure).isNotNull();
        return failure;
    }

    @ParameterizedTest
    @EnumSource
    void everyMode_downloadsUploadsAndLists(DataMode mode) throws Exception {
        Clients.Recorder recorder = new Clients.Recorder();
        try (ScriptedServer server = script().start();
                FtpClient client =
                        loggedIn(server, options -> options.mode(mode).listener(recorder))) {
            assertThat(download(client, "a")).isEqualTo(BYTES);
            upload(client, "b", BYTES);
            assertThat(server.stored("b")).isEqualTo(BYTES);
            assertThat(client.list().entries()).hasSize(2);
            assertThat(recorder.connections).hasSize(3);
            DataConnectionEvent event = recorder.connections.getFirst();
            assertThat(event.mode().isActive()).isEqualTo(mode.isActive());
            assertThat(event.listener()).isEqualTo(mode.isActive() ? event.local() : event.remote());
            assertThat(event.command().verb()).isEqualTo(event.mode().name());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"AUTO", "PASSIVE", "ACTIVE", "EPSV", "EPRT"})
    void everyModeForIpv6_works(DataMode mode) throws Exception {
        try (ScriptedServer server = script().bind(InetAddress.ofLiteral("::1")).start();
                FtpClient client = loggedIn(server, options -> options.mode(mode))) {
            assertThat(download(client, "a")).isEqualTo(BYTES);
        }
    }

    @Test
    void port_overIpv6_saysWhyNot() throws Exception {
        try (ScriptedServer server = script().bind(InetAddress.ofLiteral("::1")).start();
                FtpClient client = loggedIn(server, options -> options.mode(DataMode.PORT))) {
            assertThat(failure(client)).hasMessageContaining("PORT cannot name the IPv6 address");
            assertThat(verbsAfterLogin(server)).containsExactly("TYPE");
        }
    }

    // AUTO moves on

    @Test
    void epsvRefused_pasvIsTried_andRemembered() throws Exception {
        try (ScriptedServer server = script(Fault.EPSV_REFUSED).start();
                FtpClient client = loggedIn(server)) {
            assertThat(download(client, "a")).isEqualTo(BYTES);
            assertThat(download(client, "a")).isEqualTo(BYTES);
            assertThat(verbsAfterLogin(server)).containsExactly("TYPE", "EPSV", "PASV", "RETR", "PASV", "RETR");
        }
    }

    @Test
    void whatWorked_isRememberedForTheNextClient_andForgottenWhenItFails() throws Exception {
        try (ScriptedServer server =
                script(Fault.EPSV_REFUSED).replyOnce("PASV", "500 no").start()) {
            try (FtpClient client = loggedIn(server)) {
                assertThat(download(client, "a")).isEqualTo(BYTES);
            }
            assertThat(server.verbs()).containsSubsequence("EPSV", "PASV", "EPRT", "RETR");
            FtpClientOptions options = Clients.options(server).build();
            assertThat(ProcessMemory.INSTANCE.recall(route(server))).isEqualTo(DataMode.EPRT);
            int before = server.verbs().size();
            try (FtpClient second = FtpClient.connect(options)) {
                second.login();
                assertThat(download(second, "a")).isEqualTo(BYTES);
                assertThat(server.verbs().subList(before, server.verbs().size()))
                        .containsExactly("USER", "PASS", "TYPE", "EPRT", "RETR");
            }
        }
    }

    private static DataModeMemory.Route route(ScriptedServer server) {
        InetAddress here = server.address().getAddress();
        return new DataModeMemory.Route(here.getHostAddress(), server.port(), here, false, "");
    }

    @Test
    void epsvWithoutPort_pasvIsTried() throws Exception {
        try (ScriptedServer server = script(Fault.EPSV_MALFORMED).start();
                FtpClient client = loggedIn(server)) {
            assertThat(download(client, "a")).isEqualTo(BYTES);
        }
    }

    @Test
    void epsvAnsweredButUnreachable_pasvIsTried() throws Exception {
        Clients.Recorder recorder = new Clients.Recorder();
        try (ScriptedServer server = script(Fault.EPSV_UNREACHABLE).start();
                FtpClient client = loggedIn(server, options -> options.listener(recorder))) {
            assertThat(download(client, "a")).isEqualTo(BYTES);
            assertThat(recorder.events).contains("failed EPSV REFUSED", "data PASV");
        }
    }

    @Test
    void passiveUnreachable_activeIsTried() throws Exception {
        try (ScriptedServer server = script(Fault.PASSIVE_UNREACHABLE).start();
                FtpClient client = loggedIn(server)) {
            assertThat(download(client, "a")).isEqualTo(BYTES);
            assertThat(verbsAfterLogin(server)).containsExactly("TYPE", "EPSV", "PASV", "EPRT", "RETR");
        }
    }

    @Test
    void passiveDropped_activeIsTriedAfterAShortWait() throws Exception {
        Clients.Recorder recorder = new Clients.Recorder();
        try (ScriptedServer server = script(Fault.PASSIVE_BLACK_HOLE).start();
                FtpClient client = loggedIn(
                        server, options -> options.dataConnectTimeout(SHORT).listener(recorder))) {
            assertThat(download(client, "a")).isEqualTo(BYTES);
            assertThat(recorder.events).contains("failed EPSV TIMED_OUT", "failed PASV TIMED_OUT", "data EPRT");
        }
    }

    @Test
    void eprtRefused_portIsTried() throws Exception {
        try (ScriptedServer server =
                        script(Fault.PASSIVE_UNREACHABLE, Fault.EPRT_REFUSED).start();
                FtpClient client = loggedIn(server)) {
            assertThat(download(client, "a")).isEqualTo(BYTES);
            assertThat(verbsAfterLogin(server)).endsWith("EPRT", "PORT", "RETR");
        }
    }

    @Test
    void a425_movesOn_andAnOffsetIsSentAgain() throws Exception {
        try (ScriptedServer server = script().replyOnce("RETR", "425 your address is another one here")
                        .start();
                FtpClient client = loggedIn(server)) {
            assertThat(download(client, "a", 90_000)).isEqualTo(new Content(100_000, 2).bytes(90_000, 100_000));
            assertThat(commandsAfterLogin(server))
                    .containsExactly(
                            "TYPE I", "SIZE a", "EPSV", "REST 90000", "RETR a", "PASV", "REST 90000", "RETR a");
        }
    }

    @Test
    void a425Behind150_isTheDataConnectionToo_andTheModeIsForgotten() throws Exception {
        try (ScriptedServer server = script().once("RETR", (session, line) -> {
                            session.send("150 opening the data channel");
                            session.data().open();
                            session.data().close();
                            session.send("425 cannot open the data channel");
                        })
                        .start();
                FtpClient client = loggedIn(server, options -> options.mode(DataMode.PASSIVE))) {
            ProcessMemory.INSTANCE.remember(route(server), DataMode.PASV);
            assertThatThrownBy(() -> download(client, "a"))
                    .isInstanceOfSatisfying(FtpDataConnectionException.class, failed -> {
                        assertThat(failed.attempts())
                                .singleElement()
                                .satisfies(attempt ->
                                        assertThat(attempt.outcome()).isEqualTo(Outcome.SERVER_HAS_NO_CONNECTION));
                        assertThat(failed)
                                .hasMessageContaining("then RETR: 425 cannot open the data channel")
                                .hasMessageContaining("another address than the control connection");
                    });
            client.list();
            assertThat(verbsAfterLogin(server)).endsWith("EPSV", "MLSD");
        }
    }

    @Test
    void aRefusalOfTheFile_doesNotMoveOn() throws Exception {
        try (ScriptedServer server = script().start();
                FtpClient client = loggedIn(server)) {
            assertThatThrownBy(() -> client.retrieve("none"))
                    .isInstanceOf(FtpReplyException.class)
                    .hasMessage("RETR none: 550 none: no such file");
            assertThat(verbsAfterLogin(server)).containsExactly("TYPE", "EPSV", "RETR");
            assertThat(download(client, "a")).isEqualTo(BYTES);
        }
    }

    @Test
    void aRefusalOfTheFileInActiveMode_endsTheWait() throws Exception {
        try (ScriptedServer server = script().start();
                FtpClient client = loggedIn(
                        server, options -> options.mode(DataMode.EPRT).dataConnectTimeout(Duration.ofMinutes(5)))) {
            assertThatThrownBy(() -> client.retrieve("none")).isInstanceOf(FtpReplyException.class);
            assertThat(download(client, "a")).isEqualTo(BYTES);
        }
    }

    @Test
    void notLoggedIn_doesNotMoveOn() throws Exception {
        try (ScriptedServer server = script().reply("EPSV", "530 log in first").start();
                FtpClient client = loggedIn(server)) {
            assertThatThrownBy(() -> client.retrieve("a"))
                    .isInstanceOf(FtpReplyException.class)
                    .hasMessage("EPSV: 530 log in first");
        }
    }

    // The address in 227

    @Test
    void a227WithAForeignAddress_isNotFollowed() throws Exception {
        Clients.Recorder recorder = new Clients.Recorder();
        try (ScriptedServer server = script(Fault.PASSIVE_ADDRESS_FOREIGN).start();
                FtpClient client =
                        loggedIn(server, options -> options.mode(DataMode.PASV).listener(recorder))) {
            assertThat(download(client, "a")).isEqualTo(BYTES);
            assertThat(recorder.connections.getFirst().remote().getAddress())
                    .isEqualTo(server.address().getAddress());
        }
    }

    @Test
    void a227WithAForeignAddress_isFollowedOnRequest() throws Exception {
        try (ServerSocket elsewhere = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.3"));
                ScriptedServer server = script().reply(
                                "PASV",
                                "227 here: 127,0,0,3," + (elsewhere.getLocalPort() >> 8) + ","
                                        + (elsewhere.getLocalPort() & 0xff))
                        .reply("RETR", "150 begins", "226 done")
                        .start();
                FtpClient client =
                        loggedIn(server, options -> options.mode(DataMode.PASV).trustPassiveAddress(true))) {
            Download download = client.retrieve("a");
            elsewhere.accept().close();
            assertThat(download.inputStream().readAllBytes()).isEmpty();
            download.close();
        }
    }

    @Test
    void a227WithZeroes_orWithoutParentheses_works() throws Exception {
        for (Fault fault : List.of(Fault.PASSIVE_ADDRESS_ZERO, Fault.PASSIVE_WITHOUT_PARENTHESES)) {
            try (ScriptedServer server = script(fault).start();
                    FtpClient client = loggedIn(
                            server, options -> options.mode(DataMode.PASV).trustPassiveAddress(true))) {
                assertThat(download(client, "a")).isEqualTo(BYTES);
            }
        }
    }

    // Active mode

    @Test
    void active_listensInTheRange_andNamesTheExternalAddress() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        try (ScriptedServer server = script().on("EPRT", (session, line) -> {
                            // As behind a NAT that forwards the port.
                            session.data().target(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                            session.send("200 okay");
                        })
                        .start();
                FtpClient client = loggedIn(
                        server,
                        options -> options.mode(DataMode.EPRT)
                                .activePorts(new PortRange(port, port))
                                .activeAddress(InetAddress.ofLiteral("192.0.2.77")))) {
            assertThat(download(client, "a")).isEqualTo(BYTES);
            assertThat(commandsAfterLogin(server)).contains("EPRT |1|192.0.2.77|" + port + "|");
        }
    }

    @Test
    void active_everyPortOfTheRangeTaken_saysSo() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ScriptedServer server = script().start();
                FtpClient client = loggedIn(
                        server,
                        options -> options.mode(DataMode.EPRT)
                                .activePorts(new PortRange(taken.getLocalPort(), taken.getLocalPort())))) {
            FtpDataConnectionException failure = failure(client);
            assertThat(failure.attempts()).extracting(Attempt::outcome).containsExactly(Outcome.NO_FREE_PORT);
            assertThat(failure).hasMessageContaining("Make the range wider");
        }
    }

    @Test
    void active_aStrangerIsTurnedAway_andTheWaitGoesOn() throws Exception {
        try (ScriptedServer server = script(Fault.STRANGER_CONNECTS_FIRST).start();
                FtpClient client = loggedIn(server, options -> options.mode(DataMode.EPRT))) {
            assertThat(download(client, "a")).isEqualTo(BYTES);
        }
    }

    @Test
    void active_onlyAStrangerConnects_isTold() throws Exception {
        AtomicInteger port = new AtomicInteger();
        try (ScriptedServer server = script().on("EPRT", (session, line) -> {
                            port.set(HostPort.parseEprt(line.substring(5)).port());
                            session.send("200 okay");
                        })
                        .on("RETR", (session, line) -> {
                            session.send("150 begins");
                            try (Socket stranger = new Socket()) {
                                stranger.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.2"), 0));
                                stranger.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port.get()));
                                session.expect("ABOR");
                            }
                            session.send("426 aborted", "226 aborted");
                        })
                        .start();
                FtpClient client =
                        loggedIn(server, options -> options.mode(DataMode.EPRT).dataConnectTimeout(SHORT))) {
            FtpDataConnectionException failure = failure(client);
            assertThat(failure.attempts()).extracting(Attempt::outcome).containsExactly(Outcome.WRONG_PEER);
            assertThat(failure).hasMessageContaining("only 127.0.0.2:").hasMessageContaining("another host than");
        }
    }

    @Test
    void active_nobodyConnects_isAbortedAndTold_andTheSessionGoesOn() throws Exception {
        try (ScriptedServer server = script(Fault.ACTIVE_NEVER_CONNECTS).start();
                FtpClient client = loggedIn(
                        server, options -> options.mode(DataMode.ACTIVE).dataConnectTimeout(SHORT))) {
            FtpDataConnectionException failure = failure(client);
            assertThat(failure.attempts())
                    .extracting(Attempt::outcome)
                    .containsExactly(Outcome.TIMED_OUT, Outcome.TIMED_OUT);
            assertThat(failure).hasMessageContaining("Open the ports for active mode in this client's firewall");
            assertThat(client.isOpen()).isTrue();
            assertThat(client.size("a")).isEqualTo(100_000);
        }
    }

    @Test
    void anAbortFromAnotherThread_endsTheWaitForTheServer() throws Exception {
        try (ScriptedServer server = script(Fault.ACTIVE_NEVER_CONNECTS).start();
                FtpClient client = loggedIn(
                        server, options -> options.mode(DataMode.EPRT).dataConnectTimeout(Duration.ofMinutes(5)))) {
            Thread aborter = Thread.ofVirtual().start(() -> {
                try {
                    server.awaitCommand("RETR", Clients.SOON);
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                }
                client.abort();
            });
            assertThatThrownBy(() -> client.retrieve("a"))
                    .isInstanceOf(IOException.class)
                    .hasMessage("RETR a: aborted before it began");
            aborter.join();
            assertThat(client.size("a")).isEqualTo(100_000);
        }
    }

    // Nothing works

    @Test
    void whenAllFail_theExceptionTellsEachAttempt_andWhatToChange() throws Exception {
        try (ScriptedServer server = script(
                                Fault.EPSV_REFUSED,
                                Fault.PASSIVE_UNREACHABLE,
                                Fault.PASSIVE_ADDRESS_FOREIGN,
                                Fault.EPRT_REFUSED,
                                Fault.ACTIVE_CANNOT_CONNECT)
                        .start();
                FtpClient client = loggedIn(server)) {
            FtpDataConnectionException failure = failure(client);
            assertThat(failure.attempts())
                    .extracting(Attempt::outcome)
                    .containsExactly(
                            Outcome.COMMAND_REFUSED,
                            Outcome.REFUSED,
                            Outcome.COMMAND_REFUSED,
                            Outcome.SERVER_HAS_NO_CONNECTION);
            Attempt pasv = failure.attempts().get(1);
            assertThat(pasv.listener().getAddress()).isEqualTo(server.address().getAddress());
            assertThat(pasv.reply().code().value()).isEqualTo(227);
            assertThat(failure.getMessage().lines().toList())
                    .satisfiesExactly(
                            line -> assertThat(line).isEqualTo("RETR a: no data connection could be made"),
                            line -> assertThat(line)
                                    .startsWith("  EPSV: 500 EPSV is not understood: refused by the server"),
                            line -> assertThat(line)
                                    .startsWith("  PASV: 227 Entering Passive Mode (192,0,2,1,")
                                    .contains("the connection to 127.0.0.1:"
                                            + pasv.remote().getPort() + " was refused")
                                    .contains("; 227 names 192.0.2.1:"),
                            line -> assertThat(line).startsWith("  EPRT: 500"),
                            line -> assertThat(line)
                                    .startsWith("  PORT: 200 PORT okay: then RETR: 425 cannot connect to you"),
                            line -> assertThat(line).isEqualTo("What to change:"),
                            line -> assertThat(line)
                                    .startsWith("  Passive: 127.0.0.1:"
                                            + pasv.remote().getPort() + " refuses."),
                            line -> assertThat(line).startsWith("  Passive: 227 names another host, 192.0.2.1."),
                            line -> assertThat(line).startsWith("  Active: the server cannot connect to 127.0.0.1:"));
            assertThat(client.size("a")).isEqualTo(100_000);
        }
    }
}
