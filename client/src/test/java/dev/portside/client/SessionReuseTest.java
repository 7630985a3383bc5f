package dev.portside.client;

import static dev.portside.client.Clients.download;
import static dev.portside.client.Clients.upload;
import static dev.portside.client.TlsScripts.loggedIn;
import static dev.portside.client.TlsScripts.script;
import static dev.portside.client.TlsScripts.trusting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portside.client.FtpDataConnectionException.Outcome;
import dev.portside.protocol.Command;
import dev.portside.testkit.Content;
import dev.portside.testkit.Fault;
import dev.portside.testkit.LeakCheckExtension;
import dev.portside.testkit.ScriptedServer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the client does when a data connection did not resume the TLS session of the control connection. */
@ExtendWith(LeakCheckExtension.class)
class SessionReuseTest {
    private static final byte[] BYTES = new Content(100_000, 4).bytes();

    @ParameterizedTest
    @EnumSource(names = {"UNRESUMED_REFUSED", "UNRESUMED_ENDS_SESSION"})
    void aRefusal_isAnsweredByAnotherConnectionWithTls12(Fault fault) throws Exception {
        TlsScripts.Events events = new TlsScripts.Events();
        try (ScriptedServer server = script(fault).file("a", BYTES).start();
                FtpClient client = loggedIn(server, options -> options.listener(events))) {
            assertThat(download(client, "a")).isEqualTo(BYTES);
            upload(client, "b", BYTES);
            assertThat(server.stored("b")).isEqualTo(BYTES);
            assertThat(server.sessions()).isEqualTo(2);
            assertThat(events.connectedAgain)
                    .containsExactly(
                            "the server demands that data connections resume the TLS session and does not resume"
                                    + " TLS 1.3: connected again with TLS 1.2");
            assertThat(client.tls().orElseThrow().protocol()).isEqualTo("TLSv1.2");
            assertThat(events.failed).isEmpty();
        }
    }

    @Test
    void anUploadThatWasRefused_isNotSentTwice() throws Exception {
        try (ScriptedServer server = script(Fault.UNRESUMED_REFUSED).start();
                FtpClient client = loggedIn(server)) {
            try (Upload upload = client.append("a")) {
                upload.outputStream().write(BYTES);
            }
            assertThat(server.stored("a")).isEqualTo(BYTES);
        }
    }

    @Test
    void theSession_isWhereItWas() throws Exception {
        try (ScriptedServer server = script(Fault.UNRESUMED_REFUSED)
                        .file("one/three/a", BYTES)
                        .start();
                FtpClient client = loggedIn(server)) {
            client.changeDirectory("/nowhere");
            client.changeDirectory("/one");
            client.changeDirectory("two");
            client.execute(new Command.Cdup());
            client.changeDirectory("three");
            client.execute(new Command.Opts("MLST type;size;"));
            assertThat(download(client, "a")).isEqualTo(BYTES);
            List<String> commands = server.commands();
            List<String> second = commands.subList(commands.lastIndexOf("AUTH TLS"), commands.size());
            assertThat(second)
                    .containsSequence(
                            "AUTH TLS",
                            "USER user",
                            "PASS secret",
                            "OPTS MLST type;size;",
                            "CWD /one",
                            "CWD two",
                            "CDUP",
                            "CWD three",
                            "TYPE I",
                            "PBSZ 0",
                            "PROT P",
                            "EPSV",
                            "RETR a");
        }
    }

    @Test
    void aLongWay_isShortenedByPwd() throws Exception {
        try (ScriptedServer server = script(Fault.UNRESUMED_REFUSED).start();
                FtpClient client = loggedIn(server)) {
            client.changeDirectory("/top");
            for (int i = 0; i < Trail.MAX_DIRECTORIES; i++) {
                client.execute(new Command.Cdup());
            }
            client.changeDirectory("sub");
            client.list();
            List<String> commands = server.commands();
            assertThat(commands.subList(commands.lastIndexOf("AUTH TLS"), commands.size()))
                    .containsSequence("PASS secret", "CWD /", "CWD sub");
        }
    }

    @Test
    void theServer_isRememberedByTheNextClient() throws Exception {
        try (ScriptedServer server =
                script(Fault.UNRESUMED_REFUSED).file("a", BYTES).start()) {
            try (FtpClient client = loggedIn(server)) {
                download(client, "a");
            }
            try (FtpClient client = FtpClient.connect(TlsScripts.options(server).build())) {
                client.login("user", "secret");
                assertThat(client.tls().orElseThrow().protocol()).isEqualTo("TLSv1.2");
                assertThat(download(client, "a")).isEqualTo(BYTES);
            }
            assertThat(server.sessions()).isEqualTo(3);
        }
    }

    @Test
    void aServerThatTakesEveryConnection_isLeftInPeace() throws Exception {
        TlsScripts.Events events = new TlsScripts.Events();
        try (ScriptedServer server =
                        script(Fault.SESSION_NOT_RESUMED).file("a", BYTES).start();
                FtpClient client = loggedIn(server, options -> options.listener(events))) {
            upload(client, "b", BYTES);
            assertThat(download(client, "a")).isEqualTo(BYTES);
            assertThat(server.stored("b")).isEqualTo(BYTES);
            assertThat(ReuseRules.isKnownNotToRequire(TlsScripts.options(server).build()))
                    .isTrue();
            assertThat(events.data()).hasSize(2).noneMatch(TlsStatus::resumed);
            assertThat(server.sessions()).isEqualTo(1);
        }
    }

    @Test
    void anEmptyFile_isNoRefusal() throws Exception {
        try (ScriptedServer server =
                        script(Fault.SESSION_NOT_RESUMED).file("a", new byte[0]).start();
                FtpClient client = loggedIn(server)) {
            assertThat(download(client, "a")).isEmpty();
            assertThat(server.sessions()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"AUTO", "EPSV", "EPRT"})
    void whereTls12IsRefusedToo_theExceptionSaysWhatItIs(DataMode mode) throws Exception {
        try (ScriptedServer server =
                        script(Fault.NEVER_RESUMED_AND_REFUSED).file("a", BYTES).start();
                FtpClient client = loggedIn(server, options -> options.mode(mode))) {
            FtpDataConnectionException refused =
                    catchThrowableOfType(FtpDataConnectionException.class, () -> client.retrieve("a"));
            assertThat(refused.attempts()).hasSize(1);
            assertThat(refused.attempts().getFirst().outcome()).isEqualTo(Outcome.SESSION_NOT_RESUMED);
            assertThat(refused)
                    .hasMessageContaining("425 cannot build")
                    .hasMessageContaining("TLS: the server takes only");
            assertThat(server.sessions()).isEqualTo(2);
            assertThat(server.verbs()).doesNotContain("PASV", "PORT");
            assertThat(client.workingDirectory()).isEqualTo("/");
        }
    }

    @Test
    void whereOnlyTls13IsAllowed_theRefusalIsTold() throws Exception {
        try (ScriptedServer server =
                        script(Fault.UNRESUMED_REFUSED).file("a", BYTES).start();
                FtpClient client = loggedIn(
                        server,
                        options -> options.tls(
                                trusting(TlsMode.EXPLICIT).protocols("TLSv1.3").build()))) {
            assertThatThrownBy(() -> client.retrieve("a"))
                    .isInstanceOf(FtpDataConnectionException.class)
                    .hasMessageContaining("Allow TLS 1.2 here");
            assertThat(server.sessions()).isEqualTo(1);
        }
    }

    /** As with servers that give no new ticket behind an upload. */
    @Test
    void whereTicketsAreUsedUp_anotherConnectionHelps() throws Exception {
        TlsScripts.Events events = new TlsScripts.Events();
        try (ScriptedServer server = script().file("a", BYTES)
                        .fault(Fault.UNRESUMED_REFUSED, "RETR")
                        .start();
                FtpClient client = loggedIn(server, options -> options.listener(events))) {
            upload(client, "b", BYTES);
            assertThat(download(client, "a")).isEqualTo(BYTES);
            assertThat(events.connectedAgain).hasSize(1);
        }
    }

    @Test
    void auto_neverConnectsAgainInTheClear() throws Exception {
        try (ScriptedServer server = script(Fault.UNRESUMED_REFUSED)
                        .file("a", BYTES)
                        .once("AUTH", (session, line) -> session.answer(line))
                        .replyOnce("AUTH", "500 what?")
                        .start();
                FtpClient client = loggedIn(
                        server, options -> options.tls(trusting(TlsMode.AUTO).build()))) {
            assertThatThrownBy(() -> client.retrieve("a"))
                    .isInstanceOf(FtpReplyException.class)
                    .hasMessageContaining("AUTH TLS: 500");
            assertThat(server.verbs()
                            .subList(
                                    server.verbs().lastIndexOf("AUTH"),
                                    server.verbs().size()))
                    .containsExactly("AUTH");
            assertThat(client.isOpen()).isFalse();
        }
    }

    @Test
    void aRefusalForAnotherReason_isNoVerdict() throws Exception {
        try (ScriptedServer server = script(Fault.SESSION_NOT_RESUMED, Fault.NEGATIVE_COMPLETION)
                        .file("a", BYTES)
                        .start();
                FtpClient client = loggedIn(server)) {
            assertThatThrownBy(() -> download(client, "a"))
                    .isInstanceOf(FtpReplyException.class)
                    .hasMessageContaining("451");
            assertThat(server.sessions()).isEqualTo(1);
        }
    }
}
