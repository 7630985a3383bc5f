package dev.portside.client;

import dev.portside.protocol.Command;
import dev.portside.protocol.Reply;
import dev.portside.transport.ActiveDataPort;
import dev.portside.transport.DataConnection;
import dev.portside.transport.DataConnectionException;
import dev.portside.transport.DataPort;
import dev.portside.transport.HttpProxy;
import dev.portside.transport.PassiveDataPort;
import dev.portside.transport.Proxy;
import dev.portside.transport.ProxyDataPort;
import dev.portside.transport.Socks5Proxy;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** How a session gets from the client to its server, with the control connection and then with data connections. */
sealed interface Way {
    /** The client's end of the control connection. */
    InetSocketAddress local();

    /** The server's end of the control connection; through a proxy that looks up the name it is unresolved. */
    InetSocketAddress server();

    /** The proxy; empty for none. */
    String proxy();

    /** Passive mode: the client's side of a data connection, to where the server listens. */
    DataPort to(InetSocketAddress listener);

    /** Active mode: where the server is to connect to. */
    Listener listen(FtpClientOptions options) throws DataConnectionException;

    /** The client listens, or a proxy does for it. */
    interface Listener {
        DataPort port();

        /** Where. */
        InetSocketAddress address();

        /** The server has connected. */
        DataConnectionEvent event(DataMode mode, Command command, Reply reply, DataConnection data, Command transfer);
    }

    /** Whether active mode is out of the question; why. */
    default @Nullable String noActiveMode() {
        return null;
    }

    /** Whether the addresses are known to be of IPv6. */
    default boolean isIpv6() {
        return server().getAddress() instanceof Inet6Address;
    }

    static Way of(FtpClientOptions options, InetSocketAddress local, InetSocketAddress remote) {
        FtpProxy proxy = options.proxy();
        return proxy == null
                ? new Straight(local, remote)
                : new Proxied(local, ServerAddresses.behind(options), proxy, ServerAddresses.proxy(proxy, remote));
    }

    /** Nobody in between, as far as the client knows. */
    record Straight(InetSocketAddress local, InetSocketAddress server) implements Way {
        @Override
        public String proxy() {
            return "";
        }

        @Override
        public DataPort to(InetSocketAddress listener) {
            // From the address of the control connection, by which the server knows the client.
            boolean samePeer = server.getAddress().equals(listener.getAddress());
            return new ActiveDataPort(samePeer ? new InetSocketAddress(local.getAddress(), 0) : null, listener);
        }

        @Override
        public Listener listen(FtpClientOptions options) throws DataConnectionException {
            Predicate<InetAddress> peer = server.getAddress()::equals;
            PassiveDataPort port =
                    PassiveDataPort.listen(local.getAddress(), options.activePorts(), peer, stranger -> {});
            return new Listener() {
                @Override
                public DataPort port() {
                    return port;
                }

                @Override
                public InetSocketAddress address() {
                    return port.address();
                }

                @Override
                public DataConnectionEvent event(
                        DataMode mode, Command command, Reply reply, DataConnection data, Command transfer) {
                    return new DataConnectionEvent(
                            mode, command, reply, data.localAddress(), data.remoteAddress(), transfer);
                }
            };
        }
    }

    /** A proxy has connected to the server, and knows its address. */
    record Proxied(InetSocketAddress local, InetSocketAddress server, FtpProxy named, Proxy by) implements Way {
        @Override
        public String proxy() {
            return named.toString();
        }

        @Override
        public DataPort to(InetSocketAddress listener) {
            return ActiveDataPort.through(by, listener);
        }

        @Override
        public @Nullable String noActiveMode() {
            return switch (by) {
                case HttpProxy _ ->
                    "nobody can connect to this client through the HTTP proxy " + named
                            + ": active mode takes a SOCKS5 proxy, or none";
                case Socks5Proxy _ -> null;
            };
        }

        @Override
        public Listener listen(FtpClientOptions options) throws DataConnectionException {
            if (!(by instanceof Socks5Proxy socks)) {
                throw new IllegalStateException(noActiveMode());
            }
            ProxyDataPort port =
                    ProxyDataPort.listen(socks, server, peer -> isServer(peer, options), options.dataConnectTimeout());
            return new Listener() {
                @Override
                public DataPort port() {
                    return port;
                }

                @Override
                public InetSocketAddress address() {
                    return port.address();
                }

                @Override
                public DataConnectionEvent event(
                        DataMode mode, Command command, Reply reply, DataConnection data, Command transfer) {
                    return new DataConnectionEvent(mode, command, reply, port.address(), port.peer(), transfer);
                }
            };
        }

        /** A name is looked up for this, because the proxy did not say whom it has found by it. */
        private boolean isServer(InetAddress peer, FtpClientOptions options) {
            if (server.getAddress() != null) {
                return server.getAddress().equals(peer);
            }
            try {
                return ServerAddresses.lookUp(server.getHostString(), options).contains(peer);
            } catch (IOException unknown) {
                return false;
            }
        }
    }
}
