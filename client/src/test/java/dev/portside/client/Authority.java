package dev.portside.client;

import dev.portside.transport.TlsIdentity;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
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
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An authority of the tests, and the certificates that it signs. */
final class Authority {
    private static final AtomicLong SERIAL = new AtomicLong(1);
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
        Instant now = Instant.now();
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                new X500Principal("CN=" + issuer),
                BigInteger.valueOf(SERIAL.getAndIncrement()),
                Date.from(now.plus(from)),
                Date.from(now.plus(to)),
                new X500Principal("CN=" + subject),
                pair.getPublic());
        try {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
            if (!names.isEmpty()) {
                GeneralName[] general = names.stream().map(Authority::name).toArray(GeneralName[]::new);
                builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(general));
            }
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer)));
        } catch (IOException | GeneralSecurityException | OperatorCreationException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static GeneralName name(String name) {
        try {
            InetAddress.ofLiteral(name);
            return new GeneralName(GeneralName.iPAddress, name);
        } catch (IllegalArgumentException dns) {
            return new GeneralName(GeneralName.dNSName, name);
        }
    }
}
