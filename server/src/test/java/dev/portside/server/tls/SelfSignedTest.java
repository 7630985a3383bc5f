package dev.portside.server.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.portside.transport.Fingerprints;
import dev.portside.transport.TlsIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The certificate that a server makes for itself. */
class SelfSignedTest {
    @TempDir
    private Path folder;

    @Test
    void firstUse_makesOneThatIsKept() throws Exception {
        Path kept = folder.resolve("tls/made");
        TlsIdentity first = new SelfSigned(kept, List.of("ftp.example.test")).first();

        TlsIdentity second = new SelfSigned(kept, List.of("other.example.test")).first();

        assertThat(second).isEqualTo(first);
        try (Stream<Path> files = Files.list(kept)) {
            assertThat(files).containsExactly(kept.resolve("self-signed.pem"));
        }
    }

    @Test
    void key_isReadByItsOwnerOnly() throws Exception {
        new SelfSigned(folder.resolve("tls"), List.of()).first();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("tls/self-signed.pem"))))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("tls"))))
                .isEqualTo("rwx------");
    }

    @Test
    void certificate_isForTheGivenNamesAndThisHost() throws Exception {
        List<String> names = List.of("FTP.example.test", "*.example.org", "192.0.2.7", "2001:db8::7");
        X509Certificate leaf = new SelfSigned(folder, names).first().leaf();

        Set<String> alternatives = leaf.getSubjectAlternativeNames().stream()
                .map(name -> name.getFirst() + " " + name.get(1))
                .collect(Collectors.toSet());
        assertThat(alternatives)
                .contains(
                        "2 ftp.example.test",
                        "2 *.example.org",
                        "7 192.0.2.7",
                        "7 2001:db8:0:0:0:0:0:7",
                        "2 localhost",
                        "7 127.0.0.1",
                        "7 0:0:0:0:0:0:0:1",
                        "2 " + InetAddress.getLocalHost().getHostName().toLowerCase(Locale.ROOT));
        assertThat(leaf.getSubjectX500Principal().getName()).isEqualTo("CN=ftp.example.test");
        assertThat(leaf.getPublicKey().getAlgorithm()).isEqualTo("EC");
        assertThat(leaf.getSigAlgName()).isEqualTo("SHA256withECDSA");
        assertThat(leaf.getBasicConstraints()).as("no authority").isEqualTo(-1);
        leaf.checkValidity();
        assertThat(leaf.getNotAfter().toInstant())
                .isBetween(
                        Instant.now().plus(Duration.ofDays(3650)), Instant.now().plus(Duration.ofDays(3654)));
    }

    @Test
    void manyAtOnce_useTheSame() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        Callable<String> one = () -> {
            go.await();
            return Fingerprints.sha256(new SelfSigned(folder, List.of()).first().leaf());
        };
        Set<String> fingerprints = new HashSet<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<String>> all = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                all.add(threads.submit(one));
            }
            go.countDown();
            for (Future<String> each : all) {
                fingerprints.add(each.get());
            }
        }
        assertThat(fingerprints).hasSize(1);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).as("nothing unfinished is left").hasSize(1);
        }
    }

    @Test
    void fileThatIsLostWhileTheServerRuns_isNotMadeAgain() throws Exception {
        SelfSigned source = new SelfSigned(folder, List.of());
        source.first();
        Files.delete(folder.resolve("self-signed.pem"));

        assertThatIOException().isThrownBy(source::again).withMessageEndingWith("self-signed.pem: no such file");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void folderThatCannotBe_saysSo() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "not a folder");

        assertThatIOException()
                .isThrownBy(() -> new SelfSigned(file, List.of()).first())
                .withMessage(
                        file + ": cannot keep a self-signed certificate there; name a folder that can be written to");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bücher.example", "ftp.example.test\n", "a b", "-ftp.example.test", "CN=x,O=y", ""})
    void name_thatCannotStandInACertificate_isRefused(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SelfSigned(folder, List.of(name)))
                .withMessageStartingWith("self-signed certificate: neither a host name nor an address: " + name);
    }

    @Test
    void name_thatIsNotAscii_isRefusedWithAHint() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SelfSigned(folder, List.of("bücher.example")))
                .withMessageEndingWith("bücher.example; write xn--bcher-kva.example");
    }
}
