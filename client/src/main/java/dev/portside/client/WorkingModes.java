package dev.portside.client;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.ReentrantLock;

/** Which of the four commands last made a data connection with a server; for all clients of this process. */
final class WorkingModes {
    static final int MAX_SERVERS = 1000;

    private static final ReentrantLock LOCK = new ReentrantLock();
    private static final LinkedHashMap<String, DataMode> WORKED = new LinkedHashMap<>(16, 0.75f, true);

    private WorkingModes() {}

    private static String key(FtpClientOptions server) {
        return server.host().toLowerCase(Locale.ROOT) + " " + server.port();
    }

    /** The modes in the order to try them: first the one that worked, if it is one of them. */
    static List<DataMode> inOrder(FtpClientOptions server, List<DataMode> modes) {
        List<DataMode> order = new ArrayList<>(modes);
        LOCK.lock();
        try {
            DataMode worked = WORKED.get(key(server));
            if (worked != null && order.remove(worked)) {
                order.addFirst(worked);
            }
            return order;
        } finally {
            LOCK.unlock();
        }
    }

    static void remember(FtpClientOptions server, DataMode mode) {
        LOCK.lock();
        try {
            WORKED.put(key(server), mode);
            if (WORKED.size() > MAX_SERVERS) {
                WORKED.pollFirstEntry();
            }
        } finally {
            LOCK.unlock();
        }
    }

    static void forget(FtpClientOptions server, DataMode mode) {
        LOCK.lock();
        try {
            WORKED.remove(key(server), mode);
        } finally {
            LOCK.unlock();
        }
    }

    static void forgetAll() {
        LOCK.lock();
        try {
            WORKED.clear();
        } finally {
            LOCK.unlock();
        }
    }
}
