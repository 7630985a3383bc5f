package dev.portside.cli.check;

import dev.portside.protocol.PortRange;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The first packet of a TCP connection, as far as it is known beforehand.
 *
 * @param ipv6 which of the two families
 * @param hooks the hooks that it passes, {@code input} or {@code output}
 * @param interfaces the interfaces by which it may come in, or leave by
 * @param source from where; null for anybody
 * @param destinations the addresses to which it may go; empty for any
 * @param sourcePorts one of these
 * @param ports the ports to which it goes, one of these
 */
record Packet(
        boolean ipv6,
        List<String> hooks,
        List<String> interfaces,
        @Nullable InetAddress source,
        List<InetAddress> destinations,
        PortRange sourcePorts,
        PortRange ports) {
    /** Ports that programs take which do not care. */
    static final PortRange UNPRIVILEGED = new PortRange(1024, 65535);

    private static final String OUTPUT = "output";

    /** A client that connects to a port of this machine. */
    static Packet in(
            boolean ipv6,
            List<String> interfaces,
            @Nullable InetAddress source,
            List<InetAddress> destinations,
            int port) {
        return new Packet(
                ipv6,
                List.of("prerouting", "input"),
                interfaces,
                source,
                destinations,
                UNPRIVILEGED,
                new PortRange(port, port));
    }

    /** This machine that connects to a client, in active mode; source port 0 is any. */
    static Packet out(boolean ipv6, List<String> interfaces, int sourcePort) {
        PortRange from = sourcePort == 0 ? UNPRIVILEGED : new PortRange(sourcePort, sourcePort);
        return new Packet(ipv6, List.of(OUTPUT), interfaces, null, List.of(), from, UNPRIVILEGED);
    }

    boolean outgoing() {
        return hooks.contains(OUTPUT);
    }
}
