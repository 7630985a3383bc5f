package dev.portside.cli.doctor;

/** Where something happens, or is to be changed; in the order in which a packet of the client meets them. */
public enum Place {
    /** This computer, its own firewall included. */
    CLIENT("client"),
    /** Whatever stands between the client and the wide area: a router with NAT, a firewall. */
    CLIENT_GATEWAY("client's gateway"),
    /** Whatever stands in front of the server: a router with NAT, a firewall, a load balancer. */
    SERVER_GATEWAY("server's gateway"),
    /** The server, the firewall of its computer included. */
    SERVER("server");

    private final String words;

    Place(String words) {
        this.words = words;
    }

    @Override
    public String toString() {
        return words;
    }
}
