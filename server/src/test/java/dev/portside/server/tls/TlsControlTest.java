package dev.portside.server.tls;

import static dev.portside.server.RunningServer.PASSWORD;
import static dev.portside.server.RunningServer.USER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portside.server.SessionStatus;
import dev.portside.server.TlsPolicy;
import dev.portside.testkit.LeakCheckExtension;
import dev.portside.testkit.ScriptedClient;
import dev.portside.testkit.TlsSocket;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** AUTH, PBSZ, PROT, CCC and REIN as RFC 4217 orders them. */
@ExtendWith(LeakCheckExtension.class)
class TlsControlTest {
    @TempDir
    Path home;

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void auth_tls_securesWhatComesBehind234(String protocol) throws IOException {
        try (TlsServer server = TlsServer.on(home);
                ScriptedClient client = server.connect().startTls(TlsServer.engines(protocol))) {
            client.login(USER, PASSWORD);
            SessionStatus status = server.running().server().sessions().getFirst();
            assertThat(status.tls()).isNotNull();
            assertThat(status.tls().protocol()).isEqualTo(protocol);
            assertThat(client.command("STAT", 211).lines()).anyMatch(line -> line.contains("under " + protocol));
        }
    }

    @Test
    void auth_tlsC_isTlsToo() throws IOException {
        try (TlsServer server = TlsServer.on(home);
                ScriptedClient client = server.connect()) {
            client.command("AUTH TLS-C", 234);
            client.secure(TlsServer.engines()).command("NOOP", 200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"SSL", "TLS-P", "GSSAPI"})
    void auth_anythingElse_is504ThatSaysWhat(String mechanism) throws IOException {
        try (TlsServer server = TlsServer.on(home);
                ScriptedClient client = server.connect()) {
            assertThat(client.command("AUTH " + mechanism, 504).text()).contains("AUTH TLS");
            client.startTls(TlsServer.engines()).command("NOOP", 200);
        }
    }

    @Test
    void auth_underTls_is503() throws IOException {
        try (TlsServer server = TlsServer.on(home);
                ScriptedClient client = server.connect().startTls(TlsServer.engines())) {
            client.command("AUTH TLS", 503);
        }
    }

    @Test
    void auth_afterLogin_is503() throws IOException {
        try (TlsServer server = TlsServer.on(home);
                ScriptedClient client = server.connect().login(USER, PASSWORD)) {
            client.command("AUTH TLS", 503);
        }
    }

    @Test
    void auth_behindUser_forgetsTheUser() throws IOException {
        try (TlsServer server = TlsServer.on(home);
                ScriptedClient client = server.connect()) {
            client.command("USER " + USER, 331);
            client.startTls(TlsServer.engines());
            client.command("PASS " + PASSWORD, 503);
            client.login(USER, PASSWORD);
        }
    }

    @Test
    void auth_whereTheListenerHasNone_is534() throws IOException {
        try (TlsServer server = TlsServer.on(home, TlsPolicy.OFF);
                ScriptedClient client = server.connect()) {
            client.command("AUTH TLS", 534);
            assertThat(client.command("FEAT", 211).lines()).doesNotContain(" AUTH TLS", " PBSZ", " PROT");
        }
    }

    @Test
    void feat_tellsWhatIsOn() throws IOException {
        try (TlsServer server = TlsServer.on(home);
                ScriptedClient client = server.connect()) {
            assertThat(client.command("FEAT", 211).lines())
                    .contains(" AUTH TLS", " PBSZ", " PROT")
                    .doesNotContain(" CCC", " SSCN");
        }
    }

    @Test
    void pbszAndProt_comeInOrder() throws IOException {
        try (TlsServer server = TlsServer.on(home);
                ScriptedClient client = server.connect()) {
            client.command("PBSZ 0", 503);
            client.command("PROT P", 503);
            client.startTls(TlsServer.engines());
            client.command("PROT P", 503);
            assertThat(client.command("PBSZ 16384", 200).text()).contains("PBSZ=0");
            client.command("PROT S", 536);
            client.command("PROT E", 536);
            client.command("PROT P", 200);
            client.command("PROT C", 200);
            client.command("PROT X", 504);
            client.command("ADAT AAAA", 503);
        }
    }

    @Test
    void ccc_isDeniedUnlessItIsAnOption() throws IOException {
        try (TlsServer server = TlsServer.on(home);
                ScriptedClient client = server.connect()) {
            client.command("CCC", 533);
            client.startTls(TlsServer.engines()).login(USER, PASSWORD);
            client.command("CCC", 534);
            client.command("NOOP", 200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void ccc_asAnOption_goesOnInTheClear_andDataStaysProtected(String protocol) throws IOException {
        try (TlsServer server = TlsServer.on(home, TlsPolicy.DATA, tls -> tls.clearCommandChannel(true));
                ScriptedClient client = server.connect()) {
            server.running().file("a", new byte[] {1, 2, 3});
            assertThat(client.command("FEAT", 211).lines()).contains(" CCC");
            client.startTls(TlsServer.engines(protocol));
            client.command("CCC", 503);
            client.login(USER, PASSWORD).protectData();
            client.command("CCC", 200);
            client.stopTls();
            client.command("NOOP", 200);
            assertThat(client.download("RETR a")).containsExactly(1, 2, 3);
            client.command("AUTH TLS", 503);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void rein_isAnsweredUnderTls_thenAllBeginsAgain(String protocol) throws IOException {
        try (TlsServer server = TlsServer.on(home, TlsPolicy.LOGIN);
                ScriptedClient client = server.connect()) {
            client.startTls(TlsServer.engines(protocol)).login(USER, PASSWORD).protectData();
            client.command("REIN", 220);
            client.stopTls();
            client.command("USER " + USER, 530);
            client.command("PBSZ 0", 503);
            client.startTls(TlsServer.engines(protocol)).command("PROT P", 503);
            client.login(USER, PASSWORD);
        }
    }

    @Test
    void implicit_shakesHandsBeforeTheGreeting_andKeepsTlsBehindRein() throws IOException {
        try (TlsServer server = TlsServer.on(home, TlsPolicy.DATA);
                ScriptedClient client = ScriptedClient.connect(server.implicitAddress())) {
            server.running().file("a", new byte[] {1, 2, 3});
            client.secure(TlsServer.engines()).expect(220);
            assertThat(client.command("FEAT", 211).lines())
                    .contains(" PBSZ", " PROT")
                    .doesNotContain(" AUTH TLS");
            client.login(USER, PASSWORD).protectData();
            assertThat(client.download("RETR a")).containsExactly(1, 2, 3);
            client.command("REIN", 220);
            client.command("PROT P", 503);
            client.login(USER, PASSWORD).protectData();
            assertThat(client.download("RETR a")).containsExactly(1, 2, 3);
            client.command("QUIT", 221);
            client.expectClosed();
            assertThat(((TlsSocket) client.socket()).isEndedByPeer()).isTrue();
        }
    }

    @Test
    void implicit_beyondTheLimit_closesBeforeTheHandshake() throws IOException {
        try (TlsServer server = TlsServer.on(home, TlsPolicy.OFFERED, tls -> tls, options -> options.maxSessions(1));
                ScriptedClient first = ScriptedClient.connect(server.implicitAddress())) {
            first.secure(TlsServer.engines()).expect(220);
            try (ScriptedClient second = ScriptedClient.connect(server.implicitAddress())) {
                second.expectClosed();
            }
        }
    }

    @Test
    void host_afterAnotherNameInTheHandshake_is504() throws IOException {
        TlsClient engines = new TlsClient(TlsServer.AUTHORITY.certificate());
        try (TlsServer server = TlsServer.on(home);
                ScriptedClient client = server.connect().startTls(() -> engines.asking("ftp.example"))) {
            client.command("HOST other.example", 504);
            client.command("HOST FTP.example", 220);
        }
    }

    @Test
    void host_beforeAuth_choosesTheCertificate() throws IOException {
        dev.portside.transport.TlsIdentity other = TlsServer.AUTHORITY.identity("EC", "other.example");
        try (TlsServer server =
                        TlsServer.on(home, TlsPolicy.OFFERED, tls -> tls.certificate(other.key(), other.chain()));
                ScriptedClient client = server.connect()) {
            client.command("HOST other.example", 220);
            client.startTls(TlsServer.engines());
            assertThat(TlsClient.shown(((TlsSocket) client.socket()).engine())).isEqualTo(other.leaf());
        }
    }

    @Test
    void alpn_isAnswered_andAnotherProtocolRefused() throws IOException {
        TlsClient engines = new TlsClient(TlsServer.AUTHORITY.certificate());
        try (TlsServer server = TlsServer.on(home)) {
            try (ScriptedClient client =
                    server.connect().startTls(() -> TlsClient.offering(engines.engine(), "http/1.1", "ftp"))) {
                assertThat(((TlsSocket) client.socket()).engine().getApplicationProtocol())
                        .isEqualTo("ftp");
            }
            try (ScriptedClient browser = server.connect()) {
                assertThatThrownBy(() -> browser.startTls(() -> TlsClient.offering(engines.engine(), "http/1.1")))
                        .isInstanceOf(IOException.class);
            }
            server.mustServe();
        }
    }
}
