package dev.portside.lab.network;

/** Why a data connection fails in the laboratory. */
enum Blame {
    /** The server's gateway drops the client's connection to the passive port. */
    PASSIVE_PORT_DROPPED('S', "the server's gateway drops the connection to the passive port"),
    /** 227 names an address that means nothing outside, and the wide area drops what is for it. */
    PRIVATE_ADDRESS_NAMED('A', "227 names the server's private address, which the wide area drops"),
    /** The client's gateway drops the server's connection. */
    ACTIVE_DROPPED_AT_CLIENT('C', "the client's gateway drops the server's connection"),
    /** The server's gateway drops the server's connection. */
    ACTIVE_DROPPED_AT_SERVER('O', "the server's gateway lets the server connect to nobody"),
    /** The server does not connect to an address that is not the client's: the client named its private one. */
    PRIVATE_ADDRESS_REFUSED('P', "the server refuses the client's private address"),
    /** Measured, and not understood: never in a table that is right. */
    UNKNOWN('?', "nobody knows");

    private final char letter;
    private final String words;

    Blame(char letter, String words) {
        this.letter = letter;
        this.words = words;
    }

    /** What stands in the table. */
    char letter() {
        return letter;
    }

    @Override
    public String toString() {
        return words;
    }
}
