package dev.portside.transport;

import dev.portside.transport.DataConnectionException.Failure;
import dev.portside.transport.Inflation.RefusedException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The data connection of one transfer, in stream mode (RFC 959 section 3.4.1) or in MODE Z
 * (draft-preston-ftpext-deflate-04): the bytes, and how they end.
 *
 * <ol>
 *   <li>A {@link DataPort} makes it.
 *   <li>One side sends ({@link #send} or {@link #write}), the other receives ({@link #receive} or {@link #read}). What is
 *       given and taken is in this system's representation; TYPE A and MODE Z are converted inside.
 *   <li>Whoever has sent all of it says so by {@link #finish}.
 *   <li>{@link #close} ends it in order: the peer gets every byte that was sent, then the end of the stream. {@link #abort},
 *       from any thread, ends it at once, and the peer sees that it was cut off.
 * </ol>
 *
 * <p>Whatever goes wrong on the network is a {@link DataConnectionException}; any other {@link IOException} comes from the
 * source or the target of the caller. One thread moves data; {@link #abort} and {@link #bytes} are for all.
 */
public final class DataConnection implements ByteChannel {
    /** Of zero copy, between two looks at the progress; a peer that is slower than we are ends a step earlier. */
    private static final long LONGEST_STEP = 8 << 20;
    /** Sent by copying while zero copy has no room. */
    private static final int WAITING_BYTES = 64 << 10;

    private static final int STALL_CHECKS = 4;
    private static final int MAX_DRAIN_READS = 16;

    private final SocketChannel channel;
    private final TransferParameters parameters;
    private final Duration stall;
    private final InetSocketAddress local;
    private final InetSocketAddress remote;
    private final AsciiLines lines = new AsciiLines();
    private final @Nullable ScheduledFuture<?> watch;

    /** Odd while the network is being waited for; each wait counts on. */
    private final AtomicLong activity = new AtomicLong();

    private final @Nullable ZlibStream zlib;
    private final AtomicLong wireBytes = new AtomicLong();
    private volatile @Nullable Failure ended;
    private long seenActivity;
    private int seenTimes;
    private @Nullable ByteBuffer staging;
    private boolean dataEnded;

    DataConnection(SocketChannel channel, TransferParameters parameters, Duration stall) throws IOException {
        this.channel = channel;
        this.parameters = parameters;
        this.zlib = parameters.isDeflated() ? new ZlibStream(parameters, this::writeToWire, this::readFromWire) : null;
        this.stall = stall;
        this.local = (InetSocketAddress) channel.getLocalAddress();
        this.remote = (InetSocketAddress) channel.getRemoteAddress();
        Tcp.configure(channel);
        this.watch = stall.isPositive() ? Deadlines.every(stall.dividedBy(STALL_CHECKS), this::endIfStalled) : null;
    }

    public InetSocketAddress localAddress() {
        return local;
    }

    public InetSocketAddress remoteAddress() {
        return remote;
    }

    /**
     * Bytes of the data so far, in either direction, as the {@linkplain TransferParameters#type type} has them (TYPE A with
     * CRLF line ends): what SIZE counts, whatever MODE Z makes of them.
     */
    public long bytes() {
        return zlib == null ? wireBytes.get() : zlib.bytes();
    }

    /** Bytes that went over the wire for them: others than {@link #bytes} in MODE Z. */
    public long wireBytes() {
        return wireBytes.get();
    }

    /**
     * Sends what the source has, from its position to its end.
     *
     * @param limit bytes of the source to send at most
     * @return bytes of the source that were sent
     */
    public long send(ReadableByteChannel source, long limit) throws IOException {
        if (parameters.isUnchanged() && source instanceof FileChannel file && hasPositions(file)) {
            return sendFile(file, limit);
        }
        ByteBuffer buffer = Buffers.take();
        try {
            long sent = 0;
            while (sent < limit) {
                buffer.clear().limit((int) Math.min(buffer.capacity(), limit - sent));
                if (source.read(buffer) < 0) {
                    break;
                }
                sent += buffer.flip().remaining();
                writeAll(buffer);
            }
            return sent;
        } catch (ClosedByInterruptException interrupted) {
            throw broken(interrupted);
        } finally {
            Buffers.giveBack(buffer);
        }
    }

    public long send(ReadableByteChannel source) throws IOException {
        return send(source, Long.MAX_VALUE);
    }

    /** A pipe, as standard input may be one, is a file channel too. */
    private static boolean hasPositions(FileChannel file) {
        try {
            file.position();
            return true;
        } catch (IOException pipe) {
            return false;
        }
    }

    private long sendFile(FileChannel file, long limit) throws IOException {
        long start = file.position();
        long end = limit > Long.MAX_VALUE - start ? Long.MAX_VALUE : start + limit;
        long position = start;
        ByteBuffer buffer = Buffers.take();
        try {
            while (position < end) {
                long moved = zeroCopy(file, position, Math.min(LONGEST_STEP, end - position));
                if (moved == 0) {
                    moved = copy(file, position, end - position, buffer);
                }
                if (moved < 0) {
                    break;
                }
                position += moved;
                file.position(position);
            }
            return position - start;
        } catch (ClosedByInterruptException interrupted) {
            throw broken(interrupted);
        } finally {
            Buffers.giveBack(buffer);
        }
    }

    /**
     * Moves what the socket takes at once, perhaps nothing. Never waits: a thread that waits in {@code transferTo} shows no
     * progress, and a virtual one holds its carrier there and cannot be woken by closing the socket.
     */
    private long zeroCopy(FileChannel file, long position, long count) throws IOException {
        try {
            channel.configureBlocking(false);
            long moved = file.transferTo(position, count, channel);
            wireBytes.addAndGet(moved);
            channel.configureBlocking(true);
            return moved;
        } catch (IOException failed) {
            if (!(failed instanceof ClosedByInterruptException)) {
                // Zero copy does not say which side failed: if the file can still be read, it was the network.
                file.read(ByteBuffer.allocate(1), position);
            }
            throw broken(failed);
        }
    }

    /** Waits until the socket takes bytes again, by giving it some. -1 at the end of the file. */
    private int copy(FileChannel file, long position, long count, ByteBuffer buffer) throws IOException {
        buffer.clear().limit((int) Math.min(WAITING_BYTES, count));
        int read = file.read(buffer, position);
        return read < 0 ? read : writeSome(buffer.flip());
    }

    /**
     * Receives until the peer ends the stream.
     *
     * @return bytes that the target was given
     */
    public long receive(WritableByteChannel target) throws IOException {
        ByteBuffer buffer = Buffers.take();
        try {
            long received = 0;
            while (read(buffer.clear()) >= 0) {
                received += buffer.flip().remaining();
                while (buffer.hasRemaining()) {
                    target.write(buffer);
                }
            }
            return received;
        } catch (ClosedByInterruptException interrupted) {
            throw broken(interrupted);
        } finally {
            Buffers.giveBack(buffer);
        }
    }

    /** Sends all of the buffer. */
    @Override
    public int write(ByteBuffer source) throws DataConnectionException {
        int length = source.remaining();
        writeAll(source);
        return length;
    }

    private void writeAll(ByteBuffer source) throws DataConnectionException {
        if (!parameters.isText()) {
            writeData(source);
            return;
        }
        ByteBuffer text = staging();
        while (source.hasRemaining()) {
            lines.toWire(source, text.clear());
            writeData(text.flip());
        }
    }

    /** Whatever the type has made of it. */
    private void writeData(ByteBuffer source) throws DataConnectionException {
        if (zlib == null) {
            writeToWire(source);
            return;
        }
        try {
            zlib.write(source);
        } catch (ClosedChannelException gone) {
            throw broken(gone);
        }
    }

    /**
     * Says that all was sent. In MODE Z the end of the data is sent too, without which the peer must take it for cut off.
     *
     * @throws DataConnectionException when it cannot be sent: the peer does not have it all
     */
    public void finish() throws DataConnectionException {
        if (zlib == null) {
            return;
        }
        try {
            zlib.finish();
        } catch (ClosedChannelException gone) {
            throw broken(gone);
        }
    }

    private void writeToWire(ByteBuffer wire) throws DataConnectionException {
        while (wire.hasRemaining()) {
            writeSome(wire);
        }
    }

    private int writeSome(ByteBuffer wire) throws DataConnectionException {
        activity.incrementAndGet();
        try {
            int written = channel.write(wire);
            wireBytes.addAndGet(written);
            return written;
        } catch (IOException failed) {
            throw broken(failed);
        } finally {
            activity.incrementAndGet();
        }
    }

    /**
     * Receives some bytes.
     *
     * @return how many, 0 only when there is no room; -1 when the peer has ended the stream
     */
    @Override
    public int read(ByteBuffer target) throws DataConnectionException {
        if (!parameters.isText()) {
            return readData(target);
        }
        if (!target.hasRemaining()) {
            return 0;
        }
        int before = target.position();
        ByteBuffer text = staging();
        while (target.position() == before && !(dataEnded && !text.hasRemaining())) {
            if (!text.hasRemaining()) {
                dataEnded = readData(text.clear()) < 0;
                text.flip();
            }
            lines.fromWire(text, target);
            if (dataEnded) {
                lines.endFromWire(target);
            }
        }
        int read = target.position() - before;
        return read == 0 ? -1 : read;
    }

    /** What the type has made of it. */
    private int readData(ByteBuffer target) throws DataConnectionException {
        if (zlib == null) {
            return readFromWire(target);
        }
        try {
            return zlib.read(target);
        } catch (RefusedException refused) {
            throw failure(refused.failure(), refused);
        } catch (ClosedChannelException gone) {
            throw broken(gone);
        }
    }

    private int readFromWire(ByteBuffer target) throws DataConnectionException {
        activity.incrementAndGet();
        try {
            int read = channel.read(target);
            if (read > 0) {
                wireBytes.addAndGet(read);
            }
            return read;
        } catch (IOException failed) {
            throw broken(failed);
        } finally {
            activity.incrementAndGet();
        }
    }

    private ByteBuffer staging() {
        ByteBuffer buffer = staging;
        if (buffer == null) {
            buffer = Buffers.take().limit(0);
            staging = buffer;
        }
        return buffer;
    }

    private DataConnectionException broken(IOException cause) {
        Failure otherwise = cause instanceof ClosedByInterruptException ? Failure.ABORTED : Failure.LOST;
        return failure(ended == null ? otherwise : ended, cause);
    }

    private DataConnectionException failure(Failure why, Exception cause) {
        String message = "the data connection to " + Addresses.text(remote)
                + switch (why) {
                    case STALLED -> " moved nothing for " + Addresses.text(stall);
                    case ABORTED -> " was aborted";
                    case TRUNCATED -> " ended in the middle of the data, after " + bytes() + " bytes";
                    case CORRUPT -> " brought bad compressed data after " + bytes() + " bytes: " + cause.getMessage();
                    case INFLATED_TOO_FAR -> " brought data that inflates too far: " + cause.getMessage();
                    default -> " broke after " + bytes() + " bytes";
                };
        return new DataConnectionException(why, message, local, remote, cause);
    }

    private void endIfStalled() {
        long now = activity.get();
        seenTimes = now == seenActivity && (now & 1) == 1 ? seenTimes + 1 : 0;
        seenActivity = now;
        if (seenTimes >= STALL_CHECKS) {
            end(Failure.STALLED);
        }
    }

    /** Ends the transfer at once, from any thread; the thread that moves data gets {@link Failure#ABORTED}. */
    public void abort() {
        end(Failure.ABORTED);
    }

    private void end(Failure why) {
        if (ended == null) {
            ended = why;
        }
        stopWatch();
        if (zlib != null) {
            zlib.free();
        }
        try {
            // A reset rather than an end of stream: what is cut off must not look complete.
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException alreadyClosed) {
            return;
        }
        Tcp.close(channel);
    }

    @Override
    public boolean isOpen() {
        return channel.isOpen();
    }

    /** Ends the stream in order: the peer gets the last byte, then the end. Does nothing when it has ended. */
    @Override
    public void close() {
        stopWatch();
        if (zlib != null) {
            zlib.close();
        }
        ByteBuffer buffer = staging;
        if (buffer != null) {
            staging = null;
            Buffers.giveBack(buffer);
        }
        if (!channel.isOpen()) {
            return;
        }
        try {
            channel.shutdownOutput();
            // Unread input would turn the close into a reset, and a reset eats what the peer has not read yet.
            channel.configureBlocking(false);
            ByteBuffer unread = ByteBuffer.allocate(4096);
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

    private void stopWatch() {
        if (watch != null) {
            watch.cancel(false);
        }
    }
}
