package dev.portside.transport;

import dev.portside.transport.DataConnectionException.Failure;
import dev.portside.transport.Deadlines.Deadline;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The socket of a data connection: ends it when it moves nothing for too long, and knows afterwards why it ended. */
final class WatchedChannel implements ByteChannel {
    private static final int STALL_CHECKS = 4;
    private static final int MAX_DRAIN_READS = 16;
    private static final int DROPPED_BYTES = 4 << 10;
    /** A TLS handshake and a small file; the kernel itself goes back to delays. */
    private static final int QUICK_READS = 16;

    /** For the end that the peer answers ours with; nothing else waits for it. */
    private static final Duration PEER_END_WAIT = Duration.ofSeconds(2);

    private final SocketChannel channel;
    private final InetSocketAddress local;
    private final InetSocketAddress remote;

    /** Odd while the network is being waited for; each wait counts on. */
    private final AtomicLong activity = new AtomicLong();

    private volatile @Nullable Failure ended;
    private volatile @Nullable Deadline watch;
    private Duration stall = Duration.ZERO;
    /** What {@link #awaitFirst} has got. */
    private @Nullable ByteBuffer first;

    private boolean patient = true;
    private long seenActivity;
    private int seenTimes;
    private int quickReads;
    /** A byte that was looked at and not yet read; -1: none. */
    private int peeked = -1;

    /**
     * @param channel connected, in blocking mode
     * @param peer whose connection it is: behind a proxy, not the other end of the socket
     */
    WatchedChannel(SocketChannel channel, InetSocketAddress peer) throws IOException {
        this.channel = channel;
        this.local = (InetSocketAddress) channel.getLocalAddress();
        this.remote = peer;
        Tcp.configure(channel);
    }

    /**
     * Begins to watch, once.
     *
     * @param limit how long it may move nothing; not positive: no limit
     */
    void watch(Duration limit) {
        stall = limit;
        if (limit.isPositive()) {
            watch = Deadlines.every(limit.dividedBy(STALL_CHECKS), this::endIfStalled);
        }
    }

    /** See {@link DataConnection#awaitFirst}. */
    boolean awaitFirst() throws IOException {
        ByteBuffer some = ByteBuffer.allocate(DROPPED_BYTES);
        if (channel.read(some) < 0) {
            return false;
        }
        first = some.flip();
        return true;
    }

    InetSocketAddress local() {
        return local;
    }

    InetSocketAddress remote() {
        return remote;
    }

    /** The socket itself, for zero copy. */
    SocketChannel socket() {
        return channel;
    }

    /** Whether there is something to read; false if the connection is gone. */
    boolean hasArrived() {
        try {
            return peeked >= 0 || channel.socket().getInputStream().available() > 0;
        } catch (IOException gone) {
            return false;
        }
    }

    /** What the peer does within a time, see {@link DataConnection#peek}. */
    PeerSign peek(@Nullable TlsStream tls, Duration wait, long bytes) throws DataConnectionException {
        try {
            channel.socket().setSoTimeout(Math.clamp(wait.toMillis(), 1, Integer.MAX_VALUE));
            patient = false;
            boolean more = tls == null ? peek() : tls.peek();
            return more ? PeerSign.DATA : PeerSign.END;
        } catch (SocketTimeoutException nothing) {
            return PeerSign.NOTHING;
        } catch (IOException failed) {
            if (ended != null) {
                throw broken(failed, bytes);
            }
            return PeerSign.END;
        } finally {
            patient = true;
        }
    }

    /** Whether there is a byte, and not the end. */
    private boolean peek() throws IOException {
        if (peeked < 0) {
            peeked = channel.socket().getInputStream().read();
        }
        return peeked >= 0;
    }

    /** TLS begins: small segments go to and fro, see {@link Tcp#acknowledgeAtOnce}. */
    void expectSmallSegments() {
        quickReads = QUICK_READS;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        ByteBuffer early = first;
        if (early != null) {
            int length = Math.min(early.remaining(), target.remaining());
            target.put(early.slice(early.position(), length));
            first = early.position(early.position() + length).hasRemaining() ? early : null;
            return length;
        }
        if (quickReads > 0) {
            quickReads--;
            Tcp.acknowledgeAtOnce(channel);
        }
        if (peeked >= 0 && target.hasRemaining()) {
            target.put((byte) peeked);
            peeked = -1;
            return 1;
        }
        activity.incrementAndGet();
        try {
            return patient ? channel.read(target) : readInTime(target);
        } finally {
            activity.incrementAndGet();
        }
    }

    /** Only the stream of a channel's socket knows timeouts. */
    private int readInTime(ByteBuffer target) throws IOException {
        byte[] some = new byte[Math.min(DROPPED_BYTES, target.remaining())];
        int read = channel.socket().getInputStream().read(some);
        if (read > 0) {
            target.put(some, 0, read);
        }
        return read;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        activity.incrementAndGet();
        try {
            return channel.write(source);
        } finally {
            activity.incrementAndGet();
        }
    }

    private void endIfStalled() {
        long now = activity.get();
        seenTimes = now == seenActivity && (now & 1) == 1 ? seenTimes + 1 : 0;
        seenActivity = now;
        if (seenTimes >= STALL_CHECKS) {
            end(Failure.STALLED);
        }
    }

    /** Ends it at once, from any thread. */
    void end(Failure why) {
        if (ended == null) {
            ended = why;
        }
        stopWatch();
        try {
            // A reset rather than an end of stream: what is cut off must not look complete.
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException alreadyClosed) {
            return;
        }
        Tcp.close(channel);
    }

    /** Why it was ended from this side; null if it was not. */
    @Nullable
    Failure ended() {
        return ended;
    }

    /** What an exception of the network means. */
    DataConnectionException broken(IOException cause, long bytes) {
        Failure otherwise = cause instanceof ClosedByInterruptException ? Failure.ABORTED : Failure.LOST;
        Failure why = ended == null ? otherwise : ended;
        return failure(
                why,
                switch (why) {
                    case STALLED -> " moved nothing for " + Addresses.text(stall);
                    case ABORTED -> " was aborted";
                    default -> " broke after " + bytes + " bytes";
                },
                cause);
    }

    DataConnectionException failure(Failure failure, String what, @Nullable IOException cause) {
        String message = "the data connection to " + Addresses.text(remote) + what;
        return new DataConnectionException(failure, message, local, remote, cause);
    }

    @Override
    public boolean isOpen() {
        return channel.isOpen();
    }

    /** Closes in order: what was written still arrives. */
    @Override
    public void close() {
        if (!channel.isOpen()) {
            return;
        }
        try {
            channel.shutdownOutput();
            // Unread input would turn the close into a reset, and a reset eats what the peer has not read yet.
            channel.configureBlocking(false);
            ByteBuffer unread = ByteBuffer.allocate(DROPPED_BYTES);
            int reads = 0;
            while (reads < MAX_DRAIN_READS && channel.read(unread.clear()) > 0) {
                reads++;
            }
        } catch (IOException gone) {
            // The peer was faster.
        } finally {
            Tcp.close(channel);
        }
    }

    /** Ends TLS, then closes. A peer that has not ended its side answers our close_notify, and must not meet a closed socket. */
    void close(TlsStream secured) {
        Deadline deadline = Deadlines.after(PEER_END_WAIT, () -> Tcp.close(channel));
        try {
            secured.end();
        } catch (IOException gone) {
            Tcp.close(channel);
        } finally {
            deadline.cancel();
        }
        if (secured.isEnded()) {
            close();
        } else {
            closeBehindPeer(PEER_END_WAIT);
        }
    }

    /** Closes in order, but not before the peer has closed, see {@link Tcp#closeBehindPeer}. */
    void closeBehindPeer(Duration limit) {
        try {
            channel.shutdownOutput();
            Tcp.closeBehindPeer(channel, limit);
        } catch (IOException gone) {
            Tcp.close(channel);
        }
    }

    void stopWatch() {
        Deadline watching = watch;
        if (watching != null) {
            watching.cancel();
        }
    }
}
