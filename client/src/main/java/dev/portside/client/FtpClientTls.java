package dev.portside.client;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * TLS of a client: when it begins, and whom the client trusts.
 *
 * <p>A server's certificate is accepted when the first of these that applies says so:
 *
 * <ol>
 *   <li>{@link Builder#pin}: if keys are pinned, they alone decide.
 *   <li>{@link Builder#trusting}: one of exactly these certificates.
 *   <li>{@link Builder#verify} is false: any.
 *   <li>An authority of {@link Builder#authorities}, or of the Java runtime, has signed it, it is valid today, and it names the
 *       host that the client was told to connect to (RFC 2818 section 3.1): the default.
 * </ol>
 *
 * <p>The certificate of a data connection is always that of the control connection. Anything else is an {@link
 * FtpCertificateException}. Files are read anew whenever a client connects. Immutable.
 */
public final class FtpClientTls {
    /** What {@link Builder#protocols} may be, the newest first. */
    private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

    private static final String PIN = "sha256//";

    /** No TLS. */
    public static final FtpClientTls OFF = builder(TlsMode.OFF).build();

    private final TlsMode mode;
    private final @Nullable Path authorities;
    private final Set<String> pins;
    private final Set<String> trusted;
    private final boolean verify;
    private final @Nullable Path certificate;
    private final @Nullable Path key;
    private final char @Nullable [] keyPassword;
    private final List<String> protocols;
    private final boolean clearData;
    private final Duration handshakeTimeout;

    private FtpClientTls(Builder from) {
        mode = from.mode;
        authorities = from.authorities;
        pins = Set.copyOf(from.pins);
        trusted = Set.copyOf(from.trusted);
        verify = from.verify;
        certificate = from.certificate;
        key = from.key;
        keyPassword = from.keyPassword == null ? null : from.keyPassword.clone();
        protocols = from.protocols;
        clearData = from.clearData;
        handshakeTimeout = from.handshakeTimeout;
    }

    /** TLS to be changed. */
    public static Builder builder(TlsMode mode) {
        return new Builder(mode);
    }

    /** The same, to be changed. */
    public Builder toBuilder() {
        Builder copy = new Builder(mode);
        copy.authorities = authorities;
        copy.pins.addAll(pins);
        copy.trusted.addAll(trusted);
        copy.verify = verify;
        copy.certificate = certificate;
        copy.key = key;
        copy.keyPassword = keyPassword;
        copy.protocols = protocols;
        copy.clearData = clearData;
        copy.handshakeTimeout = handshakeTimeout;
        return copy;
    }

    public TlsMode mode() {
        return mode;
    }

    public @Nullable Path authorities() {
        return authorities;
    }

    public Set<String> pins() {
        return pins;
    }

    /** The fingerprints of {@link Builder#trusting}: upper case, with colons. */
    public Set<String> trusted() {
        return trusted;
    }

    public boolean verify() {
        return verify;
    }

    /** The file of the client's own certificate. */
    public @Nullable Path clientCertificate() {
        return certificate;
    }

    /** The file of the key of {@link #clientCertificate}; null: the same file. */
    public @Nullable Path clientKey() {
        return key;
    }

    char @Nullable [] clientKeyPassword() {
        return keyPassword == null ? null : keyPassword.clone();
    }

    /** {@code TLSv1.3}, {@code TLSv1.2} or both, the newest first. */
    public List<String> protocols() {
        return protocols;
    }

    public boolean clearData() {
        return clearData;
    }

    public Duration handshakeTimeout() {
        return handshakeTimeout;
    }

    /** TLS that can be changed; not for use by several threads. */
    public static final class Builder {
        private final TlsMode mode;
        private @Nullable Path authorities = null;
        private final Set<String> pins = new LinkedHashSet<>();
        private final Set<String> trusted = new LinkedHashSet<>();
        private boolean verify = true;
        private @Nullable Path certificate = null;
        private @Nullable Path key = null;
        private char @Nullable [] keyPassword = null;
        private List<String> protocols = PROTOCOLS;
        private boolean clearData = false;
        private Duration handshakeTimeout = Duration.ofSeconds(15);

        private Builder(TlsMode mode) {
            this.mode = Objects.requireNonNull(mode, "mode");
        }

        /**
         * A PEM file of the authorities that are trusted, instead of those of the Java runtime, which are the default. A
         * self-signed certificate can be its own authority.
         */
        public Builder authorities(Path pem) {
            this.authorities = Objects.requireNonNull(pem, "pem");
            return this;
        }

        /**
         * A public key that is trusted by itself, whatever the rest of the certificate says; can be repeated. Any other key is
         * refused then, even one that an authority vouches for, or when {@link #verify} is false. None by default.
         *
         * @param pin {@code sha256//} and the Base64 of the SHA-256 of the SubjectPublicKeyInfo, as curl's {@code
         *     --pinnedpubkey} takes it
         * @throws IllegalArgumentException if it is none
         */
        public Builder pin(String pin) {
            pins.add(checkedPin(pin));
            return this;
        }

        /**
         * A certificate that is trusted by itself, whatever its chain, its names and its dates say; can be repeated. None by
         * default. Every other certificate is verified as usual.
         *
         * @param fingerprint SHA-256, 64 hexadecimal digits with or without colons: {@link FtpCertificateException#fingerprint}
         * @throws IllegalArgumentException if it is none
         */
        public Builder trusting(String fingerprint) {
            trusted.add(checkedFingerprint(fingerprint));
            return this;
        }

        /**
         * Whether the certificate is verified; true by default. Without that, whoever is on the way can read and change
         * everything, the password included.
         */
        public Builder verify(boolean verify) {
            this.verify = verify;
            return this;
        }

        /**
         * The certificate that the client shows when a server asks for one; none by default.
         *
         * @param chain a PEM file of the certificate and its issuers, or a PKCS#12 file
         * @param key a PEM file of the key; null: it is in the first file
         * @param password of the key, or of the PKCS#12 file; null: there is none
         */
        public Builder clientCertificate(Path chain, @Nullable Path key, char @Nullable [] password) {
            this.certificate = Objects.requireNonNull(chain, "chain");
            this.key = key;
            this.keyPassword = password == null ? null : password.clone();
            return this;
        }

        /**
         * The versions of TLS, {@code TLSv1.3} and {@code TLSv1.2} by default.
         *
         * @throws IllegalArgumentException for anything older, and for none
         */
        public Builder protocols(String... names) {
            Set<String> wanted = Set.copyOf(Arrays.asList(names));
            if (wanted.isEmpty() || !PROTOCOLS.containsAll(wanted)) {
                throw new IllegalArgumentException("protocols are TLSv1.3 and TLSv1.2, not " + Arrays.toString(names));
            }
            this.protocols = PROTOCOLS.stream().filter(wanted::contains).toList();
            return this;
        }

        /**
         * Whether data connections are made in the clear (PROT C); false by default. Then only commands, replies and the
         * password are protected.
         */
        public Builder clearData(boolean clearData) {
            this.clearData = clearData;
            return this;
        }

        /** For the handshake of each connection; 15 s by default. */
        public Builder handshakeTimeout(Duration handshakeTimeout) {
            if (!handshakeTimeout.isPositive()) {
                throw new IllegalArgumentException("handshakeTimeout must be positive: " + handshakeTimeout);
            }
            this.handshakeTimeout = handshakeTimeout;
            return this;
        }

        public FtpClientTls build() {
            return new FtpClientTls(this);
        }

        private static String checkedPin(String pin) {
            try {
                if (pin.startsWith(PIN) && Base64.getDecoder().decode(pin.substring(PIN.length())).length == 32) {
                    return pin;
                }
            } catch (IllegalArgumentException notBase64) {
                // Told below.
            }
            throw new IllegalArgumentException(
                    "not a pin (sha256// and the Base64 of the SHA-256 of a public key): " + pin);
        }

        private static String checkedFingerprint(String fingerprint) {
            String hex = fingerprint.replace(":", "").toUpperCase(Locale.ROOT);
            if (!hex.matches("[0-9A-F]{64}")) {
                throw new IllegalArgumentException("not a SHA-256 fingerprint (64 hexadecimal digits): " + fingerprint);
            }
            return HexFormat.ofDelimiter(":")
                    .withUpperCase()
                    .formatHex(HexFormat.of().parseHex(hex));
        }
    }
}
