package dev.portside.server;

import dev.portside.transport.Fingerprints;
import java.security.cert.X509Certificate;
import java.time.Instant;

/**
 * A certificate that a server shows.
 *
 * @param subject its name, as RFC 2253 writes it
 * @param end when it expires
 * @param sha256 its SHA-256 fingerprint, as {@code openssl x509 -fingerprint -sha256} prints it
 * @param pin of its key, as {@code curl --pinnedpubkey} takes it: {@code sha256//…}
 */
public record CertificateStatus(String subject, Instant end, String sha256, String pin) {
    /** What there is to know of a certificate. */
    public static CertificateStatus of(X509Certificate certificate) {
        return new CertificateStatus(
                certificate.getSubjectX500Principal().getName(),
                certificate.getNotAfter().toInstant(),
                Fingerprints.sha256(certificate),
                Fingerprints.pin(certificate));
    }
}
