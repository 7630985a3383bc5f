package dev.portside.transport;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.HexFormat;

/** The two short forms in which people compare certificates. */
public final class Fingerprints {
    private static final HexFormat COLONS = HexFormat.ofDelimiter(":").withUpperCase();

    private Fingerprints() {}

    /** SHA-256 of the whole certificate: 32 bytes as {@code AB:CD:…}, as {@code openssl x509 -fingerprint -sha256} prints it. */
    public static String sha256(X509Certificate certificate) {
        try {
            return COLONS.formatHex(digest(certificate.getEncoded()));
        } catch (CertificateEncodingException unreadable) {
            throw new IllegalArgumentException("certificate: has no encoded form", unreadable);
        }
    }

    /**
     * SHA-256 of the public key (SubjectPublicKeyInfo, RFC 7469 section 2.4) as {@code sha256//} and Base64, as curl's {@code
     * --pinnedpubkey} takes it. It stays the same when a certificate is renewed for the same key.
     */
    public static String pin(X509Certificate certificate) {
        return "sha256//"
                + Base64.getEncoder()
                        .encodeToString(digest(certificate.getPublicKey().getEncoded()));
    }

    static byte[] digest(byte[] content) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(content);
        } catch (NoSuchAlgorithmException never) {
            throw new IllegalStateException("every Java has SHA-256", never);
        }
    }
}
