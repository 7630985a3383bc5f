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
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
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
     * answered by a reset. Returns at once.
     *
     * @param limit after which it is closed all the same
     */
    static void closeBehindPeer(SocketChannel channel, Duration limit) {
        Thread.ofVirtual().name("portside-close").start(() -> {
            Deadline deadline = Deadlines.after(limit, () -> close(channel));
            try {
                ByteBuffer dropped = ByteBuffer.allocate(DROPPED_BYTES);
                while (channel.read(dropped.clear()) >= 0) {
                    // Nobody wants it any longer.
                }
            } catch (IOException gone) {
                // That is an end too.
            } finally {
                deadline.cancel();
                close(channel);
            }
        });
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
