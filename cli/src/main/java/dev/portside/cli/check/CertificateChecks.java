package dev.portside.cli.check;

import dev.portside.cli.check.Plan.External;
import dev.portside.server.FtpServerTls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** Whether clients can accept the certificate. */
final class CertificateChecks {
    private static final int DNS_NAME = 2;
    /** Who renews by itself has done it by then. */
    private static final Duration SOON = Duration.ofDays(14);

    private final Plan plan;
    private final Findings found;

    CertificateChecks(Plan plan, Findings found) {
        this.plan = plan;
        this.found = found;
    }

    void run() {
        FtpServerTls tls = plan.server().tls();
        if (tls == null) {
            if (!plan.outerAddresses().isEmpty()) {
                found.note(
                        "no-tls",
                        "passwords and files go in the clear",
                        List.of("no --tls, no --cert"),
                        "--tls auto for clients that can, --tls required for all");
            }
            return;
        }
        Path authorities = tls.clientAuthorities();
        if (authorities != null && !Files.isReadable(authorities)) {
            found.error(
                    "client-ca-unreadable",
                    "the authorities of client certificates cannot be read",
                    List.of("--client-ca " + authorities),
                    "correct the name, or let " + System.getProperty("user.name") + " read it");
        }
        Path file = plan.certificate();
        if (file == null) {
            found.note(
                    "self-signed",
                    "clients do not know the certificate, and ask or refuse",
                    List.of("self-signed: there is no --cert"),
                    "--cert FILE with one of an authority, for instance of Let's Encrypt",
                    "or give clients the pin that portside serve prints");
            return;
        }
        try {
            for (X509Certificate certificate : tls.certificates()) {
                certificate(file, certificate);
            }
        } catch (IOException unusable) {
            found.error(
                    "certificate-unusable",
                    "the certificate cannot be used",
                    List.of(String.valueOf(unusable.getMessage())),
                    "name a certificate chain and its key: --cert FILE, --key FILE, --key-password-file FILE");
        }
    }

    private void certificate(Path file, X509Certificate certificate) {
        Instant end = certificate.getNotAfter().toInstant();
        Instant start = certificate.getNotBefore().toInstant();
        Instant now = Instant.now();
        String renew = "renew it; the server reads " + file + " again by itself";
        if (end.isBefore(now)) {
            found.error("certificate-expired", "the certificate has expired", List.of(file + " ended " + end), renew);
        } else if (end.isBefore(now.plus(SOON))) {
            found.warning("certificate-ends", "the certificate ends soon", List.of(file + " ends " + end), renew);
        } else if (start.isAfter(now)) {
            found.error(
                    "certificate-early",
                    "the certificate is not valid yet",
                    List.of(file + " begins " + start + ", and it is " + now),
                    "check the clock of this machine");
        }
        List<String> names = names(certificate);
        for (External external : plan.external()) {
            String name = external.address().toLowerCase(Locale.ROOT);
            // Numbers are no names: clients that connect to an address know that it is in no certificate.
            boolean isName = name.chars().anyMatch(Character::isLetter) && !name.contains(":");
            if (isName && names.stream().noneMatch(each -> isFor(each, name))) {
                found.warning(
                        "certificate-name",
                        "clients that connect to " + name + " refuse the certificate",
                        List.of(file + " is for " + (names.isEmpty() ? "no host" : String.join(", ", names))),
                        "let the authority put " + name + " into it");
            }
        }
    }

    /** RFC 9525 section 6.3: the whole name, or a wildcard for exactly its first label. */
    private static boolean isFor(String pattern, String name) {
        int dot = name.indexOf('.');
        return pattern.equals(name) || (dot > 0 && pattern.equals("*" + name.substring(dot)));
    }

    private static List<String> names(X509Certificate certificate) {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            for (List<?> alternative : alternatives == null ? List.<List<?>>of() : alternatives) {
                if (alternative.getFirst().equals(DNS_NAME)) {
                    names.add(alternative.get(1).toString().toLowerCase(Locale.ROOT));
                }
            }
        } catch (CertificateParsingException unreadable) {
            // Then it has none.
        }
        return names;
    }
}
