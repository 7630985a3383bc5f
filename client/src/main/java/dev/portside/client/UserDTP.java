package dev.portside.client;

import dev.portside.client.DataAttempt.FailedException;
import dev.portside.client.FtpDataConnectionException.Attempt;
import dev.portside.client.FtpDataConnectionException.Outcome;
import dev.portside.protocol.Command;
import dev.portside.protocol.HostPort;
import dev.portside.protocol.InnerAddresses;
import dev.portside.protocol.Reply;
import dev.portside.protocol.ReplyCode;
import dev.portside.transport.DataConnection;
import dev.portside.transport.DataConnectionException;
import dev.portside.transport.DataPort;
import dev.portside.transport.PeerSign;
import dev.portside.transport.TransferParameters;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The user's data transfer process (RFC 959 section 2.3), as far as it begins a transfer: makes the data connection in one
 * mode after the other, sends the transfer command, and reads its first reply.
 */
final class UserDTP {
    /** To see whether a connection has ended. */
    private static final Duration LOOK = Duration.ofMillis(1);

    private final UserPI pi;
    private final FtpClientOptions options;
    private final DataProtection protection;
    private final Way way;
    private final WorkingModes modes;

    private volatile boolean aborted;
    private volatile @Nullable DataPort port;
    private volatile @Nullable Exchange opening;
    private volatile @Nullable DataConnection securing;

    UserDTP(UserPI pi, FtpClientOptions options, DataProtection protection, Way way, WorkingModes modes) {
        this.pi = pi;
        this.options = options;
        this.protection = protection;
        this.way = way;
        this.modes = modes;
    }

    /**
     * Begins a transfer.
     *
     * @param offset for REST, when it is not 0
     * @param parameters how the data is put on the wire; TYPE and MODE have been sent
     * @throws FtpReplyException if the server refuses the transfer for another reason than the data connection
     * @throws FtpDataConnectionException if no mode makes a data connection
     */
    Transfer open(Command transfer, long offset, TransferParameters parameters) throws IOException {
        throwIfAborted(transfer, null);
        List<DataMode> commands = options.mode().commands(way.isIpv6());
        List<Attempt> attempts = new ArrayList<>();
        try {
            for (DataMode mode : modes.inOrder(commands)) {
                DataAttempt attempt = new DataAttempt(mode, modes);
                Attempt resting = modes.resting(mode, commands);
                if (resting != null) {
                    attempts.add(resting);
                } else if (!attempts.isEmpty() && !pi.isOpen()) {
                    attempts.add(attempt.failed(Outcome.NOT_TRIED, "not tried: the control connection is gone")
                            .attempt());
                } else {
                    try {
                        Transfer begun = begin(attempt, transfer, offset, parameters);
                        modes.worked(mode);
                        return begun;
                    } catch (FailedException failed) {
                        attempts.add(failed.attempt());
                        if (failed.attempt().outcome().concernsTls()) {
                            break;
                        }
                        modes.failed(failed.attempt());
                        pi.tell(listener -> listener.dataConnectionFailed(failed.attempt()));
                    }
                    throwIfAborted(transfer, null);
                }
            }
        } finally {
            opening = null;
            securing = null;
            port = null;
        }
        throw new FtpDataConnectionException(transfer, attempts, null);
    }

    private Transfer begin(DataAttempt attempt, Command transfer, long offset, TransferParameters parameters)
            throws IOException, FailedException {
        boolean wasOpen = pi.isOpen();
        try {
            return attempt.mode().isActive()
                    ? active(attempt, transfer, offset, parameters)
                    : passive(attempt, transfer, offset, parameters);
        } catch (FtpReplyException | FtpProtocolException | FtpCertificateException told) {
            throw told;
        } catch (IOException lost) {
            if (!wasOpen || pi.isOpen() || aborted || Thread.currentThread().isInterrupted()) {
                throw lost;
            }
            throw attempt.failed(Outcome.CONTROL_CONNECTION_LOST, String.valueOf(lost.getMessage()));
        }
    }

    /** From here on an {@link #abort} counts, also when it comes before {@link #open}. */
    void beginOperation() {
        aborted = false;
    }

    boolean isAborted() {
        return aborted;
    }

    /** Gives up what {@link #open} is doing or will do, from another thread. */
    void abort() {
        aborted = true;
        DataPort waiting = port;
        if (waiting != null) {
            waiting.close();
        }
        Exchange begun = opening;
        DataConnection shaking = securing;
        if (begun != null) {
            pi.abort(begun, shaking == null ? () -> {} : shaking::abort);
        }
    }

    private void throwIfAborted(Command transfer, @Nullable IOException cause) throws IOException {
        if (aborted) {
            throw new IOException(transfer.masked() + ": aborted before it began", cause);
        }
    }

    // Passive: the server listens, the client connects

    private Transfer passive(DataAttempt attempt, Command transfer, long offset, TransferParameters parameters)
            throws IOException, FailedException {
        Command command =
                attempt.mode() == DataMode.EPSV ? new Command.Epsv(Command.Epsv.Argument.NONE) : new Command.Pasv();
        Reply reply = prepare(attempt, command);
        InetSocketAddress server = listener(attempt, reply);
        DataConnection data = connect(attempt, server, transfer, parameters);
        boolean begun = false;
        try {
            DataConnectionEvent event =
                    new DataConnectionEvent(attempt.mode(), command, reply, data.localAddress(), server, transfer);
            pi.tell(to -> to.dataConnection(event));
            Command restarted = restart(transfer, offset);
            attempt.transferBegins();
            Exchange exchange = begin(restarted);
            requireAccepted(attempt, exchange, data);
            awaitFirst(attempt, exchange, restarted);
            secure(attempt, exchange, restarted, data);
            begun = true;
            return new Transfer(pi, options, exchange, restarted, data, parameters.type(), offset, attempt, protection);
        } finally {
            if (!begun) {
                data.abort();
                data.close();
            }
        }
    }

    /** Where the server listens, by its reply; and by default at the address that the client talks to already. */
    private InetSocketAddress listener(DataAttempt attempt, Reply reply) throws FailedException {
        try {
            if (attempt.mode() == DataMode.EPSV) {
                return server(HostPort.parseExtendedPassive(reply.text()));
            }
            HostPort named = HostPort.parsePassive(reply.text());
            InetAddress known = way.server().getAddress();
            boolean foreign =
                    !named.address().isAnyLocalAddress() && !named.address().equals(known);
            if (foreign && (known != null || InnerAddresses.isInner(named.address()))) {
                attempt.remark("; 227 names " + named);
            }
            return foreign && options.trustPassiveAddress()
                    ? new InetSocketAddress(named.address(), named.port())
                    : server(named.port());
        } catch (IllegalArgumentException noPort) {
            throw attempt.failed(Outcome.REPLY_NOT_UNDERSTOOD, String.valueOf(noPort.getMessage()));
        }
    }

    /** A port of the server. */
    private InetSocketAddress server(int number) {
        InetAddress known = way.server().getAddress();
        return known == null
                ? InetSocketAddress.createUnresolved(way.server().getHostString(), number)
                : new InetSocketAddress(known, number);
    }

    private DataConnection connect(
            DataAttempt attempt, InetSocketAddress server, Command transfer, TransferParameters parameters)
            throws IOException, FailedException {
        attempt.between(new InetSocketAddress(way.local().getAddress(), 0), server);
        DataPort active = way.to(server);
        port = active;
        try (active) {
            throwIfAborted(transfer, null);
            return active.open(parameters, options.dataConnectTimeout(), options.dataStallTimeout());
        } catch (DataConnectionException lost) {
            throwIfAborted(transfer, lost);
            throw attempt.failed(lost);
        } finally {
            port = null;
        }
    }

    // Active: the client listens, the server connects

    private Transfer active(DataAttempt attempt, Command transfer, long offset, TransferParameters parameters)
            throws IOException, FailedException {
        InetAddress external = options.activeAddress();
        attempt.between(new InetSocketAddress(external == null ? way.local().getAddress() : external, 0), server(0));
        Way.Listener listener = listen(attempt);
        DataPort here = listener.port();
        port = here;
        try (here) {
            InetSocketAddress at = listener.address();
            HostPort named = new HostPort(external == null ? at.getAddress() : external, at.getPort());
            attempt.between(new InetSocketAddress(named.address(), named.port()), server(0));
            Command command = activeCommand(attempt, named);
            tellIfInner(attempt, named);
            Reply reply = prepare(attempt, command);
            Command restarted = restart(transfer, offset);
            attempt.transferBegins();
            Exchange exchange = begin(restarted);
            pi.whenRefused(exchange, here::close);
            DataConnection data = accept(attempt, here, exchange, restarted, parameters);
            boolean begun = false;
            try {
                DataConnectionEvent event = listener.event(attempt.mode(), command, reply, data, transfer);
                pi.tell(to -> to.dataConnection(event));
                awaitFirst(attempt, exchange, restarted);
                secure(attempt, exchange, restarted, data);
                begun = true;
                return new Transfer(
                        pi, options, exchange, restarted, data, parameters.type(), offset, attempt, protection);
            } finally {
                if (!begun) {
                    data.abort();
                    data.close();
                }
            }
        } finally {
            port = null;
        }
    }

    private static Command activeCommand(DataAttempt attempt, HostPort here) throws FailedException {
        if (attempt.mode() == DataMode.PORT && here.address() instanceof Inet6Address) {
            throw attempt.failed(Outcome.LOCAL_ADDRESS, "PORT cannot name the IPv6 address " + here);
        }
        return attempt.mode() == DataMode.EPRT ? new Command.Eprt(here) : new Command.Port(here);
    }

    /** An inner address is of no use to a server outside, unless somebody in between rewrites it. */
    private void tellIfInner(DataAttempt attempt, HostPort named) {
        InetAddress server = way.server().getAddress();
        if (InnerAddresses.isInner(named.address()) && (server == null || !InnerAddresses.isInner(server))) {
            attempt.remark("; " + HostPort.numeric(named.address()) + " is an inner address of this client's network");
            pi.tell(listener -> listener.innerAddressNamed(named, way.server()));
        }
    }

    private Way.Listener listen(DataAttempt attempt) throws FailedException {
        String cannot = way.noActiveMode();
        if (cannot != null) {
            throw attempt.failed(Outcome.NOT_TRIED, cannot);
        }
        try {
            return way.listen(options);
        } catch (DataConnectionException failed) {
            throw attempt.failed(failed);
        }
    }

    private DataConnection accept(
            DataAttempt attempt, DataPort listener, Exchange exchange, Command transfer, TransferParameters parameters)
            throws IOException, FailedException {
        try {
            return listener.open(parameters, options.dataConnectTimeout(), options.dataStallTimeout());
        } catch (DataConnectionException nobody) {
            Reply refusal = pi.lastSoFar(exchange);
            if (refusal == null) {
                giveUp(attempt, exchange);
            }
            throwIfAborted(transfer, nobody);
            if (refusal != null && refusal.code().isNegative()) {
                throw refused(attempt, transfer, refusal);
            }
            throw attempt.failed(nobody);
        }
    }

    // Both

    /** Sends EPSV, PASV, EPRT or PORT. */
    private Reply prepare(DataAttempt attempt, Command command) throws IOException, FailedException {
        Reply reply = pi.ask(command);
        attempt.prepared(command, reply);
        ReplyCode code = reply.code();
        if (code.equals(ReplyCode.NOT_LOGGED_IN_530) || code.equals(ReplyCode.SERVICE_NOT_AVAILABLE_421)) {
            throw new FtpReplyException(command, reply);
        }
        if (!code.isCompletion()) {
            throw attempt.failed(Outcome.COMMAND_REFUSED, "refused by the server");
        }
        return reply;
    }

    /**
     * Sends REST, right before the transfer command, so that nothing can come between them.
     *
     * @return the transfer command: APPE rather than STOR where the server has no REST and the file ends at the offset
     */
    private Command restart(Command transfer, long offset) throws IOException {
        if (offset == 0) {
            return transfer;
        }
        Command.Rest rest = new Command.Rest(offset);
        Reply reply = pi.ask(rest);
        if (reply.code().isIntermediate()) {
            return transfer;
        }
        if (transfer instanceof Command.Stor(String path)) {
            Reply size = pi.ask(new Command.Size(path));
            if (size.code().isCompletion() && size.text().strip().equals(Long.toString(offset))) {
                return new Command.Appe(path);
            }
        }
        if (!reply.code().isNegative()) {
            throw new FtpProtocolException("REST " + offset + ": 350 expected: " + reply);
        }
        throw new FtpReplyException(rest, reply);
    }

    private Exchange begin(Command transfer) throws IOException {
        Exchange exchange = pi.begin(transfer);
        opening = exchange;
        if (aborted) {
            pi.abort(exchange, () -> {});
        }
        return exchange;
    }

    /**
     * A server that finds a data connection not to be the client's closes it, and may wait for another one before it says so.
     * AUTO does not wait with it.
     */
    private void requireAccepted(DataAttempt attempt, Exchange exchange, DataConnection data)
            throws IOException, FailedException {
        boolean silent = options.mode() == DataMode.AUTO
                && pi.awaitFirst(exchange, options.dataConnectTimeout()) == null
                && data.peek(LOOK) == PeerSign.END
                && pi.firstSoFar(exchange) == null;
        if (silent) {
            giveUp(attempt, exchange);
            throw attempt.failed(
                    Outcome.SERVER_HAS_NO_CONNECTION, "the server closed the data connection, and then said nothing");
        }
    }

    /** Ends a transfer that has no data connection; a server that waits for one may not listen. */
    private void giveUp(DataAttempt attempt, Exchange exchange) {
        if (!pi.abort(exchange, () -> {})) {
            attempt.remark("; the server did not answer ABOR, and the control connection was given up");
        }
    }

    /**
     * Waits for the first reply to the transfer command. Some servers send none before the data has been read: when it does
     * not come, the transfer begins all the same, and the data connection's own deadline holds.
     */
    private void awaitFirst(DataAttempt attempt, Exchange exchange, Command transfer)
            throws IOException, FailedException {
        Reply first = pi.awaitFirst(exchange, options.replyTimeout());
        throwIfAborted(transfer, null);
        if (first != null && first.code().isNegative()) {
            throw refused(attempt, transfer, first);
        }
    }

    private void secure(DataAttempt attempt, Exchange exchange, Command transfer, DataConnection data)
            throws IOException, FailedException {
        securing = data;
        try {
            if (!aborted) {
                protection.secure(pi, attempt, exchange, data);
            }
        } catch (IOException | FailedException failed) {
            if (!aborted) {
                throw failed;
            }
        }
        if (aborted) {
            pi.abort(exchange, data::abort);
            throwIfAborted(transfer, null);
        }
        opening = null;
        securing = null;
    }

    private static FailedException refused(DataAttempt attempt, Command transfer, Reply reply) throws IOException {
        if (reply.code().equals(ReplyCode.CANNOT_OPEN_DATA_CONNECTION_425)) {
            return attempt.refused(transfer, reply);
        }
        throw new FtpReplyException(transfer, reply);
    }
}
