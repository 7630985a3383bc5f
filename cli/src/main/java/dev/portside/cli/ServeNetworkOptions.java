package dev.portside.cli;

import dev.portside.protocol.PortRange;
import dev.portside.server.ClientNetwork;
import dev.portside.server.FtpServerNetwork;
import java.net.InetAddress;
import java.util.List;
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
            paramLabel = "[CIDR=]ADDRESS",
            description = {
                "The address that clients connect to, when behind NAT; with CIDR= the one for",
                "clients of that network, empty for the local one. Can be repeated."
            })
    private List<String> externalAddresses = List.of();

    @Option(
            names = "--active-source-port",
            paramLabel = "N",
            description = "Connect from that port in active mode (20 needs privileges).")
    private int activeSourcePort;

    @Option(names = "--no-active", description = "Refuse active mode.")
    private boolean noActive;

    FtpServerNetwork network() {
        try {
            FtpServerNetwork.Builder network = FtpServerNetwork.builder()
                    .passivePorts(passivePorts.toArray(PortRange[]::new))
                    .passiveAddress(passiveBind)
                    .activeMode(!noActive)
                    .activeSourcePort(activeSourcePort);
            for (String each : externalAddresses) {
                int equals = each.indexOf('=');
                if (equals < 0) {
                    network.externalAddress(each);
                } else {
                    network.externalAddress(ClientNetwork.parse(each.substring(0, equals)), each.substring(equals + 1));
                }
            }
            return network.build();
        } catch (IllegalArgumentException wrong) {
            throw new PortsideException(ExitCode.USAGE, "serve: " + wrong.getMessage());
        }
    }
}
