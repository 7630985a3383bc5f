package dev.portside.server.tls;

import dev.portside.transport.TlsIdentity;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** The engines of a client that trusts one authority. */
public final class TlsClient {
    private final SSLContext sessions;

    public TlsClient(X509Certificate authority, @Nullable TlsIdentity identity) {
        try {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry("authority", authority);
            TrustManagerFactory chains = TrustManagerFactory.getInstance("PKIX");
            chains.init(trusted);
            KeyStore own = KeyStore.getInstance("PKCS12");
            own.load(null, null);
            if (identity != null) {
                own.setKeyEntry(
                        "me", identity.key(), new char[0], identity.chain().toArray(Certificate[]::new));
            }
            KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
            keys.init(own, new char[0]);
            sessions = SSLContext.getInstance("TLS");
            sessions.init(keys.getKeyManagers(), chains.getTrustManagers(), null);
        } catch (GeneralSecurityException | java.io.IOException impossible) {
            throw new AssertionError(impossible);
        }
    }

    public TlsClient(X509Certificate authority) {
        this(authority, null);
    }

    SSLContext sessions() {
        return sessions;
    }

    public SSLEngine engine(String protocol) {
        SSLEngine engine = sessions.createSSLEngine("192.0.2.1", 21);
        engine.setUseClientMode(true);
        engine.setEnabledProtocols(new String[] {protocol});
        return engine;
    }

    public SSLEngine engine() {
        return engine("TLSv1.3");
    }

    public SSLEngine asking(String name) {
        SSLEngine engine = engine();
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(name)));
        engine.setSSLParameters(parameters);
        return engine;
    }

    /** Believes the certificate only if it is for the host (RFC 9110 section 4.3.4). */
    SSLEngine verifying(String host, String protocol) {
        SSLEngine engine = sessions.createSSLEngine(host, 21);
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(new String[] {protocol});
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        engine.setSSLParameters(parameters);
        return engine;
    }

    public static SSLEngine offering(SSLEngine engine, String... protocols) {
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setApplicationProtocols(protocols);
        engine.setSSLParameters(parameters);
        return engine;
    }

    /** The certificate that the server showed. */
    public static Certificate shown(SSLEngine client) throws SSLPeerUnverifiedException {
        return client.getSession().getPeerCertificates()[0];
    }
}
