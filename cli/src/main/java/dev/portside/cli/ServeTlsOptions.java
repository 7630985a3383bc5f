package dev.portside.cli;

import dev.portside.server.Account;
import dev.portside.server.Authenticator;
import dev.portside.server.CertificateStatus;
import dev.portside.server.ClientCertificates;
import dev.portside.server.DataSessionReuse;
import dev.portside.server.FtpServerTls;
import dev.portside.server.TlsPolicy;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What {@code serve} is told about TLS. */
final class ServeTlsOptions {
    private static final String STATE_VARIABLE = "XDG_STATE_HOME";

    /** How much TLS is asked for. */
    enum Policy {
        OFF(TlsPolicy.OFF),
        AUTO(TlsPolicy.OFFERED),
        OFFERED(TlsPolicy.OFFERED),
        LOGIN(TlsPolicy.LOGIN),
        REQUIRED(TlsPolicy.DATA);

        final TlsPolicy policy;

        Policy(TlsPolicy policy) {
            this.policy = policy;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Option(
            names = "--tls",
            paramLabel = "WHEN",
            description = {
                "off; auto or offered: who wants it; login: to log in; required: for data too.",
                "off unless given, auto with --cert."
            })
    private @Nullable Policy tls;

    @Option(
            names = "--cert",
            paramLabel = "FILE",
            description = {
                "Certificate chain, with its key or without: PEM or PKCS#12. Without",
                "--cert a self-signed one is made, kept and used again."
            })
    private @Nullable Path certificate;

    @Option(names = "--key", paramLabel = "FILE", description = "The key, if it is in another PEM file.")
    private @Nullable Path key;

    @Option(
            names = "--key-password-file",
            paramLabel = "FILE",
            description = "The first line of it is the password of the key.")
    private @Nullable Path passwordFile;

    @Option(
            names = "--implicit-port",
            paramLabel = "N",
            description = "Listen there too, with TLS from the first byte (ftps://, 990 by custom).")
    private @Nullable Integer implicitPort;

    @Option(
            names = "--data-session-reuse",
            paramLabel = "WHEN",
            description = {
                "required: a data connection must resume the TLS session of its control",
                "connection, so that nobody else can take it; preferred: or begin a new one;",
                "off. required unless given."
            })
    private @Nullable DataSessionReuse reuse;

    @Option(
            names = "--client-certificates",
            paramLabel = "WHEN",
            description = "off, wanted or required; wanted unless given when there is a --client-ca.")
    private @Nullable ClientCertificates clientCertificates;

    @Option(names = "--client-ca", paramLabel = "FILE", description = "Take client certificates of these authorities.")
    private @Nullable Path clientAuthorities;

    @Option(
            names = "--user-cert",
            paramLabel = "FILE",
            description = {
                "Who shows this certificate (PEM) is the user, and needs no password; it must",
                "come from the --client-ca. Without --password there is no password then."
            })
    private @Nullable Path userCertificate;

    TlsPolicy policy() {
        Policy told = tls;
        if (told == null) {
            told = certificate == null ? Policy.OFF : Policy.AUTO;
        }
        if (told == Policy.OFF && (certificate != null || implicitPort != null)) {
            throw new PortsideException(
                    ExitCode.USAGE,
                    "serve: " + (certificate == null ? "--implicit-port" : "--cert")
                            + " needs TLS, give --tls=auto or more");
        }
        return told.policy;
    }

    /** Where TLS begins with the connection; null for nowhere. */
    @Nullable
    Integer implicitPort() {
        return implicitPort;
    }

    /** The file of the certificate; null for none. */
    @Nullable
    Path certificate() {
        return certificate;
    }

    /** Null for a server without TLS. */
    @Nullable
    FtpServerTls tls(Console console, List<InetAddress> addresses) {
        if (policy() == TlsPolicy.OFF) {
            return null;
        }
        FtpServerTls.Builder builder = FtpServerTls.builder();
        certificate(builder, console, addresses);
        if (reuse != null) {
            builder.dataSessionReuse(reuse);
        }
        if (clientAuthorities != null) {
            builder.clientAuthorities(clientAuthorities).clientCertificates(ClientCertificates.WANTED);
        }
        if (clientCertificates != null) {
            builder.clientCertificates(clientCertificates);
        }
        try {
            return builder.build();
        } catch (IllegalArgumentException wrong) {
            throw new PortsideException(ExitCode.USAGE, "serve: " + wrong.getMessage());
        }
    }

    private void certificate(FtpServerTls.Builder builder, Console console, List<InetAddress> addresses) {
        if (certificate == null) {
            if (key != null || passwordFile != null) {
                throw new PortsideException(ExitCode.USAGE, "serve: --key and --key-password-file need --cert");
            }
            List<String> names = addresses.stream()
                    .filter(address -> !address.isAnyLocalAddress())
                    .map(InetAddress::getHostAddress)
                    .toList();
            builder.selfSigned(directory(console), names);
        } else if (passwordFile == null) {
            if (key == null) {
                builder.certificate(certificate);
            } else {
                builder.certificate(certificate, key);
            }
        } else if (key == null) {
            builder.certificate(certificate, TlsOptions.firstLine(passwordFile));
        } else {
            builder.certificate(certificate, key, TlsOptions.firstLine(passwordFile));
        }
    }

    /** Lets in who shows the certificate of the user; null if there is none. */
    @Nullable
    Authenticator userCertificate(Account account) {
        Path file = userCertificate;
        if (file == null) {
            return null;
        }
        if (clientAuthorities == null || policy() == TlsPolicy.OFF) {
            throw new PortsideException(ExitCode.USAGE, "serve: --user-cert needs --client-ca and --tls");
        }
        return Authenticator.certificates(Map.of(fingerprint(file), account));
    }

    private static String fingerprint(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            CertificateFactory x509 = CertificateFactory.getInstance("X.509");
            return CertificateStatus.of((X509Certificate) x509.generateCertificate(in))
                    .sha256();
        } catch (IOException unreadable) {
            throw new PortsideException(ExitCode.LOCAL_FILE, file + ": " + Failure.reason(unreadable), unreadable);
        } catch (CertificateException none) {
            throw new PortsideException(
                    ExitCode.LOCAL_FILE, file + ": there is no certificate in it, give a PEM file", none);
        }
    }

    /** The file of the self-signed certificate; null if there is none. */
    @Nullable
    Path selfSigned(Console console) {
        boolean made = policy() != TlsPolicy.OFF && certificate == null;
        return made ? directory(console).resolve("self-signed.pem") : null;
    }

    /** Where the self-signed certificate is kept, as the XDG base directories have it. */
    private static Path directory(Console console) {
        String named = console.setting(STATE_VARIABLE);
        Path state = named == null ? console.home().resolve(".local").resolve("state") : Path.of(named);
        return state.resolve("portside").resolve("tls");
    }
}
