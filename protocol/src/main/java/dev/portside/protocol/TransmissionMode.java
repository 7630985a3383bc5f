package dev.portside.protocol;

/** How data is framed on the data connection (RFC 959 section 3.4). */
public enum TransmissionMode {
    /** The data as it is; closing the connection ends it. */
    STREAM("S"),
    BLOCK("B"),
    COMPRESSED("C"),
    /** Stream mode through zlib (draft-preston-ftpext-deflate). */
    DEFLATE("Z");

    private final String argument;

    TransmissionMode(String argument) {
        this.argument = argument;
    }

    /** What stands behind MODE. */
    public String argument() {
        return argument;
    }
}
