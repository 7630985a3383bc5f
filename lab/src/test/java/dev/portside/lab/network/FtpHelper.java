package dev.portside.lab.network;

/** At which gateways the kernel's nf_conntrack_ftp reads control connections to port 21. */
enum FtpHelper {
    NONE("none"),
    CLIENT("client's"),
    SERVER("server's"),
    BOTH("both");

    private final String words;

    FtpHelper(String words) {
        this.words = words;
    }

    boolean atClient() {
        return this == CLIENT || this == BOTH;
    }

    boolean atServer() {
        return this == SERVER || this == BOTH;
    }

    @Override
    public String toString() {
        return words;
    }
}
