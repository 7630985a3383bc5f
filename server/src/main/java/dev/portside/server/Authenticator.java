package dev.portside.server;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decides who may log in. Called on the thread of the session, so it may block; other sessions go on.
 *
 * <p>An authenticator must take the same time for an unknown user and for a wrong password. The server answers USER with
 * 331 before it asks, delays what fails and counts it.
 */
@FunctionalInterface
public interface Authenticator {
    /**
     * The account to log in to, or null when user and password do not belong together. An exception is answered with 451
     * and logged.
     *
     * @param password as it came with PASS, perhaps empty
     */
    @Nullable
    Account authenticate(String user, String password);

    /**
     * The account that a client logs in to by its certificate, which TLS has verified; null when the certificate says
     * nothing about this user, who then needs a password. Asked at USER, before any password.
     *
     * @param user as it came with USER: a certificate must not let in everybody under any name
     * @param certificate the client's own, without its issuers
     */
    default @Nullable Account authenticate(String user, X509Certificate certificate) {
        return null;
    }

    /**
     * Users who log in by a certificate and by nothing else. A certificate is known by its fingerprint: an authority that
     * issues another one in the same name lets nobody in.
     *
     * @param accounts by the SHA-256 fingerprint of the client's certificate, as {@code openssl x509 -fingerprint -sha256}
     *     prints it; the user name is that of the account
     */
    static Authenticator certificates(Map<String, Account> accounts) {
        return new KnownCertificates(accounts);
    }

    /** Users given in code; their passwords are kept as salted hashes. */
    static Authenticator users(User... users) {
        return new KnownUsers(List.of(users));
    }

    /** Users given in code; their passwords are kept as salted hashes. */
    static Authenticator users(Collection<User> users) {
        return new KnownUsers(users);
    }

    /** A user of {@link #users}. */
    record User(Account account, String password) {
        public User(String name, String password, Path home, boolean writable) {
            this(new Account(name, home, writable), password);
        }

        @Override
        public String toString() {
            return "User[" + account.name() + ", ****]";
        }
    }

    /** Lets in {@code anonymous} and {@code ftp} with any password, to read and not to write (RFC 1635). */
    static Authenticator anonymous(Path home) {
        Account account = new Account("anonymous", home, false);
        return (user, password) -> user.equalsIgnoreCase("anonymous") || user.equalsIgnoreCase("ftp") ? account : null;
    }

    /** Asks one after the other; the first account counts. */
    static Authenticator firstOf(Authenticator... authenticators) {
        return new FirstOf(List.of(authenticators));
    }
}
