package dev.portside.lab.network;

/** What stands between the client and the wide area. */
enum ClientGateway {
    /** A router. */
    OPEN("open"),
    /** Lets connections out, and nothing but replies in. */
    FIREWALL("stateful firewall"),
    /** The same, and the client has a private address; IPv4 only. */
    NAT("NAT");

    private final String words;

    ClientGateway(String words) {
        this.words = words;
    }

    boolean isNat() {
        return this == NAT;
    }

    @Override
    public String toString() {
        return words;
    }
}
