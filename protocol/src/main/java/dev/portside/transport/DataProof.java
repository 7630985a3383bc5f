package dev.portside.transport;

import dev.portside.transport.DataConnectionException.Failure;

/**
 * By what a session knows its data connections among those of other sessions at the same address: each resumes the TLS
 * session of its control connection, which bears a marker. So they may share a port.
 */
public interface DataProof {
    /** Sessions with equal groups can shake hands on behalf of each other. */
    Object group();

    /** What a connection of this session shows, and no connection of another one. */
    String marker();

    /**
     * Shakes hands as the server, on behalf of every session of the group.
     *
     * @return the marker of the TLS session that was resumed
     * @throws DataConnectionException {@link Failure#TLS_FAILED} if the handshake fails, {@link Failure#WRONG_SESSION} if no
     *     session was resumed
     */
    String shown(DataConnection connection) throws DataConnectionException;

    /** Told, for all that wait, of a connection that is none of theirs; must not block. */
    void refused(DataConnection connection, DataConnectionException why);
}
