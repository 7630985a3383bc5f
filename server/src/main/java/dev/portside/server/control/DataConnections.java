package dev.portside.server.control;

import dev.portside.protocol.Reply;
import dev.portside.server.PeerCheck;
import dev.portside.transport.DataConnection;
import dev.portside.transport.DataConnectionException;
import dev.portside.transport.DataConnectionException.Failure;
import dev.portside.transport.DataPort;
import dev.portside.transport.PassiveDataPort;
import dev.portside.transport.TransferParameters;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;

/** From a data port to a data connection that is the client's: TCP, 150, TLS, and the proof (RFC 4217 section 9). */
public final class DataConnections {
    /**
     * For the right connection behind a wrong one. Short, because the wrong one mostly is the client's own, which does not
     * know how to resume its session, and waits for an answer.
     */
    private static final Duration WAIT_BEHIND_REFUSED = Duration.ofSeconds(2);

    private final Session session;
    private final Transfer transfer;
    private final DataPort port;
    private final TransferParameters parameters;
    private final Reply opening;

    private DataConnections(Session session, DataPort port, TransferParameters parameters, Reply opening) {
        this.session = session;
        this.transfer = session.ownTransfer();
        this.port = port;
        this.parameters = parameters;
        this.opening = opening;
    }

    /**
     * Makes the data connection and marks 150; the port is closed then.
     *
     * @throws DataConnectionException when it cannot be made or secured
     * @throws DataSessionException when it was secured by a session that is not this client's
     */
    public static DataConnection open(Session session, DataPort port, TransferParameters parameters, Reply opening)
            throws IOException {
        DataConnections connections = new DataConnections(session, port, parameters, opening);
        DataConnection data = connections.transfer.open(port, parameters, session.options());
        if (session.tls().isDataProtected()) {
            return connections.secured(data);
        }
        port.close();
        connections.mark(data);
        return data;
    }

    /** 150, once. */
    private void mark(DataConnection data) throws IOException {
        if (transfer.isMarked()) {
            return;
        }
        try {
            session.write(opening);
            transfer.marked();
        } catch (IOException | RuntimeException | Error failed) {
            data.abort();
            data.close();
            throw failed;
        }
    }

    private DataConnection secured(DataConnection first) throws IOException {
        long deadline = System.nanoTime() + session.options().dataConnectWait().toNanos();
        DataConnection data = first;
        while (true) {
            try {
                secure(data);
                port.close();
                mark(data);
                return data;
            } catch (DataConnectionException | DataSessionException refused) {
                // Not reset: the alert that says why, and the end of a handshake, are to arrive.
                data.close();
                if (refused instanceof DataConnectionException broken && broken.failure() == Failure.ABORTED) {
                    throw refused;
                }
                tell(data, refused);
                data = next(deadline, refused);
            }
        }
    }

    /**
     * Most clients begin their handshake behind 150. One that does before, as curl, mostly is through with it when 150 comes:
     * it finds its ticket there even if it reads nothing but what has come when it closes, as curl in an upload. The others
     * get theirs at the end.
     */
    private void secure(DataConnection data) throws IOException {
        boolean ahead = data.hasArrived();
        if (!ahead) {
            mark(data);
        }
        try {
            if (session.tls().secure(data, mustResume())) {
                transfer.resumed();
                if (ahead) {
                    data.sendTickets();
                }
            }
        } catch (RuntimeException | Error failed) {
            data.abort();
            data.close();
            throw failed;
        }
    }

    /** Whether the address was no proof. */
    private boolean mustResume() {
        InetAddress client = session.remoteAddress().getAddress();
        return session.options().network().peerCheck(client) == PeerCheck.TLS_SESSION;
    }

    private void tell(DataConnection data, IOException refused) {
        String reason = String.valueOf(refused.getMessage());
        session.tell((listener, status) -> listener.dataConnectionRefused(status, data.remoteAddress(), reason));
    }

    /** The connection behind a refused one: in passive mode the right one may still come. */
    private DataConnection next(long deadline, IOException refused) throws IOException {
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
