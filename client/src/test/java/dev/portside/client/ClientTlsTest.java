package dev.portside.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portside.client.FtpCertificateException.Reason;
import dev.portside.transport.Fingerprints;
import dev.portside.transport.TlsIdentity;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Handshakes with a real TLS server on loopback: whom the client trusts, and what it sends. */
class ClientTlsTest {
    private static final Authority AUTHORITY = new Authority("authority");
    private static final TlsIdentity GOOD =
            AUTHORITY.issue("localhost", "*.example.test", "127.0.0.1", "2001:db8::1", "xn--mnchen-3ya.example");
    private static final TlsIdentity STRANGER = Authority.selfSigned("localhost");
    private static final Duration DAY = Duration.ofDays(1);

    private static final int SERVER_NAME = 0;
    private static final int SESSION_TICKET = 35;

    @TempDir
    Path folder;

    private Path authorities;
    private TlsPeer peer;

    @BeforeEach
    void authorities() throws Exception {
        authorities = Authority.pem(folder.resolve("ca.pem"), AUTHORITY.certificate());
    }

    @AfterEach
    void stop() throws IOException {
        if (peer != null) {
            peer.close();
        }
    }

    private FtpClientTls.Builder options() {
        return FtpClientTls.builder(TlsMode.EXPLICIT).authorities(authorities);
    }

    private static ClientTls tls(FtpClientTls.Builder options, String host) throws IOException {
        return new ClientTls(options.build(), host, 2121);
    }

    private void accepted(TlsIdentity server, FtpClientTls.Builder options, String host) throws IOException {
        peer = new TlsPeer(server);
        ClientTls tls = tls(options, host);
        SSLEngine control = tls.control();
        peer.handshake(control);
        assertThat(tls.controlSecured(control.getSession()).certificate()).isEqualTo(server.leaf());
    }

    private FtpCertificateException refused(TlsIdentity server, FtpClientTls.Builder options, String host)
            throws IOException {
        peer = new TlsPeer(server);
        ClientTls tls = tls(options, host);
        return refused(tls, tls.control());
    }

    private FtpCertificateException refused(ClientTls tls, SSLEngine engine) {
        IOException dugOut = failure(tls, engine);
        assertThat(dugOut).isInstanceOf(FtpCertificateException.class);
        return (FtpCertificateException) dugOut;
    }

    private IOException failure(ClientTls tls, SSLEngine engine) {
        IOException failed = catchThrowableOfType(IOException.class, () -> peer.handshake(engine));
        assertThat(failed).isNotNull();
        return tls.failure(failed);
    }

    // Chain, name and dates

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LOCALHOST",
                "localhost.",
                "ftp.example.test",
                "127.0.0.1",
                "2001:db8::1",
                "[2001:db8::1]",
                "2001:db8:0:0:0:0:0:1%1",
                "münchen.example"
            })
    void host_thatTheCertificateNames_isAccepted(String host) throws IOException {
        accepted(GOOD, options(), host);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"localhost.example", "example.test", "a.ftp.example.test", "127.0.0.2", "2001:db8::2", "server"})
    void host_thatTheCertificateDoesNotName_isWrong(String host) throws IOException {
        FtpCertificateException refused = refused(GOOD, options(), host);
        assertThat(refused.reason()).isEqualTo(Reason.WRONG_HOST);
        assertThat(refused.host()).isEqualTo(host);
        assertThat(refused)
                .hasMessageStartingWith(
                        host + ": the certificate is for another host (localhost, *.example.test, 127.0.0.1, ");
    }

    @Test
    void commonName_countsOnlyWhereThereIsNoOtherName() throws IOException {
        accepted(AUTHORITY.issue(), options(), "server");
        peer.close();
        assertThat(refused(AUTHORITY.issue("elsewhere.test"), options(), "server")
                        .reason())
                .isEqualTo(Reason.WRONG_HOST);
        peer.close();
        assertThat(refused(AUTHORITY.issue(), options(), "localhost")).hasMessageContaining("another host (CN=server)");
    }

    @Test
    void chainOfNobodyKnown_isUntrusted() throws IOException {
        FtpCertificateException refused =
                refused(new Authority("somebody else").issue("localhost"), options(), "localhost");
        assertThat(refused.reason()).isEqualTo(Reason.UNTRUSTED);
        assertThat(refused).hasMessageContaining("issuer CN=somebody else");
    }

    @Test
    void authorityOfTheSameName_isAnother() throws IOException {
        assertThat(refused(new Authority("authority").issue("localhost"), options(), "localhost")
                        .reason())
                .isEqualTo(Reason.UNTRUSTED);
    }

    @Test
    void selfSigned_isUntrustedAndTellsItsFingerprint() throws IOException {
        FtpCertificateException refused = refused(STRANGER, options(), "localhost");
        assertThat(refused.reason()).isEqualTo(Reason.UNTRUSTED);
        assertThat(refused.fingerprint()).isEqualTo(Fingerprints.sha256(STRANGER.leaf()));
        assertThat(refused.chain()).containsExactly(STRANGER.leaf());
        assertThat(refused).hasMessageContaining("self-signed").hasMessageContaining(refused.fingerprint());
    }

    @Test
    void authoritiesOfTheRuntime_areTheDefault() throws IOException {
        assertThat(refused(GOOD, FtpClientTls.builder(TlsMode.EXPLICIT), "localhost")
                        .reason())
                .isEqualTo(Reason.UNTRUSTED);
    }

    @Test
    void selfSigned_thatIsItsOwnAuthority_isAcceptedAsLongAsItIsValid() throws Exception {
        authorities = Authority.pem(folder.resolve("self.pem"), STRANGER.leaf());
        accepted(STRANGER, options(), "localhost");
        peer.close();
        TlsIdentity old = Authority.selfSigned(DAY.multipliedBy(-2), DAY.negated(), "localhost");
        authorities = Authority.pem(folder.resolve("old.pem"), old.leaf());
        assertThat(refused(old, options(), "localhost").reason()).isEqualTo(Reason.EXPIRED);
    }

    @Test
    void expired_saysSinceWhen() throws IOException {
        TlsIdentity old = AUTHORITY.issue(DAY.multipliedBy(-2), DAY.negated(), "localhost");
        FtpCertificateException refused = refused(old, options(), "localhost");
        assertThat(refused.reason()).isEqualTo(Reason.EXPIRED);
        assertThat(refused)
                .hasMessageContaining(old.leaf().getNotAfter().toInstant().toString());
    }

    @Test
    void notYetValid_saysFromWhen() throws IOException {
        TlsIdentity early = AUTHORITY.issue(DAY, DAY.multipliedBy(2), "localhost");
        FtpCertificateException refused = refused(early, options(), "localhost");
        assertThat(refused.reason()).isEqualTo(Reason.NOT_YET_VALID);
        assertThat(refused)
                .hasMessageContaining(early.leaf().getNotBefore().toInstant().toString());
    }

    @Test
    void expiredCertificateForAnotherHost_isExpiredFirst() throws IOException {
        TlsIdentity old = AUTHORITY.issue(DAY.multipliedBy(-2), DAY.negated(), "elsewhere.test");
        assertThat(refused(old, options(), "localhost").reason()).isEqualTo(Reason.EXPIRED);
    }

    @Test
    void withoutVerification_everythingIsAccepted() throws IOException {
        accepted(STRANGER, options().verify(false), "elsewhere.test");
    }

    // Pins and fingerprints

    @Test
    void pinnedKey_isTrustedByItself() throws IOException {
        TlsIdentity old = Authority.selfSigned(DAY.multipliedBy(-2), DAY.negated(), "elsewhere.test");
        accepted(old, options().pin(Fingerprints.pin(GOOD.leaf())).pin(Fingerprints.pin(old.leaf())), "localhost");
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void anotherKeyThanThePinned_isRefusedWhateverElseHolds(boolean verify) throws IOException {
        FtpClientTls.Builder options = options()
                .pin(Fingerprints.pin(STRANGER.leaf()))
                .trusting(Fingerprints.sha256(GOOD.leaf()))
                .verify(verify);
        FtpCertificateException refused = refused(GOOD, options, "localhost");
        assertThat(refused.reason()).isEqualTo(Reason.PIN_MISMATCH);
        assertThat(refused).hasMessageContaining(Fingerprints.pin(GOOD.leaf()));
    }

    @Test
    void trustedFingerprint_isEnough() throws IOException {
        String plain = Fingerprints.sha256(STRANGER.leaf()).replace(":", "").toLowerCase(java.util.Locale.ROOT);
        accepted(STRANGER, options().trusting(plain), "elsewhere.test");
    }

    @Test
    void anotherCertificateThanTheTrustedOne_isVerifiedAsUsual() throws IOException {
        FtpClientTls.Builder options = options().trusting(Fingerprints.sha256(STRANGER.leaf()));
        accepted(GOOD, options, "localhost");
        peer.close();
        assertThat(refused(Authority.selfSigned("localhost"), options, "localhost")
                        .reason())
                .isEqualTo(Reason.UNTRUSTED);
    }

    // Data connections

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void dataConnections_resumeTheSessionOfTheControlConnection(String protocol) throws IOException {
        peer = new TlsPeer(GOOD);
        ClientTls tls = tls(options().protocols(protocol), "localhost");
        SSLEngine control = tls.control();
        TlsPeer.Seen seen = peer.handshake(control);
        assertThat(seen.session().getProtocol()).isEqualTo(protocol);
        TlsStatus status = tls.controlSecured(control.getSession());
        assertThat(status)
                .isEqualTo(new TlsStatus(false, protocol, control.getSession().getCipherSuite(), false, GOOD.leaf()));
        for (int i = 0; i < 5; i++) {
            SSLEngine data = tls.data();
            peer.handshake(data);
            assertThat(tls.dataSecured(data.getSession()))
                    .isEqualTo(new TlsStatus(true, protocol, status.cipherSuite(), true, GOOD.leaf()));
        }
    }

    @Test
    void dataConnection_thatDoesNotResume_mustShowTheCertificateOfTheControlConnection() throws IOException {
        peer = new TlsPeer(GOOD);
        ClientTls tls = tls(options(), "localhost");
        SSLEngine control = tls.control();
        peer.handshake(control);
        tls.controlSecured(control.getSession());
        peer.close();

        // The same certificate, and a server that knows nothing of the session.
        peer = new TlsPeer(GOOD);
        SSLEngine data = tls.data();
        peer.handshake(data);
        assertThat(tls.dataSecured(data.getSession()).resumed()).isFalse();
        peer.close();

        // As good a certificate, but not the same.
        peer = new TlsPeer(AUTHORITY.issue("localhost"));
        assertThat(refused(tls, tls.data()).reason()).isEqualTo(Reason.NOT_THE_CONTROL_CERTIFICATE);
    }

    @Test
    void withoutVerification_dataConnectionsStillLeadToTheSameServer() throws IOException {
        peer = new TlsPeer(STRANGER);
        ClientTls tls = tls(options().verify(false), "localhost");
        peer.handshake(tls.control());
        peer.close();
        peer = new TlsPeer(GOOD);
        assertThat(refused(tls, tls.data()).reason()).isEqualTo(Reason.NOT_THE_CONTROL_CERTIFICATE);
    }

    @Test
    void dataConnectionBeforeTheControlConnection_isRefused() throws IOException {
        peer = new TlsPeer(GOOD);
        ClientTls tls = tls(options(), "localhost");
        assertThat(refused(tls, tls.data()).reason()).isEqualTo(Reason.NOT_THE_CONTROL_CERTIFICATE);
    }

    // What is sent

    @Test
    void clientCertificate_isShownWhereItIsWanted() throws Exception {
        TlsIdentity client = Authority.selfSigned();
        Path pem = Authority.pem(folder.resolve("client.pem"), client);
        for (String protocol : List.of("TLSv1.3", "TLSv1.2")) {
            try (TlsPeer wanting = new TlsPeer(GOOD).wantsClientCertificate()) {
                ClientTls tls = tls(options().protocols(protocol).clientCertificate(pem, null, null), "localhost");
                assertThat(wanting.handshake(tls.control()).session().getPeerCertificates())
                        .containsExactly(client.leaf());
            }
        }
    }

    @Test
    void withoutClientCertificate_noneIsShown() throws IOException {
        peer = new TlsPeer(GOOD).wantsClientCertificate();
        TlsPeer.Seen seen = peer.handshake(tls(options(), "localhost").control());
        assertThatThrownBy(() -> seen.session().getPeerCertificates()).hasMessageContaining("peer not authenticated");
    }

    @Test
    void tls12_goesWithoutTickets() throws IOException {
        assertThat(extensions(tls(options(), "localhost").control())).contains(SESSION_TICKET);
        assertThat(extensions(tls(options().protocols("TLSv1.2"), "localhost").control()))
                .doesNotContain(SESSION_TICKET);
        assertThat(extensions(tls(options(), "localhost").control())).contains(SESSION_TICKET);
        assertThat(System.getProperty("jdk.tls.client.enableSessionTicketExtension"))
                .isNull();
    }

    @Test
    void serverName_isSentForNamesOnly() throws IOException {
        assertThat(extensions(tls(options(), "localhost").control())).contains(SERVER_NAME);
        assertThat(extensions(tls(options(), "127.0.0.1").control())).doesNotContain(SERVER_NAME);
        assertThat(extensions(tls(options(), "2001:db8::1").control())).doesNotContain(SERVER_NAME);
        assertThat(extensions(tls(options(), "under_score").control())).isNotEmpty();
    }

    @Test
    void applicationProtocol_isFtp() throws IOException {
        ClientTls tls = tls(options(), "localhost");
        assertThat(hello(tls.control())).contains("\u0003ftp").doesNotContain("ftp-data");
        assertThat(hello(tls.data())).contains("\u0008ftp-data\u0003ftp");
    }

    private static byte[] helloBytes(SSLEngine engine) throws IOException {
        ByteBuffer hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), hello);
        return java.util.Arrays.copyOf(hello.array(), hello.position());
    }

    private static String hello(SSLEngine engine) throws IOException {
        return new String(helloBytes(engine), StandardCharsets.ISO_8859_1);
    }

    /** The types of the extensions of a ClientHello (RFC 8446 section 4.1.2). */
    private static Set<Integer> extensions(SSLEngine engine) throws IOException {
        ByteBuffer hello = ByteBuffer.wrap(helloBytes(engine));
        hello.position(5 + 4 + 2 + 32);
        hello.position(hello.position() + 1 + hello.get(hello.position()));
        hello.position(hello.position() + 2 + hello.getShort(hello.position()));
        hello.position(hello.position() + 1 + hello.get(hello.position()) + 2);
        Set<Integer> types = new HashSet<>();
        while (hello.hasRemaining()) {
            types.add((int) hello.getShort());
            hello.position(hello.position() + 2 + hello.getShort(hello.position()));
        }
        return types;
    }

    // Other failures

    @Test
    void noVersionInCommon_isToldInWords() throws IOException {
        peer = new TlsPeer(GOOD).speaking("TLSv1.2");
        ClientTls tls = tls(options().protocols("TLSv1.3"), "localhost");
        assertThat(failure(tls, tls.control()))
                .isInstanceOf(SSLException.class)
                .hasMessage(
                        "localhost: the TLS handshake failed, the server speaks no version of TLS that is allowed here");
    }

    @Test
    void missingClientCertificate_isToldInWords() throws IOException {
        peer = new TlsPeer(GOOD).needsClientCertificate();
        ClientTls tls = tls(options(), "localhost");
        assertThat(failure(tls, tls.control()))
                .hasMessageStartingWith("localhost: the TLS handshake failed, the server ")
                .hasMessageContaining("client certificate");
    }

    @Test
    void serverWithoutTls_isToldInWords() throws IOException {
        ClientTls tls = tls(options(), "localhost");
        SSLEngine control = tls.control();
        helloBytes(control);
        ByteBuffer greeting = ByteBuffer.wrap("220 ready, say AUTH TLS\r\n".getBytes(StandardCharsets.US_ASCII));
        IOException failed =
                catchThrowableOfType(IOException.class, () -> control.unwrap(greeting, ByteBuffer.allocate(1 << 16)));
        assertThat(tls.failure(failed))
                .hasMessage("localhost: the TLS handshake failed, what the server speaks there is not TLS");
    }

    @Test
    void whatIsNoFailureOfTls_staysWhatItIs() throws IOException {
        IOException reset = new IOException("connection reset");
        assertThat(tls(options(), "localhost").failure(reset)).isSameAs(reset);
    }

    // Files

    @Test
    void fileThatCannotBeUsed_isAFailureOfThatFile() throws Exception {
        Path missing = folder.resolve("missing.pem");
        assertThatExceptionOfType(FileSystemException.class)
                .isThrownBy(() -> tls(options().authorities(missing), "localhost"))
                .satisfies(failed -> assertThat(failed.getFile()).isEqualTo(missing.toString()))
                .satisfies(failed -> assertThat(failed.getReason()).isEqualTo("no such file"));
        Path text = Files.writeString(folder.resolve("text"), "no certificate");
        assertThatExceptionOfType(FileSystemException.class)
                .isThrownBy(() -> tls(options().authorities(text), "localhost"))
                .satisfies(failed -> assertThat(failed.getFile()).isEqualTo(text.toString()));
        Path pem = Authority.pem(folder.resolve("cert.pem"), GOOD.leaf());
        assertThatExceptionOfType(FileSystemException.class)
                .isThrownBy(() -> tls(options().clientCertificate(pem, text, null), "localhost"))
                .satisfies(failed -> assertThat(failed.getFile()).isEqualTo(text.toString()));
    }
}
