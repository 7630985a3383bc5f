package dev.portside.cli.check;

import dev.portside.protocol.HostPort;
import dev.portside.protocol.PortRange;
import dev.portside.server.DataSessionReuse;
import dev.portside.server.FtpServerOptions;
import dev.portside.server.ListenAddress;
import dev.portside.server.TlsPolicy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The server that is to be started.
 *
 * @param server its options
 * @param external what 227 is to name
 * @param directory what is served
 * @param readOnly whether nobody may change it
 * @param certificate its file; null for a self-signed one, and without TLS
 * @param config the file of options; null if there is none
 * @param passwordInConfig whether a password stands in it
 */
public record Plan(
        FtpServerOptions server,
        List<External> external,
        Path directory,
        boolean readOnly,
        @Nullable Path certificate,
        @Nullable Path config,
        boolean passwordInConfig) {
    /**
     * An external address.
     *
     * @param clients the network that it is for, as CIDR; empty for all others
     * @param address an address, a name, or empty for the local address
     */
    public record External(String clients, String address) {
        /** As on the command line. */
        public static External parse(String text) {
            int equals = text.indexOf('=');
            return equals < 0
                    ? new External("", text)
                    : new External(text.substring(0, equals), text.substring(equals + 1));
        }

        @Override
        public String toString() {
            return "--external-address " + (clients.isEmpty() ? "" : clients + "=") + address;
        }
    }

    /** The passive ranges; empty when the kernel picks the ports. */
    List<PortRange> ranges() {
        return server.network().passivePorts().stream()
                .filter(range -> !range.isAny())
                .toList();
    }

    /** The ranges as on the command line. */
    String rangesText() {
        return ranges().stream().map(PortRange::toString).collect(Collectors.joining(","));
    }

    List<InetSocketAddress> listeners() {
        return server.listenOn().stream().map(ListenAddress::address).toList();
    }

    /** Ports of control connections, each once. */
    List<Integer> controlPorts() {
        return server.listenOn().stream()
                .map(each -> each.address().getPort())
                .filter(port -> port != 0)
                .distinct()
                .sorted()
                .toList();
    }

    /** What other machines can connect to. */
    List<InetAddress> outerAddresses() {
        return listeners().stream()
                .map(InetSocketAddress::getAddress)
                .filter(address -> !address.isLoopbackAddress())
                .distinct()
                .toList();
    }

    boolean hasTls() {
        return server.tls() != null;
    }

    /** Whether every data connection has to show whose it is by the TLS session that it resumes. */
    boolean sessionsShareAPort() {
        return server.tls() != null
                && server.tls().dataSessionReuse() == DataSessionReuse.REQUIRED
                && server.listenOn().stream().allMatch(each -> each.tls().demands(TlsPolicy.DATA));
    }

    static String text(InetSocketAddress address) {
        return address.getPort() == 0
                ? HostPort.numeric(address.getAddress()) + ", any port"
                : new HostPort(address.getAddress(), address.getPort()).toString();
    }
}
