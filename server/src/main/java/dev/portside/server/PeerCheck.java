package dev.portside.server;

/**
 * Whose connection to a passive data port is the client's (RFC 2577 section 4). Everybody else is a stranger, whose connection
 * is closed; then the wait goes on.
 */
public enum PeerCheck {
    /** That from the address of the control connection. */
    EXACT,
    /** That from the network of the control connection's address: /24 of IPv4, /64 of IPv6. For NAT with several addresses. */
    SUBNET,
    /**
     * Under PROT P, that which resumes the TLS session of the control connection, from whatever address and whatever {@link
     * DataSessionReuse} says; in the clear as {@link #EXACT}.
     */
    TLS_SESSION,
    /**
     * The first one. <strong>Dangerous</strong>: whoever guesses the port in time gets the file, or has his own stored
     * (CVE-1999-0351). For networks in which everybody may see everything.
     */
    OFF
}
