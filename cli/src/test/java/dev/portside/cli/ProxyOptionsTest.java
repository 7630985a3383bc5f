package dev.portside.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.testkit.ProxyFault;
import dev.portside.testkit.ScriptedProxy;
import dev.portside.testkit.ScriptedServer;
import java.net.InetAddress;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyOptionsTest {
    @TempDir
    Path home;

    private ScriptedServer server;
    private ScriptedProxy proxy;
    private CapturedConsole console;

    @BeforeEach
    void start() throws Exception {
        server = ScriptedServer.script().file("a", new byte[] {'h', 'i'}).start();
        proxy = ScriptedProxy.socks5()
                .host("ftp.behind.invalid", InetAddress.getLoopbackAddress())
                .login("alice", "s3cret");
        console = new CapturedConsole(home);
    }

    @AfterEach
    void stop() {
        proxy.close();
        server.close();
    }

    private String url() {
        return "ftp://ftp.behind.invalid:" + server.port() + "/a";
    }

    private String proxyUrl(String password) {
        return "socks5://alice:" + password + "@127.0.0.1:" + proxy.port();
    }

    @Test
    void theProxyOfTheEnvironment_isUsed_andItsPasswordNeverShown() {
        proxy.start();
        console.with("PORTSIDE_PROXY", proxyUrl("s3cret"));
        assertThat(console.run("cat", "-v", url())).as(console.err()).isZero();
        assertThat(console.out()).isEqualTo("hi");
        assertThat(console.err())
                .contains("* the proxy socks5://alice@127.0.0.1:" + proxy.port() + " has connected to"
                        + " ftp.behind.invalid:" + server.port())
                .contains("by the proxy, opened by the client (passive mode, EPSV)")
                .contains(" │ ftp.behind.invalid │")
                .contains("opens the control connection, through 127.0.0.1:" + proxy.port())
                .contains("opens the data connection, through the proxy")
                .contains("● :" + server.port())
                .doesNotContain("s3cret");
    }

    @Test
    void activeMode_isDrawnWithTheProxyThatListens() {
        proxy.host("localhost", InetAddress.getLoopbackAddress()).start();
        console.with("PORTSIDE_PROXY", proxyUrl("s3cret"));
        assertThat(console.run("cat", "-v", "--mode", "active", "ftp://localhost:" + server.port() + "/a"))
                .as(console.err())
                .isZero();
        assertThat(console.err()).contains("the proxy listens").contains(" at the proxy, opened by the server");
    }

    @Test
    void thePasswordOnTheCommandLine_isWarnedOf() {
        proxy.start();
        assertThat(console.run("cat", "--proxy", proxyUrl("s3cret"), url())).isZero();
        assertThat(console.err())
                .isEqualTo("portside: the password in --proxy can be read by every user of this machine, use"
                        + " PORTSIDE_PROXY\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "other.example,127.0.0.1", "*"})
    void hostsWithoutProxy_areConnectedToDirectly(String hosts) {
        proxy.start();
        String direct = "ftp://127.0.0.1:" + server.port() + "/a";
        assertThat(console.run("cat", "-q", "--proxy", proxyUrl("s3cret"), "--no-proxy", hosts, direct))
                .isZero();
        console.with("PORTSIDE_NO_PROXY", hosts).with("PORTSIDE_PROXY", proxyUrl("s3cret"));
        assertThat(console.run("cat", direct)).isZero();
        assertThat(proxy.requests()).isEmpty();
        assertThat(console.run("cat", "--no-proxy", ".example", direct)).isZero();
        assertThat(proxy.requests()).hasSize(2);
    }

    @Test
    void domainsWithoutProxy_standForTheirHosts() {
        proxy.start();
        console.with("PORTSIDE_PROXY", proxyUrl("s3cret"));
        assertThat(console.run("cat", "--no-proxy", "x,.Behind.invalid", url())).isEqualTo(3);
        assertThat(console.err()).contains("ftp.behind.invalid: no such host, check the name");
        assertThat(console.run("cat", "--no-proxy", ".hind.invalid,behind.invalid", url()))
                .isZero();
    }

    @Test
    void whatIsNoProxy_isAUsageError_withoutThePassword() {
        assertThat(console.run("cat", "--proxy", "ftp://alice:s3cret@proxy", url()))
                .isEqualTo(2);
        assertThat(console.err()).contains("--proxy").contains("not a proxy").doesNotContain("s3cret");
        console.with("PORTSIDE_PROXY", "socks5://alice:s3cret@proxy:x");
        assertThat(console.run("cat", url())).isEqualTo(2);
        assertThat(console.err()).isEqualTo("portside: PORTSIDE_PROXY: not a port of a proxy (1-65535): x\n");
    }

    @Test
    void whoRefused_isSaid() {
        proxy.start();
        console.with("PORTSIDE_PROXY", proxyUrl("wrong"));
        assertThat(console.run("cat", url())).isEqualTo(3);
        assertThat(console.err())
                .isEqualTo("portside: cannot connect to ftp.behind.invalid: the proxy 127.0.0.1:" + proxy.port()
                        + " refuses user alice, or the password\n");
    }

    @Test
    void aProxyThatIsUnknown_isSaidToBeTheProxy() {
        assertThat(console.run("cat", "--proxy", "http://proxy.invalid", url())).isEqualTo(3);
        assertThat(console.err()).contains("the proxy proxy.invalid: no such host");
    }

    @Test
    void aRuleOfTheProxy_isNoFailureOfTheServer() {
        proxy.fault(ProxyFault.ALLOWS_CONTROL_ONLY).fault(ProxyFault.NO_BIND).start();
        console.with("PORTSIDE_PROXY", proxyUrl("s3cret"));
        assertThat(console.run("cat", url())).isEqualTo(5);
        assertThat(console.err())
                .contains("EPSV: 229 ")
                .contains("does not allow to connect to ftp.behind.invalid:")
                .contains("Proxy: it has to let connections through to the server's passive ports too");
    }
}
