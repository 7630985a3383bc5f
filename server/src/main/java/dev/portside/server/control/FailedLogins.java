package dev.portside.server.control;

import dev.portside.server.FtpServerOptions;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/** Failed logins by client address, so that guessing does not start afresh with every connection. */
public final class FailedLogins {
    /** Beyond this, the address that failed first is forgotten: memory is bounded whoever comes. */
    private static final int MAX_ADDRESSES = 10_000;

    private static final class Failures {
        final long since = System.nanoTime();
        int count;
    }

    private final int allowed;
    private final long memoryNanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<InetAddress, Failures> byAddress = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<InetAddress, Failures> eldest) {
            return size() > MAX_ADDRESSES;
        }
    };

    public FailedLogins(FtpServerOptions options) {
        allowed = options.maxFailedLoginsPerAddress();
        memoryNanos = options.failedLoginMemory().toNanos();
    }

    public void add(InetAddress address) {
        lock.lock();
        try {
            forgetOld(address);
            byAddress.computeIfAbsent(address, first -> new Failures()).count++;
        } finally {
            lock.unlock();
        }
    }

    /** Whether an address has failed too often to be heard. */
    public boolean isTooMany(InetAddress address) {
        lock.lock();
        try {
            forgetOld(address);
            Failures failures = byAddress.get(address);
            return failures != null && failures.count >= allowed;
        } finally {
            lock.unlock();
        }
    }

    private void forgetOld(InetAddress address) {
        Failures failures = byAddress.get(address);
        if (failures != null && System.nanoTime() - failures.since > memoryNanos) {
            byAddress.remove(address);
        }
    }
}
