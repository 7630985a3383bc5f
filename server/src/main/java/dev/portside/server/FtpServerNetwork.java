package dev.portside.server;

import dev.portside.protocol.PortRange;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How data connections of an {@link FtpServer} are made: which ports, which addresses are listened on and which are named,
 * who may connect. Immutable; checked in {@link Builder#build}.
 */
public final class FtpServerNetwork {
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

    /** What 227 names to that client: an IPv4 address; empty for the local one. */
    public String externalAddress(InetAddress client) {
        return set.externalAddresses.of(client);
    }

    public boolean activeMode() {
        return set.activeMode;
    }

    public int activeSourcePort() {
        return set.activeSourcePort;
    }

    public boolean foreignDataAddresses() {
        return set.foreignDataAddresses;
    }

    public boolean siteSeen() {
        return set.siteSeen;
    }

    /** Collects options; everything has a default. */
    public static final class Builder implements Cloneable {
        private List<PortRange> passivePorts = List.of(PortRange.ANY);
        private @Nullable InetAddress passiveAddress;
        private NetworkTable<String> externalAddresses = NetworkTable.of("");
        private boolean activeMode = true;
        private int activeSourcePort;
        private boolean foreignDataAddresses;
        private boolean siteSeen;

        private Builder() {}

        /** Where passive data ports are taken from, at random; default any free port. Ranges that are used up are 425. */
        public Builder passivePorts(PortRange... ranges) {
            passivePorts = ranges.length == 0 ? List.of(PortRange.ANY) : List.of(ranges);
            return this;
        }

        /**
         * Where passive ports listen; default null, the local address of the control connection. An address of IPv4 counts for
         * control connections over IPv4 only, one of IPv6 for those over IPv6; 0.0.0.0 and :: for both.
         */
        public Builder passiveAddress(@Nullable InetAddress bind) {
            passiveAddress = bind;
            return this;
        }

        /** The IPv4 address that 227 names, for a server behind NAT; default empty, the control connection's local one. */
        public Builder externalAddress(String address) {
            externalAddresses = externalAddresses.withOthers(external(address));
            return this;
        }

        /**
         * The IPv4 address that 227 names to clients of a network, for instance the inner address to clients that are behind the
         * same NAT as the server. The longest prefix counts. Empty for the control connection's local address.
         */
        public Builder externalAddress(ClientNetwork clients, String address) {
            externalAddresses = externalAddresses.with(clients, external(address));
            return this;
        }

        private static String external(String address) {
            if (!address.isEmpty() && !(InetAddress.ofLiteral(address) instanceof Inet4Address)) {
                throw new IllegalArgumentException("the external address is for 227 and is IPv4: " + address);
            }
            return address;
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

        /**
         * Whether PORT and EPRT may name another host than the client (FXP, RFC 2577 section 3); default no. Services on this
         * host's loopback address are never reached for a client of another host.
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
         * The options as they are now.
         *
         * @throws IllegalArgumentException if something does not fit together
         */
        public FtpServerNetwork build() {
            if (passivePorts.size() > 1 && passivePorts.contains(PortRange.ANY)) {
                throw new IllegalArgumentException("any passive port, and a range: give one of them");
            }
            try {
                return new FtpServerNetwork((Builder) super.clone());
            } catch (CloneNotSupportedException never) {
                throw new IllegalStateException(never);
            }
        }
    }
}
