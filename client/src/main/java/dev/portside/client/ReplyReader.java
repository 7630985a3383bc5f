package dev.portside.client;

import dev.portside.protocol.Reply;
import dev.portside.protocol.ReplyParser;
import dev.portside.transport.Addresses;
import dev.portside.transport.ControlConnection;
import dev.portside.transport.Deadlines;
import dev.portside.transport.Deadlines.Deadline;
import dev.portside.transport.LineTooLongException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads replies from the control connection, one thread at a time: whoever waits for a reply reads it, which costs no change of
 * threads. When nobody has waited for a while, because data is being moved or nothing is going on, a thread of its own reads,
 * so that a 421, a 426 and the end of the connection are seen when they come.
 */
final class ReplyReader {
    /** Longer than a small file takes, and no time for who sends a large one. */
    private static final Duration LULL = Duration.ofMillis(50);

    /** To see whether something has come. */
    private static final Duration LOOK = Duration.ofMillis(1);

    /** What becomes of a reply. */
    @FunctionalInterface
    interface Taker {
        /**
         * Takes a reply, in the order in which they come.
         *
         * @return whether somebody waits for it, who will wait for the next one too
         * @throws IOException if no more are to be read
         */
        boolean take(Reply reply) throws IOException;
    }

    private final ControlConnection connection;
    private final FtpClientOptions options;
    private final ReentrantLock lock;
    private final Condition changed;
    private final Taker taker;
    private final Consumer<IOException> end;
    private final ReplyParser parser;
    /** Only of the thread that reads. */
    private Exchange.@Nullable Handshake first;

    private boolean reading;
    private long turns;
    private long turnsBefore;
    private boolean ended;
    private @Nullable Deadline look;

    /**
     * @param first what comes before the first reply; null: nothing
     * @param lock held by who waits, and not while something is read or taken
     * @param changed is signalled when a thread has read
     * @param end is told why there is no more
     */
    ReplyReader(
            ControlConnection connection,
            FtpClientOptions options,
            Exchange.@Nullable Handshake first,
            ReentrantLock lock,
            Condition changed,
            Taker taker,
            Consumer<IOException> end) {
        this.connection = connection;
        this.options = options;
        this.first = first;
        this.lock = lock;
        this.changed = changed;
        this.taker = taker;
        this.end = end;
        this.parser = new ReplyParser(options.maxReplyLines(), (long) options.maxReplyLines() * options.maxLine());
    }

    // Whose turn it is: under the lock

    /** From now on a lull is noticed. */
    void begin() {
        lock.lock();
        try {
            lookLater();
        } finally {
            lock.unlock();
        }
    }

    /** Nobody reads any more. */
    void end() {
        ended = true;
        if (look != null) {
            look.cancel();
        }
    }

    /** Waits until something may have changed; the caller holds the lock. Who is interrupted leaves the replies to nobody. */
    @SuppressWarnings("WaitNotInLoop") // the caller's loop
    void await(long nanos) {
        if (!reading) {
            readOnce(Duration.ofNanos(nanos));
            return;
        }
        try {
            long _ = changed.awaitNanos(nanos);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            end.accept(new InterruptedIOException("interrupted"));
        }
    }

    /** Takes what has come already, unless another thread reads or the reply in question is known. */
    void catchUpFor(@Nullable Reply reply) {
        if (reply != null) {
            return;
        }
        lock.lock();
        try {
            boolean more = true;
            while (more && !reading && !ended) {
                more = readOnce(LOOK);
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean readOnce(Duration wait) {
        begins();
        lock.unlock();
        boolean more = false;
        try {
            more = read(wait);
        } finally {
            lock.lock();
            reading = false;
            changed.signalAll();
        }
        return more;
    }

    private void begins() {
        reading = true;
        turns++;
    }

    private void lookLater() {
        if (!ended) {
            look = Deadlines.after(LULL, this::lookForLull);
        }
    }

    private void lookForLull() {
        lock.lock();
        try {
            if (!reading && turns == turnsBefore) {
                readMeanwhile();
            } else {
                turnsBefore = turns;
                lookLater();
            }
        } finally {
            lock.unlock();
        }
    }

    /** A thread of its own begins to read, unless one does. */
    void readMeanwhile() {
        lock.lock();
        try {
            if (!reading && !ended) {
                begins();
                Thread.ofVirtual().name("portside-user-pi").start(this::readUntilAwaited);
            }
        } finally {
            lock.unlock();
        }
    }

    private void readUntilAwaited() {
        while (read(Duration.ZERO)) {
            // Nobody waits for a reply.
        }
        lock.lock();
        try {
            reading = false;
            changed.signalAll();
            lookLater();
        } finally {
            lock.unlock();
        }
    }

    // Reading, by one thread at a time

    /**
     * Reads a reply.
     *
     * @param wait for it to begin; zero: no limit
     * @return whether there may be more, and nobody waits for it
     */
    private boolean read(Duration wait) {
        try {
            Reply reply = next(wait);
            return reply != null && !taker.take(reply);
        } catch (IOException | RuntimeException failed) {
            end.accept(reason(failed));
            return false;
        }
    }

    /** Null: none has begun in time. What has begun has the time of a reply for its end, or the rest would be lost. */
    private @Nullable Reply next(Duration wait) throws IOException {
        Exchange.Handshake before = first;
        if (before != null) {
            first = null;
            before.shake(connection);
        }
        boolean limited = wait.isPositive();
        long until = System.nanoTime() + wait.toNanos();
        Reply reply = null;
        while (reply == null) {
            long left = until - System.nanoTime();
            if (limited && (left <= 0 || !beginsWithin(Duration.ofNanos(left)))) {
                return null;
            }
            reply = parsed(line(limited ? options.replyTimeout() : Duration.ZERO));
        }
        return reply;
    }

    private boolean beginsWithin(Duration wait) throws IOException {
        try {
            int _ = connection.peek(wait);
            return true;
        } catch (SocketTimeoutException nothing) {
            return false;
        }
    }

    private String line(Duration wait) throws IOException {
        String line;
        try {
            line = connection.readLine(wait);
        } catch (LineTooLongException tooLong) {
            throw new FtpProtocolException("a line of a reply is longer than " + options.maxLine() + " bytes", tooLong);
        } catch (SocketTimeoutException late) {
            throw new FtpProtocolException("a line of a reply did not end within " + Addresses.text(wait), late);
        }
        if (line == null) {
            throw new EOFException("the server closed the control connection");
        }
        return line;
    }

    private @Nullable Reply parsed(String line) throws FtpProtocolException {
        try {
            return parser.add(line);
        } catch (IllegalArgumentException noReply) {
            throw new FtpProtocolException(String.valueOf(noReply.getMessage()), noReply);
        }
    }

    /** Why the connection is given up. An interrupt closes it, which shows as many things. */
    private static IOException reason(Exception failed) {
        if (Thread.currentThread().isInterrupted()) {
            return new InterruptedIOException("interrupted");
        }
        return switch (failed) {
            case FtpProtocolException told -> told;
            case FtpCertificateException told -> told;
            case TlsHandshakeException told -> told;
            case EOFException told -> told;
            case IOException lost -> new IOException("the control connection broke: " + lost.getMessage(), lost);
            default -> new IOException("the listener failed: " + failed.getMessage(), failed);
        };
    }
}
