package dev.portside.lab.network;

import dev.portside.lab.peer.TestAuthority;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.HexFormat;

/**
 * What servers and clients of the laboratory agree upon.
 *
 * @param chain the servers' certificate, a PEM file
 * @param key its key, a PEM file
 * @param fingerprint of the certificate: clients trust it whatever address they connect to
 */
record Secrets(String chain, String key, String fingerprint) implements Serializable {
    static final String USER = "ada";
    static final String PASSWORD = "s3cret";
    /** The file that is transferred, and what is in it. */
    static final String FILE = "probe.txt";

    static final String CONTENT = "The data connection works.\n".repeat(40);

    /** Handshakes are not what is measured: a busy machine may take its time. */
    static final Duration HANDSHAKE = Duration.ofSeconds(50);

    static Secrets make() throws IOException {
        TestAuthority.Certificate made = TestAuthority.certificate(TestAuthority.Subject.SERVER_EC);
        try (var pem = Files.newInputStream(made.chain())) {
            Certificate leaf = CertificateFactory.getInstance("X.509").generateCertificate(pem);
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(leaf.getEncoded());
            return new Secrets(
                    made.chain().toString(),
                    made.key().toString(),
                    HexFormat.of().formatHex(hash));
        } catch (GeneralSecurityException impossible) {
            throw new IOException(impossible);
        }
    }
}
