package dev.portside.transport;

import dev.portside.transport.DataConnectionException.Failure;
import dev.portside.transport.Deadlines.Deadline;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What is said to a proxy, and by it, before it carries a connection; all of it within one time. */
final class ProxyDialogue implements AutoCloseable {
    private final SocketChannel channel;
    private final InetSocketAddress proxy;
    private final Duration wait;
    private final Deadline deadline;
    private volatile boolean late;
    private String missing = "does not answer";
    private Failure missed = Failure.PROXY_REFUSED;

    ProxyDialogue(SocketChannel channel, InetSocketAddress proxy, Duration wait) {
        this.channel = channel;
        this.proxy = proxy;
        this.wait = wait;
        this.deadline = Deadlines.after(wait, () -> {
            late = true;
            Tcp.close(channel);
        });
    }

    /** In one write. */
    void send(byte[] bytes) throws ProxyException {
        ByteBuffer all = ByteBuffer.wrap(bytes);
        try {
            while (all.hasRemaining()) {
                channel.write(all);
            }
        } catch (IOException broken) {
            throw failed(broken);
        }
    }

    /** So many bytes and no more: what comes behind them belongs to the connection. */
    byte[] receive(int length) throws ProxyException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        try {
            while (bytes.hasRemaining()) {
                if (channel.read(bytes) < 0) {
                    throw new EOFException("it closed the connection");
                }
            }
            return bytes.array();
        } catch (IOException broken) {
            throw failed(broken);
        }
    }

    int receiveByte() throws ProxyException {
        return receive(1)[0] & 0xff;
    }

    /** What the proxy has not done when the time is over: from here on it is not the proxy that is slow. */
    void expects(String what) {
        missing = what;
        missed = Failure.TIMED_OUT;
    }

    private ProxyException failed(IOException broken) {
        if (!late) {
            return refused("broke the connection: " + broken.getMessage(), broken);
        }
        // What is left when the proxy has been reached is an odd number.
        Duration tenths = Duration.ofMillis((wait.toMillis() + 99) / 100 * 100);
        return new ProxyException(missed, subject() + " " + missing + " within " + Addresses.text(tenths), broken);
    }

    /** The proxy does not do it. */
    ProxyException refused(String what) {
        return refused(what, null);
    }

    private ProxyException refused(String what, @Nullable IOException cause) {
        return new ProxyException(Failure.PROXY_REFUSED, subject() + " " + what, cause);
    }

    /** The proxy would do it, and cannot. */
    ProxyException cannot(Failure failure, String what) {
        return new ProxyException(failure, subject() + " " + what, null);
    }

    private String subject() {
        return "the proxy " + Addresses.text(proxy);
    }

    /** The connection is the caller's. */
    @Override
    public void close() {
        deadline.cancel();
    }
}
