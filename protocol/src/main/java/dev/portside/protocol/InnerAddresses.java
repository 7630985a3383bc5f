package dev.portside.protocol;

import java.net.Inet6Address;
import java.net.InetAddress;

/** Addresses that mean something in one network only. */
public final class InnerAddresses {
    private InnerAddresses() {}

    /**
     * Loopback, private (RFC 1918), link-local, shared behind carrier NAT (RFC 6598), unique local (RFC 4193), and the
     * unspecified address.
     */
    public static boolean isInner(InetAddress address) {
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
}
