package dev.portside.server.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portside.server.storage.StorageException;
import dev.portside.server.storage.VirtualPath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobPatternTest {
    private static boolean matches(String pattern, String name) throws StorageException {
        return new GlobPattern(pattern, false, VirtualPath.ROOT, 100_000).matches(name);
    }

    @ParameterizedTest
    @CsvSource({
        "*, abc, true",
        "*, '', true",
        "*, .abc, false",
        ".*, .abc, true",
        "?bc, .bc, false",
        "[.]bc, .bc, false",
        "a*c, abbbc, true",
        "a*c, abcb, false",
        "a*b*c, aXbYbZc, true",
        "a**c, ac, true",
        "?, a, true",
        "?, '', false",
        "??, a, false",
        "a, ab, false",
        "[a-c]x, bx, true",
        "[a-c]x, dx, false",
        "[!a-c]x, dx, true",
        "[^a-c]x, ax, false",
        "[]]x, ]x, true",
        "[a-]x, -x, true",
        "[a, [a, true",
        "[a, xa, false",
        "\\*, *, true",
        "\\*, a, false",
        "a\\, a\\, true",
        "*.tar.*, x.tar.gz, true"
    })
    void patterns_areThoseOfAShell(String pattern, String name, boolean fits) throws StorageException {
        assertThat(matches(pattern, name)).isEqualTo(fits);
    }

    @Test
    void manyStars_takeNoExponentialTime() throws StorageException {
        assertThat(matches("*a".repeat(50) + "b", "a".repeat(250))).isFalse();
    }

    @Test
    void steps_areCountedOverAllNames() throws StorageException {
        GlobPattern pattern = new GlobPattern("*b", false, VirtualPath.ROOT, 60);
        assertThat(pattern.matches("a".repeat(40))).isFalse();
        assertThatThrownBy(() -> pattern.matches("a".repeat(40))).isInstanceOf(StorageException.class);
    }
}
