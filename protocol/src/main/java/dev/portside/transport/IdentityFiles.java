package dev.portside.transport;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Certificates and keys out of files. */
final class IdentityFiles {
    private static final int LARGEST = 1 << 20;
    private static final int JKS_MAGIC = 0xFEEDFEED;

    private IdentityFiles() {}

    static TlsIdentity read(Path certificate, @Nullable Path key, char @Nullable [] password) throws IOException {
        byte[] content = content(certificate);
        if (!isPem(content)) {
            if (key != null) {
                throw new IOException(
                        certificate + ": not a PEM file; with a key in a file of its own, both must be PEM");
            }
            return pkcs12(certificate, content, password);
        }
        Path keyFile = key == null ? certificate : key;
        byte[] keyContent = key == null ? content : content(key);
        List<X509Certificate> certificates = certificates(certificate.toString(), content);
        List<PrivateKey> keys = new ArrayList<>();
        for (Pem block : Pem.blocks(keyFile.toString(), text(keyContent))) {
            if (block.isPrivateKey()) {
                keys.add(PrivateKeys.read(block, password));
            }
        }
        if (keys.isEmpty()) {
            throw new IOException(keyFile + ": holds no private key in PEM form; "
                    + (key == null ? "add it to the file or name the file that has it" : "name the file that has it"));
        }
        for (X509Certificate leaf : certificates) {
            for (PrivateKey candidate : keys) {
                if (PrivateKeys.fits(candidate, leaf)) {
                    return new TlsIdentity(candidate, inOrder(leaf, certificates));
                }
            }
        }
        throw new IOException(keyFile + ": the private key does not belong to a certificate of " + certificate
                + "; give the two that were made together");
    }

    static List<X509Certificate> certificates(Path pem) throws IOException {
        return certificates(pem.toString(), content(pem));
    }

    private static List<X509Certificate> certificates(String file, byte[] content) throws IOException {
        List<X509Certificate> certificates = new ArrayList<>();
        for (Pem block : Pem.blocks(file, text(content))) {
            if (block.isCertificate()) {
                certificates.add(certificate(file, block.der()));
            }
        }
        if (certificates.isEmpty()) {
            throw new IOException(file + ": holds no certificate in PEM form");
        }
        return certificates;
    }

    private static X509Certificate certificate(String file, byte[] der) throws IOException {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException damaged) {
            throw new IOException(file + ": a certificate is damaged; copy it again", damaged);
        }
    }

    private static TlsIdentity pkcs12(Path file, byte[] content, char @Nullable [] password) throws IOException {
        if (content.length >= 4 && ByteBuffer.wrap(content).getInt() == JKS_MAGIC) {
            throw new IOException(
                    file + ": a key store in Java's old form; convert it: keytool -importkeystore -srckeystore " + file
                            + " -destkeystore new.p12 -deststoretype PKCS12");
        }
        if (content.length == 0 || content[0] != 0x30) {
            throw new IOException(
                    file + ": neither PEM nor PKCS#12; a PEM file has a line -----BEGIN CERTIFICATE-----");
        }
        char[] secret = password == null ? new char[0] : password;
        KeyStore store = load(file, content, secret, password != null);
        try {
            List<String> aliases = new ArrayList<>();
            for (String alias : Collections.list(store.aliases())) {
                if (store.isKeyEntry(alias)) {
                    aliases.add(alias);
                }
            }
            if (aliases.size() != 1) {
                throw new IOException(
                        file + ": holds " + aliases.size() + " private keys; make a PKCS#12 file with one");
            }
            Certificate[] chain = store.getCertificateChain(aliases.getFirst());
            if (!(store.getKey(aliases.getFirst(), secret) instanceof PrivateKey key)
                    || chain == null
                    || chain.length == 0) {
                throw new IOException(file + ": the private key has no certificate; put both into the PKCS#12 file");
            }
            List<X509Certificate> certificates = new ArrayList<>();
            for (Certificate each : chain) {
                certificates.add((X509Certificate) each);
            }
            if (!PrivateKeys.fits(key, certificates.getFirst())) {
                throw new IOException(file + ": the private key does not belong to its certificate");
            }
            return new TlsIdentity(key, inOrder(certificates.getFirst(), certificates));
        } catch (GeneralSecurityException wrong) {
            throw new IOException(file + ": wrong password for the private key", wrong);
        }
    }

    private static KeyStore load(Path file, byte[] content, char[] secret, boolean given) throws IOException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(new ByteArrayInputStream(content), secret);
            return store;
        } catch (GeneralSecurityException | IOException failed) {
            if (failed.getCause() instanceof UnrecoverableKeyException) {
                throw new IOException(
                        file + (given ? ": wrong password" : ": encrypted with a password; give it"), failed);
            }
            throw new IOException(
                    file + ": neither PEM nor PKCS#12, or damaged; a PEM file has a line -----BEGIN CERTIFICATE-----",
                    failed);
        }
    }

    /** The leaf and, one after the other, who signed it, as far as they are there. */
    private static List<X509Certificate> inOrder(X509Certificate leaf, List<X509Certificate> certificates) {
        List<X509Certificate> chain = new ArrayList<>(List.of(leaf));
        List<X509Certificate> others = new ArrayList<>(certificates);
        X509Certificate last = leaf;
        while (last != null) {
            others.removeIf(chain::contains);
            X509Certificate subject = last;
            last = others.stream()
                    .filter(issuer -> signed(issuer, subject))
                    .findFirst()
                    .orElse(null);
            if (last != null) {
                chain.add(last);
            }
        }
        return chain;
    }

    private static boolean signed(X509Certificate issuer, X509Certificate subject) {
        if (!issuer.getSubjectX500Principal().equals(subject.getIssuerX500Principal())) {
            return false;
        }
        try {
            subject.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException another) {
            return false;
        }
    }

    private static boolean isPem(byte[] content) {
        return text(content).contains("-----BEGIN ");
    }

    /** One character a byte: what is not ASCII in a PEM file is remarks. */
    private static String text(byte[] content) {
        return new String(content, StandardCharsets.ISO_8859_1);
    }

    private static byte[] content(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new IOException(file + ": is a folder; name the file in it");
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] content = in.readNBytes(LARGEST + 1);
            if (content.length > LARGEST) {
                throw new IOException(file + ": larger than 1 MiB; that is no file of certificates");
            }
            return content;
        } catch (NoSuchFileException missing) {
            throw new IOException(file + ": no such file", missing);
        } catch (AccessDeniedException denied) {
            throw new IOException(file + ": permission denied; let the user who runs this read it", denied);
        }
    }
}
