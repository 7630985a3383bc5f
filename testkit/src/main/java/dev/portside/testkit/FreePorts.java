package dev.portside.testkit;

import dev.portside.protocol.PortRange;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports for tests that must know them before somebody listens there. They lie below those that the kernel gives away by
 * itself: one of these may be gone again before it is used.
 */
public final class FreePorts {
    private static final int FIRST = 30_000;
    private static final int LAST = 32_767;
    private static final int ATTEMPTS = 200;

    private static final Set<InetSocketAddress> GIVEN = ConcurrentHashMap.newKeySet();

    private FreePorts() {}

    /**
     * One port of the address that nobody listens on, and another one each time as long as there are any: a client remembers
     * what it has found out about a server by its address and port, and the next test has another server.
     */
    public static int one(InetAddress address) throws IOException {
        int port = range(address, 1).first();
        for (int i = 0; i < ATTEMPTS && !GIVEN.add(new InetSocketAddress(address, port)); i++) {
            port = range(address, 1).first();
        }
        return port;
    }

    /** So many in a row. */
    public static PortRange range(InetAddress address, int ports) throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int first = ThreadLocalRandom.current().nextInt(FIRST, LAST - ports + 2);
            if (areFree(address, first, ports)) {
                return new PortRange(first, first + ports - 1);
            }
        }
        throw new AssertionError("no " + ports + " free ports in a row on " + address);
    }

    private static boolean areFree(InetAddress address, int first, int ports) throws IOException {
        List<ServerSocket> taken = new ArrayList<>();
        try {
            for (int port = first; port < first + ports; port++) {
                ServerSocket socket = new ServerSocket();
                taken.add(socket);
                socket.bind(new InetSocketAddress(address, port), 1);
            }
            return true;
        } catch (BindException somebody) {
            return false;
        } finally {
            for (ServerSocket each : taken) {
                each.close();
            }
        }
    }
}
