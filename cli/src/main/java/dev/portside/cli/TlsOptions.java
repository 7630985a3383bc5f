package dev.portside.cli;

import dev.portside.client.FtpClientTls;
import dev.portside.client.TlsMode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of every remote command that say when TLS begins and whom to trust. */
final class TlsOptions {
    static final String PASSWORD_VARIABLE = "PORTSIDE_KEY_PASSWORD";

    @Option(
            names = "--tls",
            paramLabel = "WHEN",
            completionCandidates = OptionTypes.TlsModes.class,
            description = "When TLS begins: off, auto (if the server offers it), explicit or implicit; as the URL says"
                    + " unless given.")
    private @Nullable TlsMode mode;

    @Option(
            names = "--tls-max",
            paramLabel = "VERSION",
            converter = OptionTypes.TlsVersion.class,
            description = "The newest version of TLS to speak: 1.3 (default) or 1.2.")
    private @Nullable String newest;

    @Option(
            names = "--cacert",
            paramLabel = "FILE",
            description = "PEM file of the authorities to trust, instead of the system's.")
    private @Nullable Path authorities;

    @Option(
            names = "--pin",
            paramLabel = "PIN",
            split = ";",
            converter = OptionTypes.Pin.class,
            description = "Trust this public key and no other: sha256//… as for curl; can be repeated.")
    private List<String> pins = List.of();

    @Option(
            names = "--cert",
            paramLabel = "FILE",
            description = "The certificate to show to the server: PEM, or PKCS#12 with its key.")
    private @Nullable Path certificate;

    @Option(names = "--key", paramLabel = "FILE", description = "PEM file of its key, if that is not in --cert.")
    private @Nullable Path key;

    @Option(
            names = "--key-password-file",
            paramLabel = "FILE",
            description = "The password of the key, in the first line of a file; otherwise " + PASSWORD_VARIABLE + ".")
    private @Nullable Path keyPassword;

    @Option(
            names = "--insecure",
            description =
                    "Do not check the server's certificate: whoever is on the way can read and change everything.")
    private boolean insecure;

    /** What {@code --tls} says, or null. */
    @Nullable
    TlsMode mode() {
        return mode;
    }

    boolean insecure() {
        return insecure;
    }

    /** Whether a person may be asked to trust a certificate: not when the command line says whom to trust. */
    boolean trustsOnFirstUse() {
        return !insecure && authorities == null && pins.isEmpty();
    }

    /**
     * Finds options that would be ignored.
     *
     * @throws PortsideException if there are any
     */
    void requireUseFor(RemoteUrl url) {
        if (insecure && (authorities != null || !pins.isEmpty())) {
            throw usage("--insecure", "checks nothing, leave out " + (pins.isEmpty() ? "--cacert" : "--pin"));
        }
        if (authorities != null && !pins.isEmpty()) {
            throw usage("--cacert", "has no say when keys are pinned, leave out --pin or --cacert");
        }
        if (certificate == null && (key != null || keyPassword != null)) {
            throw usage(key != null ? "--key" : "--key-password-file", "belongs to a certificate, give --cert too");
        }
        String given = given();
        if (url.tls() == TlsMode.OFF && given != null) {
            throw usage(given, "is about TLS, and " + url + " goes without it, write ftpes:// or --tls explicit");
        }
    }

    private @Nullable String given() {
        if (insecure) {
            return "--insecure";
        }
        if (authorities != null) {
            return "--cacert";
        }
        if (!pins.isEmpty()) {
            return "--pin";
        }
        if (certificate != null) {
            return "--cert";
        }
        return newest != null ? "--tls-max" : null;
    }

    private static PortsideException usage(String option, String reason) {
        return new PortsideException(ExitCode.USAGE, option + ": " + reason);
    }

    /**
     * What the client is to be told.
     *
     * @param known fingerprints that a person has accepted for this server
     */
    FtpClientTls clientTls(RemoteUrl url, Set<String> known, Console console) {
        if (url.tls() == TlsMode.OFF) {
            return FtpClientTls.OFF;
        }
        FtpClientTls.Builder tls = FtpClientTls.builder(url.tls()).verify(!insecure);
        pins.forEach(tls::pin);
        known.forEach(tls::trusting);
        if (newest != null) {
            tls.protocols("TLSv1.2", newest);
        }
        if (authorities != null) {
            tls.authorities(authorities);
        }
        if (certificate != null) {
            tls.clientCertificate(certificate, key, password(console));
        }
        return tls.build();
    }

    private char @Nullable [] password(Console console) {
        if (keyPassword == null) {
            String variable = console.setting(PASSWORD_VARIABLE);
            return variable == null ? null : variable.toCharArray();
        }
        return firstLine(keyPassword);
    }

    /** The password in a file; what stands behind its first line is not read. */
    static char[] firstLine(Path passwordFile) {
        try (BufferedReader file = Files.newBufferedReader(passwordFile)) {
            String line = file.readLine();
            return line == null ? new char[0] : line.toCharArray();
        } catch (IOException unreadable) {
            throw new PortsideException(
                    ExitCode.LOCAL_FILE, passwordFile + ": cannot be read, " + Failure.reason(unreadable), unreadable);
        }
    }
}
