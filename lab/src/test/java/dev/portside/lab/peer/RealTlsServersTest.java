package dev.portside.lab.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.lab.peer.RealServer.Kind;
import dev.portside.lab.peer.RealServer.Options;
import dev.portside.lab.peer.TlsClient.Target;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RealTlsServersTest {
    @TempDir
    Path work;

    @ParameterizedTest
    @EnumSource(TlsClient.class)
    void x(TlsClient client) throws Exception {
        try (RealServer server = RealServer.start(Kind.VSFTPD, Options.USUAL.with(ServerTls.EXPLICIT))) {
            assertThat(client.transfer(Target.of(server), 10, work)).isNotEmpty();
        }
    }
}
