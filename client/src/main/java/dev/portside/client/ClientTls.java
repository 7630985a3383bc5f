package dev.portside.client;

import dev.portside.transport.TlsIdentity;
import java.io.IOException;
import java.net.IDN;
import java.net.InetAddress;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * TLS of one session with a server: the engines of its control connection and of its data connections.
 *
 * <p>A data connection can go on with the TLS session of the control connection, because both have the same context, and because
 * JSSE looks for sessions under the host and port that an engine was made with: always those of the control connection.
 */
final class ClientTls {
    private static final String TICKETS = "jdk.tls.client.enableSessionTicketExtension";
    private static final ReentrantLock TICKETS_LOCK = new ReentrantLock();

    /** A value of the control connection's TLS session; a session that goes on with it has it too. */
    private static final String CONTROL = "dev.portside.control";

    private static final Pattern ALERT = Pattern.compile("(?:fatal alert: |^\\()([a-z_]+)");
    private static final String NO_TLS = "nrecognized SSL message";

    private final FtpClientTls options;
    private final String host;
    private final int port;
    private final SSLContext context;
    private final ServerTrust trust;

    /**
     * Reads the files of the options.
     *
     * @param host as the user named it
     * @param port of the control connection
     * @throws FileSystemException if a file of the options cannot be used; with the reason in words
     */
    ClientTls(FtpClientTls options, String host, int port) throws IOException {
        this.options = options;
        this.host = peerName(host);
        this.port = port;
        try {
            this.trust = new ServerTrust(options, host, authorities(options));
            this.context = context(options.protocols().contains("TLSv1.3"));
            context.init(identity(options), new TrustManager[] {trust}, null);
        } catch (GeneralSecurityException unusable) {
            throw new IOException("TLS: this Java runtime cannot do it", unusable);
        }
    }

    /** What a certificate has to name: no brackets, no zone, no dot at the end, no characters beyond ASCII. */
    private static String peerName(String host) {
        String name = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        int zone = name.indexOf('%');
        if (zone >= 0 && name.indexOf(':') >= 0) {
            return name.substring(0, zone);
        }
        if (name.length() > 1 && name.endsWith(".")) {
            name = name.substring(0, name.length() - 1);
        }
        try {
            return name.chars().allMatch(c -> c < 128) ? name : IDN.toASCII(name);
        } catch (IllegalArgumentException notAName) {
            return name;
        }
    }

    /**
     * Without TLS 1.3, sessions are to be resumed by their ID: the tickets of vsftpd have a lifetime that JSSE takes for none,
     * and a session of which there is a ticket is not looked up by its ID. JSSE reads the property when a context is made, and
     * offers no other way.
     */
    private static SSLContext context(boolean tickets) throws GeneralSecurityException {
        TICKETS_LOCK.lock();
        try {
            if (tickets) {
                return SSLContext.getInstance("TLS");
            }
            String before = System.getProperty(TICKETS);
            System.setProperty(TICKETS, "false");
            try {
                return SSLContext.getInstance("TLS");
            } finally {
                if (before == null) {
                    System.clearProperty(TICKETS);
                } else {
                    System.setProperty(TICKETS, before);
                }
            }
        } finally {
            TICKETS_LOCK.unlock();
        }
    }

    private static X509ExtendedTrustManager authorities(FtpClientTls options)
            throws IOException, GeneralSecurityException {
        Path pem = options.authorities();
        // Those of the Java runtime are many, and take a while to read.
        boolean asked = options.pins().isEmpty() && options.verify();
        KeyStore authorities = null;
        if (pem != null || !asked) {
            authorities = KeyStore.getInstance("PKCS12");
            authorities.load(null, null);
            for (X509Certificate authority : pem == null ? List.<X509Certificate>of() : certificates(pem)) {
                authorities.setCertificateEntry(Integer.toString(authorities.size()), authority);
            }
        }
        TrustManagerFactory pkix = TrustManagerFactory.getInstance("PKIX");
        // Null: those of the Java runtime.
        pkix.init(authorities);
        for (TrustManager manager : pkix.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager extended) {
                return extended;
            }
        }
        throw new GeneralSecurityException("no trust manager for X.509");
    }

    private static List<X509Certificate> certificates(Path pem) throws IOException {
        try {
            return TlsIdentity.certificates(pem);
        } catch (IOException unusable) {
            throw unusable(pem, pem, unusable);
        }
    }

    private static KeyManager[] identity(FtpClientTls options) throws IOException {
        Path certificate = options.clientCertificate();
        if (certificate == null) {
            return new KeyManager[0];
        }
        Path key = options.clientKey();
        try {
            return new KeyManager[] {new ClientIdentity(TlsIdentity.read(certificate, key, options.clientKeyPassword()))
            };
        } catch (IOException unusable) {
            throw unusable(certificate, key == null ? certificate : key, unusable);
        }
    }

    /** A failure of a local file, told apart from those of the network; the message is about one of the two files. */
    private static FileSystemException unusable(Path one, Path other, IOException why) {
        String message = String.valueOf(why.getMessage());
        String file = message.startsWith(other + ": ") ? other.toString() : one.toString();
        String reason = message.startsWith(file + ": ") ? message.substring(file.length() + 2) : message;
        FileSystemException unusable = new FileSystemException(file, null, reason);
        unusable.initCause(why);
        return unusable;
    }

    /** For the control connection. */
    SSLEngine control() {
        SSLEngine engine = engine("ftp");
        trust.control(engine);
        return engine;
    }

    /** For a data connection, when the control connection is secured. */
    SSLEngine data() {
        // "ftp" too: vsftpd 3.0.5 refuses whoever offers ALPN without it.
        return engine("ftp-data", "ftp");
    }

    private SSLEngine engine(String... applicationProtocols) {
        SSLEngine engine = context.createSSLEngine(host, port);
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(options.protocols().toArray(String[]::new));
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        parameters.setServerNames(serverNames());
        parameters.setApplicationProtocols(applicationProtocols);
        engine.setSSLParameters(parameters);
        return engine;
    }

    /** For SNI, which has no numeric addresses (RFC 6066 section 3). */
    private List<SNIServerName> serverNames() {
        try {
            InetAddress.ofLiteral(host);
            return List.of();
        } catch (IllegalArgumentException name) {
            try {
                return List.of(new SNIHostName(host));
            } catch (IllegalArgumentException notForSni) {
                return List.of();
            }
        }
    }

    /** Marks the TLS session of the control connection, whose handshake is over. */
    TlsStatus controlSecured(SSLSession session) {
        session.putValue(CONTROL, true);
        return status(session, false, false);
    }

    /** What became of the handshake of a data connection: above all, whether it resumed the control connection's session. */
    TlsStatus dataSecured(SSLSession session) {
        return status(session, true, session.getValue(CONTROL) != null);
    }

    private static TlsStatus status(SSLSession session, boolean dataConnection, boolean resumed) {
        X509Certificate certificate = null;
        try {
            if (session.getPeerCertificates()[0] instanceof X509Certificate x509) {
                certificate = x509;
            }
        } catch (SSLPeerUnverifiedException none) {
            // It stays unknown.
        }
        return new TlsStatus(dataConnection, session.getProtocol(), session.getCipherSuite(), resumed, certificate);
    }

    /**
     * What a handshake failed of, in words: the refused certificate, if it was that, which JSSE buries in exceptions of its own;
     * otherwise what is known of it. What is no failure of TLS stays what it is.
     */
    IOException failure(IOException handshake) {
        for (Throwable cause : ServerTrust.causes(handshake)) {
            if (cause instanceof FtpCertificateException refused) {
                return refused;
            }
        }
        for (Throwable cause : ServerTrust.causes(handshake)) {
            if (cause instanceof SSLException tls) {
                return new SSLException(host + ": the TLS handshake failed, " + reason(tls), handshake);
            }
        }
        return handshake;
    }

    /** JSSE tells alerts (RFC 8446 section 6) by their names, in its text only. */
    private static String reason(SSLException failed) {
        String message = String.valueOf(failed.getMessage());
        Matcher alert = ALERT.matcher(message);
        String name = alert.find() ? alert.group(1) : "";
        return switch (name) {
            case "protocol_version" -> "the server speaks no version of TLS that is allowed here";
            case "handshake_failure", "insufficient_security" ->
                "the server shares no cipher suite with this client, or wants a client certificate";
            case "certificate_required" -> "the server wants a client certificate";
            case "bad_certificate", "unknown_ca", "certificate_unknown", "certificate_expired", "access_denied" ->
                "the server refuses the client certificate (" + name.replace('_', ' ') + ")";
            case "" -> message.contains(NO_TLS) ? "what the server speaks there is not TLS" : message;
            default -> name.replace('_', ' ');
        };
    }
}
