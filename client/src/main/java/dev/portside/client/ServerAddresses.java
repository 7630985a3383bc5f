package dev.portside.client;

import dev.portside.transport.Addresses;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** From a host name to a connection. */
final class ServerAddresses {
    private ServerAddresses() {}

    /** Connects to the first address of the host that answers, each within its time. */
    static SocketChannel connect(FtpClientOptions options) throws IOException {
        List<InetAddress> addresses = lookUp(options);
        options.listener().resolved(options.host(), addresses);
        return connect(options, addresses);
    }

    /** Connects to an address of the host. */
    static SocketChannel connect(FtpClientOptions options, InetAddress address) throws IOException {
        return connect(options, List.of(address));
    }

    private static SocketChannel connect(FtpClientOptions options, List<InetAddress> addresses) throws IOException {
        FtpClientListener listener = options.listener();
        List<String> failures = new ArrayList<>();
        IOException last = null;
        for (InetAddress address : addresses) {
            InetSocketAddress server = new InetSocketAddress(address, options.port());
            listener.connecting(server);
            SocketChannel channel = SocketChannel.open();
            try {
                channel.socket()
                        .connect(server, Math.clamp(options.connectTimeout().toMillis(), 1, Integer.MAX_VALUE));
                listener.connected(
                        (InetSocketAddress) channel.getLocalAddress(), (InetSocketAddress) channel.getRemoteAddress());
                return channel;
            } catch (IOException failed) {
                channel.close();
                String reason = reason(failed, options);
                failures.add(Addresses.text(server) + ": " + reason);
                listener.connectFailed(server, reason);
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

    private static String reason(IOException failed, FtpClientOptions options) {
        return switch (failed) {
            case SocketTimeoutException _ -> "no answer within " + Addresses.text(options.connectTimeout());
            case ConnectException _ -> "connection refused";
            default -> String.valueOf(failed.getMessage());
        };
    }

    /** Lookups cannot be interrupted, and hold the thread that waits: a platform thread, left behind when it is late. */
    private static List<InetAddress> lookUp(FtpClientOptions options) throws IOException {
        String host = options.host();
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
