package dev.portside.server.control;

import dev.portside.protocol.HostPort;
import dev.portside.server.FtpServerNetwork;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The addresses that 227 names. Host names are looked up in the background, when the server starts and again and again: no
 * session ever waits for a name server.
 */
public final class ExternalAddresses {
    /** A lookup cannot be interrupted; one that hangs ends by itself, later than the server. */
    private static final Duration LAST_WAIT = Duration.ofSeconds(1);

    /** What knows the addresses of a name. */
    @FunctionalInterface
    public interface Lookup {
        InetAddress[] addresses(String name) throws UnknownHostException;
    }

    private final FtpServerNetwork network;
    private final Consumer<String> warnings;
    private final Lookup lookup;
    private final Map<String, InetAddress> known = new ConcurrentHashMap<>();
    private final List<Thread> threads = new ArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    /**
     * @param warnings told of names that cannot be looked up, once until they can
     */
    public ExternalAddresses(FtpServerNetwork network, Consumer<String> warnings, Lookup lookup) {
        this.network = network;
        this.warnings = warnings;
        this.lookup = lookup;
    }

    /**
     * What 227 names to a client.
     *
     * @param local what it names when nothing was told
     * @return null for a name that is not known yet
     */
    public @Nullable InetAddress named(InetAddress client, InetAddress local) {
        String told = network.externalAddress(client);
        return told.isEmpty() ? local : known.get(told);
    }

    /** Begins to look up names; a thread for each, so that one that hangs holds up no other one. */
    public void start() {
        for (String told : network.externalAddresses()) {
            try {
                known.put(told, InetAddress.ofLiteral(told));
            } catch (IllegalArgumentException name) {
                // Not virtual: a lookup in the C library holds the carrier, of which there are few.
                threads.add(Thread.ofPlatform()
                        .name("portside-external-address")
                        .daemon()
                        .start(() -> keep(told)));
            }
        }
    }

    private void keep(String name) {
        boolean warned = false;
        try {
            do {
                String failure = lookUp(name);
                if (failure != null && !warned && closed.getCount() > 0) {
                    InetAddress last = known.get(name);
                    warnings.accept("external address " + name + ": " + failure + "; "
                            + (last == null
                                    ? "PASV is refused until it is known"
                                    : HostPort.numeric(last) + " stays in use"));
                }
                warned = failure != null;
            } while (!closed.await(network.externalRefresh().toNanos(), TimeUnit.NANOSECONDS));
        } catch (InterruptedException stop) {
            // As good a reason to end as being closed.
        }
    }

    /** Null, or why not. */
    private @Nullable String lookUp(String name) {
        try {
            List<InetAddress> found = Arrays.stream(lookup.addresses(name))
                    .filter(Inet4Address.class::isInstance)
                    .toList();
            if (found.isEmpty()) {
                return "has no IPv4 address, and 227 can name no other";
            }
            // Of several addresses the one that was named before is as good as any: clients may have it in their rules.
            if (!found.contains(known.get(name))) {
                known.put(name, found.getFirst());
            }
            return null;
        } catch (UnknownHostException unknown) {
            return "cannot be looked up";
        }
    }

    public void close() throws InterruptedException {
        closed.countDown();
        for (Thread thread : threads) {
            thread.join(LAST_WAIT);
        }
    }
}
