package dev.portside.server;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The users of {@link Authenticator#users}. Their passwords came in the clear from the program that embeds the server; the
 * salted hash keeps them out of heap dumps and makes every comparison take the same time.
 */
final class KnownUsers implements Authenticator {
    private record Known(Account account, byte[] hash) {}

    private final byte[] salt = new byte[32];
    private final Map<String, Known> users = new HashMap<>();
    private final byte[] nobody;

    KnownUsers(Collection<User> known) {
        new SecureRandom().nextBytes(salt);
        nobody = hash(new SecureRandom().nextLong() + "");
        for (User user : known) {
            Known old = users.put(user.account().name(), new Known(user.account(), hash(user.password())));
            if (old != null) {
                throw new IllegalArgumentException(
                        "there are two users \"" + user.account().name() + "\"");
            }
        }
    }

    @Override
    public @Nullable Account authenticate(String user, String password) {
        Known known = users.get(user);
        boolean right = MessageDigest.isEqual(known == null ? nobody : known.hash, hash(password));
        return known != null && right ? known.account : null;
    }

    private byte[] hash(String password) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(salt);
            return digest.digest(password.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
