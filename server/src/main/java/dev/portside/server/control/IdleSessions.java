package dev.portside.server.control;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The sessions whose clients have said nothing for a while. They have no thread: its stack would be most of what an idle
 * session takes. One thread waits for all of them with a selector, and gives a session a thread again when its client says
 * something, when its time is up and when it is woken.
 */
public final class IdleSessions {
    private static final System.Logger LOG = System.getLogger("dev.portside.server");

    /** How long a session keeps its thread: a client that goes on sooner costs nothing more. */
    static final Duration KEPT_THREAD = Duration.ofMillis(500);

    private static final long LONGEST_WAIT_NANOS = Duration.ofHours(1).toNanos();
    /** Between two looks at the deadlines of all sessions, however close to each other these are. */
    private static final long SHORTEST_WAIT_NANOS = Duration.ofMillis(100).toNanos();

    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMillis(50);

    /** What only the thread of the selector does, in the order in which it was asked for. */
    private final Queue<Consumer<Selector>> changes = new ConcurrentLinkedQueue<>();

    private final SessionThreads threads;
    private final Queue<ServerPI> leaving = new ArrayDeque<>();
    private long nextDeadline = System.nanoTime() + LONGEST_WAIT_NANOS;
    private volatile @Nullable Selector selector;
    private @Nullable Thread thread;
    private volatile boolean closed;

    /**
     * Without a session.
     *
     * @param threads on which sessions go on
     */
    public IdleSessions(SessionThreads threads) {
        this.threads = threads;
    }

    /** Begins to wait. */
    public void start() throws IOException {
        Selector opened = Selector.open();
        selector = opened;
        thread = Thread.ofPlatform().name("portside-idle").daemon().start(() -> run(opened));
    }

    /** Takes a session whose control connection rests, by its own thread, which then must not touch it any more. */
    void rest(ServerPI session) {
        change(open -> enter(open, session));
    }

    /** Gives a session a thread if it has none. From any thread. */
    void wake(ServerPI session) {
        change(_ -> leave(session));
    }

    private void change(Consumer<Selector> change) {
        changes.add(change);
        Selector open = selector;
        if (open != null) {
            open.wakeup();
        }
    }

    private void run(Selector open) {
        while (!closed) {
            try {
                open.select(leaving.isEmpty() ? millisLeft() : PAUSE_AFTER_FAILURE.toMillis());
                open.selectedKeys().forEach(key -> leave((ServerPI) key.attachment()));
                open.selectedKeys().clear();
                Consumer<Selector> change;
                while ((change = changes.poll()) != null) {
                    change.accept(open);
                }
                leaveLate(open);
                goOn(open);
            } catch (IOException failed) {
                LOG.log(System.Logger.Level.WARNING, "cannot wait for idle sessions", failed);
                LockSupport.parkNanos(PAUSE_AFTER_FAILURE.toNanos());
            }
        }
    }

    private long millisLeft() {
        return Math.max(1, (nextDeadline - System.nanoTime()) / 1_000_000 + 1);
    }

    private void enter(Selector open, ServerPI session) {
        try {
            session.place(session.control().register(open, session));
            nextDeadline = earlier(nextDeadline, session.quietUntil());
        } catch (IOException gone) {
            leaving.add(session);
        }
    }

    /** Also of a session whose connection was closed meanwhile: its thread then finds that out. */
    private void leave(ServerPI session) {
        SelectionKey place = session.place();
        if (place != null) {
            session.place(null);
            place.cancel();
            leaving.add(session);
        }
    }

    private void leaveLate(Selector open) {
        long now = System.nanoTime();
        if (now - nextDeadline < 0) {
            return;
        }
        nextDeadline = now + LONGEST_WAIT_NANOS;
        for (SelectionKey key : open.keys()) {
            ServerPI session = (ServerPI) key.attachment();
            if (session.quietUntil() - now <= 0) {
                leave(session);
            } else {
                nextDeadline = earlier(nextDeadline, session.quietUntil());
            }
        }
        if (nextDeadline - now < SHORTEST_WAIT_NANOS) {
            nextDeadline = now + SHORTEST_WAIT_NANOS;
        }
    }

    private static long earlier(long nanoTime, long other) {
        return nanoTime - other < 0 ? nanoTime : other;
    }

    /** Gives a thread to each that leaves. */
    private void goOn(Selector open) throws IOException {
        if (leaving.isEmpty()) {
            return;
        }
        // With this the selector lets go of their channels, which may block again then.
        open.selectNow();
        ServerPI session;
        while ((session = leaving.peek()) != null) {
            try {
                threads.rest(session);
            } catch (RuntimeException | Error noThread) {
                LOG.log(System.Logger.Level.WARNING, "cannot go on with a session", noThread);
                return;
            }
            leaving.remove();
        }
    }

    /** Waits no longer. By then there are no sessions any more. */
    public void close(Duration wait) throws InterruptedException {
        closed = true;
        Selector open = selector;
        Thread waiting = thread;
        if (open == null || waiting == null) {
            return;
        }
        open.wakeup();
        waiting.join(wait);
        try {
            open.close();
        } catch (IOException failed) {
            LOG.log(System.Logger.Level.WARNING, "cannot close the selector of idle sessions", failed);
        }
    }
}
