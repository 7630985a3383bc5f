package dev.portside.server;

import dev.portside.transport.Fingerprints;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@link Authenticator#certificates}. */
final class KnownCertificates implements Authenticator {
    private static final Pattern FINGERPRINT = Pattern.compile("[0-9A-F]{2}(:[0-9A-F]{2}){31}");

    private final Map<String, Account> accounts = new HashMap<>();

    KnownCertificates(Map<String, Account> known) {
        known.forEach((fingerprint, account) -> {
            String normal = fingerprint.toUpperCase(Locale.ROOT);
            if (!FINGERPRINT.matcher(normal).matches()) {
                throw new IllegalArgumentException(
                        "not the SHA-256 fingerprint of a certificate (AB:CD:…, 32 bytes): \"" + fingerprint + "\"");
            }
            accounts.put(normal, account);
        });
    }

    @Override
    public @Nullable Account authenticate(String user, String password) {
        return null;
    }

    @Override
    public @Nullable Account authenticate(String user, X509Certificate certificate) {
        Account account = accounts.get(Fingerprints.sha256(certificate));
        return account != null && account.name().equals(user) ? account : null;
    }
}
