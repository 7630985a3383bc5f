package dev.portside.lab.network;

import dev.portside.protocol.PortRange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Every {@link Topology} at once: {@code clients — client gateways — wide area — server gateways — servers}.
 *
 * <p>What a topology does is decided by its two gateways, each on its own. So the 128 topologies are the paths between 6
 * client gateways and 16 server gateways; all clients live in one namespace, with an interface and an address at each client
 * gateway, and all servers in another one. A path is told by the server's address: see {@link Addressing}.
 */
final class Laboratory implements AutoCloseable {
    static final int CONTROL_PORT = 21;
    static final PortRange PASSIVE_PORTS = new PortRange(50_000, 50_039);

    private final Network network;
    private final Namespace clients;
    private final Namespace servers;
    private final Namespace wideArea;
    private final Map<ClientSite, Gateway> clientGateways = new LinkedHashMap<>();
    private final Map<ServerSite, Gateway> serverGateways = new LinkedHashMap<>();
    private final Gateway nowhere;

    private Laboratory(Network network) throws IOException, InterruptedException {
        this.network = network;
        clients = network.namespace("clients");
        servers = network.namespace("servers");
        wideArea = network.namespace("wide-area");
        for (ClientSite site : ClientSite.all()) {
            clientGateways.put(site, build(site));
        }
        for (ServerSite site : ServerSite.all()) {
            serverGateways.put(site, build(site));
        }
        nowhere = new Gateway(wideArea, Stop.Place.WIDE_AREA, """
                chain stop {
                %s}
                chain nowhere {
                  type filter hook prerouting priority filter;
                  ip daddr { 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10 } goto stop
                  ip6 daddr fc00::/7 goto stop
                }
                """.formatted(Stop.RULE));
    }

    /**
     * Builds them all, in a second or two.
     *
     * @throws AssertionError if this machine has no namespaces for us: it says what is missing
     */
    static Laboratory build() throws IOException, InterruptedException {
        Network network = Network.create();
        try {
            return new Laboratory(network);
        } catch (IOException | RuntimeException | Error | InterruptedException failed) {
            network.close();
            throw failed;
        }
    }

    private Gateway build(ClientSite site) throws IOException, InterruptedException {
        String name = "c" + site.number();
        Namespace gateway = network.namespace("client-gateway-" + site.number());
        Cable inside = Cable.lay(gateway, "inside", clients, name);
        Cable outside = Cable.lay(wideArea, name, gateway, "outside");
        for (Family family : families(site.gateway().isNat())) {
            String address = Addressing.client(family, site);
            inside.address(family, address);
            inside.outwards(family, Addressing.publicServers(family, site), "src " + address);
            inside.inwards(family, address);
            outside.outwards(family, Addressing.everybody(family), "");
            outside.inwards(family, Addressing.publicClient(family, site));
        }
        // A client may believe in a private address: then its packets leave by its gateway, as everywhere.
        inside.outwards(Family.IPV4, Addressing.privateServers(site), "src " + Addressing.client(Family.IPV4, site));
        if (site.gateway().isNat()) {
            outside.address(Family.IPV4, Addressing.publicClient(Family.IPV4, site));
        }
        inside.connect();
        outside.connect();
        return new Gateway(gateway, Stop.Place.CLIENT_GATEWAY, GatewayRules.of(site));
    }

    private Gateway build(ServerSite site) throws IOException, InterruptedException {
        String name = "s" + site.number();
        String table = "table " + (100 + site.number());
        Namespace gateway = network.namespace("server-gateway-" + site.number());
        Cable inside = Cable.lay(gateway, "inside", servers, name);
        Cable outside = Cable.lay(wideArea, name, gateway, "outside");
        for (Family family : families(site.gateway().isNat())) {
            inside.outwards(family, Addressing.everybody(family), table);
            outside.outwards(family, Addressing.everybody(family), "");
            List<String> rules = new ArrayList<>();
            for (ClientSite from : ClientSite.all()) {
                String address = Addressing.server(family, from, site);
                String known = Addressing.publicServer(family, from, site);
                inside.address(family, address);
                inside.inwards(family, address);
                outside.inwards(family, known);
                if (!address.equals(known)) {
                    outside.address(family, known);
                }
                // The address says through which gateway the server speaks.
                rules.add("rule add from " + address + " " + table);
            }
            servers.ip(family, rules);
        }
        inside.connect();
        outside.connect();
        return new Gateway(gateway, Stop.Place.SERVER_GATEWAY, GatewayRules.of(site));
    }

    /** There are private addresses and NAT for IPv4 only. */
    private static Set<Family> families(boolean nat) {
        return nat ? EnumSet.of(Family.IPV4) : EnumSet.allOf(Family.class);
    }

    Namespace clients() {
        return clients;
    }

    Namespace servers() {
        return servers;
    }

    /** The namespaces in the order they were made, by their names in the laboratory. */
    Map<String, Namespace> namespaces() {
        return network.namespaces();
    }

    Gateway gateway(ClientSite site) {
        return clientGateways.get(site);
    }

    Gateway gateway(ServerSite site) {
        return serverGateways.get(site);
    }

    /** What was stopped on its way through a topology, so far or since {@link #forgetStops}. */
    List<Stop> stops() throws IOException, InterruptedException {
        List<Stop> all = new ArrayList<>();
        for (Gateway gateway : gateways()) {
            all.addAll(gateway.stops());
        }
        return all;
    }

    void forgetStops() throws IOException, InterruptedException {
        for (Gateway gateway : gateways()) {
            gateway.forget();
        }
    }

    private List<Gateway> gateways() {
        List<Gateway> all = new ArrayList<>(clientGateways.values());
        all.add(nowhere);
        all.addAll(serverGateways.values());
        return all;
    }

    @Override
    public void close() {
        network.close();
    }
}
