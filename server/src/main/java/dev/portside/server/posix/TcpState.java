package dev.portside.server.posix;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;

/**
 * Linux: what the kernel knows of a TCP connection of this host, asked by its addresses ({@code sock_diag(7)}).
 *
 * <p>A thread that reads a connection learns of its end when it is scheduled; the kernel knows it when the packet is there.
 */
public final class TcpState {
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
    private static final int NETLINK_SOCK_DIAG = 4;
    private static final short SOCK_DIAG_BY_FAMILY = 20;
    private static final short NLM_F_REQUEST = 1;
    private static final byte IPPROTO_TCP = 6;
    private static final byte TCP_ESTABLISHED = 1;

    /** {@code struct nlmsghdr}, then {@code struct inet_diag_req_v2}. */
    private static final long HEADER = 16;

    private static final long REQUEST = HEADER + 56;
    private static final long STATE_OFFSET = HEADER + 1;
    private static final long ANSWER = 4096;

    private static final ValueLayout.OfShort PORT = JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);

    private TcpState() {}

    /**
     * Whether the kernel says that neither side of a connection has ended it. False as well where it cannot be asked: who
     * asks when the connection is surely there learns whether the answer can be relied on.
     */
    public static boolean isEstablished(InetSocketAddress local, InetSocketAddress remote) {
        if (!SystemCalls.known()) {
            return false;
        }
        try {
            return ask(local, remote);
        } catch (IllegalCallerException | UnsupportedOperationException | LinkageError noNativeAccess) {
            return false;
        }
    }

    private static boolean ask(InetSocketAddress local, InetSocketAddress remote) {
        int netlink = CLibrary.socket(AF_NETLINK, SOCK_RAW_CLOEXEC, NETLINK_SOCK_DIAG);
        if (netlink < 0) {
            return false;
        }
        try (Arena arena = Arena.ofConfined()) {
            if (CLibrary.send(netlink, request(arena, local, remote)) != REQUEST) {
                return false;
            }
            MemorySegment answer = arena.allocate(ANSWER, Long.BYTES);
            return CLibrary.receive(netlink, answer) > STATE_OFFSET
                    && answer.get(JAVA_SHORT, 4) == SOCK_DIAG_BY_FAMILY
                    && answer.get(JAVA_BYTE, STATE_OFFSET) == TCP_ESTABLISHED;
        } finally {
            CLibrary.close(netlink);
        }
    }

    private static MemorySegment request(Arena arena, InetSocketAddress local, InetSocketAddress remote) {
        MemorySegment message = arena.allocate(REQUEST, Long.BYTES);
        message.set(JAVA_INT, 0, (int) REQUEST);
        message.set(JAVA_SHORT, 4, SOCK_DIAG_BY_FAMILY);
        message.set(JAVA_SHORT, 6, NLM_F_REQUEST);
        message.set(JAVA_BYTE, HEADER, (byte) (remote.getAddress() instanceof Inet4Address ? AF_INET : AF_INET6));
        message.set(JAVA_BYTE, HEADER + 1, IPPROTO_TCP);
        message.set(JAVA_INT, HEADER + 4, -1); // every state
        message.set(PORT, HEADER + 8, (short) local.getPort());
        message.set(PORT, HEADER + 10, (short) remote.getPort());
        copy(local.getAddress(), message, HEADER + 12);
        copy(remote.getAddress(), message, HEADER + 28);
        message.set(JAVA_INT, HEADER + 44, scope(remote.getAddress()));
        message.set(JAVA_INT, HEADER + 48, -1); // no cookie
        message.set(JAVA_INT, HEADER + 52, -1);
        return message;
    }

    private static void copy(InetAddress address, MemorySegment message, long offset) {
        byte[] bytes = address.getAddress();
        MemorySegment.copy(bytes, 0, message, JAVA_BYTE, offset, bytes.length);
    }

    private static int scope(InetAddress address) {
        return address instanceof Inet6Address six ? six.getScopeId() : 0;
    }
}
