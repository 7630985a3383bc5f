package dev.portside.client;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What servers were found to think of data connections that do not resume the TLS session of the control connection; for all
 * clients of this process.
 */
final class ReuseRules {
    static final int MAX_SERVERS = 1000;

    private static final String TLS_1_2 = "TLSv1.2";

    private enum Rule {
        /** They are taken. */
        NOT_REQUIRED,
        /** They are refused, and only TLS 1.2 with session IDs resumes for as long as it takes. */
        REQUIRES_TLS_1_2
    }

    private static final ReentrantLock LOCK = new ReentrantLock();
    private static final LinkedHashMap<String, Rule> RULES = new LinkedHashMap<>(16, 0.75f, true);

    private ReuseRules() {}

    private static String key(FtpClientOptions server) {
        return server.host().toLowerCase(Locale.ROOT) + " " + server.port();
    }

    private static @Nullable Rule rule(FtpClientOptions server) {
        LOCK.lock();
        try {
            return RULES.get(key(server));
        } finally {
            LOCK.unlock();
        }
    }

    private static void remember(FtpClientOptions server, Rule rule) {
        LOCK.lock();
        try {
            RULES.put(key(server), rule);
            if (RULES.size() > MAX_SERVERS) {
                RULES.pollFirstEntry();
            }
        } finally {
            LOCK.unlock();
        }
    }

    /** TLS for the first connection of a session: pinned, if the server is known to need that. */
    static FtpClientTls first(FtpClientOptions server) {
        FtpClientTls pinned = pinned(server.tls());
        return pinned != null && rule(server) == Rule.REQUIRES_TLS_1_2 ? pinned : server.tls();
    }

    /** The same TLS, but pinned to TLS 1.2 with session IDs; null if it is so already, or TLS 1.2 is not allowed. */
    static @Nullable FtpClientTls pinned(FtpClientTls tls) {
        return isPinned(tls) || !tls.protocols().contains(TLS_1_2)
                ? null
                : tls.toBuilder().protocols(TLS_1_2).build();
    }

    static boolean isPinned(FtpClientTls tls) {
        return tls.protocols().size() == 1 && tls.protocols().contains(TLS_1_2);
    }

    static boolean isKnownNotToRequire(FtpClientOptions server) {
        return rule(server) == Rule.NOT_REQUIRED;
    }

    static void doesNotRequire(FtpClientOptions server) {
        remember(server, Rule.NOT_REQUIRED);
    }

    static void requiresTls12(FtpClientOptions server) {
        remember(server, Rule.REQUIRES_TLS_1_2);
    }

    static void forget(FtpClientOptions server) {
        LOCK.lock();
        try {
            RULES.remove(key(server));
        } finally {
            LOCK.unlock();
        }
    }

    static void forgetAll() {
        LOCK.lock();
        try {
            RULES.clear();
        } finally {
            LOCK.unlock();
        }
    }
}
