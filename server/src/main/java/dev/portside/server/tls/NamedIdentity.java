package dev.portside.server.tls;

import dev.portside.transport.Fingerprints;
import dev.portside.transport.TlsIdentity;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/**
 * An identity and what it is asked for by.
 *
 * @param alias the fingerprint: the one name that no other certificate has
 * @param names the host names of the leaf, in lower case
 */
record NamedIdentity(TlsIdentity identity, String alias, Set<String> names) {
    private static final int DNS_NAME = 2;

    static NamedIdentity of(TlsIdentity identity) {
        return new NamedIdentity(identity, Fingerprints.sha256(identity.leaf()), names(identity.leaf()));
    }

    /** RFC 9525 section 6.3: the whole name, or a wildcard for exactly its first label. */
    boolean isFor(String host) {
        String name = (host.endsWith(".") ? host.substring(0, host.length() - 1) : host).toLowerCase(Locale.ROOT);
        int dot = name.indexOf('.');
        return names.contains(name) || (dot > 0 && names.contains("*" + name.substring(dot)));
    }

    /** A second certificate for the same host, with another kind of key. */
    boolean sharesNamesWith(NamedIdentity other) {
        return !Collections.disjoint(names, other.names);
    }

    boolean fits(String keyType) {
        return identity.key().getAlgorithm().equals(keyType);
    }

    private static Set<String> names(X509Certificate leaf) {
        Set<String> names = new HashSet<>();
        try {
            Collection<List<?>> alternatives = Objects.requireNonNullElse(leaf.getSubjectAlternativeNames(), List.of());
            for (List<?> alternative : alternatives) {
                if (alternative.getFirst() instanceof Integer kind
                        && kind == DNS_NAME
                        && alternative.get(1) instanceof String name) {
                    names.add(name.toLowerCase(Locale.ROOT));
                }
            }
        } catch (CertificateParsingException unreadable) {
            // A certificate without names is still good for being the first.
        }
        return Set.copyOf(names);
    }
}
