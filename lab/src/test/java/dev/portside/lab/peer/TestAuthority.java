package dev.portside.lab.peer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * A certificate authority for tests: a root and one intermediate authority, which signs. Everything is made by the
 * {@code openssl} program when it is first asked for, in a folder that lives as long as the JVM.
 */
public final class TestAuthority {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final ReentrantLock LOCK = new ReentrantLock();
    private static final String LOOPBACK = "DNS:localhost,IP:127.0.0.1,IP:::1";

    private final Path directory;
    private final Map<Subject, Certificate> issued = new EnumMap<>(Subject.class);

    private TestAuthority(Path directory) {
        this.directory = directory;
    }

    /** Whom a certificate is for, and what is wrong with it. Keys are on the curve P-256, where nothing else is said. */
    public enum Subject {
        /** A server on the loopback interface: {@code localhost}, 127.0.0.1 and {@code ::1}; RSA 2048. */
        SERVER("/CN=localhost", LOOPBACK, false),
        /** The same with a key on an elliptic curve. */
        SERVER_EC("/CN=localhost", LOOPBACK, false),
        /** The same again, with another RSA key: what {@link #SERVER} is replaced by. */
        SERVER_RENEWED("/CN=localhost/O=renewed", LOOPBACK, false),
        /** Was valid until yesterday. */
        SERVER_EXPIRED("/CN=localhost/O=expired", LOOPBACK, false),
        /** Is valid from tomorrow. */
        SERVER_NOT_YET_VALID("/CN=localhost/O=not yet valid", LOOPBACK, false),
        /** Is valid for {@code ftp.example.org} only. */
        SERVER_OTHER_HOST("/CN=ftp.example.org", "DNS:ftp.example.org", false),
        /** Is signed by nobody but itself. */
        SERVER_SELF_SIGNED("/CN=localhost/O=self-signed", LOOPBACK, false),
        /** A client: the user of {@link RealServer#user}; RSA 2048. */
        CLIENT("/CN=ada", "email:ada@example.org", true),
        /** A client who shows a certificate that nobody else has signed. */
        CLIENT_SELF_SIGNED("/CN=ada/O=self-signed", "email:ada@example.org", true);

        private final String name;
        private final String alternatives;
        private final boolean client;

        Subject(String name, String alternatives, boolean client) {
            this.name = name;
            this.alternatives = alternatives;
            this.client = client;
        }

        /** Returns what {@code openssl req -newkey} calls the kind of key. */
        String algorithm() {
            return this == SERVER || this == SERVER_RENEWED || this == CLIENT ? "rsa" : "ec";
        }

        private boolean selfSigned() {
            return this == SERVER_SELF_SIGNED || this == CLIENT_SELF_SIGNED;
        }

        private Instant from(Instant now) {
            return now.plus(Duration.ofDays(this == SERVER_NOT_YET_VALID ? 1 : -30));
        }

        private Instant until(Instant now) {
            return now.plus(Duration.ofDays(this == SERVER_EXPIRED ? -1 : 90));
        }
    }

    /**
     * A certificate as PEM files.
     *
     * @param chain the certificate, then that of the intermediate authority, if that has signed it
     * @param key its private key, unencrypted PKCS#8, which only the user of this process may read
     * @param both chain and key in one file
     */
    public record Certificate(Path chain, Path key, Path both) {}

    /** Returns the certificate of the root authority, a PEM file: the only thing that a peer has to trust. */
    public static Path root() {
        return authority().directory.resolve("root.pem");
    }

    /** Returns the certificate for this subject, always the same one. */
    public static Certificate certificate(Subject subject) {
        LOCK.lock();
        try {
            TestAuthority authority = authority();
            Certificate certificate = authority.issued.get(subject);
            if (certificate == null) {
                certificate = authority.issue(subject);
                authority.issued.put(subject, certificate);
            }
            return certificate;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            LOCK.unlock();
        }
    }

    private static TestAuthority authority() {
        return Holder.AUTHORITY;
    }

    private static final class Holder {
        private static final TestAuthority AUTHORITY = create();

        private static TestAuthority create() {
            try {
                Path directory = Files.createTempDirectory("portside-authority");
                Runtime.getRuntime().addShutdownHook(new Thread(() -> Processes.delete(directory)));
                TestAuthority authority = new TestAuthority(directory);
                authority.found();
                return authority;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void found() throws IOException {
        Files.createFile(directory.resolve("index"));
        Files.writeString(directory.resolve("openssl.cnf"), """
                [req]
                distinguished_name = name
                [name]
                [ca]
                default_ca = signer
                [signer]
                database = index
                new_certs_dir = .
                rand_serial = yes
                unique_subject = no
                default_md = sha256
                policy = policy
                [policy]
                commonName = supplied
                organizationName = optional
                [authority]
                basicConstraints = critical, CA:TRUE
                keyUsage = critical, keyCertSign, cRLSign
                subjectKeyIdentifier = hash
                """);
        request("root", "/CN=Portside test root", "ec");
        sign("root", "root", "authority", Instant.now().minus(Duration.ofDays(60)), Duration.ofDays(365));
        request("signer", "/CN=Portside test signer", "ec");
        sign("signer", "root", "authority", Instant.now().minus(Duration.ofDays(60)), Duration.ofDays(365));
    }

    private Certificate issue(Subject subject) throws IOException {
        String file = subject.name();
        Files.writeString(
                directory.resolve("openssl.cnf"),
                """
                [%s]
                basicConstraints = critical, CA:FALSE
                keyUsage = critical, digitalSignature
                extendedKeyUsage = %s
                subjectKeyIdentifier = hash
                subjectAltName = %s
                """.formatted(file, subject.client ? "clientAuth" : "serverAuth", subject.alternatives),
                StandardOpenOption.APPEND);
        request(file, subject.name, subject.algorithm());
        Instant now = Instant.now();
        Instant from = subject.from(now);
        sign(file, subject.selfSigned() ? file : "signer", file, from, Duration.between(from, subject.until(now)));

        Path own = directory.resolve(file + ".pem");
        Path key = directory.resolve(file + ".key");
        Path chain = subject.selfSigned() ? own : write(file + ".chain.pem", own, directory.resolve("signer.pem"));
        return new Certificate(chain, key, write(file + ".both.pem", chain, key));
    }

    private void request(String file, String name, String algorithm) throws IOException {
        String option = algorithm.equals("ec") ? "ec_paramgen_curve:P-256" : "rsa_keygen_bits:2048";
        openssl(
                "req",
                "-new",
                "-config",
                "openssl.cnf",
                "-newkey",
                algorithm,
                "-pkeyopt",
                option,
                "-nodes",
                "-subj",
                name,
                "-keyout",
                file + ".key",
                "-out",
                file + ".csr");
    }

    /** Signs a request with the key of the signer; who signs himself has no certificate yet. */
    private void sign(String file, String signer, String extensions, Instant from, Duration validity)
            throws IOException {
        List<String> with = signer.equals(file) ? List.of("-selfsign") : List.of("-cert", signer + ".pem");
        openssl(Stream.concat(
                        Stream.of(
                                "ca",
                                "-config",
                                "openssl.cnf",
                                "-batch",
                                "-notext",
                                "-in",
                                file + ".csr",
                                "-out",
                                file + ".pem",
                                "-keyfile",
                                signer + ".key",
                                "-extensions",
                                extensions,
                                "-startdate",
                                TIME.format(from),
                                "-enddate",
                                TIME.format(from.plus(validity))),
                        with.stream())
                .toArray(String[]::new));
    }

    private Path write(String name, Path... parts) throws IOException {
        StringBuilder text = new StringBuilder();
        for (Path part : parts) {
            text.append(Files.readString(part));
        }
        Path file = Files.writeString(directory.resolve(name), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private void openssl(String... arguments) throws IOException {
        try {
            RealClient.named("openssl").in(directory).run(arguments).succeeded();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("openssl was interrupted", e);
        }
    }
}
