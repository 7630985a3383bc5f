package dev.portside.protocol;

/** How file data is represented on the wire (RFC 959 section 3.1.1). */
public enum RepresentationType {
    /** Text with CRLF as the line end; format N (non-print). */
    ASCII("A"),
    EBCDIC("E"),
    /** Bytes, unchanged. */
    IMAGE("I"),
    /** Logical bytes of eight bits: the same as {@link #IMAGE}. */
    LOCAL_8("L 8");

    private final String argument;

    RepresentationType(String argument) {
        this.argument = argument;
    }

    /** What stands behind TYPE. */
    public String argument() {
        return argument;
    }
}
