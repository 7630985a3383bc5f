package dev.portside.cli;

import dev.portside.protocol.PortRange;
import dev.portside.server.ClientNetwork;
import dev.portside.server.FtpServerNetwork;
import dev.portside.server.PeerCheck;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What {@code serve} is told about data connections. */
final class ServeNetworkOptions {
    @Option(
            names = "--passive-ports",
            paramLabel = "A-B",
            split = ",",
            splitSynopsisLabel = ",",
            converter = OptionTypes.Ports.class,
            description = "Take passive data ports from there; any unless given. A-B,C-D are two ranges.")
    private List<PortRange> passivePorts = List.of();

    @Option(
            names = "--passive-bind",
            paramLabel = "ADDRESS",
            converter = OptionTypes.Address.class,
            description = "Passive data ports listen there; where the client has connected to unless given.")
    private @Nullable InetAddress passiveBind;

    @Option(
            names = "--external-address",
            paramLabel = "[CIDR=]ADDRESS|NAME",
            description = {
                "What 227 names when the server is behind NAT; with CIDR= to clients of that",
                "network, nothing behind = for the local address. Can be repeated."
            })
    private List<String> externalAddresses = List.of();

    @Option(
            names = "--advertised-port-offset",
            paramLabel = "N",
            description = "Name passive ports that are so much higher, as a gateway maps them.")
    private int advertisedPortOffset;

    @Option(
            names = "--data-peer-check",
            paramLabel = "[CIDR=]CHECK",
            description = {
                "Whose data connection is the client's: exact (from its address), subnet (/24,",
                "/64), tls-session (which resumes it, under PROT P), off (anybody's: dangerous).",
                "exact unless given. Can be repeated."
            })
    private List<String> peerChecks = List.of();

    @Option(
            names = "--active-source-port",
            paramLabel = "N",
            description = "Connect from that port in active mode (20 needs privileges).")
    private int activeSourcePort;

    @Option(
            names = "--active-connect-timeout",
            paramLabel = "TIME",
            converter = OptionTypes.Time.class,
            description = "Try so long to connect to a client in active mode; 10s unless given.")
    private @Nullable Duration activeConnectTimeout;

    @Option(names = "--no-active", description = "Refuse active mode.")
    private boolean noActive;

    @Option(
            names = "--proxy-protocol",
            paramLabel = "CIDR",
            description = {
                "Connections from there come through a load balancer, and must begin with a",
                "PROXY header (v1 or v2) that tells the client. Can be repeated."
            })
    private List<String> proxies = List.of();

    /** As they were given. */
    List<String> externalAddresses() {
        return externalAddresses;
    }

    FtpServerNetwork network() {
        return network(false);
    }

    /** @param siteSeen whether a client may ask what this end has seen */
    FtpServerNetwork network(boolean siteSeen) {
        try {
            FtpServerNetwork.Builder network = FtpServerNetwork.builder()
                    .siteSeen(siteSeen)
                    .passivePorts(passivePorts.toArray(PortRange[]::new))
                    .passiveAddress(passiveBind)
                    .advertisedPortOffset(advertisedPortOffset)
                    .activeMode(!noActive)
                    .activeSourcePort(activeSourcePort)
                    .proxies(proxies.stream().map(ClientNetwork::parse).toArray(ClientNetwork[]::new));
            if (activeConnectTimeout != null) {
                network.activeConnectTimeout(activeConnectTimeout);
            }
            externalAddresses.forEach(each -> perNetwork(each, network::externalAddress, network::externalAddress));
            peerChecks.forEach(each -> perNetwork(
                    each,
                    check -> network.peerCheck(check(check)),
                    (of, check) -> network.peerCheck(of, check(check))));
            return network.build();
        } catch (IllegalArgumentException wrong) {
            throw new PortsideException(ExitCode.USAGE, "serve: " + wrong.getMessage());
        }
    }

    /** {@code VALUE} for everybody, {@code CIDR=VALUE} for clients of a network. */
    private static void perNetwork(
            String told, Consumer<String> forEverybody, BiConsumer<ClientNetwork, String> forNetwork) {
        int equals = told.indexOf('=');
        if (equals < 0) {
            forEverybody.accept(told);
        } else {
            forNetwork.accept(ClientNetwork.parse(told.substring(0, equals)), told.substring(equals + 1));
        }
    }

    private static PeerCheck check(String word) {
        return switch (word) {
            case "exact" -> PeerCheck.EXACT;
            case "subnet" -> PeerCheck.SUBNET;
            case "tls-session" -> PeerCheck.TLS_SESSION;
            case "off" -> PeerCheck.OFF;
            default ->
                throw new IllegalArgumentException(
                        "--data-peer-check is exact, subnet, tls-session or off, not " + word);
        };
    }
}
