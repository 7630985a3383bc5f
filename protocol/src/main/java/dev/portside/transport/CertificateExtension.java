package dev.portside.transport;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.util.Collection;

/** An extension of a certificate (RFC 5280 section 4.2), one of those that a certificate of this program can have. */
public final class CertificateExtension {
    private static final byte[] SUBJECT_KEY_IDENTIFIER = Der.objectIdentifier("551d0e");
    private static final byte[] KEY_USAGE = Der.objectIdentifier("551d0f");
    private static final byte[] SUBJECT_ALT_NAME = Der.objectIdentifier("551d11");
    private static final byte[] BASIC_CONSTRAINTS = Der.objectIdentifier("551d13");
    private static final byte[] EXT_KEY_USAGE = Der.objectIdentifier("551d25");
    private static final byte[] SERVER_AUTH = Der.objectIdentifier("2b06010505070301");

    private static final byte[] TRUE = Der.element(Der.BOOLEAN, new byte[] {(byte) 0xFF});
    /** Seven bits of the byte are unused: bit 0 is the highest one. */
    private static final byte[] DIGITAL_SIGNATURE = {7, (byte) 0x80};
    /** Bit 5. */
    private static final byte[] KEY_CERT_SIGN = {2, 0x04};

    private static final int DNS_NAME = Der.numbered(2, false);
    private static final int IP_ADDRESS = Der.numbered(7, false);

    private final byte[] der;

    private CertificateExtension(byte[] identifier, boolean critical, byte[] value) {
        byte[] octets = Der.element(Der.OCTET_STRING, value);
        this.der = critical
                ? Der.element(Der.SEQUENCE, identifier, TRUE, octets)
                : Der.element(Der.SEQUENCE, identifier, octets);
    }

    /** Section 4.2.1.9, critical: whether the key may sign other certificates. */
    public static CertificateExtension basicConstraints(boolean authority) {
        byte[] value = authority ? Der.element(Der.SEQUENCE, TRUE) : Der.element(Der.SEQUENCE);
        return new CertificateExtension(BASIC_CONSTRAINTS, true, value);
    }

    /** Section 4.2.1.3, critical: the key of an authority signs certificates, any other key signs TLS handshakes. */
    public static CertificateExtension keyUsage(boolean authority) {
        byte[] bits = authority ? KEY_CERT_SIGN : DIGITAL_SIGNATURE;
        return new CertificateExtension(KEY_USAGE, true, Der.element(Der.BIT_STRING, bits));
    }

    /** Section 4.2.1.12: the key is a TLS server's. */
    public static CertificateExtension serverAuth() {
        return new CertificateExtension(EXT_KEY_USAGE, false, Der.element(Der.SEQUENCE, SERVER_AUTH));
    }

    /** Section 4.2.1.2, by method 4 of RFC 7093. */
    public static CertificateExtension subjectKeyIdentifier(PublicKey key) {
        byte[] identifier = Der.element(Der.OCTET_STRING, Fingerprints.digest(key.getEncoded()));
        return new CertificateExtension(SUBJECT_KEY_IDENTIFIER, false, identifier);
    }

    /**
     * Section 4.2.1.6.
     *
     * @param names host names, in ASCII, and literal addresses; at least one
     * @throws IllegalArgumentException if there is none, or one is not ASCII
     */
    public static CertificateExtension subjectAltName(Collection<String> names) {
        if (names.isEmpty()) {
            throw new IllegalArgumentException("certificate: no name");
        }
        byte[][] alternatives =
                names.stream().map(CertificateExtension::generalName).toArray(byte[][]::new);
        return new CertificateExtension(SUBJECT_ALT_NAME, false, Der.element(Der.SEQUENCE, alternatives));
    }

    private static byte[] generalName(String name) {
        byte[] address;
        try {
            address = InetAddress.ofLiteral(name).getAddress();
        } catch (IllegalArgumentException aName) {
            if (!StandardCharsets.US_ASCII.newEncoder().canEncode(name)) {
                throw new IllegalArgumentException("certificate: a name that is not ASCII: " + name);
            }
            return Der.element(DNS_NAME, name.getBytes(StandardCharsets.US_ASCII));
        }
        return Der.element(IP_ADDRESS, address);
    }

    byte[] der() {
        return der;
    }
}
