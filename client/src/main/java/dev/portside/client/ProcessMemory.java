package dev.portside.client;

import java.util.LinkedHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What {@link DataModeMemory#ofProcess} is. */
final class ProcessMemory implements DataModeMemory {
    static final int MAX_ROUTES = 1000;
    static final ProcessMemory INSTANCE = new ProcessMemory();

    private final ReentrantLock lock = new ReentrantLock();
    private final LinkedHashMap<Route, DataMode> worked = new LinkedHashMap<>(16, 0.75f, true);

    @Override
    public @Nullable DataMode recall(Route route) {
        lock.lock();
        try {
            return worked.get(route);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void remember(Route route, DataMode mode) {
        lock.lock();
        try {
            worked.put(route, mode);
            if (worked.size() > MAX_ROUTES) {
                worked.pollFirstEntry();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void forget(Route route) {
        lock.lock();
        try {
            worked.remove(route);
        } finally {
            lock.unlock();
        }
    }

    void forgetAll() {
        lock.lock();
        try {
            worked.clear();
        } finally {
            lock.unlock();
        }
    }
}
