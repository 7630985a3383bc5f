package dev.portside.server;

import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@link Authenticator#firstOf}. */
record FirstOf(List<Authenticator> all) implements Authenticator {
    @Override
    public @Nullable Account authenticate(String user, String password) {
        Account found = null;
        // All of them are asked, so that the time does not tell which of them knows the user.
        for (Authenticator each : all) {
            Account account = each.authenticate(user, password);
            found = found == null ? account : found;
        }
        return found;
    }

    @Override
    public @Nullable Account authenticate(String user, X509Certificate certificate) {
        for (Authenticator each : all) {
            Account account = each.authenticate(user, certificate);
            if (account != null) {
                return account;
            }
        }
        return null;
    }
}
