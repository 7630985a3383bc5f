package dev.portside.protocol;

/** The structure of a file (RFC 959 section 3.1.2). */
public enum DataStructure {
    FILE("F"),
    RECORD("R"),
    PAGE("P");

    private final String argument;

    DataStructure(String argument) {
        this.argument = argument;
    }

    /** What stands behind STRU. */
    public String argument() {
        return argument;
    }
}
