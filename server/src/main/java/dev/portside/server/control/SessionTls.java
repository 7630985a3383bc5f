package dev.portside.server.control;

import dev.portside.protocol.ProtectionLevel;
import dev.portside.server.Account;
import dev.portside.server.DataSessionReuse;
import dev.portside.server.FtpServerTls;
import dev.portside.server.ListenAddress;
import dev.portside.server.TlsPolicy;
import dev.portside.server.TlsStatus;
import dev.portside.server.tls.ServerTls;
import dev.portside.server.tls.Wanted;
import dev.portside.transport.ControlConnection;
import dev.portside.transport.DataConnection;
import dev.portside.transport.DataConnectionException;
import dev.portside.transport.DataProof;
import dev.portside.transport.TlsIdentity;
import java.io.IOException;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HexFormat;
import java.util.function.BiConsumer;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * What secures one session (RFC 4217): what its listener asks for, how far the client has come, and by what a data
 * connection proves that it is this client's.
 *
 * <p>The proof: every control connection begins its TLS session with a marker that nobody can guess, which the server's
 * session carries along, in its cache or in a ticket that only the server can read. A data connection whose session bears
 * the marker has resumed that session, for which it needs its secret.
 */
public final class SessionTls {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int MARKER_BYTES = 16;
    private static final String NEW_SESSION = "a new TLS session";

    /** What happens behind the reply that announces it. */
    private enum Step {
        NONE,
        SECURE,
        CLEAR
    }

    private final ControlConnection control;
    private final ListenAddress listener;
    private final @Nullable FtpServerTls options;
    private final @Nullable ServerTls engines;

    /** Of a session that this control connection began; empty before it did. */
    private String marker = "";
    /** Of a session that a data connection began, so that it proves nothing. */
    private String dataMarker = "";

    /** The marker of the control connection's session, which may go on from an earlier connection of the client. */
    private @Nullable String shownMarker;

    private @Nullable X509Certificate clientCertificate;
    private Step step = Step.NONE;
    private @Nullable String host;
    private @Nullable TlsIdentity identity;
    private boolean bufferSizeSaid;
    private boolean clientToServer;
    private boolean clientToServerOnce;
    private volatile ProtectionLevel level = ProtectionLevel.CLEAR;

    public SessionTls(
            ControlConnection control,
            ListenAddress listener,
            @Nullable FtpServerTls options,
            @Nullable ServerTls engines) {
        this.control = control;
        this.listener = listener;
        this.options = options;
        this.engines = engines;
    }

    private static String newMarker() {
        byte[] bytes = new byte[MARKER_BYTES];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    // What is offered and what is asked for

    /** Whether the server has TLS, here or on another listener. */
    public boolean isConfigured() {
        return engines != null;
    }

    public boolean isOffered() {
        return engines != null && listener.tls() != TlsPolicy.OFF;
    }

    public boolean isImplicit() {
        return listener.implicit();
    }

    /** What is asked for: by the listener before login, then by the account too. */
    public TlsPolicy policy(@Nullable Account account) {
        return account == null ? listener.tls() : listener.tls().or(account.tls());
    }

    /** Whether CCC is served. */
    public boolean mayBeCleared() {
        return isOffered() && options != null && options.clearCommandChannel();
    }

    /** Whether SSCN and CPSV are served. */
    public boolean servesServerToServer() {
        return isOffered() && options != null && options.serverToServer();
    }

    /** Whether an upload that ends without close_notify is complete all the same. */
    public boolean acceptsTruncatedUploads() {
        return options != null && options.truncatedUploads();
    }

    // The control connection

    public boolean isSecured() {
        return control.tlsSession() != null;
    }

    /** Whether AUTH was successful since connecting or REIN: PBSZ and PROT then have a meaning, behind CCC too. */
    public boolean hasAuthenticated() {
        return shownMarker != null;
    }

    /** What secures the control connection; null in the clear. From any thread. */
    public @Nullable TlsStatus status() {
        return status(control.tlsSession());
    }

    static @Nullable TlsStatus status(@Nullable SSLSession session) {
        return session == null ? null : new TlsStatus(session.getProtocol(), session.getCipherSuite());
    }

    /** The certificate that the client has shown and proven; null if none. */
    public @Nullable X509Certificate clientCertificate() {
        return clientCertificate;
    }

    /** Which host the client wants to talk to: HOST. */
    public void host(String name) {
        host = name;
    }

    /** The host that the client named in its ClientHello (RFC 6066 section 3); empty for none. */
    public String indicatedHost() {
        if (control.tlsSession() instanceof ExtendedSSLSession session) {
            for (SNIServerName name : session.getRequestedServerNames()) {
                if (name instanceof SNIHostName indicated) {
                    return indicated.getAsciiName();
                }
            }
        }
        return "";
    }

    /** TLS begins behind the reply to this command. */
    public void secureBehindReply() {
        step = Step.SECURE;
    }

    /** TLS ends behind the reply to this command. */
    public void clearBehindReply() {
        step = Step.CLEAR;
    }

    /**
     * Does what the reply that was just sent has announced, by the thread that reads.
     *
     * @param limit of the time it may take, beside the one that the server has for handshakes
     */
    void follow(Duration limit) throws IOException {
        Step next = step;
        step = Step.NONE;
        switch (next) {
            case NONE -> {}
            case SECURE -> secure(limit);
            case CLEAR -> control.stopTls(within(limit));
        }
    }

    /** Secures the control connection. */
    void secure(Duration limit) throws IOException {
        if (marker.isEmpty()) {
            marker = newMarker();
            dataMarker = newMarker();
        }
        SSLEngine engine = engines().control(marker);
        ScopedValue.where(ServerTls.WANTED, new Wanted(host, null)).call(() -> {
            control.startTls(engine, within(limit));
            return true;
        });
        SSLSession session = control.tlsSession();
        if (session == null) {
            throw new IllegalStateException("a handshake without a session");
        }
        shownMarker = session.getPeerHost();
        clientCertificate = certificateOf(session);
        identity = engines().identity(session);
    }

    private Duration within(Duration limit) {
        Duration handshake = handshakeTimeout();
        return handshake.compareTo(limit) < 0 ? handshake : limit;
    }

    private Duration handshakeTimeout() {
        if (options == null) {
            throw new IllegalStateException("a server without TLS");
        }
        return options.handshakeTimeout();
    }

    private ServerTls engines() {
        if (engines == null) {
            throw new IllegalStateException("a server without TLS");
        }
        return engines;
    }

    private static @Nullable X509Certificate certificateOf(SSLSession session) {
        try {
            Certificate[] chain = session.getPeerCertificates();
            return chain.length > 0 && chain[0] instanceof X509Certificate leaf ? leaf : null;
        } catch (SSLPeerUnverifiedException none) {
            return null;
        }
    }

    /** As after connecting (REIN): what secures the control connection stays until the reply was sent. */
    void reset() {
        if (isSecured() && !isImplicit()) {
            step = Step.CLEAR;
        }
        if (step == Step.CLEAR || !isSecured()) {
            shownMarker = null;
            clientCertificate = null;
            identity = null;
        }
        host = null;
        bufferSizeSaid = false;
        clientToServer = false;
        clientToServerOnce = false;
        level = ProtectionLevel.CLEAR;
    }

    // Data connections

    public boolean isBufferSizeSaid() {
        return bufferSizeSaid;
    }

    public void bufferSizeSaid() {
        bufferSizeSaid = true;
    }

    /** What PROT has set. */
    public ProtectionLevel level() {
        return level;
    }

    public void level(ProtectionLevel chosen) {
        level = chosen;
    }

    public boolean isDataProtected() {
        return level == ProtectionLevel.PRIVATE;
    }

    /** Whether this server takes the client's part in the handshake of the next data connection (SSCN, CPSV). */
    public boolean isClientToServer() {
        return isDataProtected() && (clientToServer || clientToServerOnce);
    }

    /** SSCN: on every data connection from now on. */
    public void clientToServer(boolean on) {
        clientToServer = on;
    }

    /** CPSV, until the next command that says where a data connection is made. */
    public void clientToServerOnce(boolean on) {
        clientToServerOnce = on;
    }

    /**
     * By what the data connections of this session can be known among those of others on one port: by the TLS session that
     * they must resume. Null where they need not, or where this server is the one that resumes.
     *
     * @param mustResume as of {@link #secure}
     * @param refused told of a connection that is nobody's, and why
     */
    @Nullable
    DataProof dataProof(boolean mustResume, BiConsumer<DataConnection, DataConnectionException> refused) {
        TlsIdentity shownHere = identity;
        String needed = shownMarker;
        return reuse(mustResume) == DataSessionReuse.REQUIRED
                        && isDataProtected()
                        && !isClientToServer()
                        && shownHere != null
                        && needed != null
                ? new ResumedSession(shownHere, needed, refused)
                : null;
    }

    private DataSessionReuse reuse(boolean mustResume) {
        return options == null || mustResume ? DataSessionReuse.REQUIRED : options.dataSessionReuse();
    }

    private final class ResumedSession implements DataProof {
        private final TlsIdentity shownHere;
        private final String needed;
        private final BiConsumer<DataConnection, DataConnectionException> refused;

        private ResumedSession(
                TlsIdentity shownHere, String needed, BiConsumer<DataConnection, DataConnectionException> refused) {
            this.shownHere = shownHere;
            this.needed = needed;
            this.refused = refused;
        }

        /** Who does not know how to resume must at least see the certificate that it expects. */
        @Override
        public Object group() {
            return shownHere;
        }

        @Override
        public String marker() {
            return needed;
        }

        @Override
        public String shown(DataConnection connection) throws DataConnectionException {
            // A session that begins here is nobody's: no control connection that resumes it may pass for another one.
            String fresh = newMarker();
            String marked =
                    handshake(connection, engines().data(fresh), shownHere).getPeerHost();
            if (fresh.equals(marked)) {
                throw connection.wrongSession(NEW_SESSION);
            }
            return String.valueOf(marked);
        }

        @Override
        public void refused(DataConnection connection, DataConnectionException why) {
            refused.accept(connection, why);
        }
    }

    private SSLSession handshake(DataConnection data, SSLEngine engine, @Nullable TlsIdentity same)
            throws DataConnectionException {
        ScopedValue.where(ServerTls.WANTED, new Wanted(null, same)).call(() -> {
            data.startTls(engine, handshakeTimeout());
            return true;
        });
        SSLSession session = data.tlsSession();
        if (session == null) {
            throw new IllegalStateException("a handshake without a session");
        }
        return session;
    }

    /**
     * Secures a data connection, if it is not, and sees to it that it is this session's.
     *
     * @param mustResume whether it must resume the session of the control connection, whatever the options of TLS say
     * @return whether it has resumed the session of the control connection
     * @throws DataConnectionException if the handshake fails, or if it may be somebody else's
     */
    boolean secure(DataConnection data, boolean mustResume) throws DataConnectionException {
        boolean toServer = isClientToServer();
        SSLSession session = data.tlsSession();
        if (session == null) {
            session = handshake(
                    data, toServer ? engines().dataToServer() : engines().data(dataMarker), identity);
        }
        if (toServer) {
            // No client knows the session of another server: the certificate was the proof.
            return false;
        }
        String marked = String.valueOf(session.getPeerHost());
        boolean resumed = marked.equals(shownMarker);
        boolean fresh = marked.equals(dataMarker);
        boolean passes = switch (reuse(mustResume)) {
            case REQUIRED -> resumed;
            case PREFERRED -> resumed || fresh;
            case OFF -> true;
        };
        if (!passes) {
            throw data.wrongSession(fresh ? NEW_SESSION : "another TLS session");
        }
        X509Certificate needed = clientCertificate;
        if (needed != null && !needed.equals(certificateOf(session))) {
            throw data.wrongSession("another client certificate, or none");
        }
        return resumed;
    }
}
