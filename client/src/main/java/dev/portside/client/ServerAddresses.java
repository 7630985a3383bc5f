package dev.portside.client;

import dev.portside.transport.Addresses;
import dev.portside.transport.HttpProxy;
import dev.portside.transport.Proxy;
import dev.portside.transport.ProxyException;
import dev.portside.transport.Socks5Proxy;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** From a host name to a connection. */
final class ServerAddresses {
    private ServerAddresses() {}

    /** Connects to the first address of the host that answers, each within its time; or has the proxy do it. */
    static SocketChannel connect(FtpClientOptions options) throws IOException {
        FtpProxy proxy = options.proxy();
        String host = proxy == null ? options.host() : proxy.host();
        List<InetAddress> addresses = lookUp(host, options);
        options.listener().resolved(host, addresses);
        return connect(options, addresses);
    }

    /** Connects to an address of the host; or has the proxy at that address do it. */
    static SocketChannel connect(FtpClientOptions options, InetAddress address) throws IOException {
        return connect(options, List.of(address));
    }

    private static SocketChannel connect(FtpClientOptions options, List<InetAddress> addresses) throws IOException {
        FtpClientListener listener = options.listener();
        FtpProxy proxy = options.proxy();
        List<String> failures = new ArrayList<>();
        IOException last = null;
        for (InetAddress address : addresses) {
            InetSocketAddress to = new InetSocketAddress(address, proxy == null ? options.port() : proxy.port());
            listener.connecting(to);
            SocketChannel channel = SocketChannel.open();
            try {
                Duration left = options.connectTimeout();
                if (proxy == null) {
                    channel.socket().connect(to, Math.clamp(left.toMillis(), 1, Integer.MAX_VALUE));
                } else {
                    left = proxy(proxy, to).reach(channel, left);
                }
                listener.connected(
                        (InetSocketAddress) channel.getLocalAddress(), (InetSocketAddress) channel.getRemoteAddress());
                if (proxy != null) {
                    proxy(proxy, to).connect(channel, behind(options), left);
                    listener.tunneled(proxy, behind(options));
                }
                return channel;
            } catch (IOException failed) {
                channel.close();
                String reason = reason(failed, options);
                failures.add(failed instanceof ProxyException ? reason : Addresses.text(to) + ": " + reason);
                listener.connectFailed(to, reason);
                last = failed;
            } catch (RuntimeException failed) {
                channel.close();
                throw failed;
            }
        }
        ConnectException none =
                new ConnectException("cannot connect to " + options.host() + ": " + String.join("; ", failures));
        none.initCause(last);
        throw none;
    }

    /** The server as a proxy is told of it. */
    static InetSocketAddress behind(FtpClientOptions options) {
        try {
            return new InetSocketAddress(InetAddress.ofLiteral(options.host()), options.port());
        } catch (IllegalArgumentException name) {
            return InetSocketAddress.createUnresolved(options.host(), options.port());
        }
    }

    /** The proxy at one of its addresses. */
    static Proxy proxy(FtpProxy named, InetSocketAddress address) {
        Proxy.Login login = named.user() == null || named.password() == null
                ? null
                : new Proxy.Login(named.user(), named.password());
        return switch (named.kind()) {
            case SOCKS5 -> new Socks5Proxy(address, login);
            case HTTP -> new HttpProxy(address, login);
        };
    }

    private static String reason(IOException failed, FtpClientOptions options) {
        return switch (failed) {
            case ProxyException _ -> String.valueOf(failed.getMessage());
            case SocketTimeoutException _ -> "no answer within " + Addresses.text(options.connectTimeout());
            case ConnectException _ -> "connection refused";
            default -> String.valueOf(failed.getMessage());
        };
    }

    /** Lookups cannot be interrupted, and hold the thread that waits: a platform thread, left behind when it is late. */
    static List<InetAddress> lookUp(String host, FtpClientOptions options) throws IOException {
        FutureTask<InetAddress[]> lookup = new FutureTask<>(() -> InetAddress.getAllByName(host));
        try {
            // A numeric address needs no lookup.
            return List.of(InetAddress.ofLiteral(host));
        } catch (IllegalArgumentException name) {
            Thread.ofPlatform().daemon().name("portside-lookup").start(lookup);
        }
        try {
            return List.of(lookup.get(options.dnsTimeout().toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException late) {
            throw unknown(host, "the lookup had no answer within " + Addresses.text(options.dnsTimeout()), late);
        } catch (ExecutionException failed) {
            throw unknown(host, "there is no such host", failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw unknown(host, "the lookup was interrupted", interrupted);
        }
    }

    private static UnknownHostException unknown(String host, String reason, Exception cause) {
        UnknownHostException unknown = new UnknownHostException(host + ": " + reason);
        unknown.initCause(cause);
        return unknown;
    }
}
