package dev.portside.client;

import dev.portside.client.DataAttempt.FailedException;
import dev.portside.client.FtpDataConnectionException.Outcome;
import dev.portside.protocol.Command;
import dev.portside.protocol.ProtectionLevel;
import dev.portside.protocol.Reply;
import dev.portside.transport.DataConnection;
import dev.portside.transport.DataConnectionException;
import dev.portside.transport.PeerSign;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * The protection of the data connections of one control connection (RFC 4217 sections 8 and 9): PROT, the handshakes, and what
 * the server says to those that do not resume the TLS session of the control connection.
 */
final class DataProtection {
    /** For the server to refuse a data connection that did not resume; paid once, with an upload, for a server that does not. */
    private static final Duration VERDICT_WAIT = Duration.ofSeconds(1);

    /** Replies by which servers refuse a data connection, right behind its handshake. */
    private static final Set<Integer> VERDICTS = Set.of(421, 425, 426, 450, 521, 522, 534, 535);

    private final FtpClientOptions options;
    private final FtpClientTls wanted;
    private final @Nullable ClientTls tls;
    private boolean agreed;
    private boolean resumed;
    /** The server has ended data by a close_notify, so it knows how to. */
    private boolean endSeen;

    /** @param tls null: the control connection is in the clear, and so is the data */
    DataProtection(FtpClientOptions options, FtpClientTls wanted, @Nullable ClientTls tls) {
        this.options = options;
        this.wanted = wanted;
        this.tls = tls;
    }

    /** Whether a data connection of this server ever resumed the TLS session of the control connection. */
    boolean hasResumed() {
        return resumed;
    }

    /** Whether data connections are TLS connections. */
    boolean isProtecting() {
        return tls != null && !wanted.clearData();
    }

    /** Sends PBSZ and PROT, unless they have been sent. */
    void agree(UserPI pi) throws IOException {
        if (tls == null || agreed) {
            return;
        }
        // Without a PBSZ of its own a server may still know PROT: that is what counts.
        pi.ask(new Command.Pbsz(0));
        Command.Prot prot = new Command.Prot(wanted.clearData() ? ProtectionLevel.CLEAR : ProtectionLevel.PRIVATE);
        Reply reply = pi.ask(prot);
        if (!reply.code().isCompletion()) {
            throw new FtpReplyException(
                    prot,
                    reply,
                    wanted.clearData()
                            ? " (the server wants data connections to be protected)"
                            : " (the server does not protect data connections: files would cross the network in the clear)",
                    null);
        }
        agreed = true;
    }

    /**
     * Secures a data connection, behind the first reply to the transfer command, and waits for what the server says to it if it
     * did not resume.
     *
     * @throws FailedException if the handshake failed, or the server refuses it
     * @throws FtpCertificateException if the other end shows another certificate than the server
     */
    void secure(UserPI pi, DataAttempt attempt, Exchange exchange, DataConnection data)
            throws IOException, FailedException {
        ClientTls with = tls;
        if (with == null || wanted.clearData()) {
            return;
        }
        long began = System.nanoTime();
        try {
            data.startTls(with.data(), wanted.handshakeTimeout());
        } catch (DataConnectionException lost) {
            boolean late =
                    System.nanoTime() - began >= wanted.handshakeTimeout().toNanos();
            throw failed(pi, attempt, exchange, data, with.failure(lost), late);
        }
        TlsStatus status = with.dataSecured(session(data));
        pi.tell(listener -> listener.secured(status));
        if (status.resumed()) {
            resumed = true;
        } else if (!ReuseRules.isKnownNotToRequire(options)) {
            awaitVerdict(pi, attempt, exchange, data);
        }
    }

    private static SSLSession session(DataConnection data) {
        return Objects.requireNonNull(data.tlsSession());
    }

    /** A server that refuses ends the data connection, waits until we have ended it too, and then says why. */
    private void awaitVerdict(UserPI pi, DataAttempt attempt, Exchange exchange, DataConnection data)
            throws IOException, FailedException {
        PeerSign sign = data.peek(VERDICT_WAIT);
        Reply last = pi.lastSoFar(exchange);
        if (sign == PeerSign.END) {
            data.endAndAwaitPeer(VERDICT_WAIT);
            try {
                last = pi.awaitLast(exchange, options.replyTimeout());
            } catch (IOException lost) {
                throw attempt.notResumed("the control connection was lost");
            }
        }
        if (last == null || last.code().isCompletion()) {
            ReuseRules.doesNotRequire(options);
        } else if (isVerdict(last)) {
            throw attempt.notResumed(said(last));
        }
    }

    /**
     * What proves that a download under TLS is complete, whose final reply is positive: that only says that the server has sent it.
     *
     * @param size asks for the bytes that there should be, or -1
     * @throws IOException if it may have been cut off
     */
    TransferResult.Proof proof(Command command, DataConnection data, Session.Question<Long> size) throws IOException {
        if (data.isEndedByPeer()) {
            endSeen = true;
            return TransferResult.Proof.CLOSE_NOTIFY;
        }
        if (!endSeen && size.ask() == data.bytes()) {
            return TransferResult.Proof.SIZE;
        }
        throw new IOException(
                command.masked() + ": the data ended without the close_notify of TLS: it may have been cut"
                        + " off (after " + data.bytes() + " bytes)");
    }

    private static String said(Reply reply) {
        return reply.code() + " " + reply.text();
    }

    private static boolean isVerdict(Reply last) {
        return VERDICTS.contains(last.code().value());
    }

    /** The final reply as a refusal of the data connection, because it did not resume; null if it is none. */
    @Nullable
    FailedException refusal(Reply last, DataConnection data, DataAttempt made) {
        ClientTls with = tls;
        SSLSession session = data.tlsSession();
        if (with == null
                || session == null
                || !isVerdict(last)
                || with.dataSecured(session).resumed()) {
            return null;
        }
        ReuseRules.forget(options);
        return made.notResumed(said(last));
    }

    /** The handshake failed. The server may have made it fail, and say why. */
    private FailedException failed(
            UserPI pi, DataAttempt attempt, Exchange exchange, DataConnection data, IOException why, boolean late)
            throws IOException {
        data.abort();
        boolean certificate = why instanceof FtpCertificateException;
        Reply last = null;
        try {
            last = pi.awaitLast(exchange, VERDICT_WAIT);
            if (last == null) {
                pi.abort(exchange, data::abort);
            }
        } catch (IOException gone) {
            if (!late && !certificate) {
                return attempt.notResumed("the control connection was lost");
            }
        }
        if (certificate) {
            throw why;
        }
        if (last != null && last.code().isNegative()) {
            attempt.remark("; " + said(last));
            if (!late && isVerdict(last)) {
                return attempt.notResumed(said(last));
            }
        }
        return attempt.failed(Outcome.TLS_FAILED, String.valueOf(why.getMessage()));
    }
}
