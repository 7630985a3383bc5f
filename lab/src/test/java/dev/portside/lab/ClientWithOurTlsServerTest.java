package dev.portside.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.client.DataMode;
import dev.portside.client.FtpClient;
import dev.portside.client.FtpClientOptions;
import dev.portside.client.FtpClientTls;
import dev.portside.client.TlsMode;
import dev.portside.client.TlsStatus;
import dev.portside.lab.peer.TestAuthority;
import dev.portside.server.DataSessionReuse;
import dev.portside.testkit.LeakCheckExtension;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Both ends are ours: a session never has to begin again, whichever way its data connections go. */
@ExtendWith(LeakCheckExtension.class)
class ClientWithOurTlsServerTest {
    static Stream<Arguments> cells() {
        return Stream.of("TLSv1.3", "TLSv1.2")
                .flatMap(version -> Stream.of(TlsMode.EXPLICIT, TlsMode.IMPLICIT)
                        .flatMap(how ->
                                Stream.of(DataMode.EPSV, DataMode.EPRT).map(mode -> Arguments.of(version, how, mode))));
    }

    @ParameterizedTest
    @MethodSource("cells")
    void aHundredTransfersInOneSession_allResumeIt(String version, TlsMode how, DataMode mode, @TempDir Path home)
            throws Exception {
        MixedTransfers.Events events = new MixedTransfers.Events();
        try (OurServer server = OurServer.startTls(home, DataSessionReuse.REQUIRED)) {
            InetSocketAddress address = server.target(how == TlsMode.IMPLICIT).server();
            FtpClientOptions options = FtpClientOptions.builder(
                            address.getAddress().getHostAddress())
                    .port(address.getPort())
                    .mode(mode)
                    .tls(FtpClientTls.builder(how)
                            .authorities(TestAuthority.root())
                            .protocols(version)
                            .build())
                    .listener(events)
                    .build();
            try (FtpClient client = FtpClient.connect(options)) {
                client.login(OurServer.USER, OurServer.PASSWORD);
                MixedTransfers.run(client, home, events);
            }
        }
        assertThat(events.connectedAgain).isEmpty();
        assertThat(events.data)
                .hasSizeGreaterThan(MixedTransfers.COUNT)
                .allMatch(TlsStatus::resumed)
                .extracting(TlsStatus::protocol)
                .containsOnly(version);
    }
}
