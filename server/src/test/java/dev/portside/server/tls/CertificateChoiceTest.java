package dev.portside.server.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.server.FtpServerTls;
import dev.portside.transport.TlsIdentity;
import java.io.IOException;
import java.time.Clock;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.Test;

/** Which certificate a client gets to see. */
class CertificateChoiceTest {
    private final TestAuthority authority = new TestAuthority("authority");
    private final TlsIdentity first = authority.identity("EC", "ftp.example.test");
    private final TlsIdentity second = authority.identity("EC", "files.example.org", "old.example.org");
    private final TlsIdentity wild = authority.identity("EC", "*.customers.example.org");

    @Test
    void nameInTheHandshake_choosesTheCertificate() throws Exception {
        try (ServerTls tls = open(first, second, wild)) {
            assertThat(shown(tls, client().asking("files.example.org"), Wanted.NOTHING))
                    .isEqualTo(second);
            assertThat(shown(tls, client().asking("OLD.example.org"), Wanted.NOTHING))
                    .isEqualTo(second);
            assertThat(shown(tls, client().asking("ftp.example.test"), Wanted.NOTHING))
                    .isEqualTo(first);
        }
    }

    @Test
    void unknownNameOrNone_getsTheFirst() throws Exception {
        try (ServerTls tls = open(first, second, wild)) {
            assertThat(shown(tls, client().engine(), Wanted.NOTHING)).isEqualTo(first);
            assertThat(shown(tls, client().asking("elsewhere.example"), new Wanted("nowhere.example", null)))
                    .isEqualTo(first);
        }
    }

    @Test
    void wildcard_standsForOneLabel() throws Exception {
        try (ServerTls tls = open(first, wild)) {
            assertThat(shown(tls, client().asking("a.customers.example.org"), Wanted.NOTHING))
                    .isEqualTo(wild);
            assertThat(shown(tls, client().asking("a.b.customers.example.org"), Wanted.NOTHING))
                    .isEqualTo(first);
            assertThat(shown(tls, client().asking("customers.example.org"), Wanted.NOTHING))
                    .isEqualTo(first);
        }
    }

    @Test
    void host_choosesWhereTheHandshakeNamesNobody() throws Exception {
        Wanted host = new Wanted("Files.Example.org", null);
        try (ServerTls tls = open(first, second)) {
            assertThat(shown(tls, client().engine(), host)).isEqualTo(second);
            assertThat(shown(tls, client().asking("192.example"), host)).isEqualTo(second);
            assertThat(shown(tls, client().asking("ftp.example.test"), host)).isEqualTo(first);
        }
    }

    @Test
    void certificateOfTheControlConnection_isShownWhateverTheNameIs() throws Exception {
        try (ServerTls tls = open(first, second)) {
            assertThat(shown(tls, client().asking("ftp.example.test"), new Wanted(null, second)))
                    .isEqualTo(second);
        }
    }

    @Test
    void keyOfAnotherKind_doesNotBringAnotherNamesCertificate() throws Exception {
        TlsIdentity rsa = authority.identity("RSA", "rsa.example.org");
        try (ServerTls tls = open(first, rsa)) {
            assertThat(shown(tls, client().asking("rsa.example.org"), Wanted.NOTHING))
                    .isEqualTo(rsa);
        }
        try (ServerTls tls = open(rsa, first)) {
            assertThat(shown(tls, client().engine(), Wanted.NOTHING)).isEqualTo(rsa);
        }
    }

    @Test
    void twoKindsOfKeyForOneName_areChosenByWhatTheClientTakes() throws Exception {
        TlsIdentity rsa = authority.identity("RSA", "ftp.example.test");
        try (ServerTls tls = open(first, rsa)) {
            SSLEngine old = client().engine("TLSv1.2");
            old.setEnabledCipherSuites(new String[] {"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"});
            assertThat(shown(tls, old, Wanted.NOTHING)).isEqualTo(rsa);
            SSLEngine modern = client().engine("TLSv1.2");
            modern.setEnabledCipherSuites(new String[] {"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"});
            assertThat(shown(tls, modern, Wanted.NOTHING)).isEqualTo(first);
        }
    }

    /** Another one each time: it would resume the session that it has, with the certificate that it has seen. */
    private TlsClient client() {
        return new TlsClient(authority.certificate());
    }

    private static TlsIdentity shown(ServerTls tls, SSLEngine client, Wanted wanted) throws Exception {
        SSLEngine server = tls.control("token");
        Handshake.between(client, server, wanted);
        TlsIdentity identity = tls.identity(server.getSession());
        assertThat(identity).isNotNull();
        assertThat(TlsClient.shown(client)).isEqualTo(identity.leaf());
        return identity;
    }

    private static ServerTls open(TlsIdentity... identities) throws IOException {
        FtpServerTls.Builder options = FtpServerTls.builder();
        Stream.of(identities).forEach(identity -> options.certificate(identity.key(), identity.chain()));
        return ServerTls.open(
                options.build(),
                Stream.of(identities)
                        .<CertificateSource>map(GivenCertificate::new)
                        .toList(),
                Clock.systemUTC());
    }
}
