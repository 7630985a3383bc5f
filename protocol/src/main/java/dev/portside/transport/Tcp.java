package dev.portside.transport;

import dev.portside.transport.Deadlines.Deadline;
import java.io.IOException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.NetworkChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/**
 * Socket options of every FTP connection. Buffer sizes are left to the kernel, which tunes them by itself as long as nobody
 * sets them.
 */
final class Tcp {
    /** Below the five minutes after which the first NAT gateways forget an idle connection. */
    private static final int KEEP_ALIVE_IDLE_SECONDS = 60;

    private static final int KEEP_ALIVE_INTERVAL_SECONDS = 20;
    private static final int KEEP_ALIVE_PROBES = 5;

    private static final int DROPPED_BYTES = 1 << 10;

    private Tcp() {}

    static void configure(SocketChannel channel) throws IOException {
        sendAtOnce(channel);
        keepAlive(channel);
    }

    static void sendAtOnce(SocketChannel channel) throws IOException {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }

    /** For a connection on which nothing may move for long. */
    static void keepAlive(SocketChannel channel) throws IOException {
        channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        setIfSupported(channel, ExtendedSocketOptions.TCP_KEEPIDLE, KEEP_ALIVE_IDLE_SECONDS);
        setIfSupported(channel, ExtendedSocketOptions.TCP_KEEPINTERVAL, KEEP_ALIVE_INTERVAL_SECONDS);
        setIfSupported(channel, ExtendedSocketOptions.TCP_KEEPCOUNT, KEEP_ALIVE_PROBES);
    }

    /**
     * Has the next segments acknowledged at once. A peer that holds small segments back until the ones before are
     * acknowledged (Nagle), as lftp does with the end of its TLS handshake, would wait for 40 ms each time.
     */
    static void acknowledgeAtOnce(SocketChannel channel) throws IOException {
        setIfSupported(channel, ExtendedSocketOptions.TCP_QUICKACK, true);
    }

    /**
     * Closes when the peer has closed its side, and not before: what it still sends would meet a closed socket, and be
     * answered by a reset. Returns at once; the clock looks after it, which costs less than a thread that waits.
     *
     * @param limit after which it is closed all the same
     */
    static void closeBehindPeer(SocketChannel channel, Duration limit) throws IOException {
        channel.configureBlocking(false);
        new Closing(channel, System.nanoTime() + limit.toNanos()).begin();
    }

    private static final class Closing {
        private static final Duration PAUSE = Duration.ofMillis(20);

        private final SocketChannel channel;
        private final long end;
        private volatile @Nullable Deadline looks;

        Closing(SocketChannel channel, long end) {
            this.channel = channel;
            this.end = end;
        }

        void begin() {
            looks = Deadlines.every(PAUSE, this::look);
        }

        private void look() {
            Deadline watching = looks;
            if (watching == null || (!hasEnded() && System.nanoTime() - end < 0)) {
                return;
            }
            watching.cancel();
            close(channel);
        }

        private boolean hasEnded() {
            ByteBuffer dropped = ByteBuffer.allocate(DROPPED_BYTES);
            try {
                int read;
                do {
                    // Nobody wants it any longer.
                    read = channel.read(dropped.clear());
                } while (read == DROPPED_BYTES);
                return read < 0;
            } catch (IOException gone) {
                return true;
            }
        }
    }

    /** Closes at once, whatever has become of it. */
    static void close(Channel channel) {
        try {
            channel.close();
        } catch (IOException alreadyGone) {
            // Closed is what it was to be.
        }
    }

    private static <T> void setIfSupported(NetworkChannel channel, SocketOption<T> option, T value) throws IOException {
        if (channel.supportedOptions().contains(option)) {
            channel.setOption(option, value);
        }
    }
}
