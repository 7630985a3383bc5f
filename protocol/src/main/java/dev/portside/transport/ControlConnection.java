package dev.portside.transport;

import dev.portside.protocol.Command;
import dev.portside.protocol.NameCharset;
import dev.portside.protocol.Reply;
import dev.portside.transport.Deadlines.Deadline;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * The control connection: lines in, lines out (RFC 959 section 5.3, over Telnet as RFC 1123 section 4.1.2.12 narrows it).
 *
 * <p>Every command and every reply leaves in one write, alone, ending in CRLF: a line that is split over two segments hangs
 * the FTP helpers of some gateways. Lines that come in may end in CRLF or in a bare LF and are bounded. Telnet sequences
 * are dropped. One thread reads; any thread writes.
 *
 * <p>It begins in the clear. {@link #startTls} secures it (RFC 4217 section 4), {@link #stopTls} takes that back.
 */
public final class ControlConnection implements Closeable {
    /** Bytes that a line may have, unless told otherwise: a path of 4,096 bytes, every byte escaped, fits. */
    public static final int DEFAULT_MAX_LINE = 16 << 10;
    /** Bytes of an over-long line that are read and dropped while its end is searched. */
    private static final int MAX_DROPPED = 1 << 20;

    private static final int MAX_DRAIN_READS = 64;
    private static final int DRAIN_BYTES = 16 << 10;
    /** For the close_notify with which a peer answers ours: on a closed socket it would cause a reset. */
    private static final Duration PEER_END_WAIT = Duration.ofSeconds(1);

    private static final int USUAL_RECEIVED = 512;
    private static final byte[] NOTHING = {};

    private static final int TELNET_IAC = 0xff;
    private static final int TELNET_FIRST_OPTION_VERB = 0xfb;
    private static final int TELNET_SUBNEGOTIATION = 0xfa;
    private static final int TELNET_SUBNEGOTIATION_END = 0xf0;
    private static final int TELNET_FIRST_COMMAND = 0xf0;

    private final SocketChannel channel;
    private final InputStream in;
    private final InetSocketAddress local;
    private final InetSocketAddress remote;
    private final int maxLine;
    private final Duration writeWait;
    private final ReentrantLock readLock = new ReentrantLock();
    private final ReentrantLock writeLock = new ReentrantLock();

    private volatile NameCharset charset;
    private volatile @Nullable TlsStream tls;
    /** The peer did not read what it was sent, which is why the connection is closed. */
    private volatile boolean givenUp;

    private byte[] received = NOTHING;
    private int position;
    private int limit;

    /**
     * Takes over a connected channel in blocking mode.
     *
     * @param maxLine bytes of the longest line that is read, without its end
     * @param writeWait how long a write may take before the connection is given up
     */
    public ControlConnection(SocketChannel channel, NameCharset charset, int maxLine, Duration writeWait)
            throws IOException {
        this.channel = channel;
        this.charset = charset;
        this.maxLine = maxLine;
        this.writeWait = writeWait;
        this.local = (InetSocketAddress) channel.getLocalAddress();
        this.remote = (InetSocketAddress) channel.getRemoteAddress();
        Tcp.configure(channel);
        // The Telnet Synch in front of ABOR comes as urgent data; inline, its bytes stay in their place (RFC 959 page
        // 34).
        channel.socket().setOOBInline(true);
        this.in = channel.socket().getInputStream();
    }

    public InetSocketAddress localAddress() {
        return local;
    }

    public InetSocketAddress remoteAddress() {
        return remote;
    }

    public NameCharset charset() {
        return charset;
    }

    /** Reads and writes names in another charset from now on. */
    public void charset(NameCharset other) {
        charset = other;
    }

    public boolean isOpen() {
        return channel.isOpen();
    }

    /** Whether the peer has sent more than the lines that were read: a pipelined command, or a part of one. */
    public boolean hasBufferedInput() {
        return position < limit;
    }

    /**
     * Waits until the peer has sent something, and reads nothing of it: the wait for a line can be given up and taken up
     * again without losing a part of it.
     *
     * @param wait not positive: no limit
     * @return the first byte as it came, Telnet or not; -1 when the peer has closed its side
     * @throws SocketTimeoutException when nothing comes in time
     */
    public int peek(Duration wait) throws IOException {
        readLock.lock();
        try {
            return fill(deadline(wait)) ? received[position] & 0xff : -1;
        } finally {
            readLock.unlock();
        }
    }

    // Without a thread

    /**
     * Gives back what is held to read with, by the thread that reads, when {@link #peek} has found nothing in time. Until
     * {@link #resume} nobody reads or writes.
     */
    public void rest() throws IOException {
        readLock.lock();
        try {
            received = NOTHING;
            TlsStream secured = tls;
            if (secured != null) {
                secured.rest();
            }
            channel.configureBlocking(false);
        } finally {
            readLock.unlock();
        }
    }

    /** Waits with a selector for what the peer sends, while it rests. */
    public SelectionKey register(Selector selector, Object attachment) throws IOException {
        return channel.register(selector, SelectionKey.OP_READ, attachment);
    }

    /** Back to threads that read and write; no selector may wait for it any longer. */
    public void resume() throws IOException {
        channel.configureBlocking(true);
    }

    // TLS

    /**
     * Shakes hands, by the thread that reads. What the peer has sent before, in the clear, is thrown away: nobody knows who
     * put it there.
     *
     * @param wait for the whole handshake
     * @throws SSLException if it fails; the connection is then of no use
     */
    public void startTls(SSLEngine engine, Duration wait) throws IOException {
        change(wait, () -> {
            position = 0;
            limit = 0;
            TlsStream secured = new TlsStream(new TimedChannel(channel, in), engine, false);
            secured.handshake();
            tls = secured;
        });
    }

    /**
     * Goes back to the clear (RFC 4217 sections 11 and 12), by the thread that reads: says so, and waits until the peer has
     * said so. Does nothing without TLS.
     *
     * @throws SSLException if the peer does not in time; the connection is then of no use
     */
    public void stopTls(Duration wait) throws IOException {
        TlsStream secured = tls;
        if (secured == null) {
            return;
        }
        change(wait, () -> {
            secured.end();
            ByteBuffer dropped = ByteBuffer.allocate(DRAIN_BYTES);
            while (secured.read(dropped.clear()) >= 0) {
                // Pipelined under TLS, and too early.
            }
            if (!secured.isEnded()) {
                throw new SSLException("the peer closed the connection");
            }
            ByteBuffer clear = secured.remainder();
            position = 0;
            limit = clear.remaining();
            received = new byte[Math.max(USUAL_RECEIVED, limit)];
            clear.get(received, 0, limit);
            tls = null;
        });
    }

    private interface Change {
        void make() throws IOException;
    }

    /** From the clear to TLS or back, while nobody else reads or writes. */
    private void change(Duration wait, Change change) throws SSLException {
        AtomicBoolean late = new AtomicBoolean();
        readLock.lock();
        writeLock.lock();
        Deadline deadline = Deadlines.after(wait, () -> {
            late.set(true);
            abort();
        });
        try {
            channel.socket().setSoTimeout(0);
            change.make();
        } catch (SSLException failed) {
            throw failed;
        } catch (IOException broken) {
            String why = late.get() ? "the peer did not answer within " + Addresses.text(wait) : "the connection broke";
            throw new SSLException(why, broken);
        } finally {
            deadline.cancel();
            writeLock.unlock();
            readLock.unlock();
        }
    }

    /** The session that secures the connection; null in the clear. */
    public @Nullable SSLSession tlsSession() {
        TlsStream secured = tls;
        return secured == null ? null : secured.session();
    }

    /** The protocol that ALPN agreed upon (RFC 7301); empty for none. */
    public String applicationProtocol() {
        TlsStream secured = tls;
        return secured == null ? "" : secured.applicationProtocol();
    }

    private static long deadline(Duration wait) {
        return wait.isPositive() ? System.nanoTime() + wait.toNanos() : 0;
    }

    /**
     * Reads the next line, without its end.
     *
     * @param wait for the whole line; not positive: no limit
     * @return null when the peer has closed its side; a last line without an end is not a line
     * @throws SocketTimeoutException when the line does not come in time
     * @throws LineTooLongException when it is too long; the next call reads the line behind it
     */
    public @Nullable String readLine(Duration wait) throws IOException {
        readLock.lock();
        try {
            return nextLine(deadline(wait));
        } finally {
            readLock.unlock();
        }
    }

    private @Nullable String nextLine(long deadline) throws IOException {
        byte[] line = new byte[128];
        int length = 0;
        int next;
        while ((next = nextByte(deadline)) != '\n') {
            if (next < 0) {
                return null;
            }
            // One byte more than a line may have: it may be the CR of the line's end.
            if (length > maxLine || (length == maxLine && next != '\r')) {
                dropLine(deadline);
                throw new LineTooLongException(maxLine);
            }
            if (length == line.length) {
                line = Arrays.copyOf(line, length * 2);
            }
            line[length++] = (byte) next;
        }
        if (length > 0 && line[length - 1] == '\r') {
            length--;
        }
        return charset.decode(line, 0, length);
    }

    private void dropLine(long deadline) throws IOException {
        for (int dropped = 0; dropped < MAX_DROPPED; dropped++) {
            int next = nextByte(deadline);
            if (next == '\n') {
                return;
            }
            if (next < 0) {
                throw new ClosedChannelException();
            }
        }
        close();
        throw new LineTooLongException(maxLine);
    }

    /** The next byte behind Telnet: IAC IAC is a byte 255, every other sequence is dropped. */
    private int nextByte(long deadline) throws IOException {
        while (true) {
            int next = rawByte(deadline);
            if (next != TELNET_IAC) {
                return next;
            }
            int verb = rawByte(deadline);
            if (verb == TELNET_IAC || verb < 0) {
                return verb;
            }
            if (verb == TELNET_SUBNEGOTIATION) {
                if (!dropSubnegotiation(deadline)) {
                    return -1;
                }
            } else if (verb >= TELNET_FIRST_OPTION_VERB) {
                if (rawByte(deadline) < 0) {
                    return -1;
                }
            } else if (verb < TELNET_FIRST_COMMAND) {
                // No Telnet command: the urgent byte behind IAC was lost on its way, this one belongs to the line.
                return verb;
            }
        }
    }

    /** Up to IAC SE; an IAC IAC in it is a byte of it. False at the end of the stream. */
    private boolean dropSubnegotiation(long deadline) throws IOException {
        int next = rawByte(deadline);
        while (next >= 0) {
            next = next == TELNET_IAC ? rawByte(deadline) : 0;
            if (next == TELNET_SUBNEGOTIATION_END) {
                return true;
            }
            if (next >= 0) {
                next = rawByte(deadline);
            }
        }
        return false;
    }

    private int rawByte(long deadline) throws IOException {
        return fill(deadline) ? received[position++] & 0xff : -1;
    }

    /** Whether there is a byte to be read; false at the end of the stream. */
    private boolean fill(long deadline) throws IOException {
        if (position < limit) {
            return true;
        }
        if (deadline != 0) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                throw new SocketTimeoutException("no line in time");
            }
            channel.socket().setSoTimeout(Math.clamp(left / 1_000_000 + 1, 1, Integer.MAX_VALUE));
        } else {
            channel.socket().setSoTimeout(0);
        }
        if (received.length == 0) {
            received = new byte[USUAL_RECEIVED];
        }
        TlsStream secured = tls;
        int read = secured == null ? in.read(received) : secured.read(ByteBuffer.wrap(received));
        position = 0;
        limit = Math.max(read, 0);
        return read > 0;
    }

    /** Sends a command; its line, unless the charset has no bytes for it: then an {@link IllegalArgumentException}. */
    public void write(Command command) throws IOException {
        writeLines(List.of(command.line()));
    }

    /** Sends a reply, all its lines in one write. */
    public void write(Reply reply) throws IOException {
        writeLines(reply.wireLines());
    }

    private void writeLines(List<String> lines) throws IOException {
        writeFully(TelnetLines.encoded(lines, charset));
    }

    private void writeFully(ByteBuffer out) throws IOException {
        Deadline deadline = Deadlines.after(writeWait, () -> {
            givenUp = true;
            abort();
        });
        writeLock.lock();
        try {
            TlsStream secured = tls;
            if (secured != null) {
                secured.write(out);
            }
            while (out.hasRemaining()) {
                channel.write(out);
            }
        } catch (ClosedChannelException closed) {
            if (givenUp) {
                SocketTimeoutException timeout = new SocketTimeoutException("the peer does not read what it is sent");
                timeout.initCause(closed);
                throw timeout;
            }
            throw closed;
        } finally {
            writeLock.unlock();
            deadline.cancel();
        }
    }

    /** Closes at once, from any thread; a thread that reads or writes gets an {@link IOException}. */
    public void abort() {
        Tcp.close(channel);
    }

    /** Closes in order: what was written still arrives, also when the peer has sent more than was read. */
    @Override
    public void close() {
        try {
            if (channel.isConnected()) {
                endTls();
                channel.shutdownOutput();
                dropUnread();
            }
        } catch (IOException gone) {
            // The peer was faster.
        } finally {
            abort();
        }
    }

    /** close_notify, unless the peer does not even read what was written before. */
    private void endTls() throws IOException {
        TlsStream secured = tls;
        if (secured == null || !writeLock.tryLock()) {
            return;
        }
        Deadline deadline = Deadlines.after(writeWait, this::abort);
        try {
            secured.end();
        } finally {
            deadline.cancel();
            writeLock.unlock();
        }
    }

    /** What lies unread in the socket would turn the close into a reset, which eats the last reply. */
    private void dropUnread() throws IOException {
        // A thread that is reading takes it by itself, and would let us wait as long as it waits.
        if (!readLock.tryLock()) {
            return;
        }
        try {
            long end = System.nanoTime() + PEER_END_WAIT.toNanos();
            channel.socket().setSoTimeout(tls == null ? 1 : (int) PEER_END_WAIT.toMillis());
            byte[] unread = new byte[DRAIN_BYTES];
            int reads = 0;
            while (reads < MAX_DRAIN_READS
                    && (tls == null ? in.available() > 0 : System.nanoTime() < end)
                    && in.read(unread) > 0) {
                reads++;
            }
        } finally {
            readLock.unlock();
        }
    }
}
