package dev.portside.transport;

import dev.portside.protocol.ProxyHeader;
import dev.portside.protocol.ProxyHeaderParser;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/** PROXY headers from the network. */
public final class ProxyHeaders {
    private ProxyHeaders() {}

    /**
     * Reads the header at the beginning of a connection, and nothing that is behind it.
     *
     * @param wait for all of it
     * @throws ProxyHeaderException if there is none, or none that can be read, in time
     */
    public static ProxyHeader read(SocketChannel channel, Duration wait) throws IOException {
        long deadline = System.nanoTime() + wait.toNanos();
        ProxyHeaderParser parser = new ProxyHeaderParser();
        InputStream in = channel.socket().getInputStream();
        try {
            boolean begun = false;
            while (parser.wanted() > 0) {
                byte[] next = new byte[parser.wanted()];
                for (int length = 0; length < next.length; ) {
                    long left = deadline - System.nanoTime();
                    if (left <= 0) {
                        throw new SocketTimeoutException();
                    }
                    channel.socket().setSoTimeout(Math.clamp(left / 1_000_000 + 1, 1, Integer.MAX_VALUE));
                    int read = in.read(next, length, next.length - length);
                    if (read < 0) {
                        throw new ProxyHeaderException("the connection ended before the PROXY header", !begun);
                    }
                    begun = true;
                    length += read;
                }
                parser.take(next);
            }
            return parser.header();
        } catch (IllegalArgumentException malformed) {
            throw new ProxyHeaderException(String.valueOf(malformed.getMessage()), false);
        } catch (SocketTimeoutException late) {
            throw new ProxyHeaderException("no PROXY header within " + Addresses.text(wait), false);
        }
    }
}
