package dev.portside.lab.network;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A cable between a router and what is behind it: a host, or another router. Both ends have link-local addresses (for IPv4 a
 * pair of 169.254.0.0/16); the addresses that count are added as single ones, and are reached by routes.
 *
 * <ol>
 *   <li>{@link #lay} makes the interfaces.
 *   <li>{@link #address}, {@link #outwards} and {@link #inwards} collect addresses and routes.
 *   <li>{@link #connect} puts them into effect.
 * </ol>
 */
final class Cable {
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final Namespace router;
    private final String routerEnd;
    private final Namespace inner;
    private final String innerEnd;
    private final List<String> atRouter = new ArrayList<>();
    private final List<String> atInner = new ArrayList<>();

    private final String routerAddress;
    private final String innerAddress;

    private Cable(Namespace router, String routerEnd, Namespace inner, String innerEnd) {
        this.router = router;
        this.routerEnd = routerEnd;
        this.inner = inner;
        this.innerEnd = innerEnd;
        // A router's own address must not be its next hop: every cable has another pair.
        int number = NUMBERS.getAndIncrement();
        String network = "169.254." + (number / 100 % 200 + 1) + ".";
        routerAddress = network + (number % 100 * 2 + 1);
        innerAddress = network + (number % 100 * 2 + 2);
    }

    /**
     * Makes a cable.
     *
     * @param routerEnd the name of the interface at the router, 15 characters at most
     * @param innerEnd the name of the interface at the other end
     */
    static Cable lay(Namespace router, String routerEnd, Namespace inner, String innerEnd) {
        Cable cable = new Cable(router, routerEnd, inner, innerEnd);
        cable.atRouter.addAll(List.of(
                "link add " + routerEnd + " type veth peer name " + innerEnd + " netns " + inner.name(),
                "addr add " + cable.routerAddress + "/32 dev " + routerEnd,
                "addr add fe80::a/64 dev " + routerEnd + " nodad",
                "link set " + routerEnd + " up"));
        cable.atInner.addAll(List.of(
                "addr add " + cable.innerAddress + "/32 dev " + innerEnd,
                "addr add fe80::b/64 dev " + innerEnd + " nodad",
                "link set " + innerEnd + " up"));
        return cable;
    }

    /** Gives the inner end an address. */
    Cable address(Family family, String address) {
        atInner.add(
                family == Family.IPV4
                        ? "addr add " + address + "/32 dev " + innerEnd
                        : "addr add " + address + "/128 dev " + innerEnd + " nodad");
        return this;
    }

    /**
     * Sends what is for these addresses from the inner end to the router.
     *
     * @param addresses an address, a network, or {@code default}
     * @param more what else the route says, for example {@code src 192.0.2.1}
     */
    Cable outwards(Family family, String addresses, String more) {
        atInner.add(route(family, addresses, innerEnd, routerAddress, "fe80::a") + " " + more);
        return this;
    }

    /** Sends what is for these addresses from the router to the inner end. */
    Cable inwards(Family family, String addresses) {
        atRouter.add(route(family, addresses, routerEnd, innerAddress, "fe80::b"));
        return this;
    }

    private static String route(Family family, String to, String device, String via, String viaIpv6) {
        return family == Family.IPV4
                ? "route add " + to + " via " + via + " dev " + device + " onlink"
                : "route add " + to + " via " + viaIpv6 + " dev " + device;
    }

    /** Makes the interfaces, and puts addresses and routes into effect. */
    void connect() throws IOException, InterruptedException {
        router.ip(atRouter);
        inner.ip(atInner);
    }
}
