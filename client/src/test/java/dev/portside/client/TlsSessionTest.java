package dev.portside.client;

import static dev.portside.client.Clients.download;
import static dev.portside.client.Clients.upload;
import static dev.portside.client.Clients.verbsAfterLogin;
import static dev.portside.client.TlsScripts.connect;
import static dev.portside.client.TlsScripts.context;
import static dev.portside.client.TlsScripts.loggedIn;
import static dev.portside.client.TlsScripts.script;
import static dev.portside.client.TlsScripts.trusting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portside.client.FtpCertificateException.Reason;
import dev.portside.client.FtpDataConnectionException.Outcome;
import dev.portside.protocol.Command;
import dev.portside.protocol.ProtectionLevel;
import dev.portside.protocol.ReplyCode;
import dev.portside.testkit.Content;
import dev.portside.testkit.Fault;
import dev.portside.testkit.LeakCheckExtension;
import dev.portside.testkit.ScriptedServer;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The control connection under TLS, and how data connections are secured. */
@ExtendWith(LeakCheckExtension.class)
class TlsSessionTest {
    private static final byte[] BYTES = new Content(300_000, 3).bytes();

    @ParameterizedTest
    @EnumSource(names = {"EPSV", "EPRT"})
    void explicit_securesBeforeLoginAndProtectsEveryTransfer(DataMode mode) throws Exception {
        TlsScripts.Events events = new TlsScripts.Events();
        try (ScriptedServer server = script().file("a", BYTES).start();
                FtpClient client =
                        loggedIn(server, options -> options.mode(mode).listener(events))) {
            assertThat(server.verbs()).startsWith("AUTH", "USER", "PASS", "PBSZ", "PROT");
            assertThat(server.commands()).contains("AUTH TLS", "PBSZ 0", "PROT P");
            assertThat(download(client, "a")).isEqualTo(BYTES);
            upload(client, "b", BYTES);
            assertThat(server.stored("b")).isEqualTo(BYTES);
            assertThat(client.list().entries()).hasSize(2);
            assertThat(events.data()).hasSize(3).allMatch(TlsStatus::resumed);
            assertThat(client.tls()).hasValueSatisfying(status -> {
                assertThat(status.protocol()).isEqualTo("TLSv1.3");
                assertThat(status.certificate()).isEqualTo(TlsScripts.SERVER.leaf());
                assertThat(status.dataConnection()).isFalse();
            });
        }
    }

    @Test
    void implicit_shakesHandsBeforeTheGreeting() throws Exception {
        try (ScriptedServer server = script().implicitTls(() -> context(TlsScripts.SERVER))
                        .file("a", BYTES)
                        .start();
                FtpClient client = loggedIn(
                        server,
                        options -> options.tls(trusting(TlsMode.IMPLICIT).build()))) {
            assertThat(server.verbs()).startsWith("USER", "PASS", "PBSZ", "PROT");
            assertThat(download(client, "a")).isEqualTo(BYTES);
        }
    }

    @Test
    void implicit_withAServerThatBeginsInTheClear_saysWhatToDo() throws Exception {
        try (ScriptedServer server = script().start()) {
            assertThatThrownBy(() -> connect(
                            server,
                            options -> options.tls(trusting(TlsMode.IMPLICIT).build())))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("127.0.0.1: the TLS handshake failed, ")
                    .hasMessageContaining("use explicit TLS");
        }
    }

    @Test
    void manyTransfers_neverRunOutOfSessions() throws Exception {
        TlsScripts.Events events = new TlsScripts.Events();
        try (ScriptedServer server = script().start();
                FtpClient client = loggedIn(server, options -> options.listener(events))) {
            for (int i = 0; i < 100; i++) {
                upload(client, "f" + i % 3, new byte[] {(byte) i});
            }
            assertThat(events.data()).hasSize(100).allMatch(TlsStatus::resumed);
            assertThat(events.connectedAgain).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"500 what?", "530 log in first", "431 not now"})
    void auto_whereTheServerRefuses_goesOnInTheClearAndTells(String refusal) throws Exception {
        TlsScripts.Events events = new TlsScripts.Events();
        try (ScriptedServer server =
                        script().reply("AUTH", refusal).file("a", BYTES).start();
                FtpClient client = loggedIn(
                        server,
                        options -> options.listener(events)
                                .tls(trusting(TlsMode.AUTO).build()))) {
            assertThat(events.notSecured).containsExactly(refusal);
            assertThat(client.tls()).isEmpty();
            assertThat(download(client, "a")).isEqualTo(BYTES);
            assertThat(server.verbs()).doesNotContain("PBSZ", "PROT");
        }
    }

    @Test
    void auto_whereTheServerOffersTls_usesIt() throws Exception {
        try (ScriptedServer server = script().start();
                FtpClient client = loggedIn(
                        server, options -> options.tls(trusting(TlsMode.AUTO).build()))) {
            assertThat(client.tls()).isPresent();
        }
    }

    @Test
    void auto_withAnotherCertificate_doesNotGoOnInTheClear() throws Exception {
        try (ScriptedServer server =
                script().tls(() -> context(TlsScripts.OTHER)).start()) {
            FtpCertificateException refused = catchThrowableOfType(
                    FtpCertificateException.class,
                    () -> connect(
                            server,
                            options -> options.tls(trusting(TlsMode.AUTO).build())));
            assertThat(refused.reason()).isEqualTo(Reason.UNTRUSTED);
            assertThat(server.verbs()).containsExactly("AUTH");
        }
    }

    @Test
    void auto_withAFailedHandshake_doesNotGoOnInTheClear() throws Exception {
        try (ScriptedServer server = script(Fault.GARBAGE_INSTEAD_OF_HANDSHAKE).start()) {
            assertThatThrownBy(() -> connect(
                            server,
                            options -> options.tls(trusting(TlsMode.AUTO).build())))
                    .isInstanceOf(TlsHandshakeException.class)
                    .hasMessageContaining("127.0.0.1: the TLS handshake failed");
            assertThat(server.verbs()).containsExactly("AUTH");
        }
    }

    @Test
    void explicit_whereTheServerRefuses_isItsReplyWithAdvice() throws Exception {
        try (ScriptedServer server = script().reply("AUTH", "502 no").start()) {
            FtpReplyException refused =
                    catchThrowableOfType(FtpReplyException.class, () -> connect(server, options -> options));
            assertThat(refused.code()).isEqualTo(ReplyCode.COMMAND_NOT_IMPLEMENTED_502);
            assertThat(refused)
                    .hasMessage("AUTH TLS: 502 no (the server does not offer TLS on this port; it may offer"
                            + " implicit TLS, usually on port 990)");
        }
    }

    @Test
    void cleartextBehindTheReplyToAuth_isAnAttack() throws Exception {
        try (ScriptedServer server = script(Fault.CLEARTEXT_BEHIND_AUTH).start()) {
            assertThatThrownBy(() -> connect(server, options -> options))
                    .isInstanceOf(FtpProtocolException.class)
                    .hasMessageContaining("in the clear behind the reply");
            assertThat(server.verbs()).containsExactly("AUTH");
        }
    }

    @Test
    void aHandshakeThatIsNotAnswered_endsInTime() throws Exception {
        try (ScriptedServer server = script(Fault.HANDSHAKE_NEVER_ANSWERED).start()) {
            assertThatThrownBy(() -> connect(
                            server,
                            options -> options.tls(trusting(TlsMode.EXPLICIT)
                                    .handshakeTimeout(Duration.ofMillis(200))
                                    .build())))
                    .hasMessageContaining("the peer did not answer within");
        }
    }

    @Test
    void features_areAskedUnderTls() throws Exception {
        try (ScriptedServer server = script().start();
                FtpClient client = loggedIn(server)) {
            assertThat(client.features().has("MLST")).isTrue();
            assertThat(server.verbs()).containsSubsequence("AUTH", "PASS", "FEAT");
        }
    }

    @Test
    void prot_refused_isNoReasonToSendFilesInTheClear() throws Exception {
        try (ScriptedServer server = script().reply("PROT", "536 no").start();
                FtpClient client = connect(server, options -> options)) {
            assertThatThrownBy(() -> client.login("user", "secret"))
                    .isInstanceOf(FtpReplyException.class)
                    .hasMessageContaining("PROT P: 536 no (the server does not protect data connections");
            assertThatThrownBy(() -> client.retrieve("a")).isInstanceOf(FtpReplyException.class);
            assertThat(server.verbs()).doesNotContain("RETR");
        }
    }

    @Test
    void clearData_isSaidAndDone() throws Exception {
        TlsScripts.Events events = new TlsScripts.Events();
        try (ScriptedServer server = script().file("a", BYTES).start();
                FtpClient client = loggedIn(
                        server,
                        options -> options.listener(events)
                                .tls(trusting(TlsMode.EXPLICIT).clearData(true).build()))) {
            assertThat(download(client, "a")).isEqualTo(BYTES);
            assertThat(server.commands()).contains("PROT C");
            assertThat(events.data()).isEmpty();
        }
    }

    @Test
    void commandsOfTls_areTheClientsOwn() throws Exception {
        try (ScriptedServer server = script().start();
                FtpClient client = loggedIn(server)) {
            for (Command command :
                    new Command[] {new Command.Auth("TLS"), new Command.Prot(ProtectionLevel.CLEAR), new Command.Ccc()
                    }) {
                assertThatThrownBy(() -> client.execute(command))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("is sent by the client itself");
            }
            assertThatThrownBy(() -> client.execute(new Command.Rein()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("connect again");
            assertThat(verbsAfterLogin(server)).containsExactly("PBSZ", "PROT");
        }
    }

    @Test
    void anotherCertificateOnTheDataConnection_isRefused_andTheSessionGoesOn() throws Exception {
        try (ScriptedServer server = script().file("a", BYTES)
                        .fault(Fault.OTHER_CERTIFICATE_ON_DATA, "RETR")
                        .start();
                FtpClient client = loggedIn(server)) {
            FtpCertificateException refused =
                    catchThrowableOfType(FtpCertificateException.class, () -> client.retrieve("a"));
            assertThat(refused.reason()).isEqualTo(Reason.NOT_THE_CONTROL_CERTIFICATE);
            upload(client, "b", BYTES);
            assertThat(server.stored("b")).isEqualTo(BYTES);
            assertThat(server.sessions()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HANDSHAKE_NEVER_ANSWERED", "GARBAGE_INSTEAD_OF_HANDSHAKE"})
    void aDataHandshakeThatFails_isNoReasonForAnotherMode(Fault fault) throws Exception {
        try (ScriptedServer server =
                        script().file("a", BYTES).fault(fault, "RETR").start();
                FtpClient client = loggedIn(
                        server,
                        options -> options.tls(trusting(TlsMode.EXPLICIT)
                                .handshakeTimeout(Duration.ofSeconds(1))
                                .protocols("TLSv1.2")
                                .build()))) {
            FtpDataConnectionException failed =
                    catchThrowableOfType(FtpDataConnectionException.class, () -> client.retrieve("a"));
            assertThat(failed.attempts()).hasSize(1);
            assertThat(failed).hasMessageContaining("TLS: ");
            if (fault == Fault.HANDSHAKE_NEVER_ANSWERED) {
                assertThat(failed.attempts().getFirst().outcome()).isEqualTo(Outcome.TLS_FAILED);
            }
            upload(client, "b", BYTES);
            assertThat(server.stored("b")).isEqualTo(BYTES);
        }
    }

    @Test
    void a421InMidTransfer_isTold() throws Exception {
        try (ScriptedServer server = script().on("RETR", (session, line) -> {
                            session.send("150 here it comes");
                            session.data().open();
                            session.data().send(BYTES);
                            session.send("421 the machine goes down");
                            session.close();
                        })
                        .start();
                FtpClient client = loggedIn(server)) {
            assertThatThrownBy(() -> download(client, "a")).hasMessageContaining("421 the machine goes down");
        }
    }

    @Test
    void keepAlive_goesOverTls() throws Exception {
        try (ScriptedServer server = script().file("a", BYTES)
                        .fault(Fault.HANG_IN_MID_TRANSFER, "RETR")
                        .start();
                FtpClient client = loggedIn(server, options -> options.keepAliveInterval(Duration.ofMillis(20)))) {
            Download download = client.retrieve("a");
            server.awaitCommand("NOOP", 2, Clients.SOON);
            download.close();
            assertThat(client.workingDirectory()).isEqualTo("/");
        }
    }

    @Test
    void abort_inMidTransfer_endsItAndTheSessionGoesOn() throws Exception {
        try (ScriptedServer server = script().file("a", BYTES)
                        .fault(Fault.HANG_IN_MID_TRANSFER, "RETR")
                        .start();
                FtpClient client = loggedIn(server)) {
            Download download = client.retrieve("a");
            CompletableFuture<Void> aborted = CompletableFuture.runAsync(client::abort);
            assertThatThrownBy(() -> download.inputStream().readAllBytes()).hasMessageContaining("aborted");
            aborted.join();
            download.close();
            upload(client, "b", BYTES);
            assertThat(server.stored("b")).isEqualTo(BYTES);
        }
    }
}
