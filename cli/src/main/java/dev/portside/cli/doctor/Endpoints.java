package dev.portside.cli.doctor;

import dev.portside.protocol.HostPort;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Addresses and times: as findings show them, and what they mean. */
final class Endpoints {
    private Endpoints() {}

    /** {@code 192.0.2.1:21}, without the port if that is 0. */
    static String text(@Nullable InetSocketAddress endpoint) {
        if (endpoint == null || endpoint.getAddress() == null) {
            return endpoint == null ? "an unknown address" : endpoint.getHostString() + ":" + endpoint.getPort();
        }
        return endpoint.getPort() == 0
                ? HostPort.numeric(endpoint.getAddress())
                : new HostPort(endpoint.getAddress(), endpoint.getPort()).toString();
    }

    /** {@code 5.0 s}. */
    static String text(Duration time) {
        return Math.round(time.toMillis() / 100.0) / 10.0 + " s";
    }

    /**
     * Whether an address means something in one network only: loopback, private (RFC 1918), link-local, shared behind carrier NAT
     * (RFC 6598), unique local (RFC 4193), unspecified.
     */
    static boolean isInner(InetAddress address) {
        byte[] bytes = address.getAddress();
        boolean shared = bytes.length == 4 && bytes[0] == 100 && (bytes[1] & 0xc0) == 64;
        boolean uniqueLocal = address instanceof Inet6Address && (bytes[0] & 0xfe) == 0xfc;
        return address.isLoopbackAddress()
                || address.isSiteLocalAddress()
                || address.isLinkLocalAddress()
                || address.isAnyLocalAddress()
                || shared
                || uniqueLocal;
    }

    static boolean isInner(@Nullable InetSocketAddress endpoint) {
        return endpoint != null && endpoint.getAddress() != null && isInner(endpoint.getAddress());
    }

    /** Whether both are the same host, whatever the ports. */
    static boolean sameHost(@Nullable InetSocketAddress one, @Nullable InetSocketAddress other) {
        return one != null
                && other != null
                && one.getAddress() != null
                && one.getAddress().equals(other.getAddress());
    }
}
