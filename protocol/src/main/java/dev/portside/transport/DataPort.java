package dev.portside.transport;

import java.io.Closeable;
import java.time.Duration;

/**
 * Who opens the next data connection, and between which addresses.
 *
 * <p>RFC 959's data transfer process is symmetric: either end may listen, either end may connect. In passive mode the
 * server holds a {@link PassiveDataPort} and the client an {@link ActiveDataPort}; in active mode it is the other way round.
 *
 * <p>A data port is for one transfer; closing it gives back what it holds.
 */
public sealed interface DataPort extends Closeable permits PassiveDataPort, ActiveDataPort, ProxyDataPort {
    /**
     * Waits for the peer to connect, or connects to it.
     *
     * @param parameters how data will be put on the wire
     * @param wait for the connection to be made
     * @param stall how long the connection may then move no byte before it is given up
     * @throws DataConnectionException when it cannot be made
     */
    DataConnection open(TransferParameters parameters, Duration wait, Duration stall) throws DataConnectionException;

    /** Gives the port back; a thread that waits in {@link #open} gets a {@link DataConnectionException}. */
    @Override
    void close();
}
