package dev.portside.lab.network;

/** IPv4 or IPv6. */
enum Family {
    IPV4("IPv4"),
    IPV6("IPv6");

    private final String words;

    Family(String words) {
        this.words = words;
    }

    @Override
    public String toString() {
        return words;
    }
}
