package dev.portside.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portside.client.DataMode;
import dev.portside.client.Download;
import dev.portside.client.FtpClient;
import dev.portside.client.FtpClientOptions;
import dev.portside.client.FtpClientTls;
import dev.portside.client.FtpDataConnectionException;
import dev.portside.client.FtpProxy;
import dev.portside.client.TlsMode;
import dev.portside.client.Upload;
import dev.portside.lab.peer.RealProxy;
import dev.portside.lab.peer.RealServer;
import dev.portside.lab.peer.ServerTls;
import dev.portside.testkit.Content;
import java.net.ConnectException;
import java.nio.file.Files;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Our client with vsftpd behind tinyproxy (HTTP CONNECT) and Dante (SOCKS5), in the clear and under TLS. */
@SuppressWarnings("try")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClientWithRealProxiesTest {
    private static final byte[] BYTES = new Content(3_000_001, 12).bytes();

    private RealServer clear;
    private RealServer secured;
    private RealProxy http;
    private RealProxy socks;

    @BeforeAll
    void start() throws Exception {
        clear = RealServer.start(RealServer.Kind.VSFTPD);
        secured = RealServer.start(RealServer.Kind.VSFTPD, RealServer.Options.USUAL.with(ServerTls.EXPLICIT));
        for (RealServer server : new RealServer[] {clear, secured}) {
            server.seed("a.bin", BYTES);
        }
        http = RealProxy.start(RealProxy.Kind.TINYPROXY);
        socks = RealProxy.start(RealProxy.Kind.DANTE);
    }

    @AfterAll
    void close() {
        socks.close();
        http.close();
        secured.close();
        clear.close();
    }

    private static FtpClient client(RealServer server, FtpProxy proxy, DataMode mode) throws Exception {
        FtpClientOptions.Builder options = FtpClientOptions.builder(
                        server.address().getAddress().getHostAddress())
                .port(server.address().getPort())
                .mode(mode)
                .proxy(proxy);
        if (server.tls().mode() != ServerTls.Mode.OFF) {
            options.tls(FtpClientTls.builder(TlsMode.EXPLICIT).verify(false).build());
        }
        FtpClient client = FtpClient.connect(options.build());
        client.login(server.user(), server.password());
        return client;
    }

    private static byte[] download(FtpClient client) throws Exception {
        try (Download download = client.retrieve("a.bin")) {
            return download.inputStream().readAllBytes();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "TINYPROXY, EPSV, false",
        "TINYPROXY, PASV, false",
        "TINYPROXY, AUTO, true",
        "DANTE, EPSV, false",
        "DANTE, PASV, false",
        "DANTE, EPRT, false",
        "DANTE, PORT, false",
        "DANTE, AUTO, true",
        "DANTE, ACTIVE, true"
    })
    void filesMove_throughTheProxy(RealProxy.Kind kind, DataMode mode, boolean tls) throws Exception {
        RealProxy proxy = kind == RealProxy.Kind.TINYPROXY ? http : socks;
        RealServer server = tls ? secured : clear;
        try (FtpClient client = client(server, proxy.address(), mode)) {
            assertThat(download(client)).as(proxy.log()).isEqualTo(BYTES);
            try (Upload upload = client.store("up.bin")) {
                upload.outputStream().write(BYTES);
            }
            assertThat(Files.readAllBytes(server.home().resolve("up.bin"))).isEqualTo(BYTES);
            assertThat(client.list().entries()).hasSize(2);
        }
    }

    @Test
    void aWrongPassword_isTheProxys() throws Exception {
        FtpProxy wrong = FtpProxy.http(http.address().host(), http.address().port());
        assertThatThrownBy(() -> client(clear, wrong, DataMode.AUTO))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("wants a user and a password: 407");
        assertThatThrownBy(() -> client(clear, wrong.login("ada", "wrong"), DataMode.AUTO))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("the proxy 127.0.0.1:" + wrong.port() + " ");
    }

    @Test
    void activeMode_throughHttp_saysWhyNot() throws Exception {
        try (FtpClient client = client(clear, http.address(), DataMode.ACTIVE)) {
            assertThatThrownBy(() -> client.retrieve("a.bin"))
                    .isInstanceOf(FtpDataConnectionException.class)
                    .hasMessageContaining("active mode takes a SOCKS5 proxy, or none");
        }
    }

    @Test
    void aServerThatIsNotThere_isNotTheProxysFault() throws Exception {
        for (RealProxy proxy : new RealProxy[] {http, socks}) {
            FtpClientOptions options = FtpClientOptions.builder("127.0.0.1")
                    .port(1)
                    .proxy(proxy.address())
                    .build();
            assertThatThrownBy(() -> FtpClient.connect(options))
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("127.0.0.1:1: ");
        }
    }
}
