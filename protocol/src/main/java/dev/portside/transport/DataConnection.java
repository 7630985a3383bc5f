package dev.portside.transport;

import dev.portside.protocol.RepresentationType;
import dev.portside.transport.DataConnectionException.Failure;
import dev.portside.transport.Deadlines.Deadline;
import dev.portside.transport.Inflation.RefusedException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * The data connection of one transfer, in stream mode (RFC 959 section 3.4.1) or in MODE Z
 * (draft-preston-ftpext-deflate-04): the bytes, and how they end.
 *
 * <ol>
 *   <li>A {@link DataPort} makes it, in the clear; {@link #startTls} secures it (RFC 4217 section 9).
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
    private final WatchedChannel network;
    private final TransferParameters parameters;
    private final AsciiLines lines = new AsciiLines();
    private final @Nullable ZlibStream zlib;
    /** Above TLS. */
    private final AtomicLong wireBytes = new AtomicLong();

    private @Nullable TlsStream tls;
    private @Nullable ByteBuffer staging;
    private boolean dataEnded;

    DataConnection(SocketChannel channel, TransferParameters parameters, Duration stall) throws IOException {
        this(new WatchedChannel(channel, (InetSocketAddress) channel.getRemoteAddress()), null, parameters);
        network.watch(stall);
    }

    /** One that was accepted before anybody knew for which transfer: {@link #becoming} tells. */
    static DataConnection accepted(SocketChannel channel, InetSocketAddress peer) throws IOException {
        TransferParameters unknown = TransferParameters.stream(RepresentationType.IMAGE);
        return new DataConnection(new WatchedChannel(channel, peer), null, unknown);
    }

    private DataConnection(WatchedChannel network, @Nullable TlsStream tls, TransferParameters parameters) {
        this.network = network;
        this.tls = tls;
        this.parameters = parameters;
        this.zlib = parameters.isDeflated() ? new ZlibStream(parameters, this::writeToWire, this::readFromWire) : null;
    }

    /** The same connection as that of a transfer, secured if it is. This one is of no use any longer. */
    DataConnection becoming(TransferParameters transfer, Duration stall) {
        network.watch(stall);
        return new DataConnection(network, tls, transfer);
    }

    public InetSocketAddress localAddress() {
        return network.local();
    }

    public InetSocketAddress remoteAddress() {
        return network.remote();
    }

    // TLS

    /**
     * Shakes hands, before any data is moved.
     *
     * @param wait for the whole handshake
     * @throws DataConnectionException {@link Failure#TLS_FAILED} if it fails; the connection is then of no use
     */
    public void startTls(SSLEngine engine, Duration wait) throws DataConnectionException {
        network.expectSmallSegments();
        TlsStream secured = new TlsStream(network, engine, true);
        tls = secured;
        Deadline deadline = Deadlines.after(wait, () -> network.end(Failure.TLS_FAILED));
        try {
            secured.handshake();
        } catch (IOException failed) {
            Failure ended = network.ended();
            if (ended != null && ended != Failure.TLS_FAILED) {
                throw broken(failed);
            }
            String why = ended == null ? TlsStream.reason(failed) : "no answer within " + Addresses.text(wait);
            throw network.failure(Failure.TLS_FAILED, ": the TLS handshake failed: " + why, failed);
        } finally {
            deadline.cancel();
        }
    }

    /** Whether the peer has sent something that was not read yet, in the clear or a ClientHello. */
    public boolean hasArrived() {
        return network.hasArrived();
    }

    /** Waits until the peer says something, and leaves it to be read; false if it ended the connection instead. */
    boolean awaitFirst() throws DataConnectionException {
        try {
            return network.awaitFirst();
        } catch (IOException failed) {
            throw broken(failed);
        }
    }

    /** That it is secured, but is not whose it is to be: {@link Failure#WRONG_SESSION}. */
    public DataConnectionException wrongSession(String shown) {
        String what = " shows " + shown + ", not the TLS session of its control connection";
        return network.failure(Failure.WRONG_SESSION, what, null);
    }

    /** Sends the tickets of a handshake as the server, which otherwise wait for what is sent next, or for the end. */
    public void sendTickets() throws DataConnectionException {
        try {
            if (tls != null) {
                tls.sendTickets();
            }
        } catch (IOException failed) {
            throw broken(failed);
        }
    }

    /** The session that secures the connection; null in the clear. */
    public @Nullable SSLSession tlsSession() {
        return tls == null ? null : tls.session();
    }

    /** The protocol that ALPN agreed upon (RFC 7301); empty for none. */
    public String applicationProtocol() {
        return tls == null ? "" : tls.applicationProtocol();
    }

    /** Looks what the peer does within a time, and takes nothing of it. */
    public PeerSign peek(Duration wait) throws DataConnectionException {
        return network.peek(tls, wait, wireBytes.get());
    }

    /**
     * Whether the stream that was read to its end was ended by the peer and by nobody else: under TLS that takes its
     * close_notify, or in MODE Z the end of the compressed data, which TLS protects like the rest. In the clear nobody can
     * know; then it is true.
     */
    public boolean isEndedByPeer() {
        return tls == null || zlib != null || tls.isEnded();
    }

    /**
     * Sees to it that the stream was ended by the peer, see {@link #isEndedByPeer}.
     *
     * @throws DataConnectionException {@link Failure#TRUNCATED} if it may have been cut off
     */
    public void requireEndByPeer() throws DataConnectionException {
        if (!isEndedByPeer()) {
            String what = " ended after " + bytes() + " bytes without close_notify: it may have been cut off";
            throw network.failure(Failure.TRUNCATED, what, null);
        }
    }

    /**
     * Under TLS, ends the stream and waits until the peer has ended its side: what it still says belongs to the TLS session,
     * as the tickets do by which the next data connection resumes it. In the clear does nothing.
     *
     * @param wait at most; then nothing is lost but what did not come
     */
    public void endAndAwaitPeer(Duration wait) throws DataConnectionException {
        TlsStream secured = tls;
        if (secured == null) {
            return;
        }
        Deadline deadline = Deadlines.after(wait, () -> Tcp.close(network.socket()));
        try {
            secured.end();
            network.socket().shutdownOutput();
            ByteBuffer dropped = staging();
            while (secured.read(dropped.clear()) >= 0) {
                // Who sends something here is not listened to.
            }
            dropped.clear().limit(0);
        } catch (IOException failed) {
            if (network.ended() != null) {
                throw broken(failed);
            }
            // The peer has closed, or not in time: all was sent, and whether it came the final reply tells.
        } finally {
            deadline.cancel();
        }
    }

    // Data

    /**
     * Bytes of the data so far, in either direction, as the {@linkplain TransferParameters#type type} has them (TYPE A with
     * CRLF line ends): what SIZE counts, whatever MODE Z and TLS make of them.
     */
    public long bytes() {
        return zlib == null ? wireBytes.get() : zlib.bytes();
    }

    /** Bytes that were transmitted for them: others than {@link #bytes} in MODE Z. What TLS adds is not counted. */
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
        boolean asItIs = parameters.isUnchanged() && tls == null;
        if (asItIs && source instanceof FileChannel file && ZeroCopy.hasPositions(file)) {
            return new ZeroCopy(network, wireBytes).send(file, limit);
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
     * Says that all was sent. In MODE Z the end of the data is sent, without which the peer must take it for cut off; in
     * stream mode {@link #close} is the end.
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
        int before = wire.position();
        try {
            if (tls == null) {
                network.write(wire);
            } else {
                tls.write(wire);
            }
            int written = wire.position() - before;
            wireBytes.addAndGet(written);
            return written;
        } catch (IOException failed) {
            throw broken(failed);
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
            throw refused(refused);
        } catch (ClosedChannelException gone) {
            throw broken(gone);
        }
    }

    private DataConnectionException refused(RefusedException refused) {
        String what = refused.failure() == Failure.TRUNCATED
                ? " ended in the middle of the compressed data, after " + bytes() + " bytes"
                : ": " + refused.failure() + " after " + bytes() + " bytes: " + refused.getMessage();
        return network.failure(refused.failure(), what, null);
    }

    private int readFromWire(ByteBuffer target) throws DataConnectionException {
        try {
            int read = tls == null ? network.read(target) : tls.read(target);
            if (read > 0) {
                wireBytes.addAndGet(read);
            }
            return read;
        } catch (IOException failed) {
            throw broken(failed);
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
        return network.broken(cause, bytes());
    }

    /** Ends the transfer at once, from any thread; the thread that moves data gets {@link Failure#ABORTED}. */
    public void abort() {
        network.end(Failure.ABORTED);
        if (zlib != null) {
            zlib.free();
        }
    }

    @Override
    public boolean isOpen() {
        return network.isOpen();
    }

    /** Ends the stream in order: the peer gets the last byte, then the end. Does nothing when it has ended. */
    @Override
    public void close() {
        network.stopWatch();
        if (zlib != null) {
            zlib.close();
        }
        ByteBuffer buffer = staging;
        if (buffer != null) {
            staging = null;
            Buffers.giveBack(buffer);
        }
        TlsStream secured = tls;
        if (secured == null) {
            network.close();
            return;
        }
        if (network.isOpen()) {
            network.close(secured);
        }
        secured.release();
    }
}
