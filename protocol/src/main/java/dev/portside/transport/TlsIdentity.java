package dev.portside.transport;

import java.io.IOException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A private key with its certificates: what an end of a TLS connection proves with who it is. The chain begins with the
 * certificate of the key (the leaf); each certificate is followed by that of its issuer, as RFC 8446 section 4.4.2 sends them.
 *
 * @param key the private key of the leaf: RSA, EC or EdDSA
 * @param chain at least the leaf
 */
public record TlsIdentity(PrivateKey key, List<X509Certificate> chain) {
    /**
     * Checks what it is given.
     *
     * @throws IllegalArgumentException if the chain is empty or the key is not that of its first certificate
     */
    public TlsIdentity {
        chain = List.copyOf(chain);
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("certificate chain: empty; give at least the certificate of the key");
        }
        if (!PrivateKeys.fits(key, chain.getFirst())) {
            throw new IllegalArgumentException(
                    "private key: does not belong to the first certificate of the chain; give the two that were made together");
        }
    }

    /** The certificate of the key. */
    public X509Certificate leaf() {
        return chain.getFirst();
    }

    /**
     * Reads an identity from one or two files, PEM or PKCS#12, told apart by their content.
     *
     * <p>PEM files hold blocks in any order, with any text around them: {@code CERTIFICATE} and {@code PRIVATE KEY} (PKCS#8),
     * {@code ENCRYPTED PRIVATE KEY} (PKCS#8 with PBES2), {@code RSA PRIVATE KEY} (PKCS#1) or {@code EC PRIVATE KEY} (SEC 1). The
     * leaf is the certificate that the key belongs to; its issuers are put in order behind it, certificates that are none of
     * them are left out. A PKCS#12 file holds one key and its chain.
     *
     * @param certificate the chain, and the key too where {@code key} is null; at most 1 MiB
     * @param key a PEM file with the key, or null; at most 1 MiB
     * @param password of the key or of the PKCS#12 file, null if there is none; it is not kept
     * @throws IOException if a file cannot be read, something is missing in it, the key and the certificate do not belong
     *     together or the password is wrong; the message says which and what to do
     */
    public static TlsIdentity read(Path certificate, @Nullable Path key, char @Nullable [] password)
            throws IOException {
        return IdentityFiles.read(certificate, key, password);
    }

    /**
     * Every certificate of a PEM file, in the order of the file: a list of authorities.
     *
     * @param pem at most 1 MiB
     * @throws IOException if the file cannot be read or holds no certificate; the message says which
     */
    public static List<X509Certificate> certificates(Path pem) throws IOException {
        return IdentityFiles.certificates(pem);
    }

    /** Names the leaf; the key is not shown. */
    @Override
    public String toString() {
        return "TlsIdentity[" + leaf().getSubjectX500Principal() + ", " + Fingerprints.sha256(leaf()) + "]";
    }
}
