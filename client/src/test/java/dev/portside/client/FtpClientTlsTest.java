package dev.portside.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FtpClientTlsTest {
    private static final String PIN = "sha256//47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

    @Test
    void implicit_hasAPortOfItsOwn() {
        FtpClientOptions implicit = FtpClientOptions.builder("host")
                .tls(FtpClientTls.builder(TlsMode.IMPLICIT).build())
                .build();
        assertThat(implicit.port()).isEqualTo(990);
        assertThat(implicit.toBuilder().tls(FtpClientTls.OFF).build().port()).isEqualTo(21);
        assertThat(implicit.toBuilder().port(21).build().port()).isEqualTo(21);
        assertThat(FtpClientOptions.builder("host").build().port()).isEqualTo(21);
    }

    @Test
    void toBuilder_keepsEverything() {
        FtpClientTls tls = FtpClientTls.builder(TlsMode.EXPLICIT)
                .authorities(Path.of("ca.pem"))
                .pin(PIN)
                .trusting("ab".repeat(32))
                .verify(false)
                .clientCertificate(Path.of("cert"), Path.of("key"), "secret".toCharArray())
                .protocols("TLSv1.2")
                .clearData(true)
                .handshakeTimeout(Duration.ofSeconds(1))
                .build()
                .toBuilder()
                .build();
        assertThat(tls.mode()).isEqualTo(TlsMode.EXPLICIT);
        assertThat(tls.authorities()).isEqualTo(Path.of("ca.pem"));
        assertThat(tls.pins()).containsExactly(PIN);
        assertThat(tls.trusted()).containsExactly("AB:".repeat(31) + "AB");
        assertThat(tls.verify()).isFalse();
        assertThat(tls.clientCertificate()).isEqualTo(Path.of("cert"));
        assertThat(tls.clientKey()).isEqualTo(Path.of("key"));
        assertThat(tls.clientKeyPassword()).containsExactly("secret".toCharArray());
        assertThat(tls.protocols()).containsExactly("TLSv1.2");
        assertThat(tls.clearData()).isTrue();
        assertThat(tls.handshakeTimeout()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void protocols_areTheNewestFirst() {
        FtpClientTls.Builder builder = FtpClientTls.builder(TlsMode.AUTO);
        assertThat(builder.build().protocols()).containsExactly("TLSv1.3", "TLSv1.2");
        assertThat(builder.protocols("TLSv1.2", "TLSv1.3").build().protocols()).containsExactly("TLSv1.3", "TLSv1.2");
        assertThatIllegalArgumentException().isThrownBy(() -> builder.protocols("TLSv1.1"));
        assertThatIllegalArgumentException().isThrownBy(builder::protocols);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "sha256//", "sha256//abc", "sha1//47DEQpj8HBSa", "sha256//***"})
    void whatIsNoPin_isRefused(String pin) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FtpClientTls.builder(TlsMode.AUTO).pin(pin))
                .withMessageStartingWith("not a pin");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "AB:CD", "zz"})
    void whatIsNoFingerprint_isRefused(String fingerprint) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FtpClientTls.builder(TlsMode.AUTO).trusting(fingerprint))
                .withMessageStartingWith("not a SHA-256 fingerprint");
    }
}
