package dev.portside.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portside.client.FtpClientTls;
import dev.portside.client.FtpClientTlsAccess;
import dev.portside.client.RefusedCertificate;
import dev.portside.client.TlsMode;
import dev.portside.protocol.NameCharset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class TlsOptionsTest {
    @TempDir
    Path home;

    private static TlsOptions options(String... arguments) {
        TlsOptions options = new TlsOptions();
        new CommandLine(options).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(arguments);
        return options;
    }

    private FtpClientTls tls(String... arguments) {
        return tls(new CapturedConsole(home), arguments);
    }

    private static FtpClientTls tls(CapturedConsole console, String... arguments) {
        TlsOptions options = options(arguments);
        RemoteUrl url = RemoteUrl.parse("ftpes://host/", NameCharset.UTF_8, options.mode());
        options.requireUseFor(url);
        return options.clientTls(url, Set.of(), console.console());
    }

    @Test
    void withoutOptions_theCertificateIsVerified() {
        FtpClientTls tls = tls();
        assertThat(tls.mode()).isEqualTo(TlsMode.EXPLICIT);
        assertThat(tls.verify()).isTrue();
        assertThat(tls.authorities()).isNull();
        assertThat(tls.pins()).isEmpty();
        assertThat(tls.protocols()).containsExactly("TLSv1.3", "TLSv1.2");
        assertThat(options().trustsOnFirstUse()).isTrue();
    }

    @Test
    void everyOption_reachesTheClient() {
        assertThat(tls("--insecure").verify()).isFalse();
        assertThat(tls("--cacert", "ca.pem").authorities()).isEqualTo(Path.of("ca.pem"));
        assertThat(tls("--tls-max", "1.2").protocols()).containsExactly("TLSv1.2");
        assertThat(tls("--tls-max", "1.3").protocols()).containsExactly("TLSv1.3", "TLSv1.2");
        FtpClientTls certificate = tls("--cert", "c.pem", "--key", "k.pem");
        assertThat(certificate.clientCertificate()).isEqualTo(Path.of("c.pem"));
        assertThat(certificate.clientKey()).isEqualTo(Path.of("k.pem"));
        assertThat(FtpClientTlsAccess.keyPassword(certificate)).isNull();
    }

    @Test
    void pins_canBeRepeatedAndJoinedAsForCurl() {
        String other = "sha256//47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
        assertThat(tls("--pin", RefusedCertificate.PIN, "--pin", other).pins())
                .containsExactlyInAnyOrder(RefusedCertificate.PIN, other);
        assertThat(tls("--pin", RefusedCertificate.PIN + ";" + other).pins())
                .containsExactlyInAnyOrder(RefusedCertificate.PIN, other);
    }

    @Test
    void knownFingerprints_areTrusted() {
        RemoteUrl url = RemoteUrl.parse("ftps://host/", NameCharset.UTF_8);
        FtpClientTls tls =
                options().clientTls(url, Set.of(RefusedCertificate.FINGERPRINT), new CapturedConsole(home).console());
        assertThat(tls.mode()).isEqualTo(TlsMode.IMPLICIT);
        assertThat(tls.trusted()).containsExactly(RefusedCertificate.FINGERPRINT);
    }

    @Test
    void keyPassword_isTheFirstLineOfTheFileOrOfTheEnvironment() throws Exception {
        Path file = Files.writeString(home.resolve("password"), "open sesame\nsecond line\n");
        CapturedConsole console = new CapturedConsole(home).with("PORTSIDE_KEY_PASSWORD", "of the environment");
        assertThat(FtpClientTlsAccess.keyPassword(tls(console, "--cert", "c.pem")))
                .isEqualTo("of the environment");
        assertThat(FtpClientTlsAccess.keyPassword(
                        tls(console, "--cert", "c.pem", "--key-password-file", file.toString())))
                .isEqualTo("open sesame");
        assertThatThrownBy(() -> tls(
                        "--cert",
                        "c.pem",
                        "--key-password-file",
                        home.resolve("none").toString()))
                .isInstanceOfSatisfying(
                        PortsideException.class,
                        missing -> assertThat(missing.code()).isEqualTo(ExitCode.LOCAL_FILE))
                .hasMessageContaining("no such file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--insecure", "--cacert=ca.pem", "--pin=" + RefusedCertificate.PIN})
    void whoSaysWhomToTrust_isNotAsked(String option) {
        assertThat(options(option).trustsOnFirstUse()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--insecure --cacert=ca.pem",
                "--insecure --pin=" + RefusedCertificate.PIN,
                "--cacert=ca.pem --pin=" + RefusedCertificate.PIN,
                "--key=k.pem",
                "--key-password-file=p",
                "--tls=off",
                "--tls=auto",
                "--tls=implicit",
            })
    void contradictions_areUsageErrors(String line) {
        assertThatThrownBy(() -> tls(line.split(" ")))
                .isInstanceOfSatisfying(
                        PortsideException.class,
                        wrong -> assertThat(wrong.code()).isEqualTo(ExitCode.USAGE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--insecure",
                "--cacert=ca.pem",
                "--pin=" + RefusedCertificate.PIN,
                "--cert=c.pem",
                "--tls-max=1.2"
            })
    void optionsOfTls_areNotIgnoredWithoutTls(String option) {
        RemoteUrl clear = RemoteUrl.parse("ftp://host/", NameCharset.UTF_8);
        assertThatThrownBy(() -> options(option).requireUseFor(clear))
                .hasMessageStartingWith(option.replaceAll("=.*", "") + ": is about TLS")
                .hasMessageContaining("ftpes://");
        RemoteUrl auto = RemoteUrl.parse("ftp://host/", NameCharset.UTF_8, TlsMode.AUTO);
        options(option).requireUseFor(auto);
    }
}
