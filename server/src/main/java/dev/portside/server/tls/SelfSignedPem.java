package dev.portside.server.tls;

import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Date;
import java.util.Set;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Makes a self-signed certificate. The only class that needs BouncyCastle: the JDK cannot make certificates. */
final class SelfSignedPem {
    private static final int YEARS = 10;
    /** Clients' clocks are late. */
    private static final Duration BEFORE = Duration.ofDays(1);
    /** RFC 5280: ub-common-name. */
    private static final int LONGEST_COMMON_NAME = 64;

    private static final int SERIAL_BITS = 127;

    private SelfSignedPem() {}

    /** A certificate for the names and its key, as PEM. */
    static String make(Set<String> names, Clock clock) throws IOException {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            return block("CERTIFICATE", certificate(names, pair, clock.instant()))
                    + block("PRIVATE KEY", encoded(pair.getPrivate()));
        } catch (GeneralSecurityException | OperatorCreationException impossible) {
            throw new IOException("self-signed certificate: this Java cannot make an EC P-256 key", impossible);
        }
    }

    private static byte[] certificate(Set<String> names, KeyPair pair, Instant now)
            throws IOException, OperatorCreationException {
        X500Name subject = subject(names);
        Instant end = now.atOffset(ZoneOffset.UTC).plusYears(YEARS).toInstant();
        JcaX509v3CertificateBuilder certificate = new JcaX509v3CertificateBuilder(
                subject,
                new BigInteger(SERIAL_BITS, new SecureRandom()).setBit(0),
                Date.from(now.minus(BEFORE)),
                Date.from(end),
                subject,
                pair.getPublic());
        GeneralName[] alternatives =
                names.stream().map(SelfSignedPem::alternative).toArray(GeneralName[]::new);
        certificate
                .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                .addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth))
                .addExtension(Extension.subjectAlternativeName, false, new GeneralNames(alternatives));
        ContentSigner signer = new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate());
        return certificate.build(signer).getEncoded();
    }

    private static X500Name subject(Set<String> names) {
        String first = names.iterator().next();
        return new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.CN, first.length() <= LONGEST_COMMON_NAME ? first : "Portside")
                .build();
    }

    private static GeneralName alternative(String name) {
        return SelfSigned.isAddress(name)
                ? new GeneralName(
                        GeneralName.iPAddress,
                        new DEROctetString(InetAddress.ofLiteral(name).getAddress()))
                : new GeneralName(GeneralName.dNSName, name);
    }

    private static byte[] encoded(PrivateKey key) {
        byte[] pkcs8 = key.getEncoded();
        if (pkcs8 == null) {
            throw new IllegalStateException("a key that was made here has an encoded form");
        }
        return pkcs8;
    }

    private static String block(String label, byte[] der) {
        String body = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(der);
        return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
    }
}
