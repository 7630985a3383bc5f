package dev.portside.transport;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import javax.security.auth.x500.X500Principal;

/**
 * What is to be signed of an X.509 certificate (RFC 5280 section 4.1.2): the JDK reads certificates and cannot make one. A
 * library that can brings a security provider along, and each process that has one on its module path then takes half a second
 * longer to its first TLS engine.
 *
 * @param notBefore to the second
 * @param notAfter to the second
 */
public record TbsCertificate(
        X500Principal issuer,
        X500Principal subject,
        Instant notBefore,
        Instant notAfter,
        PublicKey key,
        List<CertificateExtension> extensions) {
    private static final byte[] VERSION_3 =
            Der.element(Der.numbered(0, true), Der.element(Der.INTEGER, new byte[] {2}));
    private static final byte[] ECDSA_WITH_SHA256 = Der.element(Der.SEQUENCE, Der.objectIdentifier("2a8648ce3d040302"));
    private static final byte[] NO_UNUSED_BITS = {0};
    private static final int EXTENSIONS = Der.numbered(3, true);

    private static final int SERIAL_BITS = 128;
    /** Section 4.1.2.5: through this year with two digits. */
    private static final int LAST_SHORT_YEAR = 2049;

    private static final DateTimeFormatter SHORT = DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'", Locale.ROOT);
    private static final DateTimeFormatter LONG = DateTimeFormatter.ofPattern("uuuuMMddHHmmss'Z'", Locale.ROOT);

    public TbsCertificate {
        extensions = List.copyOf(extensions);
    }

    /**
     * The certificate, with a random serial number and signed with ecdsa-with-SHA256, as Java reads it back.
     *
     * @param issuerKey an EC key
     * @throws GeneralSecurityException if the key is of another kind, or Java refuses what it reads back
     */
    public X509Certificate sign(PrivateKey issuerKey) throws GeneralSecurityException {
        byte[] unsigned = der();
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(issuerKey);
        signature.update(unsigned);
        byte[] certificate = Der.element(
                Der.SEQUENCE,
                unsigned,
                ECDSA_WITH_SHA256,
                Der.element(Der.BIT_STRING, NO_UNUSED_BITS, signature.sign()));
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(certificate));
    }

    private byte[] der() {
        // Not zero: RFC 5280 wants a positive number.
        BigInteger serial = new BigInteger(SERIAL_BITS, new SecureRandom()).setBit(0);
        byte[][] each = extensions.stream().map(CertificateExtension::der).toArray(byte[][]::new);
        return Der.element(
                Der.SEQUENCE,
                VERSION_3,
                Der.element(Der.INTEGER, serial.toByteArray()),
                ECDSA_WITH_SHA256,
                issuer.getEncoded(),
                Der.element(Der.SEQUENCE, time(notBefore), time(notAfter)),
                subject.getEncoded(),
                key.getEncoded(),
                Der.element(EXTENSIONS, Der.element(Der.SEQUENCE, each)));
    }

    private static byte[] time(Instant instant) {
        OffsetDateTime time = instant.atOffset(ZoneOffset.UTC);
        return time.getYear() <= LAST_SHORT_YEAR
                ? Der.element(Der.UTC_TIME, SHORT.format(time).getBytes(StandardCharsets.US_ASCII))
                : Der.element(Der.GENERALIZED_TIME, LONG.format(time).getBytes(StandardCharsets.US_ASCII));
    }
}
