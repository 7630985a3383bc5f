package dev.portside.server.tls;

import dev.portside.transport.Fingerprints;
import dev.portside.transport.TlsIdentity;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Which certificate a client gets: that of its control connection; else one for the name in its handshake; else one for the
 * name of its HOST command; else the first. JSSE asks once for each kind of key that the client takes, in the client's order,
 * so a name that has certificates must not be answered with another name's only because the kind of key fits.
 */
final class CertificateChoice extends X509ExtendedKeyManager {
    private final Certificates certificates;

    CertificateChoice(Certificates certificates) {
        this.certificates = certificates;
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        for (NamedIdentity candidate : candidates(engine)) {
            if (candidate.fits(keyType)) {
                return candidate.alias();
            }
        }
        return null;
    }

    private List<NamedIdentity> candidates(@Nullable SSLEngine engine) {
        Wanted wanted = wanted();
        if (wanted.same() != null) {
            return List.of(NamedIdentity.of(wanted.same()));
        }
        List<NamedIdentity> all = certificates.now();
        List<String> names = requestedNames(engine);
        if (wanted.host() != null) {
            names.add(wanted.host());
        }
        for (String name : names) {
            List<NamedIdentity> named =
                    all.stream().filter(identity -> identity.isFor(name)).toList();
            if (!named.isEmpty()) {
                return named;
            }
        }
        NamedIdentity first = all.getFirst();
        return all.stream()
                .filter(identity -> identity.equals(first) || identity.sharesNamesWith(first))
                .toList();
    }

    private static List<String> requestedNames(@Nullable SSLEngine engine) {
        List<String> names = new ArrayList<>();
        if (engine != null && engine.getHandshakeSession() instanceof ExtendedSSLSession session) {
            for (SNIServerName name : session.getRequestedServerNames()) {
                if (name instanceof SNIHostName host) {
                    names.add(host.getAsciiName());
                }
            }
        }
        return names;
    }

    private static Wanted wanted() {
        return ServerTls.WANTED.orElse(Wanted.NOTHING);
    }

    private @Nullable TlsIdentity identity(String alias) {
        TlsIdentity same = wanted().same();
        return same != null && Fingerprints.sha256(same.leaf()).equals(alias) ? same : certificates.withAlias(alias);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        TlsIdentity identity = identity(alias);
        return identity == null ? null : identity.key();
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        TlsIdentity identity = identity(alias);
        return identity == null ? null : identity.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return chooseEngineServerAlias(keyType, issuers, null);
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }
}
