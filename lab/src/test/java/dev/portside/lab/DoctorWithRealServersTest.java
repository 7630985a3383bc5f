package dev.portside.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.cli.doctor.Cause;
import dev.portside.cli.doctor.Diagnosis;
import dev.portside.cli.doctor.Doctor;
import dev.portside.cli.doctor.DoctorOptions;
import dev.portside.cli.doctor.Finding;
import dev.portside.cli.doctor.Finding.Severity;
import dev.portside.cli.doctor.Mode;
import dev.portside.cli.doctor.Place;
import dev.portside.cli.doctor.Trial;
import dev.portside.cli.doctor.Trial.Subject;
import dev.portside.client.FtpClientOptions;
import dev.portside.client.FtpClientTls;
import dev.portside.client.TlsMode;
import dev.portside.lab.peer.RealServer;
import dev.portside.lab.peer.RealServer.Kind;
import dev.portside.lab.peer.RealServer.Options;
import dev.portside.lab.peer.ServerTls;
import dev.portside.lab.peer.TestAuthority;
import dev.portside.testkit.Content;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The doctor at vsftpd, ProFTPD and Pure-FTPd, as they are and with one setting wrong. */
class DoctorWithRealServersTest {
    private static final Content FILE = new Content(100_000, 1);

    private static Diagnosis examine(RealServer server, TlsMode mode, Mode... modes) throws Exception {
        server.seed("file", FILE.bytes());
        FtpClientTls tls =
                FtpClientTls.builder(mode).authorities(TestAuthority.root()).build();
        FtpClientOptions client = FtpClientOptions.builder("127.0.0.1")
                .port(server.address().getPort())
                .dataConnectTimeout(Duration.ofSeconds(2))
                .tls(tls)
                .build();
        Set<Mode> tried = modes.length == 0 ? EnumSet.allOf(Mode.class) : Set.of(modes);
        DoctorOptions options =
                new DoctorOptions(server.user(), server.password(), "", tried, Set.of(), true, 10, 0, null, 0, 3);
        return Doctor.examine(client, options, trial -> {});
    }

    private static void assertWorks(Diagnosis diagnosis, boolean tls) {
        for (Mode mode : Mode.values()) {
            assertThat(diagnosis.trial(mode, tls))
                    .as(diagnosis.toString())
                    .hasValueSatisfying(trial -> assertThat(trial.works()).isTrue());
        }
        assertThat(diagnosis.trials())
                .filteredOn(trial -> trial.subject() == Subject.DOWNLOAD || trial.subject() == Subject.UPLOAD)
                .hasSize(2)
                .allMatch(Trial::works, "works")
                .allMatch(trial -> trial.text().contains("size"), "is verified");
    }

    private static Finding cause(Diagnosis diagnosis, Mode mode, Cause cause) {
        assertThat(diagnosis.cause(mode, false)).as(diagnosis.toString()).isPresent();
        Finding finding = diagnosis.cause(mode, false).orElseThrow();
        assertThat(finding.cause()).as(diagnosis.toString()).isEqualTo(cause);
        return finding;
    }

    @ParameterizedTest
    @EnumSource
    void inTheClear_everythingWorks_andTlsIsMissed(Kind kind) throws Exception {
        try (RealServer server = RealServer.start(kind)) {
            Diagnosis diagnosis = examine(server, TlsMode.AUTO);
            assertWorks(diagnosis, false);
            assertThat(diagnosis.isHealthy()).as(diagnosis.toString()).isTrue();
            assertThat(diagnosis.findings())
                    .filteredOn(finding -> finding.severity() == Severity.WARNING)
                    .extracting(Finding::cause)
                    .containsExactly(Cause.TLS_NOT_OFFERED);
        }
    }

    @ParameterizedTest
    @EnumSource
    void underTls_everythingWorks_andRowsResume(Kind kind) throws Exception {
        try (RealServer server = RealServer.start(kind, Options.USUAL.with(ServerTls.EXPLICIT))) {
            Diagnosis diagnosis = examine(server, TlsMode.EXPLICIT);
            assertWorks(diagnosis, true);
            assertThat(diagnosis.isHealthy()).as(diagnosis.toString()).isTrue();
            assertThat(diagnosis.trials())
                    .filteredOn(trial -> trial.subject() == Subject.RESUMPTION)
                    .hasSize(2)
                    .allMatch(Trial::works);
        }
    }

    @ParameterizedTest
    @EnumSource
    void tlsDemanded_isARemark_whereBothWereTried(Kind kind) throws Exception {
        try (RealServer server = RealServer.start(kind, Options.USUAL.with(ServerTls.EXPLICIT))) {
            Diagnosis diagnosis = examine(server, TlsMode.AUTO, Mode.EPSV);
            assertThat(diagnosis.trial(Mode.EPSV, true).orElseThrow().works()).isTrue();
            assertThat(diagnosis.findings())
                    .as(diagnosis.toString())
                    .anyMatch(
                            finding -> finding.cause() == Cause.TLS_DEMANDED && finding.severity() == Severity.REMARK);
            assertThat(diagnosis.isHealthy()).as(diagnosis.toString()).isTrue();
        }
    }

    @Test
    void innerAddressIn227_isFound_thoughThisClientDoesNotNeedIt() throws Exception {
        try (RealServer server = RealServer.start(Kind.VSFTPD, Options.USUAL.with("pasv_address=10.255.255.1"))) {
            Diagnosis diagnosis = examine(server, TlsMode.OFF, Mode.PASV_PEER, Mode.PASV_NAMED);
            Finding finding = cause(diagnosis, Mode.PASV_NAMED, Cause.PRIVATE_ADDRESS_IN_227);
            assertThat(finding.severity()).isEqualTo(Severity.WARNING);
            assertThat(finding.places()).containsExactly(Place.SERVER);
            assertThat(finding.change().getFirst()).startsWith("vsftpd: pasv_address=127.0.0.1");
        }
    }

    @Test
    void modesThatAreSwitchedOff_areNamedWithTheirSetting() throws Exception {
        try (RealServer server =
                RealServer.start(Kind.VSFTPD, Options.USUAL.with("port_enable=NO", "pasv_enable=NO"))) {
            Diagnosis diagnosis = examine(server, TlsMode.OFF, Mode.EPSV, Mode.PASV_PEER, Mode.PORT);
            assertThat(cause(diagnosis, Mode.PORT, Cause.ACTIVE_REFUSED).change())
                    .contains("vsftpd: port_enable=YES");
            assertThat(cause(diagnosis, Mode.PASV_PEER, Cause.PASSIVE_REFUSED).change())
                    .contains("vsftpd: pasv_enable=YES");
            assertThat(diagnosis.isHealthy()).isFalse();
        }
    }

    @Test
    void fewSessions_slowTheDoctorDown_ratherThanMisleadIt() throws Exception {
        try (RealServer server = RealServer.start(Kind.PROFTPD, Options.USUAL.with("MaxClientsPerHost 1"))) {
            Diagnosis diagnosis = examine(server, TlsMode.OFF, Mode.EPSV, Mode.PASV_PEER, Mode.PORT);
            for (Mode mode : Set.of(Mode.EPSV, Mode.PASV_PEER, Mode.PORT)) {
                assertThat(diagnosis.trial(mode, false).orElseThrow().works())
                        .as(diagnosis.toString())
                        .isTrue();
            }
            assertThat(diagnosis.findings())
                    .filteredOn(finding -> finding.cause() == Cause.TOO_MANY_SESSIONS)
                    .singleElement()
                    .satisfies(finding ->
                            assertThat(finding.change().getFirst()).startsWith("ProFTPD: MaxClientsPerHost"));
        }
    }
}
