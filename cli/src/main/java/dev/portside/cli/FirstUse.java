package dev.portside.cli;

import dev.portside.client.FtpCertificateException;
import dev.portside.client.FtpCertificateException.Reason;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Trust on first use: a certificate that cannot be verified is shown to the person at the terminal, and kept when that person
 * accepts it. From then on it has to be the same.
 */
final class FirstUse {
    private static final Set<Reason> ACCEPTABLE = Set.of(Reason.UNTRUSTED, Reason.WRONG_HOST, Reason.EXPIRED);

    private final Console console;
    private final boolean allowed;
    private final KnownHosts knownHosts;

    /** @param allowed whether the command line leaves it to a person whom to trust */
    FirstUse(Console console, boolean allowed) {
        this.console = console;
        this.allowed = allowed;
        this.knownHosts = KnownHosts.of(console);
    }

    /** What was accepted for the server before. */
    Set<String> known(RemoteUrl url) throws IOException {
        return allowed ? knownHosts.fingerprints(url.hostPort()) : Set.of();
    }

    /**
     * Asks whether to trust the certificate, and keeps it.
     *
     * @throws PortsideException if nobody can be asked, or the answer is no; it says what can be done
     */
    void accept(RemoteUrl url, FtpCertificateException refused) throws IOException {
        String what = url.hostPort() + ": the certificate " + refused.reason()
                + (refused.detail().isEmpty() ? "" : " (" + refused.detail() + ")");
        if (!allowed || !ACCEPTABLE.contains(refused.reason())) {
            throw refused(what + ", its fingerprint is SHA-256 " + refused.fingerprint() + advice(refused), refused);
        }
        List<Integer> lines = knownHosts.linesAbout(url.hostPort());
        if (!lines.isEmpty()) {
            throw refused(changed(url, refused, lines), refused);
        }
        show(what, refused.chain().getFirst(), refused.fingerprint());
        String answer = console.ask("Trust exactly this certificate, now and later (yes/no)? ");
        if (answer == null) {
            throw refused(
                    url.hostPort()
                            + ": the certificate was refused, name its authority (--cacert FILE), or trust its key"
                            + " (--pin " + refused.pin() + "), or run the command once at a terminal to be asked",
                    refused);
        }
        String word = answer.strip().toLowerCase(Locale.ROOT);
        if (!word.equals("yes") && !word.equals("y")) {
            throw refused(url.hostPort() + ": the certificate was refused, nothing was sent", refused);
        }
        knownHosts.add(url.hostPort(), refused.fingerprint());
        console.message("portside: " + url.hostPort() + " is in " + knownHosts.file() + " now");
    }

    private String changed(RemoteUrl url, FtpCertificateException refused, List<Integer> lines) {
        return url.hostPort() + ": the certificate has changed since you accepted it, and " + refused.reason()
                + ": somebody may be on the way to the server. Its fingerprint is SHA-256 " + refused.fingerprint()
                + ". If the server's owner says that this is right, remove line "
                + lines.stream().map(String::valueOf).collect(Collectors.joining(" and ")) + " of "
                + knownHosts.file() + ", and you are asked again";
    }

    private static String advice(FtpCertificateException refused) {
        return switch (refused.reason()) {
            case UNTRUSTED, WRONG_HOST, EXPIRED ->
                ", ask the server's owner whether that is right; --pin " + refused.pin() + " trusts its key";
            case NOT_YET_VALID -> ", check the clock of this computer";
            case PIN_MISMATCH, NOT_THE_CONTROL_CERTIFICATE -> ", somebody may be on the way to the server";
        };
    }

    private void show(String what, X509Certificate certificate, String fingerprint) {
        tell("portside: " + what);
        tell("  subject      " + certificate.getSubjectX500Principal().getName());
        tell("  issuer       " + certificate.getIssuerX500Principal().getName());
        tell("  valid        " + certificate.getNotBefore().toInstant() + " to "
                + certificate.getNotAfter().toInstant());
        tell("  fingerprint  SHA-256 " + fingerprint);
    }

    private void tell(String line) {
        console.message(Console.visible(line));
    }

    private static PortsideException refused(String message, @Nullable Throwable cause) {
        return new PortsideException(ExitCode.CERTIFICATE, message, cause);
    }
}
