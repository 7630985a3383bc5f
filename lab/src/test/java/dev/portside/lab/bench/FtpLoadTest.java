package dev.portside.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portside.lab.bench.FtpLoad.Mode;
import dev.portside.lab.peer.RealServer;
import dev.portside.lab.peer.RealServer.Kind;
import dev.portside.lab.peer.RealServer.Options;
import dev.portside.lab.peer.ServerTls;
import dev.portside.lab.peer.TestAuthority;
import dev.portside.lab.peer.TestAuthority.Certificate;
import dev.portside.lab.peer.TestAuthority.Subject;
import dev.portside.server.Authenticator;
import dev.portside.server.DataSessionReuse;
import dev.portside.server.FtpServer;
import dev.portside.server.FtpServerOptions;
import dev.portside.server.FtpServerTls;
import dev.portside.server.TlsPolicy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FtpLoadTest {
    private static final int LENGTH = 2 * Connection.CHUNK + 12_345;

    @TempDir
    Path directory;

    enum Protection {
        CLEAR(""),
        TLS_1_2("TLSv1.2, resumed"),
        TLS_1_3("TLSv1.3, resumed");

        private final String expected;

        Protection(String expected) {
            this.expected = expected;
        }

        private SharedTls context() throws IOException {
            return switch (this) {
                case CLEAR -> null;
                case TLS_1_2 -> new SharedTls(SharedTls.Versions.TLS_1_2);
                case TLS_1_3 -> new SharedTls(SharedTls.Versions.BOTH);
            };
        }
    }

    /** Its sessions have to be resumed. */
    @ParameterizedTest
    @EnumSource
    void transfers_areByteExact_withVsftpd(Protection protection) throws Exception {
        ServerTls tls = protection == Protection.CLEAR ? ServerTls.OFF : ServerTls.EXPLICIT;
        try (RealServer server = RealServer.start(Kind.VSFTPD, Options.USUAL.with(tls));
                SharedTls context = protection.context();
                FtpLoad session = FtpLoad.connect(server.address())) {
            if (context != null) {
                session.startTls(context);
            }
            session.login(server.user(), server.password());
            server.seed("file", Connection.content(LENGTH));
            transfer(session, protection, server.home());
        }
    }

    /** Its sessions have to be resumed. */
    @ParameterizedTest
    @EnumSource
    void transfers_areByteExact_withOurServer(Protection protection) throws Exception {
        try (FtpServer server = ours(protection != Protection.CLEAR);
                SharedTls context = protection.context();
                FtpLoad session = FtpLoad.connect(server.addresses().getFirst())) {
            if (context != null) {
                session.startTls(context);
            }
            session.login("ada", "s3cret");
            Files.write(directory.resolve("file"), Connection.content(LENGTH));
            transfer(session, protection, directory);
        }
    }

    private static void transfer(FtpLoad session, Protection protection, Path home) throws IOException {
        for (Mode mode : Mode.values()) {
            assertThat(session.retrieve("file", mode)).isEqualTo(LENGTH);
            assertThat(session.protection()).isEqualTo(protection.expected);
            for (int length : new int[] {LENGTH, 1, 0}) {
                assertThat(session.store("stored", length, mode)).isEqualTo(length);
                assertThat(session.protection()).isEqualTo(protection.expected);
                assertThat(home.resolve("stored")).hasBinaryContent(Connection.content(length));
                assertThat(session.retrieve("stored", mode)).isEqualTo(length);
            }
            assertThat(session.list("NLST", "", mode)).isEqualTo("file\r\nstored\r\n".length());
            assertThat(session.list("NLST", "/", mode)).isGreaterThanOrEqualTo("file\r\nstored\r\n".length());
        }
        session.quit();
    }

    @Test
    void retrieveUntil_endsInMidTransfer() throws Exception {
        try (FtpServer server = ours(false);
                FtpLoad session = FtpLoad.connect(server.addresses().getFirst())) {
            session.login("ada", "s3cret");
            Files.write(directory.resolve("file"), Connection.content(LENGTH));
            long deadline = System.nanoTime() + Duration.ofMillis(300).toNanos();
            assertThat(session.retrieveUntil(deadline, "file", Mode.EPSV)).isPositive();
            assertThat(System.nanoTime() - deadline).isNotNegative();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "RETR, RETR none: 550 /none: no such file or directory",
        "NLST, NLST none: 550 /none: no such file or directory",
    })
    void refusal_namesCommandAndReply_andTheSessionGoesOn(String verb, String message) throws Exception {
        try (FtpServer server = ours(false);
                FtpLoad session = FtpLoad.connect(server.addresses().getFirst())) {
            session.login("ada", "s3cret");
            assertThatThrownBy(() -> session.list(verb, "none", Mode.EPSV)).hasMessage(message);
            assertThat(session.list("NLST", "", Mode.EPSV)).isZero();
        }
    }

    @Test
    void wrongPassword_isRefused_andNotShown() throws Exception {
        try (RealServer server = RealServer.start(Kind.VSFTPD);
                FtpLoad session = FtpLoad.connect(server.address())) {
            assertThatThrownBy(() -> session.login(server.user(), "wrong")).hasMessage("PASS: 530 Login incorrect.");
        }
    }

    @Test
    void rawLimit_movesTheSameBytes() throws Exception {
        Path file = Files.write(directory.resolve("file"), Connection.content(LENGTH));
        Path stored = directory.resolve("stored");
        try (RawLimit limit = RawLimit.start()) {
            assertThat(limit.retrieve(file)).isEqualTo(LENGTH);
            assertThat(limit.store(stored, LENGTH)).isEqualTo(LENGTH);
            assertThat(limit.process().isAlive()).isTrue();
        }
        assertThat(stored).hasSameBinaryContentAs(file);
    }

    private FtpServer ours(boolean tls) throws IOException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
        FtpServerOptions.Builder options = FtpServerOptions.builder()
                .authenticator(Authenticator.users(new Authenticator.User("ada", "s3cret", directory, true)));
        if (tls) {
            Certificate certificate = TestAuthority.certificate(Subject.SERVER);
            options.tls(FtpServerTls.builder()
                            .certificate(certificate.chain(), certificate.key())
                            .dataSessionReuse(DataSessionReuse.REQUIRED)
                            .build())
                    .listenOn(address, TlsPolicy.DATA);
        } else {
            options.listenOn(address);
        }
        FtpServer server = new FtpServer(options.build());
        server.start();
        return server;
    }
}
