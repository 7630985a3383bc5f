package dev.portside.cli.check;

import java.net.Inet4Address;
import java.net.InetAddress;

/** From where an address can be reached (RFC 6890). */
enum AddressKind {
    PUBLIC("public"),
    PRIVATE("private (RFC 1918, or fc00::/7)"),
    CARRIER("of the provider's own NAT (100.64.0.0/10)"),
    LINK("of one link only"),
    DOCUMENTATION("an example in documents, not a real one"),
    LOOPBACK("this machine itself"),
    NONE("no address of a host");

    private final String words;

    AddressKind(String words) {
        this.words = words;
    }

    static AddressKind of(InetAddress address) {
        byte[] bytes = address.getAddress();
        int first = bytes[0] & 0xff;
        int second = bytes[1] & 0xff;
        int third = bytes[2] & 0xff;
        if (address.isLoopbackAddress()) {
            return LOOPBACK;
        }
        if (address.isAnyLocalAddress() || address.isMulticastAddress()) {
            return NONE;
        }
        if (address.isLinkLocalAddress()) {
            return LINK;
        }
        if (address instanceof Inet4Address) {
            boolean example = (first == 192 && second == 0 && third == 2)
                    || (first == 198 && second == 51 && third == 100)
                    || (first == 203 && second == 0 && third == 113);
            if (first == 0 || first >= 240) {
                return NONE;
            }
            return example
                    ? DOCUMENTATION
                    : first == 100 && second >= 64 && second < 128
                            ? CARRIER
                            : address.isSiteLocalAddress() ? PRIVATE : PUBLIC;
        }
        boolean example = first == 0x20 && second == 0x01 && third == 0x0d && (bytes[3] & 0xff) == 0xb8;
        return example ? DOCUMENTATION : (first & 0xfe) == 0xfc || address.isSiteLocalAddress() ? PRIVATE : PUBLIC;
    }

    /** Whether only hosts of the same network reach it. */
    boolean isInner() {
        return this == PRIVATE || this == CARRIER || this == LINK;
    }

    @Override
    public String toString() {
        return words;
    }
}
