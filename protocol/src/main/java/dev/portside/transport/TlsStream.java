package dev.portside.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * TLS over a channel that blocks: what is written leaves encrypted, what is read was (RFC 8446, RFC 5246).
 *
 * <p>One thread reads, any thread writes. Many records go out in one write and come in by one read. Whether the peer ended
 * the stream or somebody cut it off is told apart: {@link #isEnded} is true only behind a close_notify.
 */
final class TlsStream {
    /** Records in a row that carry no data: tickets and key updates. More are an attack. */
    private static final int MAX_EMPTY_RECORDS = 1_000;

    /** Room for what arrives on an idle connection; a longer record gets more, until it was read. */
    private static final int SMALL = 1 << 10;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final ByteChannel wire;
    private final SSLEngine engine;
    private final boolean large;
    private final ReentrantLock writeLock = new ReentrantLock();

    /** Came from the wire and is not decrypted yet. */
    private ByteBuffer in;
    /** Decrypted, for lack of room in the reader's buffer. */
    private ByteBuffer plain = NOTHING;
    /** Encrypted and not written yet; only while somebody writes. */
    private @Nullable ByteBuffer out;

    private volatile boolean ended;
    private boolean released;

    /**
     * @param large whether much is going to be read: then a large direct buffer is held until {@link #release}
     */
    TlsStream(ByteChannel wire, SSLEngine engine, boolean large) {
        this.wire = wire;
        this.engine = engine;
        this.large = large;
        this.in = large ? Buffers.take().limit(0) : ByteBuffer.allocate(SMALL).limit(0);
    }

    SSLSession session() {
        return engine.getSession();
    }

    /** The protocol that ALPN agreed upon; empty for none. */
    String applicationProtocol() {
        String agreed = engine.getApplicationProtocol();
        return agreed == null ? "" : agreed;
    }

    // Handshake

    /** What went wrong, in words that a user may read. */
    static String reason(IOException failed) {
        String message = failed.getMessage();
        return message == null ? "the connection was closed" : message;
    }

    /**
     * Shakes hands; what the peer does wrong is answered by an alert.
     *
     * @throws SSLException if it fails
     */
    void handshake() throws IOException {
        writeLock.lock();
        try {
            engine.beginHandshake();
            while (engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING && !hasTicketsOnly()) {
                shake();
            }
            flush();
        } catch (SSLException failed) {
            sayWhy();
            throw failed;
        } finally {
            giveBackOut();
            writeLock.unlock();
        }
    }

    /**
     * Whether the handshake of a data connection is done but for the server's tickets, which wait for what is written next,
     * or for the end: a client that uploads, reads nothing and closes would answer them by a reset, and that eats what it has
     * sent and nobody has read yet.
     */
    private boolean hasTicketsOnly() {
        return large
                && !engine.getUseClientMode()
                && engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP
                && engine.getHandshakeSession() == null
                && engine.getSession().getProtocol().equals("TLSv1.3");
    }

    /** Sends what waits according to {@link #hasTicketsOnly}. */
    void sendTickets() throws IOException {
        writeLock.lock();
        try {
            while (hasTicketsOnly()) {
                wrap(NOTHING);
            }
            flush();
        } finally {
            giveBackOut();
            writeLock.unlock();
        }
    }

    private void shake() throws IOException {
        switch (engine.getHandshakeStatus()) {
            case NEED_TASK -> runTasks();
            case NEED_WRAP -> wrap(NOTHING);
            case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                flush();
                SSLEngineResult result = engine.unwrap(in, NOTHING);
                switch (result.getStatus()) {
                    case BUFFER_UNDERFLOW -> {
                        if (fill() < 0) {
                            throw new SSLException("the peer closed the connection in the handshake");
                        }
                    }
                    case CLOSED -> throw new SSLException("the peer ended the handshake");
                    case BUFFER_OVERFLOW -> throw new SSLException("data came before the handshake was complete");
                    case OK -> {}
                }
            }
            case FINISHED, NOT_HANDSHAKING -> {}
        }
    }

    private void runTasks() {
        Runnable task;
        while ((task = engine.getDelegatedTask()) != null) {
            task.run();
        }
    }

    /** The alert that tells the peer why; as far as it still listens. */
    private void sayWhy() {
        try {
            while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP && !engine.isOutboundDone()) {
                wrap(NOTHING);
            }
            flush();
        } catch (IOException gone) {
            // It knows that something is wrong.
        }
    }

    // Reading

    /**
     * Reads some bytes.
     *
     * @return how many, 0 only when there is no room; -1 at the end of the stream, see {@link #isEnded}
     */
    int read(ByteBuffer target) throws IOException {
        int before = target.position();
        int empty = 0;
        @Nullable ByteBuffer aside = null;
        while (target.hasRemaining()) {
            if (plain.hasRemaining()) {
                return takePlain(target);
            }
            SSLEngineResult result = engine.unwrap(in, aside == null ? target : aside);
            if (aside != null) {
                plain = aside.slice(0, aside.position());
            }
            int read = target.position() - before;
            switch (result.getStatus()) {
                case OK -> {
                    if (result.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING) {
                        afterHandshake(result.getHandshakeStatus());
                    }
                    if (result.bytesProduced() == 0 && ++empty > MAX_EMPTY_RECORDS) {
                        throw new SSLException("too many records without data");
                    }
                }
                case BUFFER_UNDERFLOW -> {
                    if (read > 0) {
                        return read;
                    }
                    if (fill() < 0) {
                        return -1;
                    }
                }
                case BUFFER_OVERFLOW -> {
                    if (read > 0) {
                        return read;
                    }
                    if (aside != null) {
                        throw new SSLException("a record is larger than the session allows");
                    }
                    // The next record is larger than what the reader has room for.
                    aside = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
                }
                case CLOSED -> {
                    ended = true;
                    return read > 0 ? read : -1;
                }
            }
        }
        return target.position() - before;
    }

    /** Whether the peer has said that there is no more: close_notify. */
    boolean isEnded() {
        return ended;
    }

    /** Waits until there is something to read, and leaves it there; false at the end of the stream. */
    boolean peek() throws IOException {
        if (!plain.hasRemaining()) {
            ByteBuffer aside = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
            if (read(aside) < 0) {
                return false;
            }
            plain = aside.flip();
        }
        return true;
    }

    private int takePlain(ByteBuffer target) {
        int length = Math.min(plain.remaining(), target.remaining());
        target.put(plain.slice(plain.position(), length));
        plain.position(plain.position() + length);
        if (!plain.hasRemaining()) {
            plain = NOTHING;
        }
        return length;
    }

    /** TLS 1.3 has tickets and key updates here; in TLS 1.2 it would be a renegotiation. */
    private void afterHandshake(HandshakeStatus status) throws IOException {
        if (engine.isOutboundDone()) {
            return;
        }
        if (!engine.getSession().getProtocol().equals("TLSv1.3")) {
            throw new SSLException("the peer asked for a renegotiation");
        }
        if (status == HandshakeStatus.NEED_TASK) {
            runTasks();
        }
        if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP && !hasTicketsOnly()) {
            writeLock.lock();
            try {
                while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                    wrap(NOTHING);
                }
                flush();
            } finally {
                giveBackOut();
                writeLock.unlock();
            }
        }
    }

    /** Gives back its buffer, if nothing is in it, until more is read; by the thread that reads. */
    void rest() {
        if (!large && !in.hasRemaining()) {
            in = NOTHING;
        }
    }

    /** More of the wire; -1 at its end. */
    private int fill() throws IOException {
        if (released) {
            throw new ClosedChannelException();
        }
        if (!in.hasRemaining()) {
            if (!large && in.capacity() != SMALL) {
                in = ByteBuffer.allocate(SMALL);
            }
            in.clear();
        } else if (in.remaining() == in.capacity()) {
            in = ByteBuffer.allocate(Math.max(engine.getSession().getPacketBufferSize(), in.capacity() * 2))
                    .put(in);
        } else {
            in.compact();
        }
        try {
            return wire.read(in);
        } finally {
            in.flip();
        }
    }

    /** What came behind the peer's close_notify, in the clear again. */
    ByteBuffer remainder() {
        return in;
    }

    // Writing

    /** Writes all of it. */
    void write(ByteBuffer source) throws IOException {
        writeLock.lock();
        try {
            while (source.hasRemaining()) {
                wrap(source);
            }
            flush();
        } finally {
            giveBackOut();
            writeLock.unlock();
        }
    }

    /** Says that there is no more: close_notify. Does nothing the second time. */
    void end() throws IOException {
        writeLock.lock();
        try {
            while (hasTicketsOnly() && !engine.isOutboundDone()) {
                wrap(NOTHING);
            }
            engine.closeOutbound();
            while (!engine.isOutboundDone()) {
                wrap(NOTHING);
            }
            flush();
        } finally {
            giveBackOut();
            writeLock.unlock();
        }
    }

    /** One record more; what has no room any longer is written first. */
    private void wrap(ByteBuffer source) throws IOException {
        ByteBuffer records = out == null ? Buffers.take() : out;
        out = records;
        SSLEngineResult result = engine.wrap(source, records);
        switch (result.getStatus()) {
            case BUFFER_OVERFLOW -> {
                if (records.position() == 0) {
                    throw new SSLException("a record is larger than the session allows");
                }
                flush();
            }
            case CLOSED -> {
                if (source.hasRemaining()) {
                    throw new ClosedChannelException();
                }
            }
            case BUFFER_UNDERFLOW, OK -> {
                if (result.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
                    runTasks();
                } else if (source.hasRemaining() && result.bytesConsumed() + result.bytesProduced() == 0) {
                    throw new SSLException("the peer asked for a renegotiation");
                }
            }
        }
    }

    private void flush() throws IOException {
        ByteBuffer records = out;
        if (records == null) {
            return;
        }
        records.flip();
        try {
            while (records.hasRemaining()) {
                wire.write(records);
            }
        } finally {
            records.clear();
        }
    }

    private void giveBackOut() {
        ByteBuffer records = out;
        if (records != null) {
            out = null;
            Buffers.giveBack(records);
        }
    }

    /** Gives back what it holds; nothing is read after that. */
    void release() {
        if (large && in.capacity() == Buffers.SIZE && in.isDirect()) {
            Buffers.giveBack(in);
        }
        in = NOTHING;
        released = true;
    }
}
