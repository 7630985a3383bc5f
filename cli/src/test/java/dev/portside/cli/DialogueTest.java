package dev.portside.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.client.RefusedCertificate;
import dev.portside.client.TlsStatus;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DialogueTest {
    @TempDir
    Path home;

    @Test
    void tls_isToldWithTheCertificateAndWhetherItWasResumed() {
        CapturedConsole console = new CapturedConsole(home);
        Dialogue dialogue = new Dialogue(console.console());
        dialogue.secured(
                new TlsStatus(false, "TLSv1.3", "TLS_AES_128_GCM_SHA256", false, RefusedCertificate.certificate()));
        dialogue.secured(
                new TlsStatus(true, "TLSv1.3", "TLS_AES_128_GCM_SHA256", true, RefusedCertificate.certificate()));
        dialogue.secured(new TlsStatus(true, "TLSv1.2", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", false, null));
        assertThat(console.err().lines())
                .containsExactly(
                        "* control connection is secured, TLSv1.3, TLS_AES_128_GCM_SHA256",
                        "* certificate of CN=ftp.example.test, SHA-256 " + RefusedCertificate.FINGERPRINT,
                        "* data connection is secured, TLSv1.3, TLS_AES_128_GCM_SHA256,"
                                + " resuming the session of the control connection",
                        "* data connection is secured, TLSv1.2, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,"
                                + " as a new session");
    }
}
