package dev.portside.client;

import dev.portside.protocol.Command;
import dev.portside.protocol.Reply;
import dev.portside.protocol.ReplyCode;
import dev.portside.transport.Addresses;
import dev.portside.transport.ControlConnection;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The user's protocol interpreter (RFC 959 section 2.3): sends commands, and gives each reply to the command that it answers.
 *
 * <p>A thread of its own reads replies, so that a 421 or a 426 is seen when it comes, and not when the data has ended. When a
 * reply is missing after its deadline, or is none, nobody can tell which command the next one answers: the connection is
 * given up.
 */
final class UserPI implements Closeable {
    /** Replies to nothing between two commands, after which the server is taken for mad. */
    private static final int MAX_STRAYS = 100;

    private static final int MAX_PRELIMINARY = 1000;
    private static final int MAX_UNANSWERED = 100;
    /** How long ABOR and NOOP may lack a reply of their own before a PWD asks whether there will be one. */
    private static final Duration GRACE = Duration.ofMillis(500);

    private final ControlConnection connection;
    private final FtpClientOptions options;
    private final FtpClientListener listener;
    /** Held while a command is sent, so that commands are pending in the order in which they are on the wire. */
    private final ReentrantLock sending = new ReentrantLock();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<Exchange> pending = new ArrayList<>();
    private final Exchange greeting = new Exchange(Exchange.Kind.GREETING, null);
    /** The listener knows that the connection is closed. */
    private final CountDownLatch ended = new CountDownLatch(1);

    private volatile @Nullable Thread endedBy;

    private @Nullable IOException broken;
    private @Nullable Reply farewell;
    private int strays;
    private volatile boolean closing;

    /** @param first what comes before the greeting; null: nothing */
    UserPI(ControlConnection connection, FtpClientOptions options, Exchange.@Nullable Handshake first) {
        this.connection = connection;
        this.options = options;
        this.listener = options.listener();
        pending.add(greeting);
        Thread.ofPlatform()
                .daemon()
                .name("portside-user-pi")
                .start(() -> giveUp(ReplyReader.readAll(connection, options, first, this::received)));
    }

    InetSocketAddress localAddress() {
        return connection.localAddress();
    }

    InetSocketAddress remoteAddress() {
        return connection.remoteAddress();
    }

    boolean isOpen() {
        lock.lock();
        try {
            return broken == null;
        } finally {
            lock.unlock();
        }
    }

    // Replies

    private void received(Reply reply) throws IOException {
        listener.reply(reply);
        Exchange.Handshake agreed = agreedBy(reply);
        if (agreed != null) {
            agreed.shake(connection);
        }
        Runnable refused = null;
        lock.lock();
        try {
            if (reply.code().equals(ReplyCode.SERVICE_NOT_AVAILABLE_421)) {
                farewell = reply;
            }
            Exchange exchange = Exchange.answeredBy(reply.code(), pending);
            if (exchange == null || (reply.code().isPreliminary() && exchange.first != null)) {
                if (++strays > (exchange == null ? MAX_STRAYS : MAX_PRELIMINARY)) {
                    throw new FtpProtocolException("too many replies to nothing, the last is " + reply);
                }
                return;
            }
            if (exchange.first == null) {
                exchange.first = reply;
            }
            if (!reply.code().isPreliminary()) {
                exchange.last = reply;
                forgetUpTo(exchange);
                refused = reply.code().isNegative() ? exchange.whenRefused : null;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (refused != null) {
            refused.run();
        }
    }

    private Exchange.@Nullable Handshake agreedBy(Reply reply) {
        lock.lock();
        try {
            Exchange exchange = Exchange.answeredBy(reply.code(), pending);
            return exchange != null && reply.code().isCompletion() ? exchange.handshake : null;
        } finally {
            lock.unlock();
        }
    }

    /** The exchange is over, and so are an ABOR and NOOPs before it that got no reply. */
    private void forgetUpTo(Exchange exchange) {
        int index = pending.indexOf(exchange);
        pending.remove(index);
        if (exchange.kind == Exchange.Kind.COMMAND) {
            pending.subList(0, index)
                    .removeIf(older -> older.kind == Exchange.Kind.ABORT || older.kind == Exchange.Kind.KEEP_ALIVE);
        }
    }

    /**
     * Waits for the first reply, or for the final one.
     *
     * @return null if it does not come in time
     * @throws IOException if it will never come
     */
    private @Nullable Reply await(Exchange exchange, boolean last, Duration wait) throws IOException {
        long left = wait.toNanos();
        lock.lock();
        try {
            while (true) {
                Reply reply = last ? exchange.last : exchange.first;
                if (reply != null) {
                    return reply;
                }
                if (broken != null) {
                    throw brokenFor(exchange.subject(), broken);
                }
                if (left <= 0) {
                    return null;
                }
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            InterruptedIOException gone = new InterruptedIOException(exchange.subject() + ": interrupted");
            giveUp(gone);
            throw gone;
        } finally {
            lock.unlock();
        }
    }

    private IOException brokenFor(String subject, IOException reason) {
        if (reason instanceof FtpCertificateException || reason instanceof TlsHandshakeException) {
            return reason;
        }
        String why = reason.getMessage() + (farewell == null ? "" : " (" + farewell + ")");
        return reason instanceof FtpProtocolException
                ? new FtpProtocolException(subject + ": " + why, reason)
                : new IOException(subject + ": " + why, reason);
    }

    /** Waits for the first reply to a transfer command; null if it does not come in time. */
    @Nullable
    Reply awaitFirst(Exchange exchange, Duration wait) throws IOException {
        return await(exchange, false, wait);
    }

    /** Waits for the final reply to a transfer command; null if it does not come in time. */
    @Nullable
    Reply awaitLast(Exchange exchange, Duration wait) throws IOException {
        return await(exchange, true, wait);
    }

    /** The final reply, if it has come. */
    @Nullable
    Reply lastSoFar(Exchange exchange) {
        return exchange.last;
    }

    /** The first reply, if it has come. */
    @Nullable
    Reply firstSoFar(Exchange exchange) {
        return exchange.first;
    }

    /** Runs the task when the exchange has, or gets, a negative final reply; on the thread that reads replies. */
    void whenRefused(Exchange exchange, Runnable task) {
        lock.lock();
        try {
            exchange.whenRefused = task;
            if (exchange.last == null || !exchange.last.code().isNegative()) {
                return;
            }
        } finally {
            lock.unlock();
        }
        task.run();
    }

    // Commands

    /** The greeting, after a 120 perhaps (RFC 959 section 5.4). */
    Reply greeting() throws IOException {
        Duration wait = options.greetingTimeout();
        Reply reply = awaitFirst(greeting, wait);
        if (reply != null && reply.code().isPreliminary()) {
            reply = awaitLast(greeting, wait);
        }
        if (reply == null) {
            throw late(greeting, "no greeting within " + Addresses.text(wait));
        }
        if (!reply.code().isCompletion()) {
            throw new FtpReplyException(null, reply);
        }
        return reply;
    }

    /** Sends a command and waits for its final reply, negative ones included. */
    Reply ask(Command command) throws IOException {
        return secure(command, null);
    }

    /** Like {@link #ask}; behind a positive reply the thread that reads replies shakes hands. */
    Reply secure(Command command, Exchange.@Nullable Handshake handshake) throws IOException {
        Exchange exchange = new Exchange(Exchange.Kind.COMMAND, command);
        exchange.handshake = handshake;
        Duration shaking = handshake == null ? Duration.ZERO : options.tls().handshakeTimeout();
        Reply reply = awaitLast(send(exchange), options.replyTimeout().plus(shaking));
        if (reply == null) {
            throw late(exchange, "no reply within " + Addresses.text(options.replyTimeout()));
        }
        return reply;
    }

    /** Sends a command and waits for its final reply, which is positive or intermediate. */
    Reply command(Command command) throws IOException {
        Reply reply = ask(command);
        if (reply.code().isNegative()) {
            throw new FtpReplyException(command, reply);
        }
        return reply;
    }

    /** Sends a transfer command. */
    Exchange begin(Command transfer) throws IOException {
        return send(new Exchange(Exchange.Kind.TRANSFER, transfer));
    }

    /**
     * Sends a NOOP in mid-transfer, whose reply is counted but not awaited. Not behind the transfer: there it could come
     * between REST and the command that it is for.
     */
    void keepAlive(Exchange transfer) throws IOException {
        sending.lock();
        try {
            if (lastSoFar(transfer) == null && unanswered() < MAX_UNANSWERED) {
                send(new Exchange(Exchange.Kind.KEEP_ALIVE, new Command.Noop()));
            }
        } finally {
            sending.unlock();
        }
    }

    private int unanswered() {
        lock.lock();
        try {
            return pending.size();
        } finally {
            lock.unlock();
        }
    }

    private Exchange send(Exchange exchange) throws IOException {
        Command command = exchange.command == null ? new Command.Noop() : exchange.command;
        sending.lock();
        try {
            enqueue(exchange);
            tell(to -> to.command(command));
            write(exchange, command);
            return exchange;
        } finally {
            sending.unlock();
        }
    }

    /** An exception of the listener ends the connection: what it kept from being sent would wait for a reply. */
    void tell(Consumer<FtpClientListener> what) {
        try {
            what.accept(listener);
        } catch (RuntimeException failed) {
            giveUp(new IOException("the listener failed: " + failed.getMessage(), failed));
            throw failed;
        }
    }

    private void write(Exchange exchange, Command command) throws IOException {
        try {
            connection.write(command);
        } catch (IllegalArgumentException unsendable) {
            withdraw(exchange);
            throw unsendable;
        } catch (IOException lost) {
            IOException reason = lost instanceof ClosedByInterruptException
                    ? new InterruptedIOException("interrupted")
                    : new IOException("the control connection broke: " + lost.getMessage(), lost);
            giveUp(reason);
            throw brokenFor(exchange.subject(), reason);
        }
    }

    private void enqueue(Exchange exchange) throws IOException {
        lock.lock();
        try {
            if (broken != null) {
                throw brokenFor(exchange.subject(), broken);
            }
            pending.add(exchange);
            strays = 0;
        } finally {
            lock.unlock();
        }
    }

    private void withdraw(Exchange exchange) {
        lock.lock();
        try {
            pending.remove(exchange);
        } finally {
            lock.unlock();
        }
    }

    // Ends

    /**
     * Aborts a transfer (RFC 959 section 4.1.3): ABOR, then the reply to the transfer (426, or 226 when it had just ended), then
     * the reply to ABOR (226 or 225). Some servers give one reply for both.
     *
     * @param cut is run when ABOR has been sent: cuts the data connection
     * @return whether the replies came; otherwise the connection was given up
     */
    boolean abort(Exchange transfer, Runnable cut) {
        try {
            if (!beginAbort(transfer)) {
                cut.run();
                // Another thread does it, and takes at most so long.
                return awaitNothingPending(
                        options.abortTimeout().multipliedBy(2).plus(GRACE));
            }
            try {
                if (lastSoFar(transfer) == null) {
                    send(new Exchange(Exchange.Kind.ABORT, new Command.Abor()));
                }
            } finally {
                cut.run();
            }
            if (awaitLast(transfer, options.abortTimeout()) == null) {
                throw late(transfer, "no reply to ABOR within " + Addresses.text(options.abortTimeout()));
            }
            settle(options.abortTimeout());
        } catch (IOException lost) {
            return false;
        }
        return isOpen();
    }

    private boolean beginAbort(Exchange transfer) {
        lock.lock();
        try {
            boolean first = !transfer.aborting;
            transfer.aborting = true;
            return first;
        } finally {
            lock.unlock();
        }
    }

    /** Behind a transfer: waits for the replies to the NOOPs in it, or gives the connection up. */
    void awaitKeepAlives() {
        try {
            settle(options.replyTimeout());
        } catch (IOException lost) {
            // The transfer is over all the same; the next command is told.
        }
    }

    /** Waits for the replies that are missing, and finds out by a PWD which of them will never come. */
    private void settle(Duration wait) throws IOException {
        if (awaitNothingPending(GRACE)) {
            return;
        }
        Exchange question = send(new Exchange(Exchange.Kind.COMMAND, new Command.Pwd()));
        if (awaitLast(question, wait) == null || !awaitNothingPending(wait)) {
            throw late(question, "no reply within " + Addresses.text(wait));
        }
    }

    private boolean awaitNothingPending(Duration wait) throws IOException {
        long left = wait.toNanos();
        lock.lock();
        try {
            while (!pending.isEmpty() && broken == null && left > 0) {
                left = changed.awaitNanos(left);
            }
            return pending.isEmpty() && broken == null;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            InterruptedIOException gone = new InterruptedIOException("interrupted");
            giveUp(gone);
            throw gone;
        } finally {
            lock.unlock();
        }
    }

    private IOException late(Exchange exchange, String what) {
        SocketTimeoutException late = new SocketTimeoutException(exchange.subject() + ": " + what);
        giveUp(late);
        return late;
    }

    /** Closes the connection because of something; what is pending, and what comes, fails with that. */
    void giveUp(IOException reason) {
        lock.lock();
        try {
            if (broken != null) {
                return;
            }
            broken = closing ? new IOException("the client is closed", reason) : reason;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        connection.close();
        endedBy = Thread.currentThread();
        try {
            listener.closed();
        } catch (RuntimeException failed) {
            // There is nothing left to end.
        } finally {
            ended.countDown();
        }
    }

    /** Says QUIT if nothing is pending, and closes. */
    @Override
    public void close() {
        closing = true;
        try {
            if (isOpen() && unanswered() == 0) {
                awaitLast(send(new Exchange(Exchange.Kind.COMMAND, new Command.Quit())), options.abortTimeout());
            }
        } catch (IOException gone) {
            // The end is what was wanted.
        }
        giveUp(new IOException("the client is closed"));
        awaitEnd();
    }

    /** The thread that reads replies may have been faster to find the end, and be about to tell the listener. */
    private void awaitEnd() {
        if (Thread.currentThread().equals(endedBy)) {
            return;
        }
        try {
            boolean _ = ended.await(options.abortTimeout().toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
