package dev.portside.server;

import dev.portside.server.tls.CertificateFiles;
import dev.portside.server.tls.CertificateSource;
import dev.portside.server.tls.GivenCertificate;
import dev.portside.server.tls.SelfSigned;
import dev.portside.server.tls.ServerTls;
import dev.portside.transport.TlsIdentity;
import java.io.IOException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The TLS of an {@link FtpServer} (RFC 4217): TLS 1.3 and 1.2. Immutable; checked in {@link Builder#build}. Files are read
 * when the server starts, and again when they change.
 */
public final class FtpServerTls {
    private final Builder set;
    private final List<CertificateSource> certificates;

    private FtpServerTls(Builder set) {
        this.set = set;
        this.certificates = List.copyOf(set.certificates);
    }

    public static Builder builder() {
        return new Builder();
    }

    public DataSessionReuse dataSessionReuse() {
        return set.dataSessionReuse;
    }

    public Duration handshakeTimeout() {
        return set.handshakeTimeout;
    }

    public ClientCertificates clientCertificates() {
        return set.clientCertificates;
    }

    public @Nullable Path clientAuthorities() {
        return set.clientAuthorities;
    }

    public boolean clearCommandChannel() {
        return set.clearCommandChannel;
    }

    public boolean serverToServer() {
        return set.serverToServer;
    }

    public boolean truncatedUploads() {
        return set.truncatedUploads;
    }

    public Duration reloadInterval() {
        return set.reloadInterval;
    }

    /** Whether the options of the server allow what these need. */
    void checkForeignDataAddresses(boolean allowed) {
        if (serverToServer() && !allowed) {
            throw new IllegalArgumentException(
                    "TLS from server to server needs data connections to foreign addresses, which are not allowed");
        }
    }

    /**
     * The certificates that a server with these options would show, the usual one first; reads the files now. A self-signed one
     * is made if it is not there yet.
     *
     * @throws IOException if one of them cannot be used: it says which and why
     */
    public List<X509Certificate> certificates() throws IOException {
        List<X509Certificate> shown = new ArrayList<>();
        for (CertificateSource source : certificates) {
            shown.add(source.first().leaf());
        }
        return List.copyOf(shown);
    }

    /** Reads the files and watches them from now on. */
    ServerTls open() throws IOException {
        return ServerTls.open(this, certificates, Clock.systemUTC());
    }

    /** Collects options; at least one certificate is needed, everything else has a default. */
    public static final class Builder implements Cloneable {
        private List<CertificateSource> certificates = new ArrayList<>();
        private DataSessionReuse dataSessionReuse = DataSessionReuse.REQUIRED;
        private Duration handshakeTimeout = Duration.ofSeconds(10);
        private ClientCertificates clientCertificates = ClientCertificates.OFF;
        private @Nullable Path clientAuthorities;
        private boolean clearCommandChannel;
        private boolean serverToServer;
        private boolean truncatedUploads;
        private Duration reloadInterval = Duration.ofSeconds(2);

        private Builder() {}

        /** A certificate, its chain and its key in one PEM or PKCS#12 file without a password. */
        public Builder certificate(Path chainAndKey) {
            return files(chainAndKey, null, null);
        }

        /**
         * A certificate, its chain and its key in one PEM or PKCS#12 file.
         *
         * @param password of the key or of the PKCS#12 file; kept, because the file is read again when it changes
         */
        public Builder certificate(Path chainAndKey, char[] password) {
            return files(chainAndKey, null, password);
        }

        /** A certificate with its chain, and its key, in two PEM files. */
        public Builder certificate(Path chain, Path key) {
            return files(chain, key, null);
        }

        /**
         * A certificate with its chain, and its encrypted key, in two PEM files.
         *
         * @param password of the key; kept, because the file is read again when it changes
         */
        public Builder certificate(Path chain, Path key, char[] password) {
            return files(chain, key, password);
        }

        /**
         * A key and its certificates, the leaf first.
         *
         * @throws IllegalArgumentException if the key is not that of the first certificate
         */
        public Builder certificate(PrivateKey key, List<X509Certificate> chain) {
            certificates.add(new GivenCertificate(new TlsIdentity(key, chain)));
            return this;
        }

        /**
         * A certificate that the server makes for itself when there is none in the folder yet, and uses from then on: EC P-256,
         * valid for 10 years, because clients know it by its fingerprint and a new one looks like an attack. It is kept with its
         * key in {@code self-signed.pem}, which only the owner may read; delete that and start again to get a new one.
         *
         * @param directory made when it is missing
         * @param names host names and IP addresses beside localhost and this host's name; a kept certificate keeps its own
         */
        public Builder selfSigned(Path directory, List<String> names) {
            certificates.add(new SelfSigned(directory, names));
            return this;
        }

        private Builder files(Path chain, @Nullable Path key, char @Nullable [] password) {
            certificates.add(new CertificateFiles(chain, key, password));
            return this;
        }

        /** Whether data connections must resume the control connection's TLS session; default {@link DataSessionReuse#REQUIRED}. */
        public Builder dataSessionReuse(DataSessionReuse reuse) {
            dataSessionReuse = reuse;
            return this;
        }

        /** How long a TLS handshake may take, on either connection; default 10 seconds. */
        public Builder handshakeTimeout(Duration timeout) {
            handshakeTimeout = Bounds.positive(timeout, "handshake timeout");
            return this;
        }

        /** Whether clients are asked for a certificate; default {@link ClientCertificates#OFF}. */
        public Builder clientCertificates(ClientCertificates asked) {
            clientCertificates = asked;
            return this;
        }

        /**
         * The authorities whose client certificates are taken, and no others: a PEM file, read when the server starts. Needed when
         * clients are asked for certificates, and for {@link #serverToServer}. Revocation lists are not looked at.
         */
        public Builder clientAuthorities(Path pem) {
            clientAuthorities = pem;
            return this;
        }

        /** Whether CCC may end TLS on the control connection (RFC 4217 section 6), for old firewalls; default no. */
        public Builder clearCommandChannel(boolean served) {
            clearCommandChannel = served;
            return this;
        }

        /**
         * Whether SSCN and CPSV are served, for secured transfers between two servers; default no. Where this server begins the
         * handshake, the other one must have a certificate of the {@link #clientAuthorities}, of whatever name: these commands do
         * not tell it.
         */
        public Builder serverToServer(boolean served) {
            serverToServer = served;
            return this;
        }

        /**
         * Whether an upload is complete that ends without TLS's close_notify, as some old clients end it; default no, because
         * somebody on the way can cut it short unnoticed.
         */
        public Builder truncatedUploads(boolean accepted) {
            truncatedUploads = accepted;
            return this;
        }

        /** How often the certificate files are looked at for changes; default 2 seconds. */
        public Builder reloadInterval(Duration interval) {
            reloadInterval = Bounds.positive(interval, "reload interval");
            return this;
        }

        /**
         * The options as they are now.
         *
         * @throws IllegalArgumentException if there is no certificate, or client certificates and their authorities do not go
         *     together
         */
        public FtpServerTls build() {
            if (certificates.isEmpty()) {
                throw new IllegalArgumentException("TLS: no certificate; give one, or selfSigned");
            }
            boolean verifies = clientCertificates != ClientCertificates.OFF || serverToServer;
            if (verifies != (clientAuthorities != null)) {
                throw new IllegalArgumentException(
                        "client certificates and transfers between servers need authorities, and nothing else does: give both or"
                                + " none");
            }
            try {
                Builder copy = (Builder) super.clone();
                copy.certificates = new ArrayList<>(certificates);
                return new FtpServerTls(copy);
            } catch (CloneNotSupportedException never) {
                throw new IllegalStateException(never);
            }
        }
    }
}
