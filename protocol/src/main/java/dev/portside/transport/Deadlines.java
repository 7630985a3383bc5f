package dev.portside.transport;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The one clock that looks after what takes too long, mostly by closing the channel that it blocks on. It ticks as long as
 * something is watched: to begin and to end a watch wakes no thread, because nearly everything ends in time, and every reply
 * is watched. A thread that ends by itself when nothing is watched any longer; tasks must not block.
 */
public final class Deadlines {
    /** A task runs so much too late at most, or as late as the machine is. */
    private static final long TICK_NANOS = 10_000_000;

    private static final long KEPT_NANOS = 5_000_000_000L;

    private static final Set<Deadline> WATCHED = ConcurrentHashMap.newKeySet();
    private static final ReentrantLock LOCK = new ReentrantLock();
    private static volatile boolean ticking;

    private Deadlines() {}

    /** Something that is watched. */
    public static final class Deadline {
        private final Runnable task;
        private final long interval;
        /** Only the clock's, but for the first value. */
        private long due;

        private Deadline(long first, long interval, Runnable task) {
            this.due = System.nanoTime() + first;
            this.interval = interval;
            this.task = task;
        }

        /** Runs the task no more; if it is running just now, does not wait for its end. */
        public void cancel() {
            WATCHED.remove(this);
        }
    }

    /** Runs a task once, unless it is cancelled before. */
    public static Deadline after(Duration wait, Runnable task) {
        return watch(new Deadline(wait.toNanos(), 0, task));
    }

    static Deadline every(Duration interval, Runnable task) {
        return watch(new Deadline(interval.toNanos(), interval.toNanos(), task));
    }

    private static Deadline watch(Deadline deadline) {
        WATCHED.add(deadline);
        // Written by the clock before it looks whether something is watched, read here behind the writing: one sees the
        // other.
        if (!ticking) {
            start();
        }
        return deadline;
    }

    private static void start() {
        LOCK.lock();
        try {
            if (!ticking) {
                Thread.ofPlatform().daemon().name("portside-deadlines").start(Deadlines::tick);
                ticking = true;
            }
        } finally {
            LOCK.unlock();
        }
    }

    private static void tick() {
        long lastWatched = System.nanoTime();
        while (true) {
            LockSupport.parkNanos(TICK_NANOS);
            long now = System.nanoTime();
            if (!WATCHED.isEmpty()) {
                lastWatched = now;
                WATCHED.forEach(each -> look(each, now));
            } else if (now - lastWatched > KEPT_NANOS && hasEnded()) {
                return;
            }
        }
    }

    private static void look(Deadline deadline, long now) {
        if (now - deadline.due < 0) {
            return;
        }
        if (deadline.interval > 0) {
            deadline.due = now + deadline.interval;
        } else if (!WATCHED.remove(deadline)) {
            return;
        }
        try {
            deadline.task.run();
        } catch (RuntimeException | Error failed) {
            // The others are watched on, whatever became of this one.
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, failed);
        }
    }

    private static boolean hasEnded() {
        LOCK.lock();
        try {
            ticking = false;
            if (WATCHED.isEmpty()) {
                return true;
            }
            ticking = true;
            return false;
        } finally {
            LOCK.unlock();
        }
    }
}
