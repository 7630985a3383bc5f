package dev.portside.lab.network;

import java.io.IOException;
import java.util.List;

/**
 * A client, its gateway, the server's gateway and the server, for a case that is not in the truth table: the rules of both
 * gateways are those of one test. Its number is part of its addresses:
 *
 * <pre>
 *   192.168.N.2                       the client behind NAT
 *   198.51.100.N, 198.51.100.(100+N)  the client, or the outer addresses of its gateway
 *   203.0.113.N                       the server, or the outer address of its gateway
 *   10.100.N.1                        the server's gateway, inside
 *   10.100.N.2, 10.100.N.4            the server behind NAT, and another one
 *   10.100.N.3                        a client that is inside, with the server
 * </pre>
 *
 * Gateways have the interfaces {@code inside} and {@code outside}; the server's has {@code lan} for a client inside. What comes
 * in from outside for an address of a private network is dropped, as the wide area does it.
 */
final class Stage {
    /** Where an end is. */
    enum Side {
        /** It has an address of the wide area. */
        PUBLIC,
        /** It has a private address, behind a gateway with NAT. */
        NAT,
        /** A client only: behind the server's gateway, with the server. */
        INSIDE
    }

    /** The rules of a gateway that lets everything through. */
    static final String OPEN = "";

    private static final String STOP = "chain stop {\n" + Stop.RULE + "}\n";

    private static final String NOWHERE = """
            chain nowhere {
              type filter hook prerouting priority raw;
              iifname "outside" ip daddr { 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 } goto stop
            }
            """;

    private final int number;
    private final Side clientSide;
    private final Side serverSide;
    private final Gateway clientGateway;
    private final Gateway serverGateway;

    /**
     * Builds it.
     *
     * @param clientRules chains for the client's gateway, which may drop by {@code goto stop}; not used for a client inside
     * @param serverRules chains for the server's gateway
     */
    Stage(Stages stages, int number, Side client, String clientRules, Side server, String serverRules)
            throws IOException, InterruptedException {
        this.number = number;
        this.clientSide = client;
        this.serverSide = server;
        Namespace outer = stages.namespace("server-gateway-" + number);
        Namespace inner = client == Side.INSIDE ? outer : stages.namespace("client-gateway-" + number);
        serverGateway = new Gateway(outer, Stop.Place.SERVER_GATEWAY, NOWHERE + STOP + serverRules);
        clientGateway = client == Side.INSIDE
                ? serverGateway
                : new Gateway(inner, Stop.Place.CLIENT_GATEWAY, NOWHERE + STOP + clientRules);
        server(stages.servers());
        if (client == Side.INSIDE) {
            inside(stages.clients());
        } else {
            outside(stages.clients());
        }
    }

    private void server(Namespace servers) throws IOException, InterruptedException {
        String table = "table " + (100 + number);
        Cable cable = Cable.lay(serverGateway.namespace(), "inside", servers, "s" + number);
        cable.outwards(Family.IPV4, "default", table);
        for (String address : List.of(server(), otherServer())) {
            cable.address(Family.IPV4, address).inwards(Family.IPV4, address);
            servers.ip(Family.IPV4, List.of("rule add from " + address + " " + table));
        }
        cable.connect();
        serverGateway.namespace().ip("addr add " + gateway() + "/32 dev lo");
        if (serverSide == Side.NAT) {
            serverGateway.namespace().ip("addr add " + outerServer() + "/32 dev lo");
        }
    }

    private void outside(Namespace clients) throws IOException, InterruptedException {
        Namespace gateway = clientGateway.namespace();
        Cable.lay(gateway, "inside", clients, "c" + number)
                .address(Family.IPV4, client())
                .inwards(Family.IPV4, client())
                .outwards(Family.IPV4, outerServer(), "src " + client())
                .outwards(Family.IPV4, "10.100." + number + ".0/24", "src " + client())
                .connect();
        Cable middle = Cable.lay(serverGateway.namespace(), "outside", gateway, "outside")
                .outwards(Family.IPV4, "default", "");
        for (String address : List.of(outerClient(), otherOuterClient())) {
            middle.inwards(Family.IPV4, address);
            if (clientSide == Side.NAT) {
                gateway.ip("addr add " + address + "/32 dev lo");
            }
        }
        middle.connect();
    }

    private void inside(Namespace clients) throws IOException, InterruptedException {
        Cable.lay(serverGateway.namespace(), "lan", clients, "l" + number)
                .address(Family.IPV4, client())
                .inwards(Family.IPV4, client())
                .outwards(Family.IPV4, outerServer(), "src " + client())
                .outwards(Family.IPV4, "10.100." + number + ".0/24", "src " + client())
                .connect();
    }

    /** Where it is known outside. */
    String outerServer() {
        return "203.0.113." + number;
    }

    String server() {
        return serverSide == Side.NAT ? "10.100." + number + ".2" : outerServer();
    }

    String otherServer() {
        return "10.100." + number + ".4";
    }

    /** The server's gateway as the server knows it. */
    String gateway() {
        return "10.100." + number + ".1";
    }

    String client() {
        return switch (clientSide) {
            case PUBLIC -> outerClient();
            case NAT -> "192.168." + number + ".2";
            case INSIDE -> "10.100." + number + ".3";
        };
    }

    String outerClient() {
        return "198.51.100." + number;
    }

    String otherOuterClient() {
        return "198.51.100." + (100 + number);
    }

    Gateway clientGateway() {
        return clientGateway;
    }

    Gateway serverGateway() {
        return serverGateway;
    }
}
