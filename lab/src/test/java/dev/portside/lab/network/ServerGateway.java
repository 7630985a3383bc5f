package dev.portside.lab.network;

/** What stands between the server and the wide area. */
enum ServerGateway {
    /** A router. */
    OPEN("open"),
    /** Lets port 21 in, and everything out. */
    FIREWALL("firewall, 21 only"),
    /** Lets port 21 in, and nothing but replies out. */
    FIREWALL_REPLIES_ONLY("firewall, 21 only, nothing out"),
    /** Lets port 21 and the passive range in, and everything out. */
    FIREWALL_RANGE("firewall, 21 + range"),
    /** The server has a private address; port 21 is mapped to it. */
    NAT("NAT, 21 only"),
    /** The same, and the server names the external address. */
    NAT_EXTERNAL_ADDRESS("NAT, 21 only, external address set"),
    /** The passive range is mapped too. */
    NAT_RANGE("NAT, 21 + range"),
    /** The passive range is mapped too, and the server names the external address. */
    NAT_RANGE_EXTERNAL_ADDRESS("NAT, 21 + range, external address set");

    private final String words;

    ServerGateway(String words) {
        this.words = words;
    }

    boolean isNat() {
        return this == NAT || this == NAT_EXTERNAL_ADDRESS || this == NAT_RANGE || this == NAT_RANGE_EXTERNAL_ADDRESS;
    }

    /** Whether connections to the passive ports come through without anybody's help. */
    boolean opensRange() {
        return this == OPEN || this == FIREWALL_RANGE || this == NAT_RANGE || this == NAT_RANGE_EXTERNAL_ADDRESS;
    }

    /** Whether the server may connect to whom it likes. */
    boolean letsOut() {
        return this != FIREWALL_REPLIES_ONLY;
    }

    /** Whether the server is told its external address, and names it in 227. */
    boolean namesExternalAddress() {
        return this == NAT_EXTERNAL_ADDRESS || this == NAT_RANGE_EXTERNAL_ADDRESS;
    }

    @Override
    public String toString() {
        return words;
    }
}
