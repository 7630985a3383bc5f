package dev.portside.lab.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.lab.peer.RealClient.Outcome;
import dev.portside.lab.peer.TestAuthority.Certificate;
import dev.portside.lab.peer.TestAuthority.Subject;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TestAuthorityTest {
    @ParameterizedTest
    @CsvSource({
        "SERVER, sslserver, OK",
        "SERVER_EC, sslserver, OK",
        "SERVER_RENEWED, sslserver, OK",
        "SERVER_EXPIRED, sslserver, certificate has expired",
        "SERVER_NOT_YET_VALID, sslserver, certificate is not yet valid",
        "SERVER_OTHER_HOST, sslserver, hostname mismatch",
        "SERVER_SELF_SIGNED, sslserver, self-signed certificate",
        "CLIENT, sslclient, OK",
        "CLIENT_SELF_SIGNED, sslclient, self-signed certificate"
    })
    void certificate_isWhatItsSubjectSays(Subject subject, String purpose, String verdict) throws Exception {
        Certificate certificate = TestAuthority.certificate(subject);
        String chain = certificate.chain().toString();
        String root = TestAuthority.root().toString();
        Outcome outcome = purpose.equals("sslserver")
                ? openssl("verify", "-CAfile", root, "-untrusted", chain, "-verify_hostname", "localhost", chain)
                : openssl("verify", "-CAfile", root, "-untrusted", chain, "-purpose", purpose, chain);
        assertThat(outcome.toString()).contains(verdict);
        assertThat(outcome.exitCode()).isEqualTo(verdict.equals("OK") ? 0 : 2);
    }

    @ParameterizedTest
    @EnumSource(Subject.class)
    void key_belongsToTheCertificate(Subject subject) throws Exception {
        Certificate certificate = TestAuthority.certificate(subject);
        String ofKey = openssl("pkey", "-in", certificate.key().toString(), "-pubout")
                .succeeded()
                .text();
        String ofCertificate = openssl("x509", "-in", certificate.chain().toString(), "-noout", "-pubkey")
                .succeeded()
                .text();
        assertThat(ofCertificate).isEqualTo(ofKey);
        assertThat(Files.readString(certificate.both()))
                .isEqualTo(Files.readString(certificate.chain()) + Files.readString(certificate.key()));
    }

    @Test
    void certificate_isMadeOnce() {
        assertThat(TestAuthority.certificate(Subject.SERVER)).isEqualTo(TestAuthority.certificate(Subject.SERVER));
    }

    private static Outcome openssl(String... arguments) throws Exception {
        return RealClient.named("openssl").run(arguments);
    }
}
