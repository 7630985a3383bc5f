package dev.portside.protocol;

/** How the data connection is protected (RFC 2228 section 3). */
public enum ProtectionLevel {
    CLEAR("C"),
    SAFE("S"),
    CONFIDENTIAL("E"),
    PRIVATE("P");

    private final String argument;

    ProtectionLevel(String argument) {
        this.argument = argument;
    }

    /** What stands behind PROT. */
    public String argument() {
        return argument;
    }
}
