package dev.portside.server;

import dev.portside.protocol.NameCharset;
import dev.portside.transport.InflationLimit;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an {@link FtpServer} is to do. Immutable; checked once, in {@link Builder#build}. Every limit has a default, and a
 * session that reaches it gets a reply that says so.
 */
public final class FtpServerOptions {
    private final Builder set;
    private final List<ListenAddress> listenOn;
    private final List<FtpServerListener> listeners;
    private final Authenticator authenticator;

    private FtpServerOptions(Builder set, Authenticator authenticator, List<ListenAddress> listenOn) {
        this.set = set;
        this.listenOn = listenOn;
        this.listeners = List.copyOf(set.listeners);
        this.authenticator = authenticator;
    }

    public static Builder builder() {
        return new Builder();
    }

    public List<ListenAddress> listenOn() {
        return listenOn;
    }

    /** Null for a server without TLS. */
    public @Nullable FtpServerTls tls() {
        return set.tls;
    }

    public Authenticator authenticator() {
        return authenticator;
    }

    public FtpServerNetwork network() {
        return set.network;
    }

    public Duration idleTimeout() {
        return set.idleTimeout;
    }

    public Duration maxIdleTimeout() {
        return set.maxIdleTimeout.compareTo(set.idleTimeout) < 0 ? set.idleTimeout : set.maxIdleTimeout;
    }

    public Duration loginTimeout() {
        return set.loginTimeout;
    }

    public Duration dataConnectWait() {
        return set.dataConnectWait;
    }

    public Duration dataStall() {
        return set.dataStall;
    }

    public Duration replyStall() {
        return set.replyStall;
    }

    public Duration closeGrace() {
        return set.closeGrace;
    }

    public int maxSessions() {
        return set.maxSessions;
    }

    public int maxSessionsPerAddress() {
        return set.maxSessionsPerAddress;
    }

    public int maxSessionsPerUser() {
        return set.maxSessionsPerUser;
    }

    public int maxSessionsNotLoggedIn() {
        return set.maxSessionsNotLoggedIn;
    }

    public int maxLoginAttempts() {
        return set.maxLoginAttempts;
    }

    public int maxFailedLoginsPerAddress() {
        return set.maxFailedLoginsPerAddress;
    }

    public Duration failedLoginMemory() {
        return set.failedLoginMemory;
    }

    public Duration loginDelay() {
        return set.loginDelay;
    }

    public int maxLine() {
        return set.maxLine;
    }

    public int maxPathLength() {
        return set.maxPathLength;
    }

    public int maxListingEntries() {
        return set.maxListingEntries;
    }

    public int maxStatusEntries() {
        return set.maxStatusEntries;
    }

    public long maxPatternSteps() {
        return set.maxPatternSteps;
    }

    public int eventQueue() {
        return set.eventQueue;
    }

    public NameCharset nameCharset() {
        return set.nameCharset;
    }

    public boolean atomicUploads() {
        return set.atomicUploads;
    }

    public boolean compression() {
        return set.compression;
    }

    /** See {@link Builder#maxInflation}. */
    public int maxInflation() {
        return set.inflationLimit.ratio();
    }

    /** The bytes of a transfer for which {@link #maxInflation} does not count. */
    public long inflationGrace() {
        return set.inflationLimit.grace();
    }

    public String greeting() {
        return set.greeting;
    }

    public List<FtpServerListener> listeners() {
        return listeners;
    }

    /** Collects options; {@link #listenOn} and {@link #authenticator} are needed, everything else has a default. */
    public static final class Builder implements Cloneable {
        private final List<AskedAddress> listenOn = new ArrayList<>();
        private final List<FtpServerListener> listeners = new ArrayList<>();
        private @Nullable FtpServerTls tls;
        private @Nullable Authenticator authenticator;
        private FtpServerNetwork network = FtpServerNetwork.builder().build();
        private Duration idleTimeout = Duration.ofMinutes(5);
        private Duration maxIdleTimeout = Duration.ofHours(1);
        private Duration loginTimeout = Duration.ofMinutes(1);
        private Duration dataConnectWait = Duration.ofSeconds(20);
        private Duration dataStall = Duration.ofMinutes(2);
        private Duration replyStall = Duration.ofSeconds(30);
        private Duration closeGrace = Duration.ofSeconds(10);
        private Duration loginDelay = Duration.ofSeconds(2);
        private Duration failedLoginMemory = Duration.ofMinutes(10);
        private int maxSessions = 1000;
        private int maxSessionsPerAddress = 100;
        private int maxSessionsPerUser = 100;
        private int maxSessionsNotLoggedIn = 200;
        private int maxLoginAttempts = 3;
        private int maxFailedLoginsPerAddress = 30;
        private int maxLine = 16 << 10;
        private int maxPathLength = 4096;
        private int maxListingEntries = 1_000_000;
        private int maxStatusEntries = 2_000;
        private long maxPatternSteps = 100_000_000;
        private int eventQueue = 10_000;
        private NameCharset nameCharset = NameCharset.UTF_8;
        private boolean atomicUploads = true;
        private boolean compression = true;
        private InflationLimit inflationLimit = InflationLimit.USUAL;
        private String greeting = "Portside FTP server ready";

        private Builder() {}

        /** Listens on this address too; port 0 picks a free one. Where {@link #tls} is set, TLS is offered. */
        public Builder listenOn(InetSocketAddress address) {
            listenOn.add(new AskedAddress(address, null, false));
            return this;
        }

        /** Listens on this address too, and asks for TLS as the policy says. */
        public Builder listenOn(InetSocketAddress address, TlsPolicy policy) {
            listenOn.add(new AskedAddress(address, policy, false));
            return this;
        }

        /** Listens on this address too, with TLS from the first byte on: implicit FTPS, on port 990 by custom. */
        public Builder listenOnImplicit(InetSocketAddress address, TlsPolicy policy) {
            listenOn.add(new AskedAddress(address, policy, true));
            return this;
        }

        /** Certificates and everything else about TLS; default null, a server without. */
        public Builder tls(@Nullable FtpServerTls options) {
            tls = options;
            return this;
        }

        /** Who may log in. */
        public Builder authenticator(Authenticator decides) {
            authenticator = decides;
            return this;
        }

        /** How data connections are made: ports, addresses, who may connect; default any free port, and for the client only. */
        public Builder network(FtpServerNetwork options) {
            network = options;
            return this;
        }

        /** How long a session may say nothing while nothing is transferred; default 5 minutes, then 421. */
        public Builder idleTimeout(Duration timeout) {
            idleTimeout = Bounds.positive(timeout, "idle timeout");
            return this;
        }

        /** The longest that SITE IDLE may ask for; default 1 hour, never less than the idle timeout. */
        public Builder maxIdleTimeout(Duration timeout) {
            maxIdleTimeout = Bounds.positive(timeout, "longest idle timeout");
            return this;
        }

        /** From connecting to being logged in; default 1 minute, then 421. */
        public Builder loginTimeout(Duration timeout) {
            loginTimeout = Bounds.positive(timeout, "login timeout");
            return this;
        }

        /** How long a transfer waits for its data connection; default 20 s, then 425. */
        public Builder dataConnectWait(Duration wait) {
            dataConnectWait = Bounds.positive(wait, "wait for a data connection");
            return this;
        }

        /** How long a data connection may move nothing; default 2 minutes, then 426. */
        public Builder dataStall(Duration stall) {
            dataStall = Bounds.positive(stall, "data stall");
            return this;
        }

        /** How long a client may refuse to read a reply; default 30 s, then the session is closed. */
        public Builder replyStall(Duration stall) {
            replyStall = Bounds.positive(stall, "reply stall");
            return this;
        }

        /** What {@link FtpServer#close} gives to running transfers; default 10 s, zero for nothing. */
        public Builder closeGrace(Duration grace) {
            if (grace.isNegative()) {
                throw new IllegalArgumentException("the close grace is negative: " + grace);
            }
            closeGrace = grace;
            return this;
        }

        /** Sessions in all; default 1000, then 421. */
        public Builder maxSessions(int sessions) {
            maxSessions = Bounds.between(1, sessions, 1_000_000, "sessions");
            return this;
        }

        /** Sessions of one client address; default 100, then 421. */
        public Builder maxSessionsPerAddress(int sessions) {
            maxSessionsPerAddress = Bounds.between(1, sessions, 1_000_000, "sessions per address");
            return this;
        }

        /** Sessions of one account; default 100, then 421. */
        public Builder maxSessionsPerUser(int sessions) {
            maxSessionsPerUser = Bounds.between(1, sessions, 1_000_000, "sessions per user");
            return this;
        }

        /** Sessions that have not logged in yet; default 200, then 421. */
        public Builder maxSessionsNotLoggedIn(int sessions) {
            maxSessionsNotLoggedIn = Bounds.between(1, sessions, 1_000_000, "sessions not logged in");
            return this;
        }

        /** Failed logins of one session; default 3, then 421. */
        public Builder maxLoginAttempts(int attempts) {
            maxLoginAttempts = Bounds.between(1, attempts, 1000, "login attempts");
            return this;
        }

        /** Failed logins of one client address within {@code memory}; default 30 in 10 minutes, then 421. */
        public Builder maxFailedLoginsPerAddress(int failures, Duration memory) {
            maxFailedLoginsPerAddress = Bounds.between(1, failures, 1_000_000, "failed logins per address");
            failedLoginMemory = Bounds.positive(memory, "memory of failed logins");
            return this;
        }

        /** How long a failed login is answered later, times the failures so far; default 2 s, zero for not at all. */
        public Builder loginDelay(Duration delay) {
            if (delay.isNegative()) {
                throw new IllegalArgumentException("the login delay is negative: " + delay);
            }
            loginDelay = delay;
            return this;
        }

        /** Bytes of a command line; default 16 KiB, then 500. */
        public Builder maxLine(int bytes) {
            maxLine = Bounds.between(512, bytes, 1 << 20, "bytes of a line");
            return this;
        }

        /** Characters of a pathname, the working directory included; default 4096, then 553. */
        public Builder maxPathLength(int characters) {
            maxPathLength = Bounds.between(1, characters, 1 << 20, "characters of a pathname");
            return this;
        }

        /** Entries of a directory that are listed; default 1,000,000, then 451 and the listing is cut off. */
        public Builder maxListingEntries(int entries) {
            maxListingEntries = Bounds.between(1, entries, Integer.MAX_VALUE, "listing entries");
            return this;
        }

        /** Entries that STAT lists over the control connection; default 2,000, the last line says that there are more. */
        public Builder maxStatusEntries(int entries) {
            maxStatusEntries = Bounds.between(1, entries, 1_000_000, "status entries");
            return this;
        }

        /** Comparisons that the patterns of one listing may take; default 100,000,000, then 451. */
        public Builder maxPatternSteps(long steps) {
            maxPatternSteps = steps;
            return this;
        }

        /** Events that may wait for the listeners; default 10,000, then they are dropped and counted. */
        public Builder eventQueue(int events) {
            eventQueue = Bounds.between(1, events, 10_000_000, "queued events");
            return this;
        }

        /** How names are written on the wire; default UTF-8 (RFC 2640). */
        public Builder nameCharset(NameCharset charset) {
            nameCharset = charset;
            return this;
        }

        /** Whether an upload becomes visible only when it is complete; default yes. */
        public Builder atomicUploads(boolean atomic) {
            atomicUploads = atomic;
            return this;
        }

        /** Whether clients may choose MODE Z, in which data is compressed; default yes. */
        public Builder compression(boolean offered) {
            compression = offered;
            return this;
        }

        /**
         * Bytes that one byte of an upload in MODE Z may become, in the mean; default 250, counted behind the first 64 MiB,
         * then 426 and nothing is stored. Deflate makes up to 1032 of one.
         *
         * @param grace bytes up to which it does not count
         */
        public Builder maxInflation(int ratio, long grace) {
            inflationLimit = new InflationLimit(ratio, grace);
            return this;
        }

        /** The text of the 220 reply. */
        public Builder greeting(String text) {
            greeting = text;
            return this;
        }

        /** Tells these listeners too. */
        public Builder listeners(FtpServerListener... more) {
            listeners.addAll(List.of(more));
            return this;
        }

        /**
         * The options as they are set now.
         *
         * @throws IllegalArgumentException if something is missing or does not fit together
         */
        public FtpServerOptions build() {
            if (listenOn.isEmpty()) {
                throw new IllegalArgumentException("the server has no address to listen on");
            }
            Authenticator decides = authenticator;
            if (decides == null) {
                throw new IllegalArgumentException("the server has no authenticator");
            }
            network.check(tls);
            if (tls != null) {
                tls.checkForeignDataAddresses(network.foreignDataAddresses());
            }
            List<ListenAddress> listened =
                    listenOn.stream().map(each -> each.under(tls)).toList();
            return new FtpServerOptions(copy(), decides, listened);
        }

        private Builder copy() {
            try {
                return (Builder) clone();
            } catch (CloneNotSupportedException impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }
}
