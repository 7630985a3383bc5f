package dev.portside.transport;

import dev.portside.transport.DataConnectionException.Failure;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/** A proxy that makes a connection into one with somebody else. */
public sealed interface Proxy permits Socks5Proxy, HttpProxy {
    /**
     * Whom the proxy is to let through.
     *
     * @param user 255 bytes of UTF-8 at most for SOCKS5; without a colon for HTTP
     */
    record Login(String user, String password) {
        /** Without the password. */
        @Override
        public String toString() {
            return "Login[" + user + ", ****]";
        }
    }

    /** Where the proxy is. */
    InetSocketAddress address();

    /**
     * Connects a channel with the proxy.
     *
     * @return what is left of the time
     * @throws ProxyException if it cannot be reached
     */
    default Duration reach(SocketChannel channel, Duration wait) throws ProxyException {
        long deadline = System.nanoTime() + wait.toNanos();
        try {
            channel.socket().connect(address(), Math.clamp(wait.toMillis(), 1, Integer.MAX_VALUE));
            return Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
        } catch (IOException failed) {
            String why = switch (failed) {
                case SocketTimeoutException _ -> "no answer within " + Addresses.text(wait);
                case ConnectException _ -> "connection refused";
                default -> failed.getMessage();
            };
            String message = "the proxy " + Addresses.text(address()) + " cannot be reached: " + why;
            throw new ProxyException(Failure.PROXY_REFUSED, message, failed);
        }
    }

    /**
     * Has the proxy connect to somebody; from then on the channel carries what the two have to say to each other.
     *
     * @param channel connected with the proxy, in blocking mode
     * @param target unresolved where the proxy is to look up the name
     * @param wait for all of it; then the channel is closed
     * @throws ProxyException if it does not come to that
     */
    void connect(SocketChannel channel, InetSocketAddress target, Duration wait) throws ProxyException;
}
