package dev.portside.server;

import java.net.InetSocketAddress;

/**
 * Where a server listens, and what it asks for there.
 *
 * @param address port 0 for a free one
 * @param tls {@link TlsPolicy#OFF} where AUTH TLS is refused
 * @param implicit whether TLS begins with the connection, before the greeting, as on port 990
 */
public record ListenAddress(InetSocketAddress address, TlsPolicy tls, boolean implicit) {
    public ListenAddress {
        if (address.isUnresolved()) {
            throw new IllegalArgumentException("unknown host: " + address.getHostString());
        }
        if (implicit && tls == TlsPolicy.OFF) {
            throw new IllegalArgumentException("an implicit listener has TLS from its first byte, and the policy OFF");
        }
    }
}
