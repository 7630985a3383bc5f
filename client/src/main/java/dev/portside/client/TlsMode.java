package dev.portside.client;

/** When the control connection becomes a TLS connection. */
public enum TlsMode {
    /** Never: everything crosses the network in the clear, the password included. */
    OFF,
    /**
     * With AUTH TLS where the server offers it, otherwise in the clear. Somebody on the way can make it look as if the server
     * did not offer it.
     */
    AUTO,
    /** With AUTH TLS, before the login (RFC 4217 section 4); a server that refuses is left. */
    EXPLICIT,
    /** From the first byte on, on a port of its own: 990. */
    IMPLICIT
}
