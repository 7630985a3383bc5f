package dev.portside.server;

import java.nio.file.Path;

/**
 * Who a session works for after login.
 *
 * @param name as logs and limits know it; for an anonymous session {@code anonymous}
 * @param home the directory that the session sees as {@code /}, on any file system; nothing outside it can be reached
 * @param writable false: every command that would change something is refused with 550
 * @param tls what this user needs, wherever the server listens for less: {@link TlsPolicy#LOGIN} to log in, {@link
 *     TlsPolicy#DATA} for files and listings too
 */
public record Account(String name, Path home, boolean writable, TlsPolicy tls) {
    /** An account that may log in with TLS and without, as the listener has it. */
    public Account(String name, Path home, boolean writable) {
        this(name, home, writable, TlsPolicy.OFF);
    }

    public Account {
        if (name.isEmpty() || name.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("not the name of an account: \"" + name + "\"");
        }
    }
}
