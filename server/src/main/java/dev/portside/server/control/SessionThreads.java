package dev.portside.server.control;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads that sessions run on. A session at work has a platform thread: it waits for the client's next command in the
 * kernel, which wakes it in a quarter of the time that a virtual thread takes, and for a disk without holding a carrier. A
 * session whose client takes its time has a virtual thread, which costs next to nothing.
 */
public final class SessionThreads {
    /** Beyond these, sessions that begin stay on virtual threads: a flood of them is not to be one of threads. */
    private static final int MOST_BEGINNING = 64;

    private static final int KEPT_SECONDS = 5;

    private final ThreadPoolExecutor atWork = new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            KEPT_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            Thread.ofPlatform().name("portside-work-", 1).daemon().factory());

    /** Begins a session. */
    public void begin(Runnable session) {
        if (atWork.getActiveCount() < MOST_BEGINNING) {
            atWork.execute(session);
        } else {
            rest(session);
        }
    }

    /**
     * Goes on with a session that has a command to carry out which may take its time.
     *
     * @throws RejectedExecutionException if the server is being stopped
     */
    void work(Runnable session) {
        atWork.execute(session);
    }

    /** Goes on with a session that mostly waits. */
    void rest(Runnable session) {
        Thread.ofVirtual().name("portside-session").start(session);
    }

    /** Takes no more work, and waits for the end of what there is; false if some is left. */
    public boolean close(Duration wait) throws InterruptedException {
        atWork.shutdown();
        return atWork.awaitTermination(wait.toNanos(), TimeUnit.NANOSECONDS);
    }
}
