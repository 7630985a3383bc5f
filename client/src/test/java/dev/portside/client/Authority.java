package dev.portside.client;

import dev.portside.transport.CertificateExtension;
import dev.portside.transport.TbsCertificate;
import dev.portside.transport.TlsIdentity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.security.auth.x500.X500Principal;

/** An authority of the tests, and the certificates that it signs. */
final class Authority {
    private static final Duration DAY = Duration.ofDays(1);

    private final KeyPair keys = keys();
    private final X509Certificate certificate;

    Authority(String name) {
        certificate = certificate(name, name, keys, keys.getPrivate(), DAY.negated(), DAY, true, List.of());
    }

    X509Certificate certificate() {
        return certificate;
    }

    /** A certificate that is valid today. */
    TlsIdentity issue(String... names) {
        return issue(DAY.negated(), DAY, names);
    }

    /** A certificate that is valid between two times, which are counted from now. */
    TlsIdentity issue(Duration from, Duration to, String... names) {
        KeyPair pair = keys();
        X509Certificate leaf = certificate(
                "server",
                certificate.getSubjectX500Principal().getName().substring(3),
                pair,
                keys.getPrivate(),
                from,
                to,
                false,
                Arrays.asList(names));
        return new TlsIdentity(pair.getPrivate(), List.of(leaf));
    }

    /** A certificate that nobody vouches for. */
    static TlsIdentity selfSigned(Duration from, Duration to, String... names) {
        KeyPair pair = keys();
        X509Certificate leaf =
                certificate("server", "server", pair, pair.getPrivate(), from, to, false, Arrays.asList(names));
        return new TlsIdentity(pair.getPrivate(), List.of(leaf));
    }

    static TlsIdentity selfSigned(String... names) {
        return selfSigned(DAY.negated(), DAY, names);
    }

    /** A PEM file of certificates. */
    static Path pem(Path file, X509Certificate... certificates) throws IOException, GeneralSecurityException {
        List<String> blocks = new ArrayList<>();
        for (X509Certificate each : certificates) {
            blocks.add(block("CERTIFICATE", each.getEncoded()));
        }
        return Files.write(file, blocks);
    }

    /** A PEM file of a certificate and its key. */
    static Path pem(Path file, TlsIdentity identity) throws IOException, GeneralSecurityException {
        return Files.write(
                file,
                List.of(
                        block("CERTIFICATE", identity.leaf().getEncoded()),
                        block("PRIVATE KEY", identity.key().getEncoded())));
    }

    private static String block(String type, byte[] der) {
        String base64 = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(der);
        return "-----BEGIN " + type + "-----\n" + base64 + "\n-----END " + type + "-----";
    }

    private static KeyPair keys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException(missing);
        }
    }

    private static X509Certificate certificate(
            String subject,
            String issuer,
            KeyPair pair,
            PrivateKey signer,
            Duration from,
            Duration to,
            boolean authority,
            List<String> names) {
        List<CertificateExtension> extensions = new ArrayList<>();
        extensions.add(CertificateExtension.basicConstraints(authority));
        if (!names.isEmpty()) {
            extensions.add(CertificateExtension.subjectAltName(names));
        }
        Instant now = Instant.now();
        TbsCertificate certificate = new TbsCertificate(
                new X500Principal("CN=" + issuer),
                new X500Principal("CN=" + subject),
                now.plus(from),
                now.plus(to),
                pair.getPublic(),
                extensions);
        try {
            return certificate.sign(signer);
        } catch (GeneralSecurityException failed) {
            throw new IllegalStateException(failed);
        }
    }
}
