package dev.portside.transport;

/** What the peer of a data connection does, see {@link DataConnection#peek}. */
public enum PeerSign {
    /** It has sent data, which can be read. */
    DATA,
    /** It has ended the stream, or the connection broke. */
    END,
    /** Nothing so far. */
    NOTHING
}
