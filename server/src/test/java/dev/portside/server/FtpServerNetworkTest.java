package dev.portside.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portside.protocol.PortRange;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FtpServerNetworkTest {
    private static final FtpServerNetwork USUAL = FtpServerNetwork.builder().build();

    private static InetAddress ip(String literal) {
        return InetAddress.ofLiteral(literal);
    }

    private static void mustBeRefused(String reason, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(reason);
    }

    @Test
    void defaults_nameTheLocalAddressAndTakeTheClientOnly() {
        assertThat(USUAL.externalAddress(ip("198.51.100.7"))).isEmpty();
        assertThat(USUAL.externalAddresses()).isEmpty();
        assertThat(USUAL.peerCheck(ip("198.51.100.7"))).isEqualTo(PeerCheck.EXACT);
        assertThat(USUAL.passivePorts()).containsExactly(PortRange.ANY);
    }

    @ParameterizedTest
    @CsvSource({
        "198.51.100.7, ftp.example.net",
        "192.168.7.7, 192.168.0.1",
        "192.168.9.7, 192.168.9.1",
        "10.1.1.1, ''",
        "2001:db8::1, ftp.example.net",
        "fd00::1, 192.168.0.2"
    })
    void longestPrefix_counts(String client, String named) {
        FtpServerNetwork network = FtpServerNetwork.builder()
                .externalAddress(ClientNetwork.parse("192.168.9.0/24"), "192.168.9.1")
                .externalAddress(ClientNetwork.parse("192.168.0.0/16"), "192.168.0.1")
                .externalAddress(ClientNetwork.parse("10.0.0.0/8"), "")
                .externalAddress(ClientNetwork.parse("fd00::/8"), "192.168.0.2")
                .externalAddress("ftp.example.net")
                .build();
        assertThat(network.externalAddress(ip(client))).isEqualTo(named);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2001:db8::1", "192.0.2.300", "192.0.2.1.5", "a b", "a..b", "http://a", "[192.0.2.1]"})
    void externalAddress_isAnIPv4AddressOrAName(String wrong) {
        mustBeRefused(wrong, () -> FtpServerNetwork.builder().externalAddress(wrong));
    }

    @Test
    void advertisedPorts_stayPorts() {
        FtpServerNetwork.Builder network =
                FtpServerNetwork.builder().passivePorts(new PortRange(50_000, 50_100), new PortRange(60_000, 60_010));
        assertThat(network.advertisedPortOffset(-10_000).build().advertisedPortOffset())
                .isEqualTo(-10_000);
        mustBeRefused("66000-66010", () -> network.advertisedPortOffset(6_000).build());
        mustBeRefused("0-100", () -> network.advertisedPortOffset(-50_000).build());
        mustBeRefused(
                "needs passive ports",
                () -> FtpServerNetwork.builder().advertisedPortOffset(1).build());
    }

    @Test
    void anyPort_isNoRangeAmongOthers() {
        mustBeRefused(
                "any passive port",
                () -> FtpServerNetwork.builder()
                        .passivePorts(PortRange.ANY, new PortRange(50_000, 50_100))
                        .build());
    }

    @Test
    void times_arePositive() {
        mustBeRefused("refresh", () -> FtpServerNetwork.builder().externalRefresh(Duration.ZERO));
        mustBeRefused("active", () -> FtpServerNetwork.builder().activeConnectTimeout(Duration.ofSeconds(-1)));
    }

    @Test
    void checkOfTlsSessions_needsTls() {
        FtpServerNetwork network = FtpServerNetwork.builder()
                .peerCheck(ClientNetwork.parse("10.0.0.0/8"), PeerCheck.TLS_SESSION)
                .build();
        mustBeRefused(
                "TLS_SESSION",
                () -> FtpServerOptions.builder()
                        .listenOn(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .authenticator(Authenticator.anonymous(Path.of("")))
                        .network(network)
                        .build());
    }

    @Test
    void passiveAddress_isForItsOwnFamily_anyAddressForBoth() {
        FtpServerNetwork four =
                FtpServerNetwork.builder().passiveAddress(ip("192.0.2.1")).build();
        FtpServerNetwork any =
                FtpServerNetwork.builder().passiveAddress(ip("0.0.0.0")).build();
        assertThat(four.passiveAddress(ip("10.0.0.1"))).isEqualTo(ip("192.0.2.1"));
        assertThat(four.passiveAddress(ip("2001:db8::1"))).isEqualTo(ip("2001:db8::1"));
        assertThat(any.passiveAddress(ip("2001:db8::1"))).isEqualTo(ip("0.0.0.0"));
        assertThat(USUAL.passiveAddress(ip("10.0.0.1"))).isEqualTo(ip("10.0.0.1"));
    }
}
