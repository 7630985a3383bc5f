package dev.portside.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portside.protocol.PortRange;
import dev.portside.server.ClientNetwork;
import dev.portside.server.FtpServerNetwork;
import dev.portside.server.PeerCheck;
import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class ServeNetworkOptionsTest {
    @Command
    private static final class Told {
        @Mixin
        private final ServeNetworkOptions network = new ServeNetworkOptions();
    }

    private static FtpServerNetwork network(String... arguments) {
        Told told = new Told();
        new CommandLine(told).parseArgs(arguments);
        return told.network.network();
    }

    private static InetAddress ip(String literal) {
        return InetAddress.ofLiteral(literal);
    }

    @Test
    void nothingTold_isTheDefault() {
        FtpServerNetwork network = network();
        assertThat(network.passivePorts()).containsExactly(PortRange.ANY);
        assertThat(network.externalAddresses()).isEmpty();
        assertThat(network.activeMode()).isTrue();
        assertThat(network.activeConnectTimeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(network.proxies()).isEmpty();
    }

    @Test
    void portsAndAddresses_areTold() {
        FtpServerNetwork network = network(
                "--passive-ports=50000-50099,51000",
                "--passive-bind=192.0.2.9",
                "--advertised-port-offset=-10000",
                "--external-address=ftp.example.net",
                "--external-address=192.168.0.0/16=192.168.0.2",
                "--external-address",
                "fd00::/8=");
        assertThat(network.passivePorts())
                .containsExactly(new PortRange(50_000, 50_099), new PortRange(51_000, 51_000));
        assertThat(network.passiveAddress(ip("192.0.2.1"))).isEqualTo(ip("192.0.2.9"));
        assertThat(network.advertisedPortOffset()).isEqualTo(-10_000);
        assertThat(network.externalAddress(ip("198.51.100.7"))).isEqualTo("ftp.example.net");
        assertThat(network.externalAddress(ip("192.168.3.3"))).isEqualTo("192.168.0.2");
        assertThat(network.externalAddress(ip("fd00::7"))).isEmpty();
    }

    @Test
    void peers_areTold() {
        FtpServerNetwork network = network(
                "--data-peer-check=subnet",
                "--data-peer-check=10.0.0.0/8=off",
                "--data-peer-check=10.1.0.0/16=tls-session",
                "--data-peer-check=10.1.1.1=exact",
                "--proxy-protocol=192.0.2.4/31",
                "--proxy-protocol=2001:db8::5");
        assertThat(network.peerCheck(ip("198.51.100.7"))).isEqualTo(PeerCheck.SUBNET);
        assertThat(network.peerCheck(ip("10.2.0.0"))).isEqualTo(PeerCheck.OFF);
        assertThat(network.peerCheck(ip("10.1.0.0"))).isEqualTo(PeerCheck.TLS_SESSION);
        assertThat(network.peerCheck(ip("10.1.1.1"))).isEqualTo(PeerCheck.EXACT);
        assertThat(network.proxies())
                .containsExactly(ClientNetwork.parse("192.0.2.4/31"), ClientNetwork.parse("2001:db8::5/128"));
    }

    @Test
    void activeMode_isTold() {
        FtpServerNetwork network = network("--active-source-port=20", "--active-connect-timeout=3s", "--no-active");
        assertThat(network.activeSourcePort()).isEqualTo(20);
        assertThat(network.activeConnectTimeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(network.activeMode()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--external-address=2001:db8::1",
                "--external-address=nonsense/=192.0.2.1",
                "--external-address=10.0.0.0/8=192.0.2.300",
                "--data-peer-check=maybe",
                "--data-peer-check=10.0.0.0/99=off",
                "--proxy-protocol=balancer.example.net",
                "--advertised-port-offset=100",
                "--active-source-port=65536"
            })
    void whatCannotBe_isAnErrorOfUse_thatNamesIt(String argument) {
        assertThatThrownBy(() -> network(argument))
                .isInstanceOfSatisfying(
                        PortsideException.class,
                        wrong -> assertThat(wrong.code()).isEqualTo(ExitCode.USAGE))
                .hasMessageStartingWith("serve: ");
    }
}
