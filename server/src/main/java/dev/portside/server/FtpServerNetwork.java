package dev.portside.server;

import dev.portside.protocol.PortRange;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How data connections of an {@link FtpServer} are made: which ports, which addresses are listened on and which are named,
 * who may connect. Immutable; checked in {@link Builder#build}.
 */
public final class FtpServerNetwork {
    private static final int LONGEST_NAME = 253;
    /** Not one whose last label is a number: that is an address with a mistake in it (RFC 1123 section 2.1). */
    private static final Pattern HOST_NAME = Pattern.compile("(?:[\\w-]{1,63}\\.)*(?!\\d+\\.?$)[\\w-]{1,63}\\.?");

    private final Builder set;

    private FtpServerNetwork(Builder set) {
        this.set = set;
    }

    public static Builder builder() {
        return new Builder();
    }

    /** At least one; {@link PortRange#ANY} alone for whatever is free. */
    public List<PortRange> passivePorts() {
        return set.passivePorts;
    }

    /** Where passive ports listen for a control connection to this local address, see {@link Builder#passiveAddress}. */
    public InetAddress passiveAddress(InetAddress local) {
        InetAddress bind = set.passiveAddress;
        boolean fits =
                bind != null && (bind.isAnyLocalAddress() || bind.getAddress().length == local.getAddress().length);
        return bind != null && fits ? bind : local;
    }

    /** What 227 names to that client: an IPv4 address or a host name; empty for the local address. */
    public String externalAddress(InetAddress client) {
        return set.externalAddresses.of(client);
    }

    /** Every address and host name that 227 may name. */
    public Set<String> externalAddresses() {
        return set.externalAddresses.values().stream()
                .filter(each -> !each.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }

    public Duration externalRefresh() {
        return set.externalRefresh;
    }

    public int advertisedPortOffset() {
        return set.advertisedPortOffset;
    }

    /** How it is known that a data connection is that client's. */
    public PeerCheck peerCheck(InetAddress client) {
        return set.peerChecks.of(client);
    }

    public boolean activeMode() {
        return set.activeMode;
    }

    public int activeSourcePort() {
        return set.activeSourcePort;
    }

    public Duration activeConnectTimeout() {
        return set.activeConnectTimeout;
    }

    public boolean foreignDataAddresses() {
        return set.foreignDataAddresses;
    }

    public boolean siteSeen() {
        return set.siteSeen;
    }

    /** Whose connections begin with a PROXY header. */
    public List<ClientNetwork> proxies() {
        return set.proxies;
    }

    public Duration proxyHeaderTimeout() {
        return set.proxyHeaderTimeout;
    }

    /** Whether the options of the server have what these need. */
    void check(@Nullable FtpServerTls tls) {
        if (tls == null && set.peerChecks.values().contains(PeerCheck.TLS_SESSION)) {
            throw new IllegalArgumentException("the peer check TLS_SESSION needs TLS, which the server does not have");
        }
    }

    /** Collects options; everything has a default. */
    public static final class Builder implements Cloneable {
        private List<PortRange> passivePorts = List.of(PortRange.ANY);
        private @Nullable InetAddress passiveAddress;
        private NetworkTable<String> externalAddresses = NetworkTable.of("");
        private Duration externalRefresh = Duration.ofMinutes(1);
        private int advertisedPortOffset;
        private NetworkTable<PeerCheck> peerChecks = NetworkTable.of(PeerCheck.EXACT);
        private boolean activeMode = true;
        private int activeSourcePort;
        private Duration activeConnectTimeout = Duration.ofSeconds(10);
        private boolean foreignDataAddresses;
        private boolean siteSeen;
        private List<ClientNetwork> proxies = List.of();
        private Duration proxyHeaderTimeout = Duration.ofSeconds(5);

        private Builder() {}

        /** Where passive data ports are taken from, at random; default any free port. Ranges that are used up are 425. */
        public Builder passivePorts(PortRange... ranges) {
            passivePorts = ranges.length == 0 ? List.of(PortRange.ANY) : List.of(ranges);
            return this;
        }

        /**
         * Where passive ports listen, and what 227 names if no {@link #externalAddress} is set; default null, the local address of
         * the control connection. An address of IPv4 counts for control connections over IPv4 only, one of IPv6 for those over
         * IPv6; 0.0.0.0 and :: for both.
         */
        public Builder passiveAddress(@Nullable InetAddress bind) {
            passiveAddress = bind;
            return this;
        }

        /**
         * The IPv4 address that 227 names, for a server behind NAT; default empty, the local address of the control connection.
         *
         * @param addressOrName a host name is looked up in the background; as long as that was never successful, PASV is 425,
         *     while EPSV, which names no address, is served
         */
        public Builder externalAddress(String addressOrName) {
            externalAddresses = externalAddresses.withOthers(external(addressOrName));
            return this;
        }

        /**
         * What 227 names to clients of a network, for instance the inner address to clients behind the same NAT as the server. The
         * longest prefix counts. Empty for the local address of the control connection.
         */
        public Builder externalAddress(ClientNetwork clients, String addressOrName) {
            externalAddresses = externalAddresses.with(clients, external(addressOrName));
            return this;
        }

        private static String external(String addressOrName) {
            try {
                if (InetAddress.ofLiteral(addressOrName) instanceof Inet4Address) {
                    return addressOrName;
                }
            } catch (IllegalArgumentException name) {
                if (addressOrName.isEmpty()
                        || (addressOrName.length() <= LONGEST_NAME
                                && HOST_NAME.matcher(addressOrName).matches())) {
                    return addressOrName;
                }
            }
            throw new IllegalArgumentException(
                    "the external address is for 227, an IPv4 address or a host name, not " + addressOrName);
        }

        /**
         * How often names of external addresses are looked up again; default 1 minute. When that fails, the last address goes on
         * to be named. The JDK keeps what it has looked up for 30 s ({@code networkaddress.cache.ttl}).
         */
        public Builder externalRefresh(Duration interval) {
            externalRefresh = Bounds.positive(interval, "refresh of external addresses");
            return this;
        }

        /**
         * What is added to a passive port before 227 and 229 name it, for a gateway that maps other ports to the {@link
         * #passivePorts}; default 0. 10000 if it maps 50000 and up to 40000 and up.
         */
        public Builder advertisedPortOffset(int offset) {
            advertisedPortOffset = Bounds.between(-65535, offset, 65535, "offset of advertised ports");
            return this;
        }

        /** How it is known that a data connection is the client's; default {@link PeerCheck#EXACT}. */
        public Builder peerCheck(PeerCheck check) {
            peerChecks = peerChecks.withOthers(check);
            return this;
        }

        /** How it is known that a data connection is the client's, for clients of a network. The longest prefix counts. */
        public Builder peerCheck(ClientNetwork clients, PeerCheck check) {
            peerChecks = peerChecks.with(clients, check);
            return this;
        }

        /** Whether PORT and EPRT are served; default yes. */
        public Builder activeMode(boolean served) {
            activeMode = served;
            return this;
        }

        /** The local port of active data connections, as 20 in RFC 959; default 0, any. */
        public Builder activeSourcePort(int port) {
            activeSourcePort = Bounds.between(0, port, 65535, "active source port");
            return this;
        }

        /** How long connecting to a client may take in active mode; default 10 s, then 425. */
        public Builder activeConnectTimeout(Duration timeout) {
            activeConnectTimeout = Bounds.positive(timeout, "time for active connections");
            return this;
        }

        /**
         * Whether PORT and EPRT may name another host than the client (FXP, RFC 2577 section 3); default no. Services on this
         * host's loopback address are never reached for a client of another host, and inner addresses never for a client that
         * comes from outside.
         */
        public Builder foreignDataAddresses(boolean allowed) {
            foreignDataAddresses = allowed;
            return this;
        }

        /**
         * Whether SITE SEEN tells a client that has logged in which addresses this end has sent, was sent and has seen in its
         * session; default no. With it a client finds out what a gateway has changed.
         */
        public Builder siteSeen(boolean served) {
            siteSeen = served;
            return this;
        }

        /**
         * Load balancers and proxies in front of the server; default none. Each connection of theirs, control and data, must begin
         * with a header of the PROXY protocol, version 1 or 2, and the client is the one that it tells: it counts for limits, logs,
         * {@link #peerCheck}, PORT and the {@link #externalAddress}es, and without one of these 227 names the address that the
         * client has connected to. Nobody else's header is read.
         */
        public Builder proxies(ClientNetwork... trusted) {
            proxies = List.of(trusted);
            return this;
        }

        /** How long a PROXY header may take, then the connection is closed; default 5 s. */
        public Builder proxyHeaderTimeout(Duration timeout) {
            proxyHeaderTimeout = Bounds.positive(timeout, "time for PROXY headers");
            return this;
        }

        /**
         * The options as they are now.
         *
         * @throws IllegalArgumentException if something does not fit together
         */
        public FtpServerNetwork build() {
            if (passivePorts.size() > 1 && passivePorts.contains(PortRange.ANY)) {
                throw new IllegalArgumentException("any passive port, and a range: give one of them");
            }
            checkAdvertisedPorts();
            try {
                return new FtpServerNetwork((Builder) super.clone());
            } catch (CloneNotSupportedException never) {
                throw new IllegalStateException(never);
            }
        }

        private void checkAdvertisedPorts() {
            for (PortRange each : passivePorts) {
                int first = each.first() + advertisedPortOffset;
                int last = each.last() + advertisedPortOffset;
                if (advertisedPortOffset != 0 && (each.isAny() || first < 1 || last > 65535)) {
                    throw new IllegalArgumentException(
                            each.isAny()
                                    ? "an offset of advertised ports needs passive ports"
                                    : "passive ports " + each + " would be advertised as " + first + "-" + last);
                }
            }
        }
    }
}
