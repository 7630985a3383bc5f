package dev.portside.transport;

import dev.portside.protocol.PortRange;
import dev.portside.transport.DataConnectionException.Failure;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The side that listens: it takes a connection from the peer it expects, and listens on until it is closed, in case that
 * connection turns out not to be the peer's. If none comes, it is closed.
 *
 * <p>Either it has a listening socket of its own, or a place at one of {@link SharedDataPorts}.
 */
public sealed interface PassiveDataPort extends DataPort permits OwnDataPort, ReservedDataPort {
    /**
     * Listens on a free port of the range, picked at random (RFC 2577 section 4), that is nobody else's.
     *
     * @param bind the local address to listen on
     * @param expected whether a connection from this address is the peer's
     * @param stranger told of every other connection; it was closed, and the wait goes on
     * @throws DataConnectionException {@link Failure#NO_FREE_PORT} when every port of the range is taken, {@link
     *     Failure#LOCAL_ADDRESS} when this host cannot listen there
     */
    static PassiveDataPort listen(
            InetAddress bind, PortRange ports, Predicate<InetAddress> expected, Consumer<InetSocketAddress> stranger)
            throws DataConnectionException {
        return OwnDataPort.listen(bind, ports, null, null, expected, stranger);
    }

    /** Where this side listens. */
    InetSocketAddress address();

    /**
     * Where the port can be shared by a {@link DataProof}, waits until there is a connection to {@link #open}, or one from the
     * peer's address that says nothing: whose that is its TLS handshake will tell, with which most clients wait for the reply
     * 150. A connection that has begun its handshake already is given the time to end it.
     *
     * @return whether the client may be waiting for 150; otherwise {@link #open} knows what to do, and without a proof always
     * @throws DataConnectionException as {@link #open}, when nobody comes
     */
    boolean isClientSilent(Duration wait) throws DataConnectionException;
}
