package dev.portside.lab.peer;

/** The protocol versions that a peer may choose. */
public enum TlsVersions {
    TLS_1_2("TLSv1.2", "TLSv1.2"),
    TLS_1_3("TLSv1.3", "TLSv1.3"),
    BOTH("TLSv1.2", "TLSv1.3");

    private final String oldest;
    private final String newest;

    TlsVersions(String oldest, String newest) {
        this.oldest = oldest;
        this.newest = newest;
    }

    /** Returns the oldest version, as OpenSSL and the JDK write it. */
    public String oldest() {
        return oldest;
    }

    /** Returns the newest version, as OpenSSL and the JDK write it. */
    public String newest() {
        return newest;
    }
}
