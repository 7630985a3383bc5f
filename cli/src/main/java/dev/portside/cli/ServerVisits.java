package dev.portside.cli;

import dev.portside.protocol.Reply;
import dev.portside.server.FtpServerListener;
import dev.portside.server.SessionStatus;
import dev.portside.server.TransferStatus;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The visits to a server that is there for one run of the doctor: what was seen of each, and when all of them are over. */
final class ServerVisits implements FtpServerListener {
    /** Control connections that are told of; more are the trial of how many there may be. */
    private static final int MAX_TOLD = 40;

    private final Duration quiet;
    private final long maxUploaded;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Long, ServerVisit> visits = new LinkedHashMap<>();
    private final List<String> refused = new ArrayList<>();
    private int open;
    private boolean served;
    private long uploaded;
    private boolean full;
    private long lastEnd = System.nanoTime();

    /**
     * @param quiet how long nobody may be there, after somebody was, before it is over
     * @param maxUploaded bytes that may come in before it is over
     */
    ServerVisits(Duration quiet, long maxUploaded) {
        this.quiet = quiet;
        this.maxUploaded = maxUploaded;
    }

    /** Waits until a client has logged in, everybody has gone and nobody came back for a while; at most for a time. */
    void awaitEnd(Duration most) throws InterruptedException {
        long deadline = System.nanoTime() + most.toNanos();
        lock.lock();
        try {
            while (true) {
                boolean mayEnd = served && open == 0;
                long until = mayEnd ? Math.min(deadline, lastEnd + quiet.toNanos()) : deadline;
                long left = until - System.nanoTime();
                if (full || left <= 0) {
                    return;
                }
                changed.await(left, TimeUnit.NANOSECONDS);
            }
        } finally {
            lock.unlock();
        }
    }

    /** What was seen, in lines. */
    List<String> lines() {
        lock.lock();
        try {
            List<String> lines = new ArrayList<>();
            visits.values().stream().limit(MAX_TOLD).forEach(visit -> lines.addAll(visit.lines()));
            if (visits.size() > MAX_TOLD) {
                lines.add((visits.size() - MAX_TOLD) + " more control connections");
            }
            lines.addAll(refused);
            if (full) {
                lines.add("ended, because more than " + Amount.ofBytes(maxUploaded) + " were sent here");
            }
            return lines;
        } finally {
            lock.unlock();
        }
    }

    private interface Seen {
        void by(ServerVisit visit);
    }

    private void see(SessionStatus session, Seen seen) {
        lock.lock();
        try {
            ServerVisit visit = visits.get(session.id());
            if (visit != null) {
                seen.by(visit);
                served |= visit.isLoggedIn();
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void sessionOpened(SessionStatus session) {
        lock.lock();
        try {
            visits.put(session.id(), new ServerVisit(session));
            open++;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void sessionClosed(SessionStatus session, String reason) {
        lock.lock();
        try {
            ServerVisit visit = visits.get(session.id());
            if (visit == null) {
                refused.add("refused       " + Sequence.text(session.remote()) + ": " + Console.visible(reason));
                return;
            }
            visit.ended(session, reason);
            open--;
            lastEnd = System.nanoTime();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void command(SessionStatus session, String line, Reply reply) {
        see(session, visit -> visit.command(session, line, reply));
    }

    @Override
    public void transferProgress(SessionStatus session, TransferStatus transfer) {
        uploaded(transfer, false);
    }

    @Override
    public void transferFinished(SessionStatus session, TransferStatus transfer) {
        see(session, visit -> visit.transfer(session, transfer, null));
        uploaded(transfer, true);
    }

    @Override
    public void transferFailed(SessionStatus session, TransferStatus transfer, String reason) {
        see(session, visit -> visit.transfer(session, transfer, reason));
        uploaded(transfer, true);
    }

    private void uploaded(TransferStatus transfer, boolean ended) {
        if (!transfer.isUpload()) {
            return;
        }
        lock.lock();
        try {
            full |= uploaded + transfer.bytes() > maxUploaded;
            uploaded += ended ? transfer.bytes() : 0;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void strangerRefused(SessionStatus session, InetSocketAddress stranger) {
        see(session, visit -> visit.stranger(stranger));
    }

    @Override
    public void dataConnectionRefused(SessionStatus session, InetSocketAddress remote, String reason) {
        see(session, visit -> visit.refused(remote, reason));
    }
}
