package dev.portside.server;

/**
 * Whether a data connection must resume the TLS session of its own control connection. That proves that both come from the
 * same client: nobody else can take a data connection, whatever address it comes from.
 */
public enum DataSessionReuse {
    /** It must; another data connection is closed, and the right one is waited for. */
    REQUIRED,
    /** It may; a client that makes a new session is served too, one that resumes somebody else's is not. */
    PREFERRED,
    /** Nothing is proven by it: for clients that mix up the sessions of connections they have at the same time. */
    OFF
}
