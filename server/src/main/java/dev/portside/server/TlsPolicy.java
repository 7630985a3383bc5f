package dev.portside.server;

/**
 * How much TLS is asked of a session (RFC 4217), from nothing to everything: where a listener and an account differ, the
 * stricter of the two holds.
 */
public enum TlsPolicy {
    /** AUTH is not served. */
    OFF,
    /** AUTH TLS is served; who does not ask for it is served in the clear. */
    OFFERED,
    /** USER and PASS need TLS; transfers may be in the clear. */
    LOGIN,
    /** As {@link #LOGIN}, and every transfer needs PROT P. */
    DATA;

    /** The stricter of two. */
    public TlsPolicy or(TlsPolicy other) {
        return compareTo(other) < 0 ? other : this;
    }

    /** Whether it asks for at least as much. */
    public boolean demands(TlsPolicy other) {
        return compareTo(other) >= 0;
    }
}
