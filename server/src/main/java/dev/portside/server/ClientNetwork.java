package dev.portside.server;

import dev.portside.protocol.HostPort;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * Addresses that begin with the same bits, as in {@code 192.168.0.0/16} or {@code 2001:db8::/32}. An IPv6 address that wraps
 * an IPv4 address is that IPv4 address.
 *
 * @param address bits behind the prefix are cleared
 * @param prefix how many bits are the same: 0 to 32 for IPv4, 0 to 128 for IPv6
 */
public record ClientNetwork(InetAddress address, int prefix) {
    public ClientNetwork {
        int bits = address.getAddress().length * Byte.SIZE;
        if (prefix < 0 || prefix > bits) {
            throw new IllegalArgumentException("a network of " + HostPort.numeric(address) + " has a prefix from 0 to "
                    + bits + ", not " + prefix);
        }
        address = masked(address, prefix);
    }

    /**
     * Reads {@code 192.168.0.0/16}, {@code 2001:db8::/32}, or an address, which stands for itself. Names are never looked up.
     *
     * @throws IllegalArgumentException if the text is none of them
     */
    public static ClientNetwork parse(String text) {
        int slash = text.indexOf('/');
        try {
            InetAddress address = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
            int bits = address.getAddress().length * Byte.SIZE;
            return new ClientNetwork(address, slash < 0 ? bits : prefix(text.substring(slash + 1)));
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException(
                    "not a network (192.0.2.0/24 or 2001:db8::/32): \"" + text + "\"", wrong);
        }
    }

    private static int prefix(String digits) {
        if (!digits.matches("\\d{1,3}")) {
            throw new IllegalArgumentException("not the length of a prefix: " + digits);
        }
        return Integer.parseInt(digits);
    }

    /** The network of that size in which an address lies; all of the address if it has no more bits. */
    public static ClientNetwork around(InetAddress address, int prefix) {
        return new ClientNetwork(address, Math.min(prefix, address.getAddress().length * Byte.SIZE));
    }

    public boolean contains(InetAddress other) {
        return other.getAddress().length == address.getAddress().length
                && masked(other, prefix).equals(address);
    }

    private static InetAddress masked(InetAddress address, int prefix) {
        byte[] bytes = address.getAddress();
        int whole = prefix / Byte.SIZE;
        if (whole < bytes.length) {
            bytes[whole] &= (byte) (0xff00 >> prefix % Byte.SIZE);
            Arrays.fill(bytes, whole + 1, bytes.length, (byte) 0);
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return HostPort.numeric(address) + "/" + prefix;
    }
}
