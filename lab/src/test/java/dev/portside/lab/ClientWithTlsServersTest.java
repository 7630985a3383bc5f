package dev.portside.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.client.DataMode;
import dev.portside.client.FtpClient;
import dev.portside.client.FtpClientOptions;
import dev.portside.client.FtpClientTls;
import dev.portside.client.TlsMode;
import dev.portside.client.TlsStatus;
import dev.portside.lab.peer.RealServer;
import dev.portside.lab.peer.RealServer.Kind;
import dev.portside.lab.peer.RealServer.Options;
import dev.portside.lab.peer.ServerTls;
import dev.portside.lab.peer.TestAuthority;
import dev.portside.lab.peer.TlsVersions;
import dev.portside.testkit.LeakCheckExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Sessions of more than a hundred transfers with servers that demand that every data connection resumes the TLS session: what
 * a client's tickets are used up by shows only then.
 */
@ExtendWith(LeakCheckExtension.class)
class ClientWithTlsServersTest {
    static Stream<Arguments> cells() {
        List<Arguments> all = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            for (TlsVersions versions : TlsVersions.values()) {
                for (DataMode mode : List.of(DataMode.EPSV, DataMode.EPRT)) {
                    boolean slow = usesUpTickets(kind, versions);
                    if (!slow || mode == DataMode.EPSV) {
                        all.add(Arguments.of(kind, ServerTls.EXPLICIT.only(versions), mode));
                    }
                    if (kind != Kind.PURE_FTPD && (!slow || mode == DataMode.EPRT)) {
                        all.add(Arguments.of(kind, ServerTls.IMPLICIT.only(versions), mode));
                    }
                }
            }
        }
        return all.stream();
    }

    /** ProFTPD gives no ticket behind an upload, and if it has no TLS 1.2 either, every few uploads take another session. */
    private static boolean usesUpTickets(Kind kind, TlsVersions versions) {
        return kind == Kind.PROFTPD && versions == TlsVersions.TLS_1_3;
    }

    private static FtpClientOptions options(
            RealServer server, ServerTls tls, DataMode mode, MixedTransfers.Events events) {
        TlsMode how = tls.mode() == ServerTls.Mode.IMPLICIT ? TlsMode.IMPLICIT : TlsMode.EXPLICIT;
        return FtpClientOptions.builder(server.address().getAddress().getHostAddress())
                .port(server.address().getPort())
                .mode(mode)
                .tls(FtpClientTls.builder(how).authorities(TestAuthority.root()).build())
                .listener(events)
                .build();
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource("cells")
    void aHundredTransfersInOneSession_allSucceed(Kind kind, ServerTls tls, DataMode mode) throws Exception {
        MixedTransfers.Events events = new MixedTransfers.Events();
        try (RealServer server = RealServer.start(kind, Options.USUAL.with(tls));
                FtpClient client = FtpClient.connect(options(server, tls, mode, events))) {
            client.login(server.user(), server.password());
            MixedTransfers.run(client, server.home(), events);
        }
        if (usesUpTickets(kind, tls.versions())) {
            assertThat(events.connectedAgain).hasSizeBetween(1, MixedTransfers.COUNT / 2);
        } else {
            assertThat(events.connectedAgain).hasSize(reconnections(kind, tls.versions()));
        }
        long resumed = events.data.stream().filter(TlsStatus::resumed).count();
        if (kind == Kind.PURE_FTPD && tls.versions() != TlsVersions.TLS_1_2) {
            // It resumes no TLS 1.3, and does not ask for it either.
            assertThat(resumed).isZero();
        } else {
            assertThat(resumed).isEqualTo(events.data.size() - events.connectedAgain.size());
        }
    }

    /** How often a server makes it necessary to connect again, each time for a data connection that did not resume. */
    private static int reconnections(Kind kind, TlsVersions versions) {
        return switch (kind) {
            // The lifetime of its tickets of TLS 1.2 is too long for Java.
            case VSFTPD -> versions == TlsVersions.TLS_1_2 ? 1 : 0;
            case PROFTPD -> versions == TlsVersions.BOTH ? 1 : 0;
            case PURE_FTPD -> 0;
        };
    }
}
