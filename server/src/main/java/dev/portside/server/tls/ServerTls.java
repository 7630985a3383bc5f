package dev.portside.server.tls;

import dev.portside.server.ClientCertificates;
import dev.portside.server.FtpServerTls;
import dev.portside.transport.Fingerprints;
import dev.portside.transport.TlsIdentity;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * The TLS of a running server.
 *
 * <ol>
 *   <li>{@link #open} reads the certificates and watches their files.
 *   <li>{@link #control}, {@link #data} and {@link #dataToServer} make an engine for each connection. Its handshake, tasks included, runs on one thread
 *       with {@link #WANTED} bound to what the session knows.
 *   <li>{@link #identity} tells which certificate a handshake showed. That no client renegotiates is seen to by the
 *       connections themselves.
 *   <li>{@link #close}.
 * </ol>
 *
 * All sessions share one {@link SSLContext}: a TLS session can be resumed only in the one that made it.
 */
public final class ServerTls implements AutoCloseable {
    /** The most that TLS 1.3 allows (RFC 8446 section 4.6.1): data connections resume for as long as a client stays. */
    private static final int LONGEST_SESSION_SECONDS = 7 * 24 * 60 * 60;

    /** Bound around every handshake; without it a control connection gets the certificate of the name in the handshake. */
    public static final ScopedValue<Wanted> WANTED = ScopedValue.newInstance();

    /** Registered with IANA for FTP: RFC 7301 and the registry's entries for control and data connections. */
    private static final List<String> CONTROL_PROTOCOLS = List.of("ftp");

    /** Clients that use one set of options for both connections name the first on both. */
    private static final List<String> DATA_PROTOCOLS = List.of("ftp-data", "ftp");

    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    /** Authenticated encryption with forward secrecy, nothing else. */
    private static final String[] CIPHER_SUITES = {
        "TLS_AES_256_GCM_SHA384",
        "TLS_AES_128_GCM_SHA256",
        "TLS_CHACHA20_POLY1305_SHA256",
        "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
        "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
        "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
        "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
    };

    private final FtpServerTls options;
    private final Certificates certificates;
    private final SSLContext sessions;

    private ServerTls(FtpServerTls options, Certificates certificates, SSLContext sessions) {
        this.options = options;
        this.certificates = certificates;
        this.sessions = sessions;
    }

    /**
     * Reads every file.
     *
     * @param sources at least one; the first is for clients that ask for none by name
     * @throws IOException if one of them cannot be used; the message says which, why and what to do
     */
    public static ServerTls open(FtpServerTls options, List<CertificateSource> sources, Clock clock)
            throws IOException {
        TrustManager[] trust = trust(options.clientAuthorities());
        Certificates certificates = Certificates.open(sources, options.reloadInterval(), clock);
        try {
            SSLContext sessions = SSLContext.getInstance("TLS");
            sessions.init(new KeyManager[] {new CertificateChoice(certificates)}, trust, null);
            sessions.getServerSessionContext().setSessionTimeout(LONGEST_SESSION_SECONDS);
            return new ServerTls(options, certificates, sessions);
        } catch (GeneralSecurityException impossible) {
            certificates.close();
            throw new IOException("TLS: not offered by this Java", impossible);
        }
    }

    /** Whose certificates are taken, of clients and of other servers; nobody's where none are asked for. */
    private static TrustManager[] trust(@Nullable Path authorities) throws IOException {
        if (authorities == null) {
            return new TrustManager[0];
        }
        try {
            KeyStore anchors = KeyStore.getInstance("PKCS12");
            anchors.load(null, null);
            int count = 0;
            for (X509Certificate authority : TlsIdentity.certificates(authorities)) {
                anchors.setCertificateEntry("authority-" + count++, authority);
            }
            TrustManagerFactory chains = TrustManagerFactory.getInstance("PKIX");
            chains.init(anchors);
            return chains.getTrustManagers();
        } catch (GeneralSecurityException impossible) {
            throw new IOException(authorities + ": cannot be used as authorities of clients", impossible);
        }
    }

    public FtpServerTls options() {
        return options;
    }

    /** The certificates there are now, the first one first. */
    public List<TlsIdentity> identities() {
        return certificates.now().stream().map(NamedIdentity::identity).toList();
    }

    /**
     * An engine for a control connection.
     *
     * @param token what nobody can guess; {@link SSLSession#getPeerHost} of this connection's session, and of every data
     *     connection that resumes it
     */
    public SSLEngine control(String token) {
        return engine(token, CONTROL_PROTOCOLS);
    }

    /**
     * An engine for a data connection on which the client is the one that begins the handshake.
     *
     * @param token as of {@link #control}, another one for every control connection: a session that a data connection began
     *     must not look like that of a control connection which resumes it
     */
    public SSLEngine data(String token) {
        return engine(token, DATA_PROTOCOLS);
    }

    /**
     * An engine for a data connection on which this end begins the handshake (SSCN ON, CPSV): the other end is a server, too,
     * and has a certificate of the authorities. Of which name is not asked: neither command tells the other server's.
     *
     * @throws IllegalStateException if the option does not allow such transfers
     */
    public SSLEngine dataToServer() {
        if (!options.serverToServer()) {
            throw new IllegalStateException("transfers between servers are off");
        }
        SSLEngine engine = sessions.createSSLEngine();
        engine.setUseClientMode(true);
        engine.setSSLParameters(agreeable(engine.getSSLParameters()));
        return engine;
    }

    private static SSLParameters agreeable(SSLParameters parameters) {
        parameters.setProtocols(PROTOCOLS);
        parameters.setCipherSuites(CIPHER_SUITES);
        return parameters;
    }

    private SSLEngine engine(String peer, List<String> protocols) {
        SSLEngine engine = sessions.createSSLEngine(peer, 0);
        engine.setUseClientMode(false);
        SSLParameters parameters = agreeable(engine.getSSLParameters());
        // All of them are good: a telephone without AES in hardware knows best.
        parameters.setUseCipherSuitesOrder(false);
        switch (options.clientCertificates()) {
            case ClientCertificates.OFF -> {}
            case ClientCertificates.WANTED -> parameters.setWantClientAuth(true);
            case ClientCertificates.REQUIRED -> parameters.setNeedClientAuth(true);
        }
        engine.setSSLParameters(parameters);
        engine.setHandshakeApplicationProtocolSelector((asked, offered) -> protocol(protocols, offered));
        return engine;
    }

    /** Null ends the handshake with no_application_protocol: who speaks HTTP only must not be answered by FTP. */
    private static @Nullable String protocol(List<String> protocols, List<String> offered) {
        return protocols.stream().filter(offered::contains).findFirst().orElse(null);
    }

    /**
     * The identity that this end showed when it made the session: what its data connections show too. Null if the certificate
     * has been out of use for longer than one change of its file.
     */
    public @Nullable TlsIdentity identity(SSLSession session) {
        Certificate[] local = session.getLocalCertificates();
        return local == null || local.length == 0 || !(local[0] instanceof X509Certificate leaf)
                ? null
                : certificates.withAlias(Fingerprints.sha256(leaf));
    }

    /** Stops watching the files; connections go on. */
    @Override
    public void close() {
        certificates.close();
    }
}
