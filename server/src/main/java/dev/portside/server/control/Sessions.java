package dev.portside.server.control;

import dev.portside.server.FtpServerOptions;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The sessions of one server, and how many of a kind there may be. */
public final class Sessions {
    private final FtpServerOptions options;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition empty = lock.newCondition();
    private final Map<Session, ServerPI> all = new LinkedHashMap<>();
    private final Map<InetAddress, Integer> byAddress = new HashMap<>();
    private final Map<String, Integer> byUser = new HashMap<>();
    private int counted;
    private int loggedIn;
    private boolean closed;

    public Sessions(FtpServerOptions options) {
        this.options = options;
    }

    /** Takes a session in; why not, if not. */
    @Nullable
    String admit(Session session, ServerPI pi) {
        lock.lock();
        try {
            InetAddress address = session.remoteAddress().getAddress();
            if (closed) {
                return "the server is being stopped";
            }
            if (counted >= options.maxSessions()) {
                return "too many sessions (" + options.maxSessions() + "), try again later";
            }
            if (byAddress.getOrDefault(address, 0) >= options.maxSessionsPerAddress()) {
                return "too many sessions (" + options.maxSessionsPerAddress() + ") from your address";
            }
            if (counted - loggedIn >= options.maxSessionsNotLoggedIn()) {
                return "too many sessions that have not logged in (" + options.maxSessionsNotLoggedIn()
                        + "), try again later";
            }
            all.put(session, pi);
            counted++;
            byAddress.merge(address, 1, Integer::sum);
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** Counts a login; false if the user has too many sessions already. */
    public boolean admitUser(String user) {
        lock.lock();
        try {
            if (byUser.getOrDefault(user, 0) >= options.maxSessionsPerUser()) {
                return false;
            }
            byUser.merge(user, 1, Integer::sum);
            loggedIn++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    public void releaseUser(String user) {
        lock.lock();
        try {
            countDown(byUser, user);
            loggedIn--;
        } finally {
            lock.unlock();
        }
    }

    /** Makes room for another session: who sees the end of this one may come back at once. */
    void release(Session session) {
        lock.lock();
        try {
            if (all.containsKey(session)) {
                counted--;
                countDown(byAddress, session.remoteAddress().getAddress());
            }
        } finally {
            lock.unlock();
        }
    }

    /** Nothing is left of a session. */
    void forget(Session session) {
        lock.lock();
        try {
            all.remove(session);
            if (all.isEmpty()) {
                empty.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private static <K> void countDown(Map<K, Integer> counts, K key) {
        counts.computeIfPresent(key, (same, count) -> count == 1 ? null : count - 1);
    }

    public List<Session> all() {
        lock.lock();
        try {
            return List.copyOf(all.keySet());
        } finally {
            lock.unlock();
        }
    }

    /** No session is taken in from now on; those there are. */
    public List<ServerPI> close() {
        lock.lock();
        try {
            closed = true;
            return List.copyOf(all.values());
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the last session has ended; false if some are left. */
    public boolean awaitEmpty(Duration wait) throws InterruptedException {
        long left = wait.toNanos();
        lock.lockInterruptibly();
        try {
            while (!all.isEmpty() && left > 0) {
                left = empty.awaitNanos(left);
            }
            return all.isEmpty();
        } finally {
            lock.unlock();
        }
    }
}
