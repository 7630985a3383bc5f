package dev.portside.client;

import java.util.List;

/**
 * Which side opens the data connection, and by which command it is agreed upon.
 *
 * <p>Passive: the server listens and the client connects. Active: the client listens and the server connects.
 */
public enum DataMode {
    /**
     * EPSV, then PASV, then EPRT, then PORT; over IPv6 EPSV, then EPRT. Moves on when the command is refused and when no
     * connection is made in {@link FtpClientOptions#dataConnectTimeout}; over another control connection if it has to. What
     * worked comes first the next time, also in a later session ({@link FtpClientOptions#dataModes}); what failed comes last.
     * When nothing has worked, the next transfers fail at once for a minute, but for what costs no time.
     */
    AUTO,
    /** EPSV, then PASV. */
    PASSIVE,
    /** EPRT, then PORT. */
    ACTIVE,
    /** Extended passive (RFC 2428 section 3). */
    EPSV,
    /** Passive, IPv4 only (RFC 959 section 4.1.2). */
    PASV,
    /** Extended active (RFC 2428 section 2). */
    EPRT,
    /** Active, IPv4 only (RFC 959 section 4.1.2). */
    PORT;

    /** Whether the server connects: true for {@link #ACTIVE}, {@link #EPRT} and {@link #PORT}. */
    public boolean isActive() {
        return this == ACTIVE || this == EPRT || this == PORT;
    }

    /** The commands that this mode tries, in their order. */
    List<DataMode> commands(boolean ipv6) {
        return switch (this) {
            case AUTO -> ipv6 ? List.of(EPSV, EPRT) : List.of(EPSV, PASV, EPRT, PORT);
            case PASSIVE -> ipv6 ? List.of(EPSV) : List.of(EPSV, PASV);
            case ACTIVE -> ipv6 ? List.of(EPRT) : List.of(EPRT, PORT);
            case EPSV, PASV, EPRT, PORT -> List.of(this);
        };
    }
}
