package dev.portside.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that OpenSSL made (see {@code identities/make}), together and broken. */
class TlsIdentityTest {
    private static final char[] PASSWORD = "open sesame".toCharArray();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"rsa", "ec", "ed25519"})
    void read_pkcs8_isTheKeyOfTheLeaf(String kind) throws IOException {
        TlsIdentity identity = TlsIdentity.read(made(kind + ".pem"), made(kind + "-pkcs8.pem"), null);

        assertThat(identity.chain()).containsExactly(certificate(kind + ".pem"));
        assertThat(identity.key().getFormat()).isEqualTo("PKCS#8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rsa-pkcs1", "ec-sec1", "ec-sec1-no-public"})
    void read_keyOfTheFormsBeforePkcs8_isTheKeyOfTheLeaf(String name) throws IOException {
        String kind = name.substring(0, name.indexOf('-'));

        TlsIdentity identity = TlsIdentity.read(made(kind + ".pem"), made(name + ".pem"), null);

        assertThat(identity.chain()).containsExactly(certificate(kind + ".pem"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rsa-encrypted", "ec-encrypted"})
    void read_encryptedKey_needsItsPassword(String name) throws IOException {
        Path certificate = made(name.substring(0, name.indexOf('-')) + ".pem");
        Path key = made(name + ".pem");

        assertThat(TlsIdentity.read(certificate, key, PASSWORD).leaf())
                .isEqualTo(certificate(certificate.getFileName().toString()));
        assertThatIOException()
                .isThrownBy(() -> TlsIdentity.read(certificate, key, null))
                .withMessage(key + ": the private key is encrypted; give its password");
        assertThatIOException()
                .isThrownBy(() -> TlsIdentity.read(certificate, key, "guess".toCharArray()))
                .withMessage(key + ": wrong password for the private key");
        assertThatIOException()
                .isThrownBy(() -> TlsIdentity.read(certificate, key, "é".toCharArray()))
                .withMessageContaining("not ASCII");
    }

    @Test
    void read_keyEncryptedTheOldWay_namesTheCommandThatConvertsIt() throws IOException {
        Path key = made("rsa-old-encrypted.pem");

        assertThatIOException()
                .isThrownBy(() -> TlsIdentity.read(made("rsa.pem"), key, PASSWORD))
                .withMessageContaining("openssl pkcs8 -topk8 -v2 aes-256-cbc -in " + key);
    }

    @Test
    void read_keyEncryptedWithScrypt_namesTheCommandThatConvertsIt() throws IOException {
        assertThatIOException()
                .isThrownBy(() -> TlsIdentity.read(made("ec.pem"), made("ec-scrypt.pem"), PASSWORD))
                .withMessageContaining("in a way that Java does not know; convert it: openssl pkcs8");
    }

    @Test
    void read_oneFileInAnyOrderWithRemarks_isLeafThenIssuers() throws IOException {
        Path all = write(
                "all.pem",
                "remark: naïve\n" + text("ca.pem") + "subject=…\r\n" + text("rsa.pem") + text("sub.pem")
                        + "-----BEGIN DH PARAMETERS-----\nwhatever\n-----END DH PARAMETERS-----\n"
                        + text("ec-pkcs8.pem").replace("\n", "\r\n") + text("sub.pem") + text("ec.pem") + "the end");

        TlsIdentity identity = TlsIdentity.read(all, null, null);

        assertThat(identity.chain())
                .containsExactly(certificate("ec.pem"), certificate("sub.pem"), certificate("ca.pem"));
    }

    @Test
    void read_pkcs12_isTheChainLeafFirst() throws IOException {
        TlsIdentity identity = TlsIdentity.read(made("ec.p12"), null, PASSWORD);

        assertThat(identity.chain())
                .containsExactly(certificate("ec.pem"), certificate("sub.pem"), certificate("ca.pem"));
        assertThat(identity.key())
                .isEqualTo(TlsIdentity.read(made("ec.pem"), made("ec-pkcs8.pem"), null)
                        .key());
    }

    @Test
    void read_pkcs12_needsItsPassword() throws IOException {
        Path file = made("ec.p12");

        assertThatIOException()
                .isThrownBy(() -> TlsIdentity.read(file, null, null))
                .withMessage(file + ": encrypted with a password; give it");
        assertThatIOException()
                .isThrownBy(() -> TlsIdentity.read(file, null, "guess".toCharArray()))
                .withMessage(file + ": wrong password");
    }

    @Test
    void read_pkcs12WithAnEmptyPassword_needsNone() throws IOException {
        assertThat(TlsIdentity.read(made("ec-no-password.p12"), null, null).leaf())
                .isEqualTo(certificate("ec.pem"));
    }

    @Test
    void read_keyOfAnotherCertificate_isRefused() throws IOException {
        Path key = made("ec-pkcs8.pem");
        Path certificate = made("rsa.pem");

        assertThatIOException()
                .isThrownBy(() -> TlsIdentity.read(certificate, key, null))
                .withMessage(key + ": the private key does not belong to a certificate of " + certificate
                        + "; give the two that were made together");
    }

    @Test
    void read_keyOfAnotherCertificateOfTheSameKind_isRefused() throws IOException {
        assertThatIOException()
                .isThrownBy(() -> TlsIdentity.read(made("sub.pem"), made("ec-pkcs8.pem"), null))
                .withMessageContaining("does not belong to");
    }

    @Test
    void read_withoutKey_saysThatItIsMissing() throws IOException {
        Path certificate = made("ec.pem");

        assertThatIOException()
                .isThrownBy(() -> TlsIdentity.read(certificate, null, null))
                .withMessage(certificate
                        + ": holds no private key in PEM form; add it to the file or name the file that has it");
    }

    @Test
    void read_withoutCertificate_saysThatItIsMissing() throws IOException {
        Path key = made("ec-pkcs8.pem");

        assertThatIOException()
                .isThrownBy(() -> TlsIdentity.read(key, key, null))
                .withMessage(key + ": holds no certificate in PEM form");
    }

    @Test
    void read_missingFile_saysSo() {
        Path nowhere = folder.resolve("nowhere.pem");

        assertThatIOException()
                .isThrownBy(() -> TlsIdentity.read(nowhere, null, null))
                .withMessage(nowhere + ": no such file");
        assertThatIOException()
                .isThrownBy(() -> TlsIdentity.read(folder, null, null))
                .withMessage(folder + ": is a folder; name the file in it");
    }

    @Test
    void read_fileOfMoreThanOneMebibyte_isRefused() throws IOException {
        Path large = write("large.pem", " ".repeat(1 << 20) + text("ec.pem") + text("ec-pkcs8.pem"));

        assertThatIOException()
                .isThrownBy(() -> TlsIdentity.read(large, null, null))
                .withMessage(large + ": larger than 1 MiB; that is no file of certificates");
    }

    @Test
    void read_somethingElse_saysWhatItIsNot() throws IOException {
        for (byte[] content : List.of(
                new byte[0], "hello".getBytes(StandardCharsets.US_ASCII), encoded(certificate("ec.pem")), new byte[] {
                    0x30, 1, 2
                })) {
            Path file = Files.write(folder.resolve("some.pem"), content);
            assertThatIOException()
                    .isThrownBy(() -> TlsIdentity.read(file, null, null))
                    .withMessageStartingWith(file + ": neither PEM nor PKCS#12");
        }
        Path jks =
                Files.write(folder.resolve("old.jks"), new byte[] {(byte) 0xFE, (byte) 0xED, (byte) 0xFE, (byte) 0xED});
        assertThatIOException()
                .isThrownBy(() -> TlsIdentity.read(jks, null, null))
                .withMessageContaining("convert it: keytool -importkeystore");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ec-sec1.pem", "rsa-pkcs1.pem", "ec-encrypted.pem"})
    void read_cutOffAnywhere_isAPlainIOException(String name) throws IOException {
        String kind = name.substring(0, name.indexOf('-'));
        String key = text(name);
        byte[] der = Base64.getDecoder().decode(key.replaceAll("-----[^-]*-----|\\s", ""));
        for (int length = 0; length < der.length; length += 1 + der.length / 200) {
            byte[] part = Arrays.copyOf(der, length);
            String body = Base64.getMimeEncoder().encodeToString(part);
            String label = key.substring(key.indexOf("BEGIN ") + 6, key.indexOf("-----", 5));
            Path file = write("part.pem", "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n");
            assertThatIOException().isThrownBy(() -> TlsIdentity.read(made(kind + ".pem"), file, PASSWORD));
        }
        Path noEnd = write("no-end.pem", text("ec.pem") + key.substring(0, key.length() - 10));
        assertThatIOException()
                .isThrownBy(() -> TlsIdentity.read(noEnd, null, PASSWORD))
                .withMessage(noEnd + ": a block has no END line; the file is cut off, copy it again");
    }

    @Test
    void certificates_areThoseOfTheFileInItsOrder() throws IOException {
        Path authorities = write("authorities.pem", text("sub.pem") + text("ca.pem"));

        assertThat(TlsIdentity.certificates(authorities))
                .containsExactly(certificate("sub.pem"), certificate("ca.pem"));
    }

    @Test
    void identity_ofKeyAndForeignLeaf_isRefused() throws IOException {
        TlsIdentity identity = TlsIdentity.read(made("ec.p12"), null, PASSWORD);
        List<X509Certificate> rootFirst = new ArrayList<>(identity.chain()).reversed();

        assertThatIllegalArgumentException().isThrownBy(() -> new TlsIdentity(identity.key(), rootFirst));
        assertThatIllegalArgumentException().isThrownBy(() -> new TlsIdentity(identity.key(), List.of()));
        assertThat(identity)
                .hasToString("TlsIdentity[CN=ftp.example.test, " + Fingerprints.sha256(identity.leaf()) + "]");
    }

    @Test
    void fingerprints_areThoseThatOpensslPrints() throws IOException {
        X509Certificate certificate = certificate("ec.pem");

        assertThat(Fingerprints.sha256(certificate))
                .isEqualTo("2D:6F:42:7D:A4:D6:1B:E3:F1:1A:75:20:23:F6:83:A6:"
                        + "F3:38:1D:A5:FF:8F:6B:70:41:4B:7F:10:DF:07:E9:91");
        assertThat(Fingerprints.pin(certificate)).isEqualTo("sha256//LKJ9HSuNbvThk/DK1m+ZlukbTuA/BNz3o0iOPkXmyuE=");
    }

    private static X509Certificate certificate(String name) throws IOException {
        return TlsIdentity.certificates(made(name)).getFirst();
    }

    private static byte[] encoded(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException never) {
            throw new AssertionError(never);
        }
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private static String text(String name) throws IOException {
        return Files.readString(made(name));
    }

    private static Path made(String name) {
        try {
            URI uri = TlsIdentityTest.class.getResource("identities/" + name).toURI();
            return Path.of(uri);
        } catch (URISyntaxException never) {
            throw new AssertionError(never);
        }
    }
}
