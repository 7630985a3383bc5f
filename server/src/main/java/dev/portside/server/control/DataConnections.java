package dev.portside.server.control;

import dev.portside.protocol.Reply;
import dev.portside.transport.DataConnection;
import dev.portside.transport.DataConnectionException;
import dev.portside.transport.DataConnectionException.Failure;
import dev.portside.transport.DataPort;
import dev.portside.transport.PassiveDataPort;
import dev.portside.transport.TransferParameters;
import java.io.IOException;
import java.time.Duration;

/** From a data port to a data connection that is the client's: TCP, then 150, then TLS, then the proof (RFC 4217 section 9). */
public final class DataConnections {
    /**
     * For the right connection behind a wrong one. Short, because the wrong one mostly is the client's own, which does not
     * know how to resume its session, and waits for an answer.
     */
    private static final Duration WAIT_BEHIND_REFUSED = Duration.ofSeconds(2);

    private DataConnections() {}

    /**
     * Makes the data connection and marks 150; the port is closed then.
     *
     * @throws DataConnectionException when it cannot be made or secured
     * @throws DataSessionException when it was secured by a session that is not this client's
     */
    public static DataConnection open(Session session, DataPort port, TransferParameters parameters, Reply opening)
            throws IOException {
        Transfer transfer = session.ownTransfer();
        DataConnection data = transfer.open(port, parameters, session.options());
        try {
            if (!session.tls().isDataProtected()) {
                port.close();
            }
            // Clients begin their handshake behind 150.
            session.write(opening);
            transfer.marked();
        } catch (IOException | RuntimeException | Error failed) {
            data.abort();
            data.close();
            throw failed;
        }
        return session.tls().isDataProtected() ? secured(session, port, parameters, data) : data;
    }

    private static DataConnection secured(
            Session session, DataPort port, TransferParameters parameters, DataConnection first) throws IOException {
        Transfer transfer = session.ownTransfer();
        long deadline = System.nanoTime() + session.options().dataConnectWait().toNanos();
        DataConnection data = first;
        while (true) {
            try {
                secure(session, transfer, data);
                port.close();
                return data;
            } catch (DataConnectionException | DataSessionException refused) {
                // Not reset: the alert that says why, and the end of a handshake, are to arrive.
                data.close();
                if (refused instanceof DataConnectionException broken && broken.failure() == Failure.ABORTED) {
                    throw refused;
                }
                tell(session, data, refused);
                data = next(transfer, session, port, parameters, deadline, refused);
            }
        }
    }

    private static void secure(Session session, Transfer transfer, DataConnection data)
            throws DataConnectionException, DataSessionException {
        try {
            if (session.tls().secure(data)) {
                transfer.resumed();
            }
        } catch (RuntimeException | Error failed) {
            data.abort();
            data.close();
            throw failed;
        }
    }

    private static void tell(Session session, DataConnection data, IOException refused) {
        String reason = String.valueOf(refused.getMessage());
        session.tell((listener, status) -> listener.dataConnectionRefused(status, data.remoteAddress(), reason));
    }

    /** The connection behind a refused one: in passive mode the right one may still come. */
    private static DataConnection next(
            Transfer transfer,
            Session session,
            DataPort port,
            TransferParameters parameters,
            long deadline,
            IOException refused)
            throws IOException {
        Duration left = Duration.ofNanos(deadline - System.nanoTime());
        if (!(port instanceof PassiveDataPort) || !left.isPositive()) {
            throw refused;
        }
        try {
            Duration wait = left.compareTo(WAIT_BEHIND_REFUSED) < 0 ? left : WAIT_BEHIND_REFUSED;
            return transfer.open(port, parameters, session.options(), wait);
        } catch (DataConnectionException nobody) {
            throw nobody.failure() == Failure.TIMED_OUT ? refused : nobody;
        }
    }
}
