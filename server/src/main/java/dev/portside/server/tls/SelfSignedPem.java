package dev.portside.server.tls;

import dev.portside.transport.CertificateExtension;
import dev.portside.transport.TbsCertificate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import javax.security.auth.x500.X500Principal;

/** Makes a self-signed certificate and its key. */
final class SelfSignedPem {
    private static final int YEARS = 10;
    /** Clients' clocks are late. */
    private static final Duration BEFORE = Duration.ofDays(1);
    /** RFC 5280: ub-common-name. */
    private static final int LONGEST_COMMON_NAME = 64;

    private SelfSignedPem() {}

    /** A certificate for the names and its key, as PEM. */
    static String make(Set<String> names, Clock clock) throws IOException {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            return block(
                            "CERTIFICATE",
                            certificate(names, pair, clock.instant()).getEncoded())
                    + block("PRIVATE KEY", encoded(pair.getPrivate()));
        } catch (GeneralSecurityException impossible) {
            throw new IOException("self-signed certificate: this Java cannot make an EC P-256 key", impossible);
        }
    }

    /** No authority: whoever trusts this certificate trusts this server and no other, and every TLS library takes it so. */
    private static X509Certificate certificate(Set<String> names, KeyPair pair, Instant now)
            throws GeneralSecurityException {
        X500Principal subject = subject(names);
        PublicKey key = pair.getPublic();
        TbsCertificate certificate = new TbsCertificate(
                subject,
                subject,
                now.minus(BEFORE),
                now.atOffset(ZoneOffset.UTC).plusYears(YEARS).toInstant(),
                key,
                List.of(
                        CertificateExtension.basicConstraints(false),
                        CertificateExtension.keyUsage(false),
                        CertificateExtension.serverAuth(),
                        CertificateExtension.subjectAltName(names),
                        CertificateExtension.subjectKeyIdentifier(key)));
        X509Certificate signed = certificate.sign(pair.getPrivate());
        signed.verify(key);
        return signed;
    }

    private static X500Principal subject(Set<String> names) {
        String first = names.iterator().next();
        return new X500Principal("CN=" + (first.length() <= LONGEST_COMMON_NAME ? first : "Portside"));
    }

    private static byte[] encoded(PrivateKey key) {
        byte[] pkcs8 = key.getEncoded();
        if (pkcs8 == null) {
            throw new IllegalStateException("a key that was made here has an encoded form");
        }
        return pkcs8;
    }

    static String block(String label, byte[] der) {
        String body = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(der);
        return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
    }
}
