package dev.portside.server.tls;

import dev.portside.transport.TlsIdentity;
import org.jspecify.annotations.Nullable;

/**
 * What a session knows, at its handshake, of the certificate that the client expects.
 *
 * @param host what the client named by HOST (RFC 7151), null if it did not; a name in the handshake itself (SNI, RFC 6066
 *     section 3) goes before
 * @param same the identity of the control connection, for its data connections: they show the same one even when the files
 *     have changed since; null for a control connection
 */
public record Wanted(@Nullable String host, @Nullable TlsIdentity same) {
    static final Wanted NOTHING = new Wanted(null, null);
}
