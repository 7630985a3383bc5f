package dev.portside.lab.network;

/**
 * Who has which address. A topology is a path from a client site to a server site, and is told by the server's address: each
 * server site has one for each client site, public and, behind NAT, private.
 *
 * <pre>
 *   198.51.100.(1+C)       client site C as the wide area knows it: the client, or its NAT
 *   192.168.C.2            the client behind NAT
 *   203.0.113.(16C+S)      server site S as client site C knows it: the server, or its NAT
 *   10.100.C.S             the server behind NAT
 *   2001:db8:c:C::2        the client of site C
 *   2001:db8:5:C::(1+S)    the server of site S as client site C knows it
 * </pre>
 *
 * Routers have link-local addresses: see {@link Cable}.
 */
final class Addressing {
    private Addressing() {}

    static String client(Family family, ClientSite site) {
        return family == Family.IPV4 && site.gateway().isNat()
                ? "192.168." + site.number() + ".2"
                : publicClient(family, site);
    }

    static String publicClient(Family family, ClientSite site) {
        return family == Family.IPV4 ? "198.51.100." + (1 + site.number()) : "2001:db8:c:" + site.number() + "::2";
    }

    static String server(Family family, ClientSite from, ServerSite site) {
        return family == Family.IPV4 && site.gateway().isNat()
                ? "10.100." + from.number() + "." + site.number()
                : publicServer(family, from, site);
    }

    static String publicServer(Family family, ClientSite from, ServerSite site) {
        return family == Family.IPV4
                ? "203.0.113." + (16 * from.number() + site.number())
                : "2001:db8:5:" + from.number() + "::" + Integer.toHexString(1 + site.number());
    }

    /** All public addresses of servers as a client site knows them. */
    static String publicServers(Family family, ClientSite from) {
        return family == Family.IPV4
                ? "203.0.113." + 16 * from.number() + "/28"
                : "2001:db8:5:" + from.number() + "::/64";
    }

    /** All private addresses of servers as a client site would know them, if they meant anything there. */
    static String privateServers(ClientSite from) {
        return "10.100." + from.number() + ".0/24";
    }

    static String everybody(Family family) {
        return family == Family.IPV4 ? "0.0.0.0/0" : "::/0";
    }
}
