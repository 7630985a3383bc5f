package dev.portside.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portside.lab.peer.CommonsNetTls;
import dev.portside.lab.peer.TlsClient;
import dev.portside.lab.peer.TlsClient.Target;
import dev.portside.lab.peer.TlsVersions;
import dev.portside.server.DataSessionReuse;
import dev.portside.server.TransferStatus;
import dev.portside.testkit.LeakCheckExtension;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Our server under TLS with clients that are not ours: long sessions, all ways to a data connection, and refusals. */
@ExtendWith(LeakCheckExtension.class)
class ServerWithTlsClientsTest {
    private static final int MANY = 100;
    private static final int FEW = 4;
    /** Of curl, which pauses for a second now and then, see {@link TlsClient#CURL}: it does MANY once. */
    private static final int MANY_ENOUGH = 20;

    /** What clients say of a connection that did not end as it should, or that they tried again. */
    private static final Pattern COMPLAINT = Pattern.compile(
            "(?im)gnutls_record_recv|SSL_read|SSL_write|unexpected eof|reset by peer|connection reset|broken pipe"
                    + "|abruptly|close_notify|TLS alert, (?!close notify)|timed? ?out|retry|^[*]{4}|warning|shutdown");

    @TempDir
    Path directory;

    /** A session: who, with which protocol versions, and how. */
    record Cell(
            TlsClient client,
            TlsVersions versions,
            DataSessionReuse reuse,
            boolean implicit,
            boolean active,
            boolean resumes,
            int count) {
        Target target(OurServer server) {
            Target target = server.target(implicit).only(versions);
            target = active ? target.actively() : target;
            return resumes ? target : target.withoutReuse();
        }

        @Override
        public String toString() {
            return client + ", " + versions + ", reuse " + reuse + (implicit ? ", implicit" : ", explicit")
                    + (active ? ", active" : ", passive") + (resumes ? ", " : ", without reuse, ") + count;
        }
    }

    /**
     * Under TLS 1.3 Bouncy Castle resumes no session, and Perl has none left behind its first upload: it uses each ticket
     * once, and reads none in an upload.
     */
    private static boolean canResume(TlsClient client, TlsVersions versions) {
        return (client != TlsClient.COMMONS_NET && client != TlsClient.PERL) || versions == TlsVersions.TLS_1_2;
    }

    static Stream<Cell> longSessions() {
        List<Cell> cells = new ArrayList<>();
        for (TlsClient client : TlsClient.values()) {
            for (TlsVersions versions : List.of(TlsVersions.TLS_1_2, TlsVersions.TLS_1_3)) {
                if (canResume(client, versions)) {
                    int count = client == TlsClient.CURL && versions == TlsVersions.TLS_1_2 ? MANY_ENOUGH : MANY;
                    cells.add(new Cell(client, versions, DataSessionReuse.REQUIRED, false, false, true, count));
                }
            }
            int count = client == TlsClient.CURL ? MANY_ENOUGH : MANY;
            cells.add(new Cell(client, TlsVersions.BOTH, DataSessionReuse.OFF, false, false, false, count));
        }
        return cells.stream();
    }

    static Stream<Cell> shortSessions() {
        List<Cell> cells = new ArrayList<>();
        for (TlsClient client : TlsClient.values()) {
            for (TlsVersions versions : List.of(TlsVersions.TLS_1_2, TlsVersions.TLS_1_3)) {
                if (canResume(client, versions)) {
                    cells.add(new Cell(client, versions, DataSessionReuse.REQUIRED, true, false, true, FEW));
                    // Curl 7.87 and 7.88 leave out TLS there (https://github.com/curl/curl/issues/10666).
                    if (client != TlsClient.CURL) {
                        cells.add(new Cell(client, versions, DataSessionReuse.REQUIRED, true, true, true, FEW));
                        cells.add(new Cell(client, versions, DataSessionReuse.REQUIRED, false, true, true, FEW));
                    }
                }
            }
        }
        return cells.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"longSessions", "shortSessions"})
    void session_isServed_andNobodyComplains(Cell cell) throws Exception {
        OurServer server = OurServer.startTls(directory.resolve("home"), cell.reuse);
        String said;
        try (server) {
            said = cell.client.transfer(
                    cell.target(server), cell.count, Files.createDirectory(directory.resolve("local")));
        }
        assertThat(said.lines().filter(line -> COMPLAINT.matcher(line).find())).isEmpty();
        assertThat(server.logins()).isOne();
        assertThat(server.transfers()).hasSize(cell.count + 1);
        assertThat(server.transfers()).allSatisfy(transfer -> {
            assertThat(transfer.resumed()).isEqualTo(cell.resumes);
            assertThat(protocol(transfer)).isEqualTo(cell.versions.newest());
        });
    }

    private static String protocol(TransferStatus transfer) {
        return transfer.tls() == null ? "in the clear" : transfer.tls().protocol();
    }

    @ParameterizedTest
    @EnumSource(names = {"CURL", "LFTP", "COMMONS_NET"})
    void clientThatDoesNotResume_isRefusedBy522_whereReuseIsRequired(TlsClient client) throws Exception {
        try (OurServer server = OurServer.startTls(directory.resolve("home"), DataSessionReuse.REQUIRED)) {
            server.letTransfersFail();
            Path local = Files.createDirectory(directory.resolve("local"));
            assertThatThrownBy(() -> client.transfer(server.target(false).withoutReuse(), 2, local))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("522 Data connection does not resume the TLS session");
            assertThat(server.home()).isEmptyDirectory();
        }
    }

    @ParameterizedTest
    @EnumSource
    void clientThatDoesNotResume_isServed_whereReuseIsPreferred(TlsClient client) throws Exception {
        OurServer server = OurServer.startTls(directory.resolve("home"), DataSessionReuse.PREFERRED);
        try (server) {
            Path local = Files.createDirectory(directory.resolve("local"));
            client.transfer(server.target(false).withoutReuse(), FEW, local);
        }
        assertThat(server.transfers()).hasSize(FEW + 1).noneMatch(TransferStatus::resumed);
    }

    /** Vsftpd would have emptied the file, and ended the session. */
    @Test
    void refusal_leavesFileAndSessionAlone() throws Exception {
        try (OurServer server = OurServer.startTls(directory.resolve("home"), DataSessionReuse.REQUIRED)) {
            server.letTransfersFail();
            Path old = Files.writeString(server.home().resolve("old"), "old");
            Target target = server.target(false).only(TlsVersions.TLS_1_3);
            CommonsNetTls client = new CommonsNetTls(target);
            try {
                client.open(target);
                assertThat(client.storeFile("old", new ByteArrayInputStream(new byte[9])))
                        .isFalse();
                assertThat(client.getReplyCode()).isEqualTo(522);
                assertThat(client.retrieveFile("old", new ByteArrayOutputStream()))
                        .isFalse();
                assertThat(client.getReplyCode()).isEqualTo(522);
                assertThat(old).hasContent("old");
                assertThat(client.sendNoOp()).isTrue();
                assertThat(client.logout()).isTrue();
            } finally {
                client.disconnect();
            }
        }
    }
}
