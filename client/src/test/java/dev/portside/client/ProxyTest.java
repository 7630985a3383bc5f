package dev.portside.client;

import static dev.portside.client.Clients.SHORT;
import static dev.portside.client.Clients.commandsAfterLogin;
import static dev.portside.client.Clients.download;
import static dev.portside.client.Clients.upload;
import static dev.portside.client.Clients.verbsAfterLogin;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portside.client.FtpDataConnectionException.Attempt;
import dev.portside.client.FtpDataConnectionException.Outcome;
import dev.portside.testkit.Content;
import dev.portside.testkit.Fault;
import dev.portside.testkit.LeakCheckExtension;
import dev.portside.testkit.ProxyFault;
import dev.portside.testkit.ScriptedProxy;
import dev.portside.testkit.ScriptedServer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Control and data connections through SOCKS5 and HTTP proxies. */
@SuppressWarnings("try")
@ExtendWith(LeakCheckExtension.class)
class ProxyTest {
    private static final byte[] BYTES = new Content(100_000, 7).bytes();
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    /** A name that only the proxy knows. */
    private static final String NAME = "ftp.behind.invalid";

    private static ScriptedServer.Script script(Fault... faults) {
        ScriptedServer.Script script = ScriptedServer.script().file("a", BYTES);
        for (Fault fault : faults) {
            script.fault(fault);
        }
        return script;
    }

    private static ScriptedProxy proxy(FtpProxy.Kind kind) throws IOException {
        return (kind == FtpProxy.Kind.SOCKS5 ? ScriptedProxy.socks5() : ScriptedProxy.http()).host(NAME, LOOPBACK);
    }

    private static FtpProxy at(FtpProxy.Kind kind, ScriptedProxy proxy) {
        String host = LOOPBACK.getHostAddress();
        return kind == FtpProxy.Kind.SOCKS5 ? FtpProxy.socks5(host, proxy.port()) : FtpProxy.http(host, proxy.port());
    }

    private static FtpClient connect(
            String host, ScriptedServer server, FtpProxy proxy, UnaryOperator<FtpClientOptions.Builder> change)
            throws IOException {
        FtpClientOptions.Builder options = FtpClientOptions.builder(host)
                .port(server.port())
                .dataModes(new ProcessMemory())
                .proxy(proxy);
        FtpClient client = FtpClient.connect(change.apply(options).build());
        client.login("user", "secret");
        return client;
    }

    private static FtpClient connect(ScriptedServer server, FtpProxy proxy) throws IOException {
        return connect(NAME, server, proxy, options -> options);
    }

    private static FtpDataConnectionException failure(FtpClient client) {
        FtpDataConnectionException failure =
                catchThrowableOfType(FtpDataConnectionException.class, () -> client.retrieve("a"));
        assertThat(failure).isNotNull();
        return failure;
    }

    // What works

    @ParameterizedTest
    @EnumSource
    void everythingGoesThroughTheProxy_whichLooksUpTheName(FtpProxy.Kind kind) throws Exception {
        Clients.Recorder recorder = new Clients.Recorder();
        try (ScriptedServer server = script().start();
                ScriptedProxy proxy = proxy(kind).start();
                FtpClient client = connect(NAME, server, at(kind, proxy), options -> options.listener(recorder))) {
            assertThat(download(client, "a")).isEqualTo(BYTES);
            upload(client, "b", BYTES);
            assertThat(server.stored("b")).isEqualTo(BYTES);
            assertThat(client.list().entries()).hasSize(2);
            assertThat(proxy.requests())
                    .hasSize(4)
                    .startsWith("CONNECT " + NAME + ":" + server.port())
                    .allMatch(request -> request.startsWith("CONNECT " + NAME + ":"));
            assertThat(client.remoteAddress().isUnresolved()).isTrue();
            assertThat(client.remoteAddress().getHostString()).isEqualTo(NAME);
            assertThat(recorder.events).contains("tunneled " + NAME + ":" + server.port());
            DataConnectionEvent data = recorder.connections.getFirst();
            assertThat(data.mode()).isEqualTo(DataMode.EPSV);
            assertThat(data.remote().getHostString()).isEqualTo(NAME);
            assertThat(proxy.requests())
                    .element(1)
                    .asString()
                    .endsWith(":" + data.remote().getPort());
        }
    }

    @ParameterizedTest
    @EnumSource
    void ipv6_isNamedAsItIs(FtpProxy.Kind kind) throws Exception {
        try (ScriptedServer server = script().bind(InetAddress.ofLiteral("::1")).start();
                ScriptedProxy proxy = proxy(kind).start();
                FtpClient client = connect("::1", server, at(kind, proxy), options -> options)) {
            assertThat(download(client, "a")).isEqualTo(BYTES);
            assertThat(client.remoteAddress()).isEqualTo(server.address());
        }
    }

    @ParameterizedTest
    @EnumSource
    void userAndPassword_areSent(FtpProxy.Kind kind) throws Exception {
        try (ScriptedServer server = script().start();
                ScriptedProxy proxy = proxy(kind).login("älice", "s3cret:@").start();
                FtpClient client = connect(server, at(kind, proxy).login("älice", "s3cret:@"))) {
            assertThat(download(client, "a")).isEqualTo(BYTES);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ProxyFault.class,
            names = {"ANSWER_AND_BANNER_IN_ONE", "BYTE_BY_BYTE", "INTERIM_ANSWER"})
    void answersInAnySegments_areRead(ProxyFault fault) throws Exception {
        for (FtpProxy.Kind kind : FtpProxy.Kind.values()) {
            try (ScriptedServer server = script().start();
                    ScriptedProxy proxy = proxy(kind).fault(fault).start();
                    FtpClient client = connect(server, at(kind, proxy))) {
                assertThat(download(client, "a")).isEqualTo(BYTES);
            }
        }
    }

    @Test
    void tls_goesThroughFromEndToEnd() throws Exception {
        for (FtpProxy.Kind kind : FtpProxy.Kind.values()) {
            try (ScriptedServer server = TlsScripts.script().file("a", BYTES).start();
                    ScriptedProxy proxy = proxy(kind).start();
                    FtpClient client = connect(
                            LOOPBACK.getHostAddress(),
                            server,
                            at(kind, proxy),
                            options -> options.tls(
                                    TlsScripts.trusting(TlsMode.EXPLICIT).build()))) {
                assertThat(download(client, "a")).isEqualTo(BYTES);
                assertThat(client.tls()).isPresent();
            }
        }
    }

    // The address in 227

    @Test
    void a227_isNotFollowedThroughTheProxyEither() throws Exception {
        for (FtpProxy.Kind kind : FtpProxy.Kind.values()) {
            try (ScriptedServer server = script(Fault.PASSIVE_ADDRESS_FOREIGN).start();
                    ScriptedProxy proxy = proxy(kind).start();
                    FtpClient client = connect(NAME, server, at(kind, proxy), options -> options.mode(DataMode.PASV))) {
                assertThat(download(client, "a")).isEqualTo(BYTES);
                assertThat(proxy.requests()).allMatch(request -> request.startsWith("CONNECT " + NAME + ":"));
            }
        }
    }

    @Test
    void a227_isFollowedOnRequest() throws Exception {
        try (ScriptedServer server = script().start();
                ScriptedProxy proxy = proxy(FtpProxy.Kind.SOCKS5).start();
                FtpClient client = connect(
                        NAME,
                        server,
                        at(FtpProxy.Kind.SOCKS5, proxy),
                        options -> options.mode(DataMode.PASV).trustPassiveAddress(true))) {
            assertThat(download(client, "a")).isEqualTo(BYTES);
            assertThat(proxy.requests()).last().asString().startsWith("CONNECT 127.0.0.1:");
        }
    }

    // Active mode

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost"})
    void activeMode_isBindThroughSocks(String host) throws Exception {
        Clients.Recorder recorder = new Clients.Recorder();
        try (ScriptedServer server = script().start();
                ScriptedProxy proxy =
                        ScriptedProxy.socks5().host("localhost", LOOPBACK).start();
                FtpClient client = connect(
                        host,
                        server,
                        at(FtpProxy.Kind.SOCKS5, proxy),
                        options -> options.mode(DataMode.ACTIVE).listener(recorder))) {
            assertThat(download(client, "a")).isEqualTo(BYTES);
            assertThat(proxy.requests()).last().isEqualTo("BIND " + host + ":" + server.port());
            DataConnectionEvent data = recorder.connections.getFirst();
            assertThat(commandsAfterLogin(server))
                    .contains("EPRT |1|127.0.0.1|" + data.local().getPort() + "|");
            assertThat(data.remote().getAddress()).isEqualTo(LOOPBACK);
            // Nobody here knows where a name is: it may be outside.
            assertThat(recorder.events.contains("inner 127.0.0.1")).isEqualTo(host.equals("localhost"));
        }
    }

    @Test
    void bindThatNamesZeroes_isAtTheProxy_andTheExternalAddressGoesFirst() throws Exception {
        try (ScriptedServer server = script().start();
                ScriptedProxy proxy = proxy(FtpProxy.Kind.SOCKS5)
                        .fault(ProxyFault.BIND_AT_ZEROES)
                        .start();
                FtpClient client = connect(
                        "127.0.0.1", server, at(FtpProxy.Kind.SOCKS5, proxy), options -> options.mode(DataMode.PORT))) {
            assertThat(download(client, "a")).isEqualTo(BYTES);
            assertThat(commandsAfterLogin(server)).anyMatch(command -> command.startsWith("PORT 127,0,0,1,"));
        }
    }

    @Test
    void whoConnectsBehindBind_isChecked() throws Exception {
        try (ScriptedServer server = script().start();
                ScriptedProxy proxy = proxy(FtpProxy.Kind.SOCKS5)
                        .fault(ProxyFault.BIND_TAKES_STRANGERS)
                        .start();
                FtpClient client = connect(
                        "127.0.0.1", server, at(FtpProxy.Kind.SOCKS5, proxy), options -> options.mode(DataMode.EPRT))) {
            FtpDataConnectionException failure = failure(client);
            assertThat(failure.attempts()).extracting(Attempt::outcome).containsExactly(Outcome.WRONG_PEER);
            assertThat(failure).hasMessageContaining("only 127.0.0.9:").hasMessageContaining("at the proxy");
        }
    }

    @Test
    void aProxyWithoutBind_isToldApartFromTheServer() throws Exception {
        try (ScriptedServer server = script(Fault.PASSIVE_UNREACHABLE).start();
                ScriptedProxy proxy =
                        proxy(FtpProxy.Kind.SOCKS5).fault(ProxyFault.NO_BIND).start();
                FtpClient client = connect(server, at(FtpProxy.Kind.SOCKS5, proxy))) {
            FtpDataConnectionException failure = failure(client);
            assertThat(failure.attempts())
                    .extracting(Attempt::outcome)
                    .containsExactly(Outcome.REFUSED, Outcome.REFUSED, Outcome.PROXY_REFUSED, Outcome.PROXY_REFUSED);
            assertThat(failure)
                    .hasMessageContaining("the proxy 127.0.0.1:" + proxy.port() + " cannot connect to " + NAME + ":")
                    .hasMessageContaining("command not supported")
                    .hasMessageContaining("Proxy: active mode takes BIND");
            assertThat(verbsAfterLogin(server)).doesNotContain("EPRT", "PORT", "RETR");
        }
    }

    @Test
    void activeMode_cannotGoThroughHttp_andAutoDoesNotTry() throws Exception {
        try (ScriptedServer server = script(Fault.PASSIVE_UNREACHABLE).start();
                ScriptedProxy proxy = proxy(FtpProxy.Kind.HTTP).start();
                FtpClient auto = connect(server, at(FtpProxy.Kind.HTTP, proxy));
                FtpClient forced = connect(
                        NAME, server, at(FtpProxy.Kind.HTTP, proxy), options -> options.mode(DataMode.ACTIVE))) {
            assertThat(failure(auto).attempts())
                    .extracting(Attempt::outcome)
                    .containsExactly(Outcome.UNREACHABLE, Outcome.UNREACHABLE, Outcome.NOT_TRIED, Outcome.NOT_TRIED);
            assertThat(failure(forced))
                    .hasMessageContaining("nobody can connect to this client through the HTTP proxy http://127.0.0.1:")
                    .hasMessageContaining("Use passive mode");
            assertThat(server.verbs()).doesNotContain("EPRT", "PORT");
        }
    }

    @Test
    void anAbort_endsTheWaitForTheProxy() throws Exception {
        try (ScriptedServer server = script().start();
                ScriptedProxy proxy = proxy(FtpProxy.Kind.SOCKS5)
                        .fault(ProxyFault.DATA_NEVER_CONNECTS)
                        .start();
                FtpClient client = connect(
                        NAME,
                        server,
                        at(FtpProxy.Kind.SOCKS5, proxy),
                        options -> options.dataConnectTimeout(Duration.ofMinutes(5)))) {
            Thread aborter = Thread.ofVirtual().start(() -> {
                try {
                    proxy.awaitRequests(2, Clients.SOON);
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                }
                client.abort();
            });
            assertThatThrownBy(() -> client.retrieve("a")).hasMessage("RETR a: aborted before it began");
            aborter.join();
            assertThat(client.size("a")).isEqualTo(BYTES.length);
        }
    }

    @Test
    void aDataConnectionThatTheProxyDoesNotMake_costsTheUsualTime() throws Exception {
        for (FtpProxy.Kind kind : FtpProxy.Kind.values()) {
            try (ScriptedServer server = script().start();
                    ScriptedProxy proxy =
                            proxy(kind).fault(ProxyFault.DATA_NEVER_CONNECTS).start();
                    FtpClient client = connect(
                            NAME,
                            server,
                            at(kind, proxy),
                            options -> options.mode(DataMode.EPSV).dataConnectTimeout(SHORT))) {
                FtpDataConnectionException failure = failure(client);
                assertThat(failure.attempts()).extracting(Attempt::outcome).containsExactly(Outcome.TIMED_OUT);
                assertThat(failure).hasMessageContaining("has no connection with " + NAME + ":");
            }
        }
    }

    @Test
    void aRuleForTheControlPortOnly_isTheProxys() throws Exception {
        for (FtpProxy.Kind kind : FtpProxy.Kind.values()) {
            try (ScriptedServer server = script().start();
                    ScriptedProxy proxy =
                            proxy(kind).fault(ProxyFault.ALLOWS_CONTROL_ONLY).start();
                    FtpClient client =
                            connect(NAME, server, at(kind, proxy), options -> options.mode(DataMode.PASSIVE))) {
                assertThat(failure(client))
                        .hasMessageContaining("does not allow to connect to " + NAME + ":")
                        .hasMessageContaining("Proxy: it has to let connections through to the server's passive ports");
            }
        }
    }

    // No control connection

    private static String refusal(
            FtpProxy.Kind kind, ScriptedProxy proxy, Duration wait, UnaryOperator<FtpProxy> change) throws IOException {
        try (ScriptedServer server = script().start();
                proxy) {
            FtpClientOptions options = FtpClientOptions.builder(NAME)
                    .port(server.port())
                    .proxy(change.apply(at(kind, proxy.start())))
                    .connectTimeout(wait)
                    .build();
            ConnectException refused = catchThrowableOfType(ConnectException.class, () -> FtpClient.connect(options));
            assertThat(refused).isNotNull();
            return refused.getMessage()
                    .replace("127.0.0.1:" + proxy.port(), "PROXY")
                    .replace(NAME + ":" + server.port(), "SERVER");
        }
    }

    private static String refusal(FtpProxy.Kind kind, ProxyFault fault) throws IOException {
        return refusal(
                kind,
                proxy(kind).fault(fault),
                fault == ProxyFault.NEVER_ANSWERS ? SHORT : Clients.SOON,
                proxy -> proxy);
    }

    @ParameterizedTest
    @EnumSource
    void whatTheProxyRefuses_isSaidToBeTheProxys(FtpProxy.Kind kind) throws Exception {
        String begin = "cannot connect to " + NAME + ": the proxy PROXY ";
        assertThat(refusal(kind, ProxyFault.NEVER_ANSWERS))
                .startsWith(begin)
                .endsWith(kind == FtpProxy.Kind.SOCKS5 ? "does not answer within 0.3 s" : "SERVER within 0.3 s");
        assertThat(refusal(kind, ProxyFault.CLOSES_AT_ONCE)).startsWith(begin + "broke the connection: ");
        assertThat(refusal(kind, ProxyFault.IS_NO_PROXY))
                .isEqualTo(begin + (kind == FtpProxy.Kind.SOCKS5 ? "is no SOCKS5 proxy" : "is no HTTP proxy"));
        assertThat(refusal(kind, ProxyFault.ALLOWS_NOTHING)).startsWith(begin + "does not allow to connect to SERVER");
        assertThat(refusal(kind, proxy(kind).login("alice", "secret"), Clients.SOON, proxy -> proxy))
                .startsWith(begin + "wants a user and a password");
        assertThat(refusal(
                        kind,
                        proxy(kind).login("alice", "secret"),
                        Clients.SOON,
                        proxy -> proxy.login("alice", "wrong!")))
                .startsWith(begin + "refuses user alice, or the password")
                .doesNotContain("wrong!");
    }

    @Test
    void aHostThatWouldBeAnotherRequest_isNotSent() throws Exception {
        for (String host : new String[] {"a\r\nX: y", "a b", "\u00e4"}) {
            try (ScriptedProxy proxy = proxy(FtpProxy.Kind.HTTP).start()) {
                FtpClientOptions options = FtpClientOptions.builder(host)
                        .proxy(at(FtpProxy.Kind.HTTP, proxy))
                        .build();
                assertThatThrownBy(() -> FtpClient.connect(options))
                        .hasMessageContaining("cannot be told such a name of a host");
                assertThat(proxy.requests()).isEmpty();
            }
        }
    }

    @Test
    void anHttpHeadWithoutEnd_isEnded() throws Exception {
        assertThat(refusal(FtpProxy.Kind.HTTP, ProxyFault.ENDLESS_HEAD)).endsWith("answers with more than 16384 bytes");
    }

    @ParameterizedTest
    @EnumSource
    void whatTheProxyCannotReach_isNotTheProxysFault(FtpProxy.Kind kind) throws Exception {
        try (ScriptedProxy proxy = proxy(kind).start();
                ServerSocket free = new ServerSocket(0, 1, LOOPBACK)) {
            int port = free.getLocalPort();
            free.close();
            FtpClientOptions options = FtpClientOptions.builder("127.0.0.1")
                    .port(port)
                    .proxy(at(kind, proxy))
                    .build();
            assertThatThrownBy(() -> FtpClient.connect(options))
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("cannot connect to 127.0.0.1:" + port + ": ")
                    .hasMessageContaining(kind == FtpProxy.Kind.SOCKS5 ? "connection refused" : "503 Service");
            FtpClientOptions unknown =
                    options.toBuilder().proxy(at(kind, proxy)).build();
            assertThat(unknown.proxy()).isEqualTo(options.proxy());
        }
    }

    @Test
    void aProxyThatIsNotThere_isSaidToBeTheProxy() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, LOOPBACK)) {
            port = free.getLocalPort();
        }
        FtpClientOptions options = FtpClientOptions.builder(NAME)
                .proxy(FtpProxy.socks5("127.0.0.1", port))
                .build();
        assertThatThrownBy(() -> FtpClient.connect(options))
                .isInstanceOf(ConnectException.class)
                .hasMessage("cannot connect to " + NAME + ": the proxy 127.0.0.1:" + port
                        + " cannot be reached: connection refused");
    }
}
