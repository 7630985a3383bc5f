package dev.portside.transport;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * From which addresses the connections of a passive data port may come, and whether those of two data ports can be told
 * apart by them.
 *
 * <p>An IPv4 address that an IPv6 socket shows is compared as the IPv4 address it is: Java maps it back by itself.
 */
public final class DataPeer implements Predicate<InetAddress> {
    private final @Nullable InetAddress client;
    private final int prefix;
    private final Predicate<InetAddress> accepted;

    private DataPeer(@Nullable InetAddress client, int prefix, Predicate<InetAddress> accepted) {
        this.client = client;
        this.prefix = prefix;
        this.accepted = accepted;
    }

    /** That address only. */
    public static DataPeer exactly(InetAddress client) {
        return within(client, 8 * client.getAddress().length);
    }

    /** Every address that begins like this one. */
    public static DataPeer within(InetAddress client, int prefixBits) {
        return new DataPeer(client, prefixBits, address -> beginAlike(client, address, prefixBits));
    }

    /** Whatever the test accepts: such a data port shares its listening socket with no other one. */
    public static DataPeer anyOf(Predicate<InetAddress> accepted) {
        return new DataPeer(null, 0, accepted);
    }

    @Override
    public boolean test(InetAddress address) {
        return accepted.test(address);
    }

    /** Whether no address is of both. */
    boolean isApartFrom(DataPeer other) {
        InetAddress mine = client;
        InetAddress others = other.client;
        return mine != null && others != null && !beginAlike(mine, others, Math.min(prefix, other.prefix));
    }

    private static boolean beginAlike(InetAddress one, InetAddress other, int bits) {
        byte[] left = one.getAddress();
        byte[] right = other.getAddress();
        if (left.length != right.length) {
            return false;
        }
        int differs = Arrays.mismatch(left, right);
        return differs < 0
                || differs * Byte.SIZE + Integer.numberOfLeadingZeros((left[differs] ^ right[differs]) & 0xff) - 24
                        >= bits;
    }
}
