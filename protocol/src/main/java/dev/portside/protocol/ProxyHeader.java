package dev.portside.protocol;

import org.jspecify.annotations.Nullable;

/**
 * What a proxy or load balancer tells of a connection that it passes on, in front of its first byte: the PROXY protocol of
 * HAProxy, versions 1 and 2.
 *
 * @param source the client; null when the proxy speaks for itself (LOCAL), or does not know (UNKNOWN)
 * @param destination where the client has connected to; null when the source is
 */
public record ProxyHeader(
        @Nullable HostPort source, @Nullable HostPort destination) {
    /** The addresses of the connection itself are those that count. */
    public static final ProxyHeader LOCAL = new ProxyHeader(null, null);
}
