package dev.portside.cli.doctor;

import dev.portside.client.FtpClient;
import dev.portside.client.FtpClientOptions;
import dev.portside.client.FtpReplyException;
import dev.portside.protocol.ReplyCode;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The control connections that the doctor has at the same time. A server that wants fewer of them gets fewer, and what was refused
 * is tried again.
 */
final class Slots {
    /** Servers take a moment to notice that a session has ended. */
    private static final Duration PAUSE = Duration.ofMillis(700);

    static final int MAX_REFUSALS = 4;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition freed = lock.newCondition();
    private final Consumer<Observation> observations;
    private final int maxRefusals;
    private int limit;
    private int open;
    private boolean served;

    /** @param maxRefusals after so many a session is given up */
    Slots(int limit, int maxRefusals, Consumer<Observation> observations) {
        this.limit = limit;
        this.maxRefusals = maxRefusals;
        this.observations = observations;
    }

    /** Connects, and logs in as far as the caller says; waits until a slot is free. */
    Visit visit(FtpClientOptions options, boolean tls, Entry entry) throws IOException {
        for (int refusals = 1; ; refusals++) {
            int others = acquire();
            Scribe scribe = new Scribe();
            FtpClient client = null;
            try {
                client = FtpClient.connect(options.toBuilder().listener(scribe).build());
                entry.enter(client);
                served();
                return new Visit(client, scribe, tls, this);
            } catch (FtpReplyException refused) {
                release(client);
                if (!isBusy(refused) || refusals >= maxRefusals || !slowDown(refused, others)) {
                    throw new VisitException(scribe, refused);
                }
            } catch (IOException failed) {
                release(client);
                throw new VisitException(scribe, failed);
            } catch (RuntimeException failed) {
                release(client);
                throw failed;
            }
        }
    }

    /** What comes behind the greeting. */
    interface Entry {
        void enter(FtpClient client) throws IOException;
    }

    /** A visit that ended early, and what was seen of it; its cause is what happened. */
    static final class VisitException extends IOException {
        private static final long serialVersionUID = 1;

        private final transient Scribe scribe;
        private final IOException reason;

        VisitException(Scribe scribe, IOException reason) {
            super(reason.getMessage(), reason);
            this.scribe = scribe;
            this.reason = reason;
        }

        Scribe scribe() {
            return scribe;
        }

        IOException reason() {
            return reason;
        }
    }

    /** Whether it is for the number of sessions that one is refused. */
    static boolean isBusy(FtpReplyException refused) {
        String text = String.join(" ", refused.reply().lines()).toLowerCase(Locale.ROOT);
        boolean full = text.contains("too many") || text.contains("maximum number") || text.contains("connections");
        boolean unavailable = refused.code().equals(ReplyCode.SERVICE_NOT_AVAILABLE_421);
        return (full && refused.code().equals(ReplyCode.NOT_LOGGED_IN_530))
                || (unavailable && (full || !Arrival.wantsTls(refused.reply())));
    }

    /**
     * Waits a moment; whether it makes sense to try again: others of ours are there, or were a moment ago.
     *
     * @param others when this one was connected
     */
    private boolean slowDown(FtpReplyException refused, int others) throws IOException {
        lock.lock();
        try {
            if (others > 0 || served) {
                limit = Math.max(1, Math.min(limit, others));
                observations.accept(new Observation.Busy(
                        Math.max(1, others), refused.reply().toString()));
            }
            long left = PAUSE.toNanos();
            while (left > 0) {
                left = freed.awaitNanos(left);
            }
            return true;
        } catch (InterruptedException interrupted) {
            throw interrupted(interrupted);
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a slot; how many others are taken. */
    private int acquire() throws IOException {
        lock.lock();
        try {
            while (open >= limit) {
                freed.await();
            }
            return open++;
        } catch (InterruptedException interrupted) {
            throw interrupted(interrupted);
        } finally {
            lock.unlock();
        }
    }

    private void served() {
        lock.lock();
        try {
            served = true;
        } finally {
            lock.unlock();
        }
    }

    private static IOException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        InterruptedIOException told = new InterruptedIOException("interrupted");
        told.initCause(cause);
        return told;
    }

    void release(@org.jspecify.annotations.Nullable FtpClient client) {
        if (client != null) {
            client.close();
        }
        lock.lock();
        try {
            open--;
            freed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
