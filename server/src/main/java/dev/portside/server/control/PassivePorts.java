package dev.portside.server.control;

import dev.portside.protocol.PortRange;
import dev.portside.server.FtpServerNetwork;
import dev.portside.server.PassivePortsStatus;
import dev.portside.transport.Addresses;
import dev.portside.transport.DataConnectionException;
import dev.portside.transport.DataConnectionException.Failure;
import dev.portside.transport.DataPeer;
import dev.portside.transport.DataProof;
import dev.portside.transport.PassiveDataPort;
import dev.portside.transport.SharedDataPorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Where the sessions of one server listen in passive mode: at shared ports of the ranges, or each at any free one. */
public final class PassivePorts implements AutoCloseable {
    private static final int MAX_NAMED = 10;

    private final FtpServerNetwork network;
    private final Proxies proxies;
    private final Consumer<String> warnings;
    private volatile @Nullable SharedDataPorts shared;

    /**
     * @param warnings told of the ports that are not to be had
     */
    public PassivePorts(FtpServerNetwork network, Proxies proxies, Consumer<String> warnings) {
        this.network = network;
        this.proxies = proxies;
        this.warnings = warnings;
    }

    /**
     * Opens the ports of the ranges, if there are any.
     *
     * @param locals where the control connections are listened for
     * @throws IOException if there is a local address without a single one
     */
    public void open(Collection<InetAddress> locals) throws IOException {
        if (network.passivePorts().equals(List.of(PortRange.ANY))) {
            return;
        }
        Set<InetAddress> addresses = new LinkedHashSet<>();
        for (InetAddress local : locals) {
            addresses.addAll(local.isAnyLocalAddress() ? everywhere() : Set.of(network.passiveAddress(local)));
        }
        SharedDataPorts ports = SharedDataPorts.open(addresses, network.passivePorts(), proxies);
        shared = ports;
        warnOf(ports.missing());
    }

    private void warnOf(List<InetSocketAddress> missing) {
        if (missing.isEmpty()) {
            return;
        }
        String named = String.join(
                ", ",
                missing.stream().limit(MAX_NAMED).map(Addresses::text).sorted().toList());
        int others = missing.size() - MAX_NAMED;
        warnings.accept("passive ports that cannot be listened on, and are not used: " + named
                + (others > 0 ? " and " + others + " more" : ""));
    }

    /** The addresses for a wildcard listener, to which clients of IPv4 and of IPv6 come. */
    private Set<InetAddress> everywhere() {
        Set<InetAddress> addresses = new LinkedHashSet<>();
        addresses.add(network.passiveAddress(InetAddress.ofLiteral("0.0.0.0")));
        addresses.add(network.passiveAddress(InetAddress.ofLiteral("::")));
        if (!addresses.stream().allMatch(InetAddress::isAnyLocalAddress)) {
            // What is not listened on now will be for the first client that comes there.
            addresses.removeIf(InetAddress::isAnyLocalAddress);
        }
        return addresses;
    }

    /**
     * Gives a session a port.
     *
     * @param peer from where its data connections may come
     */
    public PassiveDataPort listen(Session session, DataPeer peer) throws DataConnectionException {
        Consumer<InetSocketAddress> stranger =
                address -> session.tell((listener, status) -> listener.strangerRefused(status, address));
        InetAddress bind =
                network.passiveAddress(session.control().localAddress().getAddress());
        SharedDataPorts ports = shared;
        if (ports == null) {
            return session.keptListener().listen(bind, proxies, peer, stranger);
        }
        DataProof proof = session.tls().dataProof(session.mustResume(), (connection, why) -> {
            String reason = String.valueOf(why.getMessage());
            session.tell(
                    (listener, status) -> listener.dataConnectionRefused(status, connection.remoteAddress(), reason));
        });
        try {
            return ports.reserve(bind, peer, proof, stranger);
        } catch (DataConnectionException failed) {
            if (failed.failure() == Failure.NO_FREE_PORT) {
                session.tell((listener, status) -> listener.passivePortsUsedUp(status));
            }
            throw failed;
        }
    }

    public PassivePortsStatus status() {
        SharedDataPorts ports = shared;
        return ports == null
                ? new PassivePortsStatus(0, List.of(), 0, 0)
                : new PassivePortsStatus(ports.size(), ports.missing(), ports.reserved(), ports.refused());
    }

    @Override
    public void close() {
        SharedDataPorts ports = shared;
        if (ports != null) {
            ports.close();
        }
    }
}
