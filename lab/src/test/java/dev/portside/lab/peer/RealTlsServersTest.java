package dev.portside.lab.peer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portside.lab.peer.RealServer.Kind;
import dev.portside.lab.peer.RealServer.Options;
import dev.portside.lab.peer.TestAuthority.Subject;
import dev.portside.lab.peer.TlsClient.Target;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RealTlsServersTest {
    private static final List<TlsVersions> EACH_VERSION = List.of(TlsVersions.TLS_1_2, TlsVersions.TLS_1_3);

    @TempDir
    Path local;

    @ParameterizedTest
    @CsvSource({"VSFTPD, TLS_1_2", "VSFTPD, TLS_1_3", "PROFTPD, TLS_1_2", "PROFTPD, TLS_1_3"})
    void clientsThatResume_transferInOneSession_whereReuseIsRequired(Kind kind, TlsVersions version) throws Exception {
        try (RealServer server = start(kind, ServerTls.EXPLICIT.only(version))) {
            for (TlsClient client : TlsClient.values()) {
                if (client.resumesAgain(version)) {
                    // curl pauses a second now and then
                    int count = client == TlsClient.CURL ? 2 : 4;
                    String said = client.transfer(Target.of(server), count, work(client.name()));
                    if (client == TlsClient.PYTHON) {
                        assertThat(said).contains("RETR 2.bin " + version.newest() + " resumed");
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"TLS_1_2, resumed", "TLS_1_3, not resumed"})
    void pureFtpd_neverRequiresReuse_andHasNoTicketsUnderTls13(TlsVersions version, String expected) throws Exception {
        try (RealServer server = start(Kind.PURE_FTPD, ServerTls.EXPLICIT.only(version))) {
            for (TlsClient client : List.of(TlsClient.CURL, TlsClient.LFTP)) {
                client.transfer(Target.of(server), 2, work(client.name()));
            }
            String said = TlsClient.PYTHON.transfer(Target.of(server), 2, work("python"));
            assertThat(said).contains("RETR 0.bin " + version.newest() + " " + expected);
            TlsClient.PYTHON.transfer(Target.of(server).withoutReuse(), 2, work("fresh"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "VSFTPD, 522 SSL connection failed: session reuse required",
        "PROFTPD, 425 Unable to build data connection: Operation not permitted"
    })
    void clientThatDoesNotResume_isRefused(Kind kind, String reply) throws Exception {
        for (TlsVersions version : EACH_VERSION) {
            try (RealServer server = start(kind, ServerTls.EXPLICIT.only(version))) {
                boolean all = kind == Kind.VSFTPD && version == TlsVersions.TLS_1_2;
                List<TlsClient> clients = all ? List.of(TlsClient.values()) : List.of(TlsClient.PYTHON);
                for (TlsClient client : clients) {
                    Path work = work(version + client.name());
                    assertThatThrownBy(() -> client.transfer(Target.of(server).withoutReuse(), 2, work))
                            .isInstanceOf(AssertionError.class)
                            .hasMessageContaining(reply);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"VSFTPD", "PROFTPD"})
    void clientThatDoesNotResume_isServed_whereReuseIsNotRequired(Kind kind) throws Exception {
        try (RealServer server = start(kind, ServerTls.EXPLICIT.withoutReuse())) {
            TlsClient.PYTHON.transfer(Target.of(server).withoutReuse(), 4, work("python"));
        }
    }

    /** Under TLS 1.3 OpenSSL's client cache gives each session away once, and ProFTPD sends no ticket in an upload. */
    @ParameterizedTest
    @EnumSource(names = {"CURL", "PERL"})
    void clientThatUsesTicketsOnce_isRefused_afterOneUpload(TlsClient client) throws Exception {
        try (RealServer server = start(Kind.PROFTPD, ServerTls.EXPLICIT.only(TlsVersions.TLS_1_3))) {
            assertThatThrownBy(() -> client.transfer(Target.of(server), 4, work("mixed")))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("226 Transfer complete")
                    .hasMessageContaining("425 Unable to build data connection");
        }
    }

    @ParameterizedTest
    @CsvSource({"VSFTPD, false", "PROFTPD, true"})
    void refusal_emptiesTheFile_andEndsTheSessionOfVsftpdOnly(Kind kind, boolean goesOn) throws Exception {
        try (RealServer server = start(kind, ServerTls.EXPLICIT)) {
            Path old = server.seed("old", "old".getBytes(UTF_8));
            Target target = Target.of(server).withoutReuse();
            CommonsNetTls client = new CommonsNetTls(target);
            try {
                client.open(target);
                assertThat(client.storeFile("old", new ByteArrayInputStream(new byte[9])))
                        .isFalse();
                assertThat(old).isEmptyFile();
                if (goesOn) {
                    assertThat(client.sendNoOp()).isTrue();
                } else {
                    assertThatThrownBy(client::sendNoOp).isInstanceOf(IOException.class);
                }
            } finally {
                client.disconnect();
            }
        }
    }

    @Test
    void everyClient_transfers_overImplicitTls() throws Exception {
        try (RealServer server = start(Kind.VSFTPD, ServerTls.IMPLICIT)) {
            for (TlsClient client : TlsClient.values()) {
                client.transfer(Target.of(server).only(TlsVersions.TLS_1_2), 2, work(client.name()));
            }
        }
        try (RealServer server = start(Kind.PROFTPD, ServerTls.IMPLICIT)) {
            TlsClient.PYTHON.transfer(Target.of(server), 2, work("proftpd"));
        }
    }

    @Test
    void pureFtpd_hasNoImplicitTls() {
        assertThatThrownBy(() -> start(Kind.PURE_FTPD, ServerTls.IMPLICIT).close())
                .isInstanceOf(AssertionError.class)
                .hasMessage("Pure-FTPd has no implicit TLS");
    }

    @Test
    void everyClient_transfers_overIpv6() throws Exception {
        Options options = Options.USUAL.onIpv6().with(ServerTls.EXPLICIT.only(TlsVersions.TLS_1_2));
        try (RealServer server = RealServer.start(Kind.VSFTPD, options)) {
            for (TlsClient client : TlsClient.values()) {
                client.transfer(Target.of(server), 2, work(client.name()));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void server_isHeldToOneVersion(Kind kind) throws Exception {
        for (TlsVersions version : EACH_VERSION) {
            TlsVersions other = version == TlsVersions.TLS_1_2 ? TlsVersions.TLS_1_3 : TlsVersions.TLS_1_2;
            try (RealServer server = start(kind, ServerTls.EXPLICIT.only(version))) {
                Target target = Target.of(server).only(other);
                assertThatThrownBy(() -> TlsClient.CURL.transfer(target, 2, work("curl" + version)))
                        .isInstanceOf(AssertionError.class)
                        .hasMessageContaining("alert")
                        .hasMessageContaining("protocol version");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void server_refusesLoginInTheClear(Kind kind) throws Exception {
        try (RealServer server = start(kind, ServerTls.EXPLICIT)) {
            String login = server.user() + ":" + server.password();
            RealClient.Outcome outcome = RealClient.named("curl").run("-sSv", "--user", login, server.url(""));
            assertThat(outcome.exitCode()).as(outcome.toString()).isNotZero();
            assertThat(outcome.errors()).doesNotContain("< 230").containsPattern("< (530|550|421)");
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void server_showsTheCertificateOfTheSubject(Kind kind) throws Exception {
        try (RealServer server = start(kind, ServerTls.EXPLICIT.as(Subject.SERVER_EC))) {
            TlsClient.PYTHON.transfer(Target.of(server), 2, work("ec"));
            assertThat(shown(server)).contains("id-ecPublicKey").contains("CN=localhost");
        }
        try (RealServer server = start(kind, ServerTls.EXPLICIT.as(Subject.SERVER_EXPIRED))) {
            assertThatThrownBy(() -> TlsClient.CURL.transfer(Target.of(server), 2, work("expired")))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("certificate has expired");
            assertThat(shown(server)).contains("O=expired");
        }
    }

    private static String shown(RealServer server) throws Exception {
        String address = "127.0.0.1:" + server.address().getPort();
        return RealClient.named("openssl")
                .reading("QUIT\r\n")
                .run("s_client", "-starttls", "ftp", "-connect", address, "-showcerts", "-nameopt", "RFC2253")
                .text();
    }

    private static RealServer start(Kind kind, ServerTls tls) throws Exception {
        return RealServer.start(kind, Options.USUAL.with(tls));
    }

    private Path work(String name) throws IOException {
        return Files.createDirectory(local.resolve(name));
    }
}
