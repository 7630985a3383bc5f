package dev.portside.testkit;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;

/**
 * TLS over a socket by an engine of the test's choice: the socket of the JDK neither resumes a session that was made on
 * another port nor ends a stream without saying so. Used by one thread at a time.
 */
public final class TlsSocket extends Socket {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Socket wire;
    private final SSLEngine engine;
    private ByteBuffer in = ByteBuffer.allocate(1 << 15).limit(0);
    private final ByteBuffer out = ByteBuffer.allocate(1 << 15);
    private ByteBuffer plain = NOTHING;
    private boolean ended;

    private TlsSocket(Socket wire, SSLEngine engine) {
        this.wire = wire;
        this.engine = engine;
    }

    /**
     * Shakes hands; the socket is closed if that fails.
     *
     * @throws SSLException if it fails
     */
    public static TlsSocket over(Socket wire, SSLEngine engine) throws IOException {
        TlsSocket secured = new TlsSocket(wire, engine);
        try {
            secured.handshake();
            return secured;
        } catch (IOException | RuntimeException | Error failed) {
            wire.close();
            throw failed;
        }
    }

    public SSLSession session() {
        return engine.getSession();
    }

    public SSLEngine engine() {
        return engine;
    }

    /** What carries the records: closing it cuts the stream off. */
    public Socket wire() {
        return wire;
    }

    /** Whether the peer has ended the stream by a close_notify, not only the connection. */
    public boolean isEndedByPeer() {
        return ended;
    }

    /** Shakes hands, for the first time or again. */
    public void handshake() throws IOException {
        engine.beginHandshake();
        while (engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING) {
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> engine.getDelegatedTask().run();
                case NEED_WRAP -> wrap(NOTHING);
                default -> {
                    if (!unwrap() && !fill()) {
                        throw new EOFException("the peer closed the connection in the handshake");
                    }
                }
            }
        }
    }

    private void wrap(ByteBuffer source) throws IOException {
        SSLEngineResult result = engine.wrap(source, out);
        out.flip();
        wire.getOutputStream().write(out.array(), out.arrayOffset(), out.remaining());
        out.clear();
        if (result.getStatus() == SSLEngineResult.Status.CLOSED && source.hasRemaining()) {
            throw new SocketException("the stream has ended");
        }
    }

    /** One record; false if there is none yet. */
    private boolean unwrap() throws IOException {
        ByteBuffer target = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
        SSLEngineResult result = engine.unwrap(in, target);
        if (target.position() > 0) {
            plain = target.flip();
        }
        if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
            ended = true;
        }
        return result.getStatus() != SSLEngineResult.Status.BUFFER_UNDERFLOW;
    }

    private boolean fill() throws IOException {
        byte[] records = new byte[1 << 15];
        int read = wire.getInputStream().read(records);
        if (read > 0) {
            in = ByteBuffer.allocate(in.remaining() + read)
                    .put(in)
                    .put(records, 0, read)
                    .flip();
        }
        return read > 0;
    }

    private int read(byte[] target, int offset, int length) throws IOException {
        while (!plain.hasRemaining()) {
            if (ended || (!unwrap() && !fill())) {
                return -1;
            }
            while (engine.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
                engine.getDelegatedTask().run();
            }
            if (!ended && engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                wrap(NOTHING);
            }
        }
        int taken = Math.min(length, plain.remaining());
        plain.get(target, offset, taken);
        return taken;
    }

    @Override
    public InputStream getInputStream() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return TlsSocket.this.read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                return length == 0 ? 0 : TlsSocket.this.read(target, offset, length);
            }
        };
    }

    @Override
    public OutputStream getOutputStream() {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] source, int offset, int length) throws IOException {
                ByteBuffer left = ByteBuffer.wrap(source, offset, length);
                while (left.hasRemaining()) {
                    wrap(left);
                }
            }
        };
    }

    /** Says that there is no more, and leaves the connection as it is. */
    public void end() throws IOException {
        engine.closeOutbound();
        while (!engine.isOutboundDone()) {
            wrap(NOTHING);
        }
    }

    /** close_notify, then FIN. */
    @Override
    public void shutdownOutput() throws IOException {
        end();
        wire.shutdownOutput();
    }

    @Override
    public void close() throws IOException {
        try {
            if (!wire.isClosed() && !wire.isOutputShutdown()) {
                end();
            }
        } catch (IOException gone) {
            // The peer was faster.
        } finally {
            wire.close();
        }
    }

    @Override
    public boolean isClosed() {
        return wire.isClosed();
    }

    @Override
    public void setSoTimeout(int timeout) throws SocketException {
        wire.setSoTimeout(timeout);
    }

    @Override
    public void setSoLinger(boolean on, int linger) throws SocketException {
        wire.setSoLinger(on, linger);
    }

    @Override
    public InetAddress getInetAddress() {
        return wire.getInetAddress();
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
        return wire.getLocalSocketAddress();
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
        return wire.getRemoteSocketAddress();
    }
}
