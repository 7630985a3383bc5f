package dev.portside.server.control;

import dev.portside.server.FtpServerListener;
import dev.portside.server.FtpServerOptions;
import dev.portside.server.SessionStatus;
import dev.portside.server.TransferStatus;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * From the sessions to the listeners: a bounded queue and one thread, so that no listener can make a session wait. Without
 * listeners there is neither.
 */
public final class Events {
    private static final System.Logger LOG = System.getLogger("dev.portside.server");
    private static final Duration PROGRESS_INTERVAL = Duration.ofSeconds(1);

    /** Behind the last event: to wake the thread for each one would cost a busy session more than all its commands. */
    private static final long GATHERING_NANOS = 5_000_000;

    private final List<FtpServerListener> listeners;
    private final ArrayBlockingQueue<Consumer<FtpServerListener>> queue;
    private final AtomicLong lost = new AtomicLong();
    private final Sessions sessions;
    private @Nullable Thread teller;
    private volatile boolean closed;

    public Events(FtpServerOptions options, Sessions sessions) {
        this.listeners = options.listeners();
        this.queue = new ArrayBlockingQueue<>(options.eventQueue());
        this.sessions = sessions;
    }

    public void start() {
        if (!listeners.isEmpty()) {
            teller = Thread.ofPlatform().name("portside-events").daemon().start(this::tellAll);
        }
    }

    /** Queues an event about a session as it is now. */
    void tell(Session session, BiConsumer<FtpServerListener, SessionStatus> event) {
        if (listeners.isEmpty()) {
            return;
        }
        SessionStatus status = session.status();
        queue(listener -> event.accept(listener, status));
    }

    /** Queues that a proxy did not say for whom it speaks. */
    void proxyRefused(InetSocketAddress proxy, String reason) {
        if (!listeners.isEmpty()) {
            queue(listener -> listener.proxyRefused(proxy, reason));
        }
    }

    /** Queues a warning; where nobody listens, it goes to the log. */
    public void warn(String text) {
        if (listeners.isEmpty()) {
            LOG.log(System.Logger.Level.WARNING, text);
        } else {
            queue(listener -> listener.warning(text));
        }
    }

    private void queue(Consumer<FtpServerListener> event) {
        if (!queue.offer(event)) {
            lost.incrementAndGet();
        }
    }

    private void tellAll() {
        long nextProgress = System.nanoTime() + PROGRESS_INTERVAL.toNanos();
        while (!closed || !queue.isEmpty()) {
            try {
                Consumer<FtpServerListener> event = queue.poll(PROGRESS_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
                if (event != null) {
                    do {
                        tellEach(event);
                        event = queue.poll();
                    } while (event != null);
                    LockSupport.parkNanos(GATHERING_NANOS);
                }
            } catch (InterruptedException unasked) {
                // Nobody of the server interrupts; a listener that did so to itself hears on.
            }
            long dropped = lost.getAndSet(0);
            if (dropped > 0) {
                tellEach(listener -> listener.eventsLost(dropped));
            }
            if (System.nanoTime() - nextProgress >= 0) {
                tellProgress();
                nextProgress = System.nanoTime() + PROGRESS_INTERVAL.toNanos();
            }
        }
    }

    private void tellProgress() {
        for (Session session : sessions.all()) {
            SessionStatus status = session.status();
            TransferStatus transfer = status.transfer();
            if (transfer != null) {
                tellEach(listener -> listener.transferProgress(status, transfer));
            }
        }
    }

    private void tellEach(Consumer<FtpServerListener> event) {
        for (FtpServerListener listener : listeners) {
            try {
                event.accept(listener);
            } catch (RuntimeException | Error failed) {
                LOG.log(System.Logger.Level.WARNING, "a listener of the server failed", failed);
            }
        }
    }

    /** Tells what is queued and ends; gives up on a listener that does not return in time. */
    public void close(Duration wait) throws InterruptedException {
        closed = true;
        Thread thread = teller;
        if (thread != null) {
            // Wakes the thread if it waits. An interrupt would close the log file that a listener is writing to.
            if (!queue.offer(listener -> {})) {
                LOG.log(System.Logger.Level.DEBUG, "the queue of events is full as the server is closed");
            }
            thread.join(wait);
        }
    }
}
