package dev.portside.server.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.portside.server.ClientCertificates;
import dev.portside.server.FtpServerTls;
import dev.portside.transport.TlsIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the engines of a server agree to, and what they remember of a session. */
class ServerTlsTest {
    private final TestAuthority authority = new TestAuthority("authority");
    private final TestAuthority clients = new TestAuthority("clients");
    private final TestAuthority stranger = new TestAuthority("clients");
    private final TlsClient client = new TlsClient(authority.certificate());
    private final TlsIdentity identity = authority.identity("EC", "ftp.example.test");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void version_isAgreedOn(String version) throws Exception {
        try (ServerTls tls = open(ClientCertificates.OFF)) {
            SSLEngine server = tls.control("token");

            Handshake.between(client.engine(version), server);

            assertThat(server.getSession().getProtocol()).isEqualTo(version);
            assertThat(server.getEnabledProtocols()).containsExactly("TLSv1.3", "TLSv1.2");
        }
    }

    @Test
    void cipherSuites_haveForwardSecrecyAndAuthenticatedEncryption() throws Exception {
        try (ServerTls tls = open(ClientCertificates.OFF)) {
            assertThat(tls.control("token").getEnabledCipherSuites())
                    .allMatch(suite ->
                            suite.matches("TLS_(ECDHE_(RSA|ECDSA)_WITH_)?(AES_(128|256)_GCM|CHACHA20_POLY1305)_.*"));
            SSLEngine old = client.engine("TLSv1.2");
            old.setEnabledCipherSuites(new String[] {"TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256"});
            assertThat(Handshake.alert(old, tls.control("token"))).contains("handshake_failure");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void applicationProtocol_isAnsweredWhenOffered(String version) throws Exception {
        try (ServerTls tls = open(ClientCertificates.OFF)) {
            SSLEngine control = TlsClient.offering(client.engine(version), "h2", "ftp");
            Handshake.between(control, tls.control("token"));
            assertThat(control.getApplicationProtocol()).isEqualTo("ftp");

            SSLEngine data = TlsClient.offering(client.engine(version), "ftp", "ftp-data");
            Handshake.between(data, tls.data("data"));
            assertThat(data.getApplicationProtocol()).isEqualTo("ftp-data");

            SSLEngine silent = client.engine(version);
            Handshake.between(silent, tls.control("token"));
            assertThat(silent.getApplicationProtocol()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void clientThatSpeaksSomethingElse_isRefused(String version) throws Exception {
        try (ServerTls tls = open(ClientCertificates.OFF)) {
            SSLEngine browser = TlsClient.offering(client.engine(version), "h2", "http/1.1");
            assertThat(Handshake.alert(browser, tls.control("token"))).contains("no_application_protocol");
            SSLEngine swapped = TlsClient.offering(client.engine(version), "ftp-data");
            assertThat(Handshake.alert(swapped, tls.control("token"))).contains("no_application_protocol");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void dataConnectionThatResumes_showsTheTokenOfItsControlConnection(String version) throws Exception {
        try (ServerTls tls = open(ClientCertificates.OFF)) {
            Handshake.between(client.engine(version), tls.control("a token"));

            for (int transfer = 0; transfer < 3; transfer++) {
                SSLEngine data = tls.data("data");
                Handshake.between(client.engine(version), data);
                assertThat(data.getSession().getPeerHost()).isEqualTo("a token");
            }

            SSLEngine theft = tls.data("data");
            Handshake.between(new TlsClient(authority.certificate()).engine(version), theft);
            assertThat(theft.getSession().getPeerHost()).isEqualTo("data");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void clientCertificate_ofAnAuthority_isKnownOnResumedDataConnectionsToo(String version) throws Exception {
        TlsIdentity alice = clients.identity("EC", "alice");
        TlsClient known = new TlsClient(authority.certificate(), alice);
        for (ClientCertificates asked : List.of(ClientCertificates.REQUIRED, ClientCertificates.WANTED)) {
            try (ServerTls tls = open(asked)) {
                SSLEngine control = tls.control("alice's");
                Handshake.between(known.engine(version), control);
                assertThat(control.getSession().getPeerCertificates()[0]).isEqualTo(alice.leaf());

                SSLEngine data = tls.data("data");
                Handshake.between(known.engine(version), data);
                assertThat(data.getSession().getPeerHost()).isEqualTo("alice's");
                assertThat(data.getSession().getPeerCertificates()[0]).isEqualTo(alice.leaf());
            }
        }
    }

    @Test
    void clientWithoutCertificate_isServedWhereItIsOnlyWanted() throws Exception {
        try (ServerTls tls = open(ClientCertificates.WANTED)) {
            SSLEngine server = tls.control("token");
            Handshake.between(client.engine(), server);
            assertThatExceptionOfType(SSLPeerUnverifiedException.class)
                    .isThrownBy(() -> server.getSession().getPeerCertificates());
        }
        try (ServerTls tls = open(ClientCertificates.REQUIRED)) {
            assertThatExceptionOfType(SSLException.class)
                    .isThrownBy(() ->
                            Handshake.between(new TlsClient(authority.certificate()).engine(), tls.control("token")));
        }
    }

    @Test
    void clientCertificate_ofAnotherAuthorityOfTheSameName_isRefused() throws Exception {
        TlsClient mallory = new TlsClient(authority.certificate(), stranger.identity("EC", "alice"));
        for (ClientCertificates asked : List.of(ClientCertificates.REQUIRED, ClientCertificates.WANTED)) {
            try (ServerTls tls = open(asked)) {
                assertThatExceptionOfType(SSLException.class)
                        .isThrownBy(() -> Handshake.between(mallory.engine(), tls.control("token")));
            }
        }
    }

    @Test
    void session_canBeResumedForAWeek() throws Exception {
        try (ServerTls tls = open(ClientCertificates.OFF)) {
            SSLEngine server = tls.control("token");
            Handshake.between(client.engine(), server);
            assertThat(server.getSession().getSessionContext().getSessionTimeout())
                    .isEqualTo((int) Duration.ofDays(7).toSeconds());
        }
    }

    @Test
    void otherServer_isReachedOnlyWhereTheOptionAllowsIt() throws Exception {
        Path authorities = Files.writeString(
                folder.resolve("authorities.pem"), TestAuthority.certificates(List.of(authority.certificate())));
        FtpServerTls options = FtpServerTls.builder()
                .certificate(identity.key(), identity.chain())
                .serverToServer(true)
                .clientAuthorities(authorities)
                .build();
        try (ServerTls tls = ServerTls.open(options, List.of(new GivenCertificate(identity)), Clock.systemUTC());
                ServerTls without = open(ClientCertificates.OFF)) {
            SSLEngine other = without.data("data");
            Handshake.between(tls.dataToServer(), other);
            assertThat(other.getSession().getProtocol()).isEqualTo("TLSv1.3");
            assertThatIllegalStateException().isThrownBy(without::dataToServer);
        }
    }

    @Test
    void options_thatDoNotGoTogether_areRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FtpServerTls.builder().build())
                .withMessageStartingWith("TLS: no certificate");
        FtpServerTls.Builder some = FtpServerTls.builder().certificate(identity.key(), identity.chain());
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> some.clientCertificates(ClientCertificates.WANTED).build())
                .withMessageContaining("need authorities");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> some.clientCertificates(ClientCertificates.OFF)
                        .clientAuthorities(folder)
                        .build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FtpServerTls.builder().selfSigned(folder, List.of("no name")))
                .withMessageEndingWith("neither a host name nor an address: no name");
    }

    private ServerTls open(ClientCertificates asked) throws IOException {
        FtpServerTls.Builder options = FtpServerTls.builder()
                .certificate(identity.key(), identity.chain())
                .clientCertificates(asked);
        if (asked != ClientCertificates.OFF) {
            options.clientAuthorities(Files.writeString(
                    folder.resolve("authorities.pem"), TestAuthority.certificates(List.of(clients.certificate()))));
        }
        return ServerTls.open(options.build(), List.of(new GivenCertificate(identity)), Clock.systemUTC());
    }
}
