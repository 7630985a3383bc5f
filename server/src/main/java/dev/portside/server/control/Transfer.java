package dev.portside.server.control;

import dev.portside.protocol.Command;
import dev.portside.protocol.RepresentationType;
import dev.portside.server.FtpServerOptions;
import dev.portside.server.TlsStatus;
import dev.portside.server.TransferStatus;
import dev.portside.transport.ActiveDataPort;
import dev.portside.transport.DataConnection;
import dev.portside.transport.DataConnectionException;
import dev.portside.transport.DataPort;
import dev.portside.transport.PassiveDataPort;
import dev.portside.transport.TransferParameters;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A command that takes its time and runs beside the control connection: a transfer, a listing or a hash.
 *
 * <p>The thread that has read the command drives it. If it is not over in a moment, another one reads on, which may look at it,
 * abort it and wait for its end.
 */
public final class Transfer {
    private static final int MAX_DEFERRED = 100;

    private final Command command;
    private final RepresentationType type;
    private final Runnable reader;
    private final ReentrantLock readerLock = new ReentrantLock();
    private boolean beside;
    private boolean over;
    private final long began = System.nanoTime();
    private final CountDownLatch aborted = new CountDownLatch(1);
    /** Aborted, or the client has said QUIT behind it. */
    private final CountDownLatch known = new CountDownLatch(1);

    private final CountDownLatch ended = new CountDownLatch(1);
    private final ReentrantLock markLock = new ReentrantLock();
    private final List<Runnable> deferred = new ArrayList<>();
    private boolean marked;
    private volatile String path = "";
    private volatile @Nullable DataPort port;
    private volatile @Nullable DataConnection connection;
    private volatile String failure = "";
    private volatile @Nullable DataConnectionException networkFailure;
    private volatile boolean done;
    private volatile boolean farewellSaid;
    private volatile boolean resumed;

    Transfer(Command command, RepresentationType type, Runnable reader) {
        this.command = command;
        this.type = type;
        this.reader = reader;
    }

    /** Has another thread read the control connection from now on, once. From any thread. */
    public void runBeside() {
        readerLock.lock();
        try {
            if (!beside && !over) {
                reader.run();
                beside = true;
            }
        } finally {
            readerLock.unlock();
        }
    }

    /** Whether another thread reads the control connection by now; if not, none will on behalf of this transfer. */
    boolean isBesideToItsEnd() {
        readerLock.lock();
        try {
            over = true;
            return beside;
        } finally {
            readerLock.unlock();
        }
    }

    /** What is transferred, as the client sees it. */
    public void path(String virtualPath) {
        path = virtualPath;
    }

    /**
     * Makes the data connection.
     *
     * @throws DataConnectionException when it cannot be made, or the transfer was aborted
     */
    public DataConnection open(DataPort through, TransferParameters parameters, FtpServerOptions options)
            throws DataConnectionException {
        return open(through, parameters, options, wait(through, options));
    }

    /** How long the data connection may take. */
    static Duration wait(DataPort through, FtpServerOptions options) {
        return through instanceof ActiveDataPort ? options.network().activeConnectTimeout() : options.dataConnectWait();
    }

    /** Makes the data connection, or another one if it was the wrong one, within a time of choice. */
    DataConnection open(DataPort through, TransferParameters parameters, FtpServerOptions options, Duration wait)
            throws DataConnectionException {
        goesThrough(through);
        DataConnection made = through.open(parameters, wait, options.dataStall());
        connection = made;
        if (isAborted()) {
            made.abort();
        }
        return made;
    }

    /** See {@link PassiveDataPort#isClientSilent}. */
    boolean isClientSilent(PassiveDataPort through, Duration wait) throws DataConnectionException {
        goesThrough(through);
        return through.isClientSilent(wait);
    }

    private void goesThrough(DataPort through) {
        port = through;
        if (isAborted()) {
            through.close();
        }
    }

    /** The data connection has resumed the TLS session of the control connection. */
    void resumed() {
        resumed = true;
    }

    /** Ends it at once, from any thread; its own thread then finds the data connection closed or {@link #isAborted}. */
    public void abort() {
        aborted.countDown();
        known.countDown();
        DataPort listening = port;
        if (listening != null) {
            listening.close();
        }
        DataConnection open = connection;
        if (open != null) {
            open.abort();
        }
    }

    public boolean isAborted() {
        return aborted.getCount() == 0;
    }

    /** Whether it is aborted within a time: asked before an upload is taken for complete. */
    public boolean isAbortedWithin(Duration wait) throws InterruptedException {
        return aborted.await(wait.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** The client has said QUIT behind it: it may go before its transfer has ended. */
    void sayFarewell() {
        farewellSaid = true;
        known.countDown();
    }

    public boolean isFarewellSaid() {
        return farewellSaid;
    }

    /**
     * Whether a client whose control connection has ended said QUIT before. That, or the end, is about to be read.
     *
     * @return false too if neither was read in time
     */
    public boolean isFarewellSaidWithin(Duration wait) throws InterruptedException {
        return known.await(wait.toNanos(), TimeUnit.NANOSECONDS) && farewellSaid && !isAborted();
    }

    public Duration duration() {
        return Duration.ofNanos(System.nanoTime() - began);
    }

    /** Whether a data connection was tried. */
    boolean usesData() {
        return port != null;
    }

    /** Nothing is left to do but to send the final reply. */
    void done() {
        done = true;
    }

    public boolean isDone() {
        return done;
    }

    /** Why it failed, for events. */
    void failure(String reason) {
        failure = reason;
    }

    void failure(IOException reason) {
        failure = String.valueOf(reason.getMessage());
        networkFailure = reason instanceof DataConnectionException network ? network : null;
    }

    String failure() {
        return failure;
    }

    /** What went wrong with its data connection; null if nothing did. */
    @Nullable
    DataConnectionException networkFailure() {
        return networkFailure;
    }

    /**
     * Gives an answer behind the first reply to this command, be it the final one: by the thread that sends that.
     *
     * @return false if that reply was sent, or if too many answers wait for it
     */
    boolean defer(Runnable answer) {
        markLock.lock();
        try {
            return !marked && deferred.size() < MAX_DEFERRED && deferred.add(answer);
        } finally {
            markLock.unlock();
        }
    }

    /** 150 was sent: the client can tell the final reply from those to what it says meanwhile. */
    public void marked() {
        markLock.lock();
        try {
            marked = true;
            deferred.forEach(Runnable::run);
            deferred.clear();
        } finally {
            markLock.unlock();
        }
    }

    boolean isMarked() {
        markLock.lock();
        try {
            return marked;
        } finally {
            markLock.unlock();
        }
    }

    void end() {
        ended.countDown();
    }

    /** Waits until its final reply was sent. */
    public void awaitEnd() {
        boolean interrupted = false;
        while (true) {
            try {
                ended.await();
                break;
            } catch (InterruptedException stop) {
                interrupted = true;
                abort();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    public TransferStatus status() {
        DataConnection open = connection;
        InetSocketAddress local = open == null ? null : open.localAddress();
        InetSocketAddress remote = open == null ? null : open.remoteAddress();
        TlsStatus tls = open == null ? null : SessionTls.status(open.tlsSession());
        long bytes = open == null ? 0 : open.bytes();
        return new TransferStatus(command.verb(), path, type, bytes, duration(), local, remote, tls, resumed);
    }
}
