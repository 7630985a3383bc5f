package dev.portside.server.tls;

import dev.portside.transport.CertificateExtension;
import dev.portside.transport.TbsCertificate;
import dev.portside.transport.TlsIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.security.auth.x500.X500Principal;

/** Signs certificates for tests. */
public final class TestAuthority {
    private final KeyPair keys = keys("EC");
    private final X500Principal name;
    private final X509Certificate certificate;

    public TestAuthority(String name) {
        this.name = new X500Principal("CN=" + name);
        this.certificate = sign(this.name, keys, Instant.now().plus(Duration.ofDays(3650)), List.of(), true);
    }

    public X509Certificate certificate() {
        return certificate;
    }

    /** The kind of key is EC or RSA. */
    public TlsIdentity identity(String kind, String... names) {
        return identity(kind, Instant.now().plus(Duration.ofDays(365)), names);
    }

    public TlsIdentity identity(String kind, Instant end, String... names) {
        KeyPair pair = keys(kind);
        X509Certificate leaf = sign(new X500Principal("CN=" + names[0]), pair, end, List.of(names), false);
        return new TlsIdentity(pair.getPrivate(), List.of(leaf, certificate));
    }

    private X509Certificate sign(
            X500Principal subject, KeyPair pair, Instant end, List<String> names, boolean authority) {
        List<CertificateExtension> extensions = new ArrayList<>();
        extensions.add(CertificateExtension.basicConstraints(authority));
        if (!names.isEmpty()) {
            extensions.add(CertificateExtension.subjectAltName(names));
        }
        Instant start = Instant.now().minus(Duration.ofDays(400));
        try {
            return new TbsCertificate(name, subject, start, end, pair.getPublic(), extensions).sign(keys.getPrivate());
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static KeyPair keys(String kind) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
            generator.initialize(kind.equals("EC") ? 256 : 2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** The chain and the key as PEM. */
    public static String pem(TlsIdentity identity) {
        return certificates(identity.chain())
                + SelfSignedPem.block("PRIVATE KEY", identity.key().getEncoded());
    }

    public static String certificates(List<X509Certificate> certificates) {
        try {
            StringBuilder pem = new StringBuilder();
            for (X509Certificate certificate : certificates) {
                pem.append(SelfSignedPem.block("CERTIFICATE", certificate.getEncoded()));
            }
            return pem.toString();
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** Replaced at once, as certbot and Kubernetes do. */
    public static void replace(Path file, String content) throws IOException {
        Path next = Files.writeString(file.resolveSibling(file.getFileName() + ".next"), content);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
