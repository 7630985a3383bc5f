package dev.portside.server.tls;

import static dev.portside.server.RunningServer.PASSWORD;
import static dev.portside.server.RunningServer.USER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portside.server.Account;
import dev.portside.server.Authenticator;
import dev.portside.server.ClientCertificates;
import dev.portside.server.FtpServerOptions;
import dev.portside.server.FtpServerTls;
import dev.portside.server.TlsPolicy;
import dev.portside.testkit.LeakCheckExtension;
import dev.portside.testkit.ScriptedClient;
import dev.portside.transport.Fingerprints;
import dev.portside.transport.TlsIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a listener and an account ask for, each with the reply that says what to do. */
@ExtendWith(LeakCheckExtension.class)
class TlsPolicyTest {
    @TempDir
    Path home;

    @Test
    void login_withoutTls_is530ThatSaysWhatToDo() throws IOException {
        try (TlsServer server = TlsServer.on(home, TlsPolicy.LOGIN);
                ScriptedClient client = server.connect()) {
            assertThat(client.command("USER " + USER, 530).text()).contains("AUTH TLS");
            client.command("PASS " + PASSWORD, 530);
            client.startTls(TlsServer.engines()).login(USER, PASSWORD);
            assertThat(client.download("LIST")).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"RETR a", "STOR b", "APPE a", "STOU", "LIST", "NLST", "MLSD"})
    void data_inTheClear_is521ThatSaysWhatToDo(String command) throws IOException {
        try (TlsServer server = TlsServer.on(home, TlsPolicy.DATA);
                ScriptedClient client = server.connect()) {
            server.running().file("a", new byte[1]);
            client.startTls(TlsServer.engines()).login(USER, PASSWORD);
            client.epsv();
            assertThat(client.command(command, 521).text()).contains("PROT P");
            client.command("PBSZ 0", 200);
            assertThat(client.command("PROT C", 534).text()).contains("PROT P");
            client.protectData().lines("MLSD");
        }
        assertThat(home.resolve("b")).doesNotExist();
    }

    private static UnaryOperator<FtpServerOptions.Builder> account(Account account) {
        return options -> options.authenticator(Authenticator.users(new Authenticator.User(account, PASSWORD)));
    }

    @Test
    void aStricterAccount_withoutTls_cannotTellItsPasswordFromAWrongOne() throws IOException {
        Account strict = new Account("bob", home, true, TlsPolicy.LOGIN);
        try (TlsServer server = TlsServer.on(home, TlsPolicy.OFFERED, tls -> tls, account(strict));
                ScriptedClient client = server.connect()) {
            client.command("USER bob", 331);
            String right = client.command("PASS " + PASSWORD, 530).text();
            client.command("USER bob", 331);
            String wrong = client.command("PASS wrong", 530).text();
            assertThat(right).isEqualTo(wrong).contains("AUTH TLS");
            client.startTls(TlsServer.engines()).login("bob", PASSWORD);
        }
    }

    @Test
    void aStricterAccount_needsProtectedData() throws IOException {
        Account strict = new Account("bob", home, true, TlsPolicy.DATA);
        try (TlsServer server = TlsServer.on(home, TlsPolicy.OFFERED, tls -> tls, account(strict));
                ScriptedClient client =
                        server.connect().startTls(TlsServer.engines()).login("bob", PASSWORD)) {
            client.epsv();
            client.command("LIST", 521);
            client.protectData().lines("LIST");
            client.command("PROT C", 534);
        }
    }

    private Path authorities() throws IOException {
        return Files.writeString(
                home.resolve("authorities.pem"),
                TestAuthority.certificates(List.of(TlsServer.AUTHORITY.certificate())));
    }

    private static Supplier<SSLEngine> engines(TlsIdentity identity) {
        TlsClient client = new TlsClient(TlsServer.AUTHORITY.certificate(), identity);
        return client::engine;
    }

    private TlsServer knowing(TlsIdentity identity, ClientCertificates asked) throws IOException {
        Account bob = new Account("bob", home, true);
        Path authorities = authorities();
        return TlsServer.on(
                home,
                TlsPolicy.OFFERED,
                tls -> tls.clientCertificates(asked).clientAuthorities(authorities),
                options -> options.authenticator(Authenticator.firstOf(
                        Authenticator.users(new Authenticator.User(USER, PASSWORD, home, true)),
                        Authenticator.certificates(Map.of(Fingerprints.sha256(identity.leaf()), bob)))));
    }

    @Test
    void aKnownCertificate_logsInAtUser_is232() throws IOException {
        TlsIdentity identity = TlsServer.AUTHORITY.identity("EC", "bob");
        try (TlsServer server = knowing(identity, ClientCertificates.WANTED);
                ScriptedClient client = server.connect().startTls(engines(identity))) {
            client.command("USER bob", 232);
            client.protectData().lines("MLSD");
        }
    }

    @Test
    void aKnownCertificate_underAnotherName_needsAPassword() throws IOException {
        TlsIdentity identity = TlsServer.AUTHORITY.identity("EC", "bob");
        try (TlsServer server = knowing(identity, ClientCertificates.WANTED);
                ScriptedClient client = server.connect().startTls(engines(identity))) {
            client.login(USER, PASSWORD);
        }
    }

    @Test
    void anotherCertificateInTheSameName_needsAPassword() throws IOException {
        TlsIdentity identity = TlsServer.AUTHORITY.identity("EC", "bob");
        try (TlsServer server = knowing(identity, ClientCertificates.WANTED);
                ScriptedClient client = server.connect().startTls(engines(TlsServer.AUTHORITY.identity("EC", "bob")))) {
            client.command("USER bob", 331);
            client.command("PASS ", 530);
        }
    }

    @Test
    void noCertificate_whereItIsWanted_needsAPassword_whereItIsRequired_endsTheSession() throws IOException {
        TlsIdentity identity = TlsServer.AUTHORITY.identity("EC", "bob");
        try (TlsServer server = knowing(identity, ClientCertificates.WANTED);
                ScriptedClient client = server.connect().startTls(TlsServer.engines())) {
            client.login(USER, PASSWORD);
        }
        try (TlsServer server = knowing(identity, ClientCertificates.REQUIRED);
                ScriptedClient client = server.connect()) {
            assertThatThrownBy(() -> {
                        // Under TLS 1.3 a client is told behind its handshake.
                        client.startTls(TlsServer.engines());
                        client.command("USER bob");
                    })
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void whatDoesNotFitTogether_isRefusedByTheBuilder() {
        InetSocketAddress free = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        FtpServerOptions.Builder options = FtpServerOptions.builder().authenticator((user, password) -> null);
        assertThatThrownBy(() -> options.listenOn(free, TlsPolicy.LOGIN).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("certificate");
        TlsIdentity identity = TlsServer.AUTHORITY.identity("EC", "a");
        FtpServerTls toServers = FtpServerTls.builder()
                .certificate(identity.key(), identity.chain())
                .serverToServer(true)
                .clientAuthorities(home)
                .build();
        assertThatThrownBy(() -> options.tls(toServers).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("foreign addresses");
        FtpServerTls tls = FtpServerTls.builder()
                .certificate(identity.key(), identity.chain())
                .build();
        assertThat(options.tls(tls).listenOn(free).build().listenOn())
                .extracting(each -> each.tls())
                .containsExactly(TlsPolicy.LOGIN, TlsPolicy.OFFERED);
    }
}
