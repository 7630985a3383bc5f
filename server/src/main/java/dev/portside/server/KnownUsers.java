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
    private final byte[] salt = new byte[32];
    private final Map<String, Account> accounts = new HashMap<>();
    private final Map<String, byte[]> hashes = new HashMap<>();
    private final byte[] nobody;

    KnownUsers(Collection<User> known) {
        new SecureRandom().nextBytes(salt);
        nobody = hash(new SecureRandom().nextLong() + "");
        for (User user : known) {
            String name = user.account().name();
            hashes.put(name, hash(user.password()));
            if (accounts.put(name, user.account()) != null) {
                throw new IllegalArgumentException("there are two users \"" + name + "\"");
            }
        }
    }

    @Override
    public @Nullable Account authenticate(String user, String password) {
        boolean right = MessageDigest.isEqual(hashes.getOrDefault(user, nobody), hash(password));
        return right ? accounts.get(user) : null;
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
