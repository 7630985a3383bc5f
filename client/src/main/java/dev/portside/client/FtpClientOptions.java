package dev.portside.client;

import dev.portside.protocol.ListingParser;
import dev.portside.protocol.NameCharset;
import dev.portside.protocol.PortRange;
import dev.portside.protocol.RepresentationType;
import dev.portside.transport.ControlConnection;
import dev.portside.transport.InflationLimit;
import java.net.InetAddress;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where to connect, in which mode, and how long to wait: {@code FtpClientOptions.builder("ftp.example.org").build()}.
 *
 * <p>Every wait and every size has a limit; each is described at its method of {@link Builder}. Immutable.
 */
public final class FtpClientOptions {
    private final String host;
    /** 0: the usual one. */
    private final int port;

    private final FtpClientTls tls;
    private final NameCharset charset;
    private final DataMode mode;
    private final RepresentationType type;
    private final PortRange activePorts;
    private final @Nullable InetAddress activeAddress;
    private final boolean trustPassiveAddress;
    private final Duration dnsTimeout;
    private final Duration connectTimeout;
    private final Duration greetingTimeout;
    private final Duration replyTimeout;
    private final Duration dataConnectTimeout;
    private final Duration dataStallTimeout;
    private final Duration completionTimeout;
    private final Duration abortTimeout;
    private final Duration keepAliveInterval;
    private final int maxLine;
    private final int maxReplyLines;
    private final int maxListingLines;
    private final boolean compression;
    private final InflationLimit inflationLimit;
    private final ZoneId serverZone;
    private final FtpClientListener listener;
    private final @Nullable FtpProxy proxy;
    private final DataModeMemory dataModes;

    private FtpClientOptions(Builder from) {
        host = from.host;
        port = from.port;
        tls = from.tls;
        charset = from.charset;
        mode = from.mode;
        type = from.type;
        activePorts = from.activePorts;
        activeAddress = from.activeAddress;
        trustPassiveAddress = from.trustPassiveAddress;
        dnsTimeout = from.dnsTimeout;
        connectTimeout = from.connectTimeout;
        greetingTimeout = from.greetingTimeout;
        replyTimeout = from.replyTimeout;
        dataConnectTimeout = from.dataConnectTimeout;
        dataStallTimeout = from.dataStallTimeout;
        completionTimeout = from.completionTimeout;
        abortTimeout = from.abortTimeout;
        keepAliveInterval = from.keepAliveInterval;
        maxLine = from.maxLine;
        maxReplyLines = from.maxReplyLines;
        maxListingLines = from.maxListingLines;
        compression = from.compression;
        inflationLimit = from.inflationLimit;
        serverZone = from.serverZone;
        listener = from.listener;
        proxy = from.proxy;
        dataModes = from.dataModes;
    }

    /**
     * Options to change.
     *
     * @param host a name, or a numeric address with or without the brackets of IPv6
     */
    public static Builder builder(String host) {
        return new Builder(host);
    }

    /** The same options, to be changed. */
    public Builder toBuilder() {
        Builder copy = new Builder(host);
        copy.port = port;
        copy.tls = tls;
        copy.charset = charset;
        copy.mode = mode;
        copy.type = type;
        copy.activePorts = activePorts;
        copy.activeAddress = activeAddress;
        copy.trustPassiveAddress = trustPassiveAddress;
        copy.dnsTimeout = dnsTimeout;
        copy.connectTimeout = connectTimeout;
        copy.greetingTimeout = greetingTimeout;
        copy.replyTimeout = replyTimeout;
        copy.dataConnectTimeout = dataConnectTimeout;
        copy.dataStallTimeout = dataStallTimeout;
        copy.completionTimeout = completionTimeout;
        copy.abortTimeout = abortTimeout;
        copy.keepAliveInterval = keepAliveInterval;
        copy.maxLine = maxLine;
        copy.maxReplyLines = maxReplyLines;
        copy.maxListingLines = maxListingLines;
        copy.compression = compression;
        copy.inflationLimit = inflationLimit;
        copy.serverZone = serverZone;
        copy.listener = listener;
        copy.proxy = proxy;
        copy.dataModes = dataModes;
        return copy;
    }

    /** The host as it was given, without brackets. */
    public String host() {
        return host;
    }

    public int port() {
        return port != 0 ? port : tls.mode() == TlsMode.IMPLICIT ? 990 : 21;
    }

    public FtpClientTls tls() {
        return tls;
    }

    public NameCharset charset() {
        return charset;
    }

    public DataMode mode() {
        return mode;
    }

    public RepresentationType type() {
        return type;
    }

    public PortRange activePorts() {
        return activePorts;
    }

    public @Nullable InetAddress activeAddress() {
        return activeAddress;
    }

    public boolean trustPassiveAddress() {
        return trustPassiveAddress;
    }

    public Duration dnsTimeout() {
        return dnsTimeout;
    }

    public Duration connectTimeout() {
        return connectTimeout;
    }

    public Duration greetingTimeout() {
        return greetingTimeout;
    }

    public Duration replyTimeout() {
        return replyTimeout;
    }

    public Duration dataConnectTimeout() {
        return dataConnectTimeout;
    }

    public Duration dataStallTimeout() {
        return dataStallTimeout;
    }

    public Duration completionTimeout() {
        return completionTimeout;
    }

    public Duration abortTimeout() {
        return abortTimeout;
    }

    public Duration keepAliveInterval() {
        return keepAliveInterval;
    }

    public int maxLine() {
        return maxLine;
    }

    public int maxReplyLines() {
        return maxReplyLines;
    }

    public int maxListingLines() {
        return maxListingLines;
    }

    public boolean compression() {
        return compression;
    }

    /** See {@link Builder#maxInflation}. */
    public int maxInflation() {
        return inflationLimit.ratio();
    }

    /** The bytes of a transfer for which {@link #maxInflation} does not count. */
    public long inflationGrace() {
        return inflationLimit.grace();
    }

    public ZoneId serverZone() {
        return serverZone;
    }

    public FtpClientListener listener() {
        return listener;
    }

    public @Nullable FtpProxy proxy() {
        return proxy;
    }

    public DataModeMemory dataModes() {
        return dataModes;
    }

    /** Options that can be changed; not for use by several threads. */
    public static final class Builder {
        private final String host;
        private int port = 0;
        private FtpClientTls tls = FtpClientTls.OFF;
        private NameCharset charset = NameCharset.UTF_8;
        private DataMode mode = DataMode.AUTO;
        private RepresentationType type = RepresentationType.IMAGE;
        private PortRange activePorts = PortRange.ANY;
        private @Nullable InetAddress activeAddress = null;
        private boolean trustPassiveAddress = false;
        private Duration dnsTimeout = Duration.ofSeconds(15);
        private Duration connectTimeout = Duration.ofSeconds(15);
        private Duration greetingTimeout = Duration.ofSeconds(30);
        private Duration replyTimeout = Duration.ofSeconds(30);
        private Duration dataConnectTimeout = Duration.ofSeconds(5);
        private Duration dataStallTimeout = Duration.ofSeconds(60);
        private Duration completionTimeout = Duration.ofSeconds(60);
        private Duration abortTimeout = Duration.ofSeconds(10);
        private Duration keepAliveInterval = Duration.ZERO;
        private int maxLine = ControlConnection.DEFAULT_MAX_LINE;
        private int maxReplyLines = 10_000;
        private int maxListingLines = ListingParser.DEFAULT_MAX_LINES;
        private boolean compression = false;
        private InflationLimit inflationLimit = InflationLimit.USUAL;
        private ZoneId serverZone = ZoneOffset.UTC;
        private FtpClientListener listener = new FtpClientListener() {};
        private @Nullable FtpProxy proxy = null;
        private DataModeMemory dataModes = DataModeMemory.ofProcess();

        private Builder(String host) {
            boolean brackets = host.startsWith("[") && host.endsWith("]");
            this.host = brackets ? host.substring(1, host.length() - 1) : host;
            if (this.host.isBlank()) {
                throw new IllegalArgumentException("the host is empty");
            }
        }

        /** The server's port, 1 to 65535; by default 21, and 990 for {@link TlsMode#IMPLICIT}. */
        public Builder port(int port) {
            this.port = new PortRange(port, port).first();
            if (port == 0) {
                throw new IllegalArgumentException("not a port (1-65535): 0");
            }
            return this;
        }

        /** When TLS begins and whom to trust; {@link FtpClientTls#OFF} by default. */
        public Builder tls(FtpClientTls tls) {
            this.tls = Objects.requireNonNull(tls, "tls");
            return this;
        }

        /** How names are encoded: UTF-8 by default (RFC 2640). */
        public Builder charset(NameCharset charset) {
            this.charset = Objects.requireNonNull(charset, "charset");
            return this;
        }

        /** Which side opens data connections; {@link DataMode#AUTO} by default. */
        public Builder mode(DataMode mode) {
            this.mode = Objects.requireNonNull(mode, "mode");
            return this;
        }

        /**
         * How file data is represented, {@link RepresentationType#IMAGE} by default; {@link FtpClient#type}
         * changes it.
         */
        public Builder type(RepresentationType type) {
            this.type = FtpClient.supported(type);
            return this;
        }

        /** Where the client listens in active mode; any port by default. */
        public Builder activePorts(PortRange activePorts) {
            this.activePorts = Objects.requireNonNull(activePorts, "activePorts");
            return this;
        }

        /**
         * The address that EPRT and PORT name: the external one when the client is behind NAT. Null, the default:
         * the address of the control connection.
         */
        public Builder activeAddress(@Nullable InetAddress activeAddress) {
            this.activeAddress = activeAddress;
            return this;
        }

        /**
         * Whether to connect to the address that a 227 names. False by default: the client connects to the server
         * it talks to, which heals servers behind NAT, and no server can make it connect elsewhere.
         */
        public Builder trustPassiveAddress(boolean trustPassiveAddress) {
            this.trustPassiveAddress = trustPassiveAddress;
            return this;
        }

        /** For looking up the host name; 15 s by default. */
        public Builder dnsTimeout(Duration dnsTimeout) {
            this.dnsTimeout = positive("dnsTimeout", dnsTimeout);
            return this;
        }

        /** For the control connection, to each address of the host; 15 s by default. */
        public Builder connectTimeout(Duration connectTimeout) {
            this.connectTimeout = positive("connectTimeout", connectTimeout);
            return this;
        }

        /** For the greeting; 30 s by default. A 120 (ready in some minutes) begins it again, once. */
        public Builder greetingTimeout(Duration greetingTimeout) {
            this.greetingTimeout = positive("greetingTimeout", greetingTimeout);
            return this;
        }

        /**
         * For the reply to a command, and for the beginning of a transfer; 30 s by default. When it is exceeded
         * the control connection is given up: a reply that comes late must not be taken for the next one.
         */
        public Builder replyTimeout(Duration replyTimeout) {
            this.replyTimeout = positive("replyTimeout", replyTimeout);
            return this;
        }

        /**
         * For each attempt to make a data connection, either way; 5 s by default, so that {@link DataMode#AUTO}
         * moves on soon.
         */
        public Builder dataConnectTimeout(Duration dataConnectTimeout) {
            this.dataConnectTimeout = positive("dataConnectTimeout", dataConnectTimeout);
            return this;
        }

        /** How long a data connection may move no byte; 60 s by default. */
        public Builder dataStallTimeout(Duration dataStallTimeout) {
            this.dataStallTimeout = positive("dataStallTimeout", dataStallTimeout);
            return this;
        }

        /** For the final reply behind the last byte; 60 s by default. */
        public Builder completionTimeout(Duration completionTimeout) {
            this.completionTimeout = positive("completionTimeout", completionTimeout);
            return this;
        }

        /** For the replies to ABOR; 10 s by default. When it is exceeded the control connection is given up. */
        public Builder abortTimeout(Duration abortTimeout) {
            this.abortTimeout = positive("abortTimeout", abortTimeout);
            return this;
        }

        /**
         * How often NOOP is sent while a transfer runs. Zero, the default: never; TCP keep-alive holds the control
         * connection open, and some servers do not expect commands in mid-transfer.
         */
        public Builder keepAliveInterval(Duration keepAliveInterval) {
            this.keepAliveInterval = notNegative("keepAliveInterval", keepAliveInterval);
            return this;
        }

        /** Bytes that a line of a reply or of a listing may have; 16 KiB by default. */
        public Builder maxLine(int maxLine) {
            this.maxLine = positive("maxLine", maxLine);
            return this;
        }

        /** Lines that a reply may have; 10,000 by default. */
        public Builder maxReplyLines(int maxReplyLines) {
            this.maxReplyLines = positive("maxReplyLines", maxReplyLines);
            return this;
        }

        /** Lines that a listing may have; 1,000,000 by default. */
        public Builder maxListingLines(int maxListingLines) {
            this.maxListingLines = positive("maxListingLines", maxListingLines);
            return this;
        }

        /**
         * Whether files and listings are compressed on their way, by MODE Z (draft-preston-ftpext-deflate); false by default.
         * Where the server does not offer it they go without, and {@link FtpClientListener#notCompressed} is told.
         */
        public Builder compression(boolean compression) {
            this.compression = compression;
            return this;
        }

        /**
         * Bytes that one byte of a compressed download may become, in the mean; 250 by default, counted behind the first 64
         * MiB. More end the transfer by an {@link java.io.IOException}: deflate makes up to 1032 of one, by which a small
         * answer could fill a disk.
         *
         * @param grace bytes up to which it does not count
         */
        public Builder maxInflation(int ratio, long grace) {
            this.inflationLimit = new InflationLimit(ratio, grace);
            return this;
        }

        /** The time zone of LIST, which does not tell it; UTC by default. MLSD and MDTM are always in UTC. */
        public Builder serverZone(ZoneId serverZone) {
            this.serverZone = Objects.requireNonNull(serverZone, "serverZone");
            return this;
        }

        /** Is told what happens; nobody by default. */
        public Builder listener(FtpClientListener listener) {
            this.listener = Objects.requireNonNull(listener, "listener");
            return this;
        }

        /** Through which proxy every connection goes; null, the default: none. */
        public Builder proxy(@Nullable FtpProxy proxy) {
            this.proxy = proxy;
            return this;
        }

        /** Where it is kept which mode worked; by default {@link DataModeMemory#ofProcess}. */
        public Builder dataModes(DataModeMemory dataModes) {
            this.dataModes = Objects.requireNonNull(dataModes, "dataModes");
            return this;
        }

        public FtpClientOptions build() {
            return new FtpClientOptions(this);
        }

        private static Duration positive(String name, Duration value) {
            if (!value.isPositive()) {
                throw new IllegalArgumentException(name + " must be positive: " + value);
            }
            return value;
        }

        private static Duration notNegative(String name, Duration value) {
            if (value.isNegative()) {
                throw new IllegalArgumentException(name + " must not be negative: " + value);
            }
            return value;
        }

        private static int positive(String name, int value) {
            if (value <= 0) {
                throw new IllegalArgumentException(name + " must be positive: " + value);
            }
            return value;
        }
    }
}
