package dev.portside.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.cli.doctor.Finding.Severity;
import dev.portside.cli.doctor.Trial.Subject;
import dev.portside.client.FtpClientOptions;
import dev.portside.client.FtpClientTls;
import dev.portside.client.TlsMode;
import dev.portside.protocol.HostPort;
import dev.portside.server.tls.SelfSigned;
import dev.portside.testkit.Fault;
import dev.portside.testkit.LeakCheckExtension;
import dev.portside.testkit.ScriptedServer;
import dev.portside.transport.TlsIdentity;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Servers that have one thing wrong, and whether the doctor names it. */
@ExtendWith(LeakCheckExtension.class)
class DoctorTest {
    private static final Duration WAIT = Duration.ofMillis(400);
    private static final String PASSWORD = "tr0ub4dor";
    private static TlsIdentity identity;

    private final List<Trial> told = new ArrayList<>();

    @BeforeAll
    static void certificate(@TempDir Path directory) throws IOException {
        identity = new SelfSigned(directory, List.of("127.0.0.1")).first();
    }

    private static SSLContext context() {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry(
                    "server", identity.key(), new char[0], identity.chain().toArray(X509Certificate[]::new));
            KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
            keys.init(store, new char[0]);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (IOException | GeneralSecurityException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static ScriptedServer.Script script(Fault... faults) {
        ScriptedServer.Script script = ScriptedServer.script()
                .greeting("220 (vsFTPd 3.0.3)")
                .file("a.txt", "what is in it".getBytes(StandardCharsets.US_ASCII));
        for (Fault fault : faults) {
            script.fault(fault);
        }
        return script;
    }

    private static ScriptedServer.Script tlsScript(Fault... faults) {
        return script(faults)
                .features(
                        "AUTH TLS",
                        "EPRT",
                        "EPSV",
                        "MDTM",
                        "MLST type*;",
                        "PBSZ",
                        "PROT",
                        "REST STREAM",
                        "SIZE",
                        "UTF8")
                .tls(DoctorTest::context);
    }

    private static FtpClientOptions.Builder client(ScriptedServer server, TlsMode mode) {
        return FtpClientOptions.builder("127.0.0.1")
                .port(server.port())
                .dataConnectTimeout(WAIT)
                .greetingTimeout(Duration.ofSeconds(3))
                .replyTimeout(Duration.ofSeconds(3))
                .abortTimeout(Duration.ofMillis(200))
                .completionTimeout(Duration.ofSeconds(2))
                .dataStallTimeout(Duration.ofSeconds(2))
                .tls(FtpClientTls.builder(mode)
                        .verify(mode == TlsMode.OFF || mode == TlsMode.AUTO)
                        .build());
    }

    private static DoctorOptions options(Mode... modes) {
        Set<Mode> tried = modes.length == 0 ? EnumSet.allOf(Mode.class) : EnumSet.copyOf(List.of(modes));
        return new DoctorOptions("joe", PASSWORD, "", tried, Set.of(), false, 3, 0, null, 0, 3);
    }

    private Diagnosis examine(ScriptedServer.Script script, TlsMode mode, DoctorOptions options) throws IOException {
        try (ScriptedServer server = script.start()) {
            return Doctor.examine(client(server, mode).build(), options, told::add);
        }
    }

    private Diagnosis inTheClear(ScriptedServer.Script script, Mode... modes) throws IOException {
        return examine(script, TlsMode.OFF, options(modes));
    }

    private static void assertCause(Diagnosis diagnosis, Mode mode, boolean tls, Cause cause) {
        assertThat(diagnosis.cause(mode, tls).map(Finding::cause))
                .as(diagnosis.toString())
                .contains(cause);
    }

    private static void assertFound(Diagnosis diagnosis, Cause cause) {
        assertThat(diagnosis.findings()).extracting(Finding::cause).contains(cause);
    }

    @Test
    void everythingWorks_isHealthy_andVerified() throws IOException {
        Diagnosis diagnosis = inTheClear(script());
        assertThat(diagnosis.findings()).isEmpty();
        for (Mode mode : Mode.values()) {
            assertThat(diagnosis.trial(mode, false).orElseThrow().works())
                    .as(mode + "")
                    .isTrue();
        }
        assertThat(diagnosis.trials())
                .filteredOn(trial -> trial.subject() == Subject.DOWNLOAD)
                .singleElement()
                .satisfies(trial -> assertThat(trial.text()).startsWith("a.txt, 13 bytes, size agree"));
        assertThat(told).hasSameSizeAs(diagnosis.trials());
        assertThat(diagnosis.profile())
                .anyMatch(line -> line.startsWith("portside get --mode epsv ftp://joe@127.0.0.1"));
    }

    @Test
    void events_tellTheWholeStory_inOrder() throws IOException {
        Diagnosis diagnosis = inTheClear(script(), Mode.EPSV);
        assertThat(diagnosis.trial(Mode.EPSV, false).orElseThrow().events())
                .extracting(event -> event.channel() + " " + event.kind())
                .containsSubsequence(
                        "CONTROL CONNECTS",
                        "CONTROL SAYS",
                        "DATA LISTENS",
                        "DATA CONNECTS",
                        "CONTROL SAYS",
                        "DATA MOVES");
    }

    @Test
    void password_isNowhereInTheDiagnosis() throws IOException {
        assertThat(inTheClear(script(Fault.PASSIVE_BLACK_HOLE)).toString()).doesNotContain(PASSWORD);
        assertThat(options().toString()).doesNotContain(PASSWORD);
        Diagnosis refused = inTheClear(script().reply("PASS", "530 wrong"));
        assertThat(refused.toString()).doesNotContain(PASSWORD).contains("PASS ****");
    }

    @Test
    void row1_foreignAddressIn227_hidesBehindThePeersAddress() throws IOException {
        Diagnosis diagnosis = inTheClear(script(Fault.PASSIVE_ADDRESS_FOREIGN), Mode.PASV_PEER, Mode.PASV_NAMED);
        assertThat(diagnosis.trial(Mode.PASV_PEER, false).orElseThrow().works()).isTrue();
        assertCause(diagnosis, Mode.PASV_NAMED, false, Cause.OUTER_ADDRESS_INSIDE);
        assertThat(diagnosis.isHealthy()).isTrue();
    }

    @Test
    void row2_silentPorts_areClosed_andRefusingOnes_rejected() throws IOException {
        Diagnosis silent = inTheClear(script(Fault.PASSIVE_BLACK_HOLE), Mode.EPSV, Mode.PASV_PEER, Mode.PASV_NAMED);
        for (Mode mode : List.of(Mode.EPSV, Mode.PASV_PEER, Mode.PASV_NAMED)) {
            assertCause(silent, mode, false, Cause.PASSIVE_RANGE_CLOSED);
        }
        assertThat(silent.isHealthy()).isFalse();
        assertCause(
                inTheClear(script(Fault.PASSIVE_UNREACHABLE), Mode.EPSV),
                Mode.EPSV,
                false,
                Cause.PASSIVE_PORTS_REJECTED);
    }

    @Test
    void row10_portRefused_withTheServersWords() throws IOException {
        Diagnosis diagnosis = inTheClear(script().reply("PORT", "500 Illegal PORT command."), Mode.EPSV, Mode.PORT);
        assertCause(diagnosis, Mode.PORT, false, Cause.CLIENT_ADDRESS_PRIVATE);
        assertThat(diagnosis.cause(Mode.PORT, false).orElseThrow().severity()).isEqualTo(Severity.REMARK);
    }

    @Test
    void row12_425ToPasv_isTheRange() throws IOException {
        assertCause(
                inTheClear(script().reply("PASV", "425 no port is free"), Mode.PASV_PEER),
                Mode.PASV_PEER,
                false,
                Cause.PASSIVE_RANGE_EXHAUSTED);
    }

    @Test
    void row21_epsvRefusedOrMalformed_isNamed() throws IOException {
        Diagnosis refused = inTheClear(script(Fault.EPSV_REFUSED), Mode.EPSV, Mode.PASV_PEER);
        assertCause(refused, Mode.EPSV, false, Cause.EPSV_REFUSED);
        assertFound(refused, Cause.FEATURE_PROMISED);
        assertCause(inTheClear(script(Fault.EPSV_MALFORMED), Mode.EPSV), Mode.EPSV, false, Cause.EPSV_MALFORMED);
        Diagnosis period = inTheClear(
                script().on("EPSV", (session, line) -> {
                    InetSocketAddress here = session.data().listen();
                    session.send("229 Entering Extended Passive Mode (|||" + here.getPort() + "|).");
                }),
                Mode.EPSV);
        assertFound(period, Cause.EPSV_MALFORMED);
        assertThat(period.isHealthy()).isTrue();
    }

    @Test
    void row23_protDemandedInTheClear_isNamed() throws IOException {
        Diagnosis diagnosis = inTheClear(
                script().reply("MLSD", "521 PROT P required").reply("LIST", "521 PROT P required"), Mode.EPSV);
        assertCause(diagnosis, Mode.EPSV, false, Cause.TLS_DEMANDED);
    }

    @Test
    void row24_portTakenAndNothingArrives_canBeAnybody() throws IOException {
        for (Fault fault : List.of(Fault.ACTIVE_NEVER_CONNECTS, Fault.ACTIVE_CANNOT_CONNECT)) {
            assertCause(inTheClear(script(fault), Mode.EPSV, Mode.PORT), Mode.PORT, false, Cause.ACTIVE_BLOCKED);
        }
    }

    @Test
    void row25_portsThatHangNowAndThen_areFoundBySampling() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        ScriptedServer.Script script = script().on("EPSV", (session, line) -> {
            InetSocketAddress here = session.data().listen();
            if (asked.incrementAndGet() % 4 == 0) {
                session.data().close();
            }
            session.send("229 Entering Extended Passive Mode (|||" + here.getPort() + "|)");
        });
        DoctorOptions options =
                new DoctorOptions("joe", PASSWORD, "", Set.of(Mode.EPSV), Set.of(), false, 0, 12, null, 0, 3);
        Diagnosis diagnosis = examine(script, TlsMode.OFF, options);
        assertFound(diagnosis, Cause.PASSIVE_RANGE_PARTLY_OPEN);
        assertThat(diagnosis.isHealthy()).isFalse();
    }

    @Test
    void strangerIn425_isAnotherAddress() throws IOException {
        ScriptedServer.Script script = script().reply("MLSD", "425 Security: bad IP connecting.")
                .reply("LIST", "425 Security: bad IP connecting.");
        assertCause(inTheClear(script, Mode.EPSV), Mode.EPSV, false, Cause.DATA_FROM_OTHER_ADDRESS);
    }

    @Test
    void downloadThatIsCutShort_isAProblem() throws IOException {
        Diagnosis cut = inTheClear(script().fault(Fault.DATA_CUT_SHORT, "RETR"), Mode.EPSV);
        assertThat(cut.findings())
                .anyMatch(finding -> finding.severity() == Severity.PROBLEM
                        && Set.of(Cause.TRANSFER_CUT, Cause.CONTENT_DAMAGED).contains(finding.cause()));
        assertFound(inTheClear(script().fault(Fault.NO_COMPLETION, "RETR"), Mode.EPSV), Cause.NO_FINAL_REPLY);
    }

    @Test
    void upload_isVerifiedAndRemoved() throws IOException {
        DoctorOptions writing =
                new DoctorOptions("joe", PASSWORD, "", Set.of(Mode.EPSV), Set.of(), true, 0, 0, null, 0, 3);
        try (ScriptedServer server = script().start()) {
            Diagnosis diagnosis = Doctor.examine(client(server, TlsMode.OFF).build(), writing, told::add);
            assertThat(diagnosis.findings()).isEmpty();
            assertThat(told).anyMatch(trial -> trial.subject() == Subject.UPLOAD && trial.works());
            String stored = server.awaitCommand("STOR", WAIT);
            assertThat(server.awaitCommand("DELE", WAIT)).isEqualTo(stored.replace("STOR", "DELE"));
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
        Diagnosis refused = examine(script().reply("STOR", "550 read only"), TlsMode.OFF, writing);
        assertFound(refused, Cause.UPLOAD_REFUSED);
    }

    @Test
    void withoutWrite_nothingIsWritten() throws IOException {
        try (ScriptedServer server = script().start()) {
            Doctor.examine(client(server, TlsMode.OFF).build(), options(), told::add);
            assertThat(server.verbs()).doesNotContain("STOR", "APPE", "STOU", "DELE", "MKD");
        }
    }

    @Test
    void busyServer_slowsTheDoctorDown_ratherThanMisleadingIt() throws IOException {
        AtomicInteger open = new AtomicInteger();
        CompletableFuture<Void> refused = new CompletableFuture<>();
        ScriptedServer.Script script = script().on("USER", (session, line) -> {
                    if (open.incrementAndGet() > 1) {
                        open.decrementAndGet();
                        refused.complete(null);
                        session.send("421 There are too many connections from your internet address.");
                        session.close();
                    } else {
                        session.answer(line);
                    }
                })
                .on("QUIT", (session, line) -> {
                    // The first session is there until another one was refused.
                    refused.orTimeout(20, TimeUnit.SECONDS).join();
                    open.decrementAndGet();
                    session.answer(line);
                    session.close();
                });
        Diagnosis diagnosis = inTheClear(script, Mode.EPSV, Mode.PASV_PEER);
        assertThat(diagnosis.trial(Mode.PASV_PEER, false).orElseThrow().works()).isTrue();
        assertThat(diagnosis.findings())
                .filteredOn(finding -> finding.cause() == Cause.TOO_MANY_SESSIONS)
                .singleElement()
                .satisfies(finding -> assertThat(finding.severity()).isEqualTo(Severity.REMARK));
    }

    @Test
    void nobodyThere_andNoFtp_areTold() throws IOException {
        FtpClientOptions.Builder gone;
        try (ScriptedServer server = script().start()) {
            gone = client(server, TlsMode.AUTO);
        }
        Diagnosis nobody = Doctor.examine(gone.build(), options(), told::add);
        assertFound(nobody, Cause.NO_CONTROL_CONNECTION);
        assertThat(nobody.profile()).isEmpty();
        assertFound(inTheClear(script(Fault.CLOSED_BEFORE_BANNER)), Cause.NOT_FTP);
        assertFound(inTheClear(script(Fault.BUSY_BANNER)), Cause.TOO_MANY_SESSIONS);
        Diagnosis unknown =
                Doctor.examine(FtpClientOptions.builder("no-such-host.invalid").build(), options(), told::add);
        assertFound(unknown, Cause.NAME_UNKNOWN);
    }

    @Test
    void ipv6_hasEpsvAndEprtOnly() throws IOException {
        try (ScriptedServer server =
                script().bind(java.net.InetAddress.ofLiteral("::1")).start()) {
            FtpClientOptions client = FtpClientOptions.builder("::1")
                    .port(server.port())
                    .dataConnectTimeout(WAIT)
                    .build();
            Diagnosis diagnosis = Doctor.examine(client, options(), told::add);
            assertThat(diagnosis.trial(Mode.PORT, false)).isEmpty();
            assertThat(diagnosis.trial(Mode.EPRT, false).orElseThrow().works()).isTrue();
        }
    }

    @Test
    void siteSeen_tellsWhatAGatewayHasRewritten() throws IOException {
        ScriptedServer.Script script = script().features(
                        "EPSV", "EPRT", "SIZE", "MDTM", "REST STREAM", "UTF8", "MLST type*;", "SITE SEEN")
                .on(
                        "SITE",
                        (session, line) ->
                                session.send("211-seen", " client=127.0.0.1:4000", " sent-229=50001", "211 end"));
        Diagnosis diagnosis = inTheClear(script, Mode.EPSV);
        assertFound(diagnosis, Cause.REWRITTEN_BY_GATEWAY);
        assertThat(diagnosis.findings().getFirst().evidence()).anyMatch(line -> line.contains("50001"));
    }

    // TLS

    @Test
    void auto_triesBoth_andTellsOfTheCertificate() throws IOException {
        Diagnosis diagnosis = examine(tlsScript(), TlsMode.AUTO, options());
        for (Mode mode : Mode.values()) {
            assertThat(diagnosis.trial(mode, true).orElseThrow().works())
                    .as(mode + "")
                    .isTrue();
            assertThat(diagnosis.trial(mode, false).orElseThrow().works())
                    .as(mode + "")
                    .isTrue();
        }
        assertThat(diagnosis.findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.cause()).isEqualTo(Cause.CERTIFICATE))
                .satisfies(finding -> assertThat(finding.severity()).isEqualTo(Severity.WARNING));
        assertThat(diagnosis.profile()).anyMatch(line -> line.contains("--pin sha256//"));
        assertThat(diagnosis.trials())
                .filteredOn(trial -> trial.subject() == Subject.RESUMPTION)
                .hasSize(2)
                .allMatch(Trial::works);
    }

    @Test
    void explicit_withACertificateOfNobody_sendsNoPassword() throws IOException {
        try (ScriptedServer server = tlsScript().start()) {
            FtpClientOptions client = client(server, TlsMode.EXPLICIT)
                    .tls(FtpClientTls.builder(TlsMode.EXPLICIT).build())
                    .build();
            Diagnosis diagnosis = Doctor.examine(client, options(), told::add);
            assertFound(diagnosis, Cause.CERTIFICATE);
            assertThat(diagnosis.isHealthy()).isFalse();
            assertThat(server.verbs()).doesNotContain("USER", "PASS");
        }
    }

    @Test
    void explicit_neverSpeaksInTheClear() throws IOException {
        Diagnosis diagnosis = examine(tlsScript(), TlsMode.EXPLICIT, options(Mode.EPSV));
        assertThat(diagnosis.trial(Mode.EPSV, false)).isEmpty();
        assertThat(diagnosis.trial(Mode.EPSV, true).orElseThrow().works()).isTrue();
        assertFound(examine(script(), TlsMode.EXPLICIT, options(Mode.EPSV)), Cause.TLS_NOT_OFFERED);
    }

    @Test
    void row4_openInTheClearOnly_isABlindGateway() throws IOException {
        ScriptedServer.Script script = tlsScript().on("EPSV", (session, line) -> {
            InetSocketAddress here = session.data().listen();
            if (session.isSecured()) {
                session.data().close();
            }
            session.send("229 Entering Extended Passive Mode (|||" + here.getPort() + "|)");
        });
        Diagnosis diagnosis = examine(script, TlsMode.AUTO, options(Mode.EPSV));
        assertThat(diagnosis.trial(Mode.EPSV, false).orElseThrow().works()).isTrue();
        assertCause(diagnosis, Mode.EPSV, true, Cause.HELPER_BLIND_UNDER_TLS);
    }

    @Test
    void row19_resumptionThatFails_isNamed() throws IOException {
        assertCause(
                examine(tlsScript(Fault.NEVER_RESUMED_AND_REFUSED), TlsMode.EXPLICIT, options(Mode.EPSV)),
                Mode.EPSV,
                true,
                Cause.TLS_SESSION_NOT_RESUMED);
        Diagnosis newOnly = examine(tlsScript(Fault.UNRESUMED_REFUSED), TlsMode.EXPLICIT, options(Mode.EPSV));
        assertThat(newOnly.trial(Mode.EPSV, true).orElseThrow().works()).isTrue();
        assertFound(newOnly, Cause.TLS_SESSION_NOT_RESUMED);
    }

    @Test
    void row20_noCloseNotify_isNamed_andAWarningWhereSizesProveTheFile() throws IOException {
        Diagnosis diagnosis = examine(tlsScript(Fault.NO_CLOSE_NOTIFY), TlsMode.EXPLICIT, options(Mode.EPSV));
        assertCause(diagnosis, Mode.EPSV, true, Cause.NO_CLOSE_NOTIFY);
        Diagnosis file =
                examine(tlsScript().fault(Fault.NO_CLOSE_NOTIFY, "RETR"), TlsMode.EXPLICIT, options(Mode.EPSV));
        assertFound(file, Cause.NO_CLOSE_NOTIFY);
        assertThat(file.isHealthy()).isTrue();
    }

    @Test
    void row23_protRefused_isNamed() throws IOException {
        Diagnosis diagnosis = examine(tlsScript().reply("PROT", "534 not here"), TlsMode.EXPLICIT, options(Mode.EPSV));
        assertFound(diagnosis, Cause.PROT_REFUSED);
        assertThat(diagnosis.isHealthy()).isFalse();
    }

    @Test
    void passiveAddress_isWrittenAsTheServerNamedIt() throws IOException {
        Diagnosis diagnosis = inTheClear(script(Fault.PASSIVE_ADDRESS_FOREIGN), Mode.PASV_NAMED);
        DataTry data = diagnosis.trial(Mode.PASV_NAMED, false).orElseThrow().data();
        assertThat(data).isNotNull();
        assertThat(HostPort.numeric(data.named().getAddress())).isEqualTo("192.0.2.1");
        assertThat(data.server()).isEqualTo(data.named());
    }
}
