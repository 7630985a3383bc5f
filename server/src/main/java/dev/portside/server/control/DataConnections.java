package dev.portside.server.control;

import dev.portside.protocol.Reply;
import dev.portside.transport.DataConnection;
import dev.portside.transport.DataConnectionException;
import dev.portside.transport.DataConnectionException.Failure;
import dev.portside.transport.DataPort;
import dev.portside.transport.PassiveDataPort;
import dev.portside.transport.TransferParameters;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

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
     * @throws DataConnectionException when it cannot be made or secured, or is not this client's
     */
    public static DataConnection open(Session session, DataPort port, TransferParameters parameters, Reply opening)
            throws IOException {
        DataConnections connections = new DataConnections(session, port, parameters, opening);
        if (session.tls().isDataProtected()) {
            return connections.secured();
        }
        DataConnection data = connections.transfer.open(port, parameters, session.options());
        port.close();
        connections.mark(data);
        return data;
    }

    /** 150, once. */
    private void mark(@Nullable DataConnection data) throws IOException {
        if (transfer.isMarked()) {
            return;
        }
        try {
            session.write(opening);
            transfer.marked();
        } catch (IOException | RuntimeException | Error failed) {
            if (data != null) {
                data.abort();
                data.close();
            }
            throw failed;
        }
    }

    private DataConnection secured() throws IOException {
        Duration wait = Transfer.wait(port, session.options());
        long deadline = System.nanoTime() + wait.toNanos();
        @Nullable DataConnectionException refused = null;
        while (true) {
            @Nullable DataConnection data = null;
            try {
                data = opened(wait);
                secure(data);
                port.close();
                mark(data);
                return data;
            } catch (DataConnectionException failed) {
                if (data != null) {
                    // Not reset: the alert that says why, and the end of a handshake, are to arrive.
                    data.close();
                }
                if (failed.failure() == Failure.TIMED_OUT) {
                    throw refused == null ? likelyReason(failed) : refused;
                }
                if (!isRefusal(data, failed)) {
                    throw failed;
                }
                tell(failed);
                refused = failed;
                wait = waitBehind(failed, deadline);
            }
        }
    }

    /** A port that others share may have refused the connection that nobody waits for any longer. */
    private static DataConnectionException likelyReason(DataConnectionException nobody) {
        return nobody.getCause() instanceof DataConnectionException refused ? refused : nobody;
    }

    /** Whether there was a connection, but the wrong one. */
    private static boolean isRefusal(@Nullable DataConnection data, DataConnectionException failed) {
        return switch (failed.failure()) {
            case TLS_FAILED, WRONG_SESSION -> true;
            case ABORTED -> false;
            default -> data != null;
        };
    }

    /** For the connection behind a refused one: in passive mode the right one may still come. */
    private Duration waitBehind(DataConnectionException refused, long deadline) throws DataConnectionException {
        Duration left = Duration.ofNanos(deadline - System.nanoTime());
        if (!(port instanceof PassiveDataPort) || !left.isPositive()) {
            throw refused;
        }
        return left.compareTo(WAIT_BEHIND_REFUSED) < 0 ? left : WAIT_BEHIND_REFUSED;
    }

    private void tell(DataConnectionException refused) {
        InetSocketAddress remote = refused.remote();
        if (remote != null) {
            String reason = String.valueOf(refused.getMessage());
            session.tell((listener, status) -> listener.dataConnectionRefused(status, remote, reason));
        }
    }

    /** Where others of this client's address share the port, whose a connection is shows in its handshake only. */
    private DataConnection opened(Duration wait) throws IOException {
        if (port instanceof PassiveDataPort passive && !transfer.isMarked() && transfer.isClientSilent(passive, wait)) {
            mark(null);
        }
        return transfer.open(port, parameters, session.options(), wait);
    }

    /**
     * Most clients begin their handshake behind 150. One that does before, as curl, mostly is through with it when 150 comes:
     * it finds its ticket there even if it reads nothing but what has come when it closes, as curl in an upload. The others
     * get theirs at the end.
     */
    private void secure(DataConnection data) throws IOException {
        boolean ahead = !transfer.isMarked() && (data.tlsSession() != null || data.hasArrived());
        if (!ahead) {
            mark(data);
        }
        try {
            if (session.tls().secure(data, session.mustResume())) {
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
}
