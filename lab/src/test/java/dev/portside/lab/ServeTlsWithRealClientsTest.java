package dev.portside.lab;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.lab.peer.RealClient;
import dev.portside.lab.peer.RealClient.Outcome;
import dev.portside.lab.peer.TestAuthority;
import dev.portside.lab.peer.TestAuthority.Subject;
import dev.portside.testkit.Content;
import dev.portside.transport.Fingerprints;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the README promises of {@code portside serve --tls required}, with the certificate that it makes for itself. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ServeTlsWithRealClientsTest {
    private static final Content FILE = new Content(5 << 20, 1);
    private static final Instant LONG_AGO = Instant.parse("2004-03-02T21:20:19Z");
    private static final int SMALL_FILES = 100;

    private Path served;
    private Path state;
    private Path authority;
    private Serve serve;

    /**
     * A running server, and what it has printed.
     *
     * @param explicit host and port
     * @param implicit host and port where TLS comes first
     */
    private record Serve(Process process, String fingerprint, String pin, String explicit, String implicit) {
        static Serve start(Path served, Path state, String... more) throws IOException {
            List<String> arguments = new ArrayList<>(List.of(
                    "serve", served.toString(), "--port=0", "--implicit-port=0", "--user=ada", "--tls=required"));
            arguments.addAll(List.of(more));
            Process process =
                    OurCommand.start(Map.of("XDG_STATE_HOME", state.toString()), arguments.toArray(String[]::new));
            List<String> said = new ArrayList<>();
            BufferedReader lines = process.inputReader();
            String line = lines.readLine();
            while (line != null && !line.startsWith("listening on ftps://")) {
                said.add(line);
                line = lines.readLine();
            }
            said.add(String.valueOf(line));
            return new Serve(
                    process,
                    behind("certificate SHA-256 ", said),
                    behind("pin ", said),
                    behind("listening on ftpes://", said).replace("/", ""),
                    behind("listening on ftps://", said).replace("/", ""));
        }

        private static String behind(String prefix, List<String> lines) {
            return lines.stream()
                    .filter(line -> line.startsWith(prefix))
                    .map(line -> line.substring(prefix.length()))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no " + prefix + "in " + lines));
        }

        void stop() throws InterruptedException {
            process.destroy();
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        served = Files.createDirectory(directory.resolve("served"));
        state = directory.resolve("state");
        authority = state.resolve("portside/tls/self-signed.pem");
        serve = Serve.start(served, state, "--password=s3cret");
    }

    @AfterAll
    void stop() throws Exception {
        serve.stop();
    }

    /** Standard error is where clients complain. */
    private Outcome curl(Path local, String... arguments) throws Exception {
        List<String> all =
                new ArrayList<>(List.of("-sS", "--ssl-reqd", "--cacert", authority.toString(), "--user", "ada:s3cret"));
        all.addAll(List.of(arguments));
        Outcome outcome = RealClient.named("curl")
                .in(local)
                .run(all.toArray(String[]::new))
                .succeeded();
        assertThat(outcome.errors()).as(outcome.toString()).isEmpty();
        return outcome;
    }

    private static void plant(Path root) throws IOException {
        for (String path : List.of("big", ".hidden", "sub/deep/" + Names.HARD, "sub/empty")) {
            seed(root.resolve(path), path.equals("big") ? FILE : new Content(path.length(), 1));
        }
        for (int i = 0; i < SMALL_FILES; i++) {
            seed(root.resolve("many/" + i), new Content(i * 100L, i));
        }
    }

    private static void seed(Path file, Content content) throws IOException {
        Files.createDirectories(file.getParent());
        content.writeTo(file);
        Files.setLastModifiedTime(file, FileTime.from(LONG_AGO));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void curl_uploads_andDownloads(boolean implicit, @TempDir Path local) throws Exception {
        FILE.writeTo(local.resolve("up"));
        String url = (implicit ? "ftps://" + serve.implicit : "ftp://" + serve.explicit) + "/curl-" + implicit;
        curl(local, "-T", "up", url);
        FILE.assertIn(served.resolve("curl-" + implicit));
        curl(local, "-o", "down", url);
        FILE.assertIn(local.resolve("down"));
    }

    /** In one session: under TLS 1.3 curl uses each ticket once. */
    @Test
    void curl_uploadsManyFiles(@TempDir Path local) throws Exception {
        for (int i = 0; i < 10; i++) {
            new Content(i, i).writeTo(local.resolve("many-" + i));
        }
        Files.createDirectory(served.resolve("curl-many"));
        curl(local, "-T", "many-[0-9]", "ftp://" + serve.explicit + "/curl-many/");
        for (int i = 0; i < 10; i++) {
            new Content(i, i).assertIn(served.resolve("curl-many/many-" + i));
        }
    }

    @Test
    void lftp_mirrorsBothWays(@TempDir Path local) throws Exception {
        plant(local.resolve("tree"));
        Outcome outcome = RealClient.named("lftp")
                .in(local)
                .run(
                        "-u",
                        "ada,s3cret",
                        "-e",
                        "set cmd:fail-exit true; set ssl:ca-file " + authority
                                + "; set ftp:ssl-force true; set ftp:ssl-protect-data true"
                                + "; mirror -R tree lftp; mirror lftp copy; quit",
                        serve.explicit)
                .succeeded();
        assertThat(outcome.errors()).isEmpty();
        assertThat(Tree.of(served.resolve("lftp"))).isEqualTo(Tree.of(local.resolve("tree")));
        assertThat(Tree.of(local.resolve("copy"))).isEqualTo(Tree.of(local.resolve("tree")));
    }

    @Test
    void ourOwnCommand_getsATree_byPinAndByAuthority(@TempDir Path local) throws Exception {
        Path tree = served.resolve("ours");
        plant(tree);
        OurCommand.run(local, "s3cret", "get", "-r", "--pin", serve.pin, "ftpes://ada@" + serve.explicit + "/ours")
                .succeeded();
        assertThat(Tree.of(local.resolve("ours"))).isEqualTo(Tree.of(tree));
        String[] byAuthority = {
            "get", "-r", "--cacert", authority.toString(), "ftps://ada@" + serve.implicit + "/ours", "-o", "again"
        };
        OurCommand.run(local, "s3cret", byAuthority).succeeded();
        assertThat(Tree.of(local.resolve("again"))).isEqualTo(Tree.of(tree));
    }

    @Test
    void fingerprint_isThatOfTheCertificateShown_andStays(@TempDir Path other) throws Exception {
        X509Certificate shown = shown();
        assertThat(serve.fingerprint).isEqualTo(Fingerprints.sha256(shown));
        assertThat(serve.pin).isEqualTo(Fingerprints.pin(shown));

        Serve second = Serve.start(other, state);
        second.stop();
        assertThat(second.fingerprint).isEqualTo(serve.fingerprint);
        assertThat(second.pin).isEqualTo(serve.pin);
    }

    @Test
    void userCert_letsInWhoShowsIt_andNobodyElse(@TempDir Path local) throws Exception {
        TestAuthority.Certificate ada = TestAuthority.certificate(Subject.CLIENT);
        TestAuthority.Certificate another = TestAuthority.certificate(Subject.SERVER);
        Files.writeString(Files.createDirectory(local.resolve("files")).resolve("a"), "by certificate");
        String[] options = {
            "--client-ca",
            TestAuthority.root().toString(),
            "--user-cert",
            ada.chain().toString()
        };
        Serve byCertificate = Serve.start(local.resolve("files"), state, options);
        try {
            String url = "ftp://" + byCertificate.explicit + "/a";
            Outcome shown = curlBy(ada, url);
            assertThat(shown.errors()).contains("< 232");
            assertThat(new String(shown.output(), US_ASCII)).isEqualTo("by certificate");
            // It is no certificate of a client.
            assertThat(curlBy(another, url).exitCode()).isNotZero();
            String[] none = {"-sSv", "--ssl-reqd", "--cacert", authority.toString(), "--user", "ada:wrong", url};
            assertThat(RealClient.named("curl").run(none).errors()).contains("< 530 Login incorrect");
            String[] ours = {
                "cat",
                "--pin=" + byCertificate.pin,
                "--cert=" + ada.chain(),
                "--key=" + ada.key(),
                "ftpes://ada@" + byCertificate.explicit + "/a"
            };
            assertThat(new String(
                            OurCommand.run(local, "not asked for", ours)
                                    .succeeded()
                                    .output(),
                            US_ASCII))
                    .isEqualTo("by certificate");
        } finally {
            byCertificate.stop();
        }
    }

    private Outcome curlBy(TestAuthority.Certificate certificate, String url) throws Exception {
        String[] arguments = {
            "-sSv",
            "--ssl-reqd",
            "--cacert",
            authority.toString(),
            "--cert",
            certificate.chain().toString(),
            "--key",
            certificate.key().toString(),
            "--user",
            "ada:wrong",
            url
        };
        return RealClient.named("curl").run(arguments);
    }

    private X509Certificate shown() throws Exception {
        byte[] pem = RealClient.named("openssl")
                .reading("QUIT\r\n")
                .run("s_client", "-starttls", "ftp", "-connect", serve.explicit)
                .output();
        String text = new String(pem, US_ASCII);
        String certificate = text.substring(text.indexOf("-----BEGIN CERT"), text.indexOf("-----END CERT") + 25);
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(certificate.getBytes(US_ASCII)));
    }

    @Test
    void whoComesInTheClear_isToldWhatToDo(@TempDir Path local) throws Exception {
        Outcome curl = RealClient.named("curl").run("-sSv", "--user", "ada:s3cret", "ftp://" + serve.explicit + "/");
        assertThat(curl.exitCode()).as(curl.toString()).isNotZero();
        assertThat(curl.errors()).contains("< 530 TLS is required, send AUTH TLS first");

        Outcome ours = OurCommand.run(local, "s3cret", "ls", "ftp://ada@" + serve.explicit + "/");
        assertThat(ours.exitCode()).as(ours.toString()).isEqualTo(4);
        assertThat(ours.errors()).contains("TLS is required").hasLineCount(1);
    }

    @Test
    void unprotectedData_isRefused_withWhatToDo() throws Exception {
        String[] arguments = {
            "-sSv",
            "--ftp-ssl-control",
            "--cacert",
            authority.toString(),
            "--user",
            "ada:s3cret",
            "ftp://" + serve.explicit + "/"
        };
        Outcome curl = RealClient.named("curl").run(arguments);
        assertThat(curl.exitCode()).as(curl.toString()).isNotZero();
        assertThat(curl.errors()).contains("use PROT P");
    }
}
