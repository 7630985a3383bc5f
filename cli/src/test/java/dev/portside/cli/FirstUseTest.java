package dev.portside.cli;

import static dev.portside.client.RefusedCertificate.FINGERPRINT;
import static dev.portside.client.RefusedCertificate.PIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portside.client.FtpCertificateException;
import dev.portside.client.FtpCertificateException.Reason;
import dev.portside.client.RefusedCertificate;
import dev.portside.protocol.NameCharset;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FirstUseTest {
    private static final RemoteUrl URL = RemoteUrl.parse("ftpes://Host.test/a", NameCharset.UTF_8);

    @TempDir
    Path home;

    private CapturedConsole captured;

    @BeforeEach
    void console() {
        captured = new CapturedConsole(home);
    }

    private static FtpCertificateException selfSigned() {
        return RefusedCertificate.of(Reason.UNTRUSTED, "it is self-signed");
    }

    private FirstUse firstUse() {
        return new FirstUse(captured.console(), true);
    }

    private String refused(FirstUse firstUse, FtpCertificateException why) {
        PortsideException refused = catchThrowableOfType(PortsideException.class, () -> firstUse.accept(URL, why));
        assertThat(refused).isNotNull();
        assertThat(refused.code()).isEqualTo(ExitCode.CERTIFICATE);
        return refused.getMessage();
    }

    @ParameterizedTest
    @ValueSource(strings = {"yes", " YES ", "y"})
    void yes_keepsTheCertificate(String answer) throws IOException {
        captured.answering(answer);
        firstUse().accept(URL, selfSigned());
        assertThat(captured.question()).isEqualTo("Trust exactly this certificate, now and later (yes/no)? ");
        assertThat(captured.err())
                .contains("Host.test:21: the certificate is not signed by an authority that is trusted here"
                        + " (it is self-signed)\n")
                .contains("CN=ftp.example.test")
                .contains("fingerprint  SHA-256 " + FINGERPRINT)
                .contains("is in " + home.resolve(".config/portside/known_hosts"));
        assertThat(firstUse().known(URL)).containsExactly(FINGERPRINT);
        assertThat(firstUse().known(RemoteUrl.parse("ftps://host.test/", NameCharset.UTF_8)))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"no", "", "yes please", "n"})
    void everythingElse_refusesIt(String answer) throws IOException {
        captured.answering(answer);
        assertThat(refused(firstUse(), selfSigned()))
                .isEqualTo("Host.test:21: the certificate was refused, nothing was sent");
        assertThat(firstUse().known(URL)).isEmpty();
    }

    @Test
    void withoutTerminal_saysWhatCanBeDone() throws IOException {
        assertThat(refused(firstUse(), selfSigned()))
                .contains("--cacert")
                .contains("--pin " + PIN)
                .contains("at a terminal");
        assertThat(captured.err()).contains(FINGERPRINT);
        assertThat(firstUse().known(URL)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Reason.class,
            names = {"UNTRUSTED", "WRONG_HOST", "EXPIRED"})
    void whatAPersonCanJudge_isAsked(Reason reason) throws IOException {
        captured.answering("yes");
        firstUse().accept(URL, RefusedCertificate.of(reason, ""));
        assertThat(firstUse().known(URL)).containsExactly(FINGERPRINT);
    }

    @ParameterizedTest
    @EnumSource(
            value = Reason.class,
            names = {"NOT_YET_VALID", "PIN_MISMATCH", "NOT_THE_CONTROL_CERTIFICATE"})
    void whatAPersonCannotJudge_isNotAsked(Reason reason) throws IOException {
        captured.answering("yes");
        assertThat(refused(firstUse(), RefusedCertificate.of(reason, "detail")))
                .startsWith("Host.test:21: the certificate " + reason + " (detail), its fingerprint is SHA-256 "
                        + FINGERPRINT);
        assertThat(captured.question()).isEmpty();
        assertThat(firstUse().known(URL)).isEmpty();
    }

    @Test
    void changedCertificate_isNoQuestion() throws IOException {
        KnownHosts hosts = KnownHosts.of(captured.console());
        hosts.add("other:21", "AB:".repeat(31) + "AB");
        hosts.add("host.test:21", "AB:".repeat(31) + "AB");
        captured.answering("yes");
        assertThat(refused(firstUse(), selfSigned()))
                .contains("has changed since you accepted it")
                .contains(FINGERPRINT)
                .contains("remove line 2 of " + hosts.file());
        assertThat(captured.question()).isEmpty();
        assertThat(firstUse().known(URL)).containsExactly("AB:".repeat(31) + "AB");
    }

    @Test
    void whereTheCommandLineSaysWhomToTrust_nobodyIsAskedAndNothingIsKnown() throws IOException {
        KnownHosts.of(captured.console()).add("host.test:21", FINGERPRINT);
        captured.answering("yes");
        FirstUse strict = new FirstUse(captured.console(), false);
        assertThat(strict.known(URL)).isEmpty();
        assertThat(refused(strict, selfSigned())).contains("--pin " + PIN);
        assertThat(captured.question()).isEmpty();
    }

    @Test
    void whatIsRefusedLaterOn_hasTheSameExitCode() {
        Failure failure = Failure.of(RefusedCertificate.of(Reason.NOT_THE_CONTROL_CERTIFICATE, ""));
        assertThat(failure.code()).isEqualTo(ExitCode.CERTIFICATE);
        assertThat(failure.message())
                .startsWith("host: the certificate came on a data connection and is not that of the control connection")
                .contains(FINGERPRINT);
    }

    @Test
    void namesInACertificate_areNotObeyedByTheTerminal() {
        captured.answering("no");
        refused(firstUse(), RefusedCertificate.of(Reason.WRONG_HOST, "evil\u001b[2J"));
        assertThat(captured.err()).contains("evil\\x1b[2J").doesNotContain("\u001b");
    }
}
