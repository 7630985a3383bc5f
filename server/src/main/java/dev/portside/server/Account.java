package dev.portside.server;

import java.nio.file.Path;

/**
 * Who a session works for after login.
 *
 * @param name as logs and limits know it; for an anonymous session {@code anonymous}
 * @param home the directory that the session sees as {@code /}, on any file system; nothing outside it can be reached
 * @param writable false: every command that would change something is refused with 550
 */
public record Account(String name, Path home, boolean writable) {
    public Account {
        if (name.isEmpty() || name.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("not the name of an account: \"" + name + "\"");
        }
    }
}
