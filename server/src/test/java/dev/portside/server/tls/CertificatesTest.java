package dev.portside.server.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.portside.server.FtpServerTls;
import dev.portside.transport.TlsIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Certificates whose files change, or break, or whose time is over. */
class CertificatesTest {
    private static final Duration NEVER = Duration.ofDays(1);

    private final TestAuthority authority = new TestAuthority("authority");
    private final TlsIdentity before = authority.identity("EC", "before.example");
    private final TlsIdentity after = authority.identity("EC", "after.example");
    private final Logged logged = new Logged();

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(folder.resolve("ftp.pem"), TestAuthority.pem(before));
    }

    @AfterEach
    void stop() {
        logged.close();
    }

    @Test
    void fileThatChanged_isReadAgain() throws IOException {
        try (Certificates certificates = open(NEVER, Clock.systemUTC())) {
            certificates.look();
            assertThat(shown(certificates)).isEqualTo(before);

            TestAuthority.replace(file, TestAuthority.pem(after));
            certificates.look();
            certificates.look();

            assertThat(shown(certificates)).isEqualTo(after);
            assertThat(logged.lines()).containsExactly("INFO certificate reloaded from [" + file + "]: " + after);
        }
    }

    @Test
    void keyOfTheCertificateBefore_isStillThereForAHandshakeThatHasChosenIt() throws IOException {
        try (Certificates certificates = open(NEVER, Clock.systemUTC())) {
            String alias = certificates.now().getFirst().alias();
            TestAuthority.replace(file, TestAuthority.pem(after));
            certificates.look();

            assertThat(certificates.withAlias(alias)).isEqualTo(before);
        }
    }

    @Test
    void brokenFile_keepsTheOneBeforeAndIsToldOncePerChange() throws IOException {
        String whole = TestAuthority.pem(after);
        try (Certificates certificates = open(NEVER, Clock.systemUTC())) {
            Files.writeString(file, whole.substring(0, whole.length() / 2));
            look(certificates, 4);
            assertThat(shown(certificates)).isEqualTo(before);
            assertThat(logged.lines())
                    .singleElement()
                    .asString()
                    .startsWith("WARNING certificate not reloaded, the one before is kept: " + file + ": ");

            Files.writeString(file, "something else");
            look(certificates, 4);
            assertThat(shown(certificates)).isEqualTo(before);
            assertThat(logged.lines()).hasSize(1);

            Files.delete(file);
            look(certificates, 4);
            assertThat(shown(certificates)).isEqualTo(before);
            assertThat(logged.lines())
                    .containsExactly(
                            "WARNING certificate not reloaded, the one before is kept: " + file + ": no such file");

            Files.writeString(file, whole);
            certificates.look();
            assertThat(shown(certificates)).isEqualTo(after);
        }
    }

    @Test
    void certificateAndKeyReplacedOneAfterTheOther_areNotWorthAWarning() throws IOException {
        Path key = Files.writeString(folder.resolve("key.pem"), TestAuthority.pem(before));
        CertificateSource both = new CertificateFiles(file, key, null);
        try (Certificates certificates = Certificates.open(List.of(both), NEVER, Clock.systemUTC())) {
            TestAuthority.replace(file, TestAuthority.pem(after));
            certificates.look();
            assertThat(shown(certificates)).isEqualTo(before);
            TestAuthority.replace(key, TestAuthority.pem(after));
            certificates.look();

            assertThat(shown(certificates)).isEqualTo(after);
            assertThat(logged.lines()).noneMatch(line -> line.startsWith("WARNING"));
        }
    }

    @Test
    void fileThatIsBrokenAtTheStart_isAnError() throws IOException {
        Files.writeString(file, "nothing");

        assertThatIOException()
                .isThrownBy(() -> open(NEVER, Clock.systemUTC()))
                .withMessageStartingWith(file + ": neither PEM nor PKCS#12");
    }

    @Test
    void end_isToldOnceAt30And14And3DaysAndWhenItIsThere() throws IOException {
        Instant end = Instant.parse("2040-01-31T00:00:00Z");
        TlsIdentity short_ = authority.identity("EC", end, "short.example");
        Files.writeString(file, TestAuthority.pem(short_));
        AtomicReference<Instant> now = new AtomicReference<>(end.minus(Duration.ofDays(31)));
        InstantSource source = now::get;
        try (Certificates certificates = open(NEVER, source.withZone(ZoneOffset.UTC))) {
            assertThat(logged.lines()).isEmpty();
            for (String expected : List.of(
                    "P30D expires in 30 days",
                    "P29D ",
                    "P14D expires in 14 days",
                    "P5D ",
                    "PT71H expires in 2 days",
                    "PT2H ",
                    "PT0S expired at 2040-01-31T00:00:00Z",
                    "-P9D ")) {
                String[] parts = expected.split(" ", 2);
                now.set(end.minus(Duration.parse(parts[0])));
                look(certificates, 2);
                if (parts[1].isEmpty()) {
                    assertThat(logged.lines()).as(expected).isEmpty();
                } else {
                    assertThat(logged.lines())
                            .as(expected)
                            .singleElement()
                            .asString()
                            .startsWith("WARNING certificate of CN=short.example " + parts[1])
                            .endsWith("; renew it");
                }
            }
            TestAuthority.replace(file, TestAuthority.pem(authority.identity("EC", end.plus(NEVER), "next.example")));
            look(certificates, 2);
            assertThat(logged.lines())
                    .as("the next one has its own warnings")
                    .anyMatch(line ->
                            line.contains("CN=next.example expired") || line.contains("CN=next.example expires"));
        }
    }

    @Test
    void certificateThatEndsSoon_isToldAtTheStart() throws IOException {
        Instant end = Instant.now().plus(Duration.ofHours(5));
        Files.writeString(file, TestAuthority.pem(authority.identity("EC", end, "short.example")));
        try (Certificates certificates = open(NEVER, Clock.systemUTC())) {
            assertThat(shown(certificates).leaf()).isNotNull();
            assertThat(logged.lines())
                    .singleElement()
                    .asString()
                    .startsWith("WARNING certificate of CN=short.example expires in less than a day");
        }
    }

    @Test
    void thread_looksByItself() throws Exception {
        try (Certificates certificates = open(Duration.ofMillis(5), Clock.systemUTC())) {
            TestAuthority.replace(file, TestAuthority.pem(after));

            assertThat(logged.next()).startsWith("INFO certificate reloaded");
            assertThat(shown(certificates)).isEqualTo(after);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void reload_changesNewHandshakesAndNoSession(String version) throws Exception {
        FtpServerTls options = FtpServerTls.builder()
                .certificate(file)
                .reloadInterval(Duration.ofMillis(5))
                .build();
        TlsClient client = new TlsClient(authority.certificate());
        try (ServerTls tls =
                ServerTls.open(options, List.of(new CertificateFiles(file, null, null)), Clock.systemUTC())) {
            SSLEngine control = tls.control("token");
            Handshake.between(client.engine(version), control);
            TlsIdentity same = tls.identity(control.getSession());
            assertThat(same).isEqualTo(before);

            TestAuthority.replace(file, TestAuthority.pem(after));
            assertThat(logged.next()).startsWith("INFO certificate reloaded");

            SSLEngine resumed = tls.data("data");
            Handshake.between(client.engine(version), resumed, new Wanted(null, same));
            assertThat(resumed.getSession().getPeerHost()).isEqualTo("token");

            SSLEngine withoutSession = new TlsClient(authority.certificate()).engine(version);
            Handshake.between(withoutSession, tls.data("data"), new Wanted(null, same));
            assertThat(TlsClient.shown(withoutSession)).isEqualTo(before.leaf());

            SSLEngine other = new TlsClient(authority.certificate()).engine(version);
            Handshake.between(other, tls.control("another"));
            assertThat(TlsClient.shown(other)).isEqualTo(after.leaf());
        }
    }

    private static void look(Certificates certificates, int times) {
        for (int i = 0; i < times; i++) {
            certificates.look();
        }
    }

    private static TlsIdentity shown(Certificates certificates) {
        return certificates.now().getFirst().identity();
    }

    private Certificates open(Duration interval, Clock clock) throws IOException {
        return Certificates.open(List.of(new CertificateFiles(file, null, null)), interval, clock);
    }
}
