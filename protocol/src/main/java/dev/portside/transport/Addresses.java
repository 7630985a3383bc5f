package dev.portside.transport;

import dev.portside.protocol.HostPort;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

/** Addresses and times as messages show them. */
public final class Addresses {
    private Addresses() {}

    /** {@code 192.0.2.1:21} or {@code [2001:db8::1]:21}; never a name that would have to be looked up. */
    public static String text(InetSocketAddress address) {
        InetAddress ip = address.getAddress();
        if (ip == null) {
            return address.getHostString() + ":" + address.getPort();
        }
        String text = HostPort.numeric(ip);
        return (ip instanceof Inet6Address ? "[" + text + "]" : text) + ":" + address.getPort();
    }

    /** {@code 5 s} or {@code 1.5 s}. */
    public static String text(Duration duration) {
        long millis = duration.toMillis();
        return millis % 1000 == 0 ? millis / 1000 + " s" : millis / 1000.0 + " s";
    }
}
