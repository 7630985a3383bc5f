package dev.portside.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {
    @ParameterizedTest
    @CsvSource({
        "*, a, true",
        "*, '', true",
        "*, .hidden, false",
        ".*, .hidden, true",
        "a*c, abbbc, true",
        "a*c, abbbd, false",
        "*.txt, a.txt, true",
        "*.txt, a.txt.part, false",
        "*a*b*, xxaxxbxx, true",
        "?, a, true",
        "?, '', false",
        "?.bin, é.bin, true",
        "[abc], b, true",
        "[abc], d, false",
        "[a-c]x, bx, true",
        "[!a-c], d, true",
        "[!a-c], b, false",
        "[]a], ], true",
        "[a, [a, true",
        "[, [, true",
        "\\*, *, true",
        "\\*, a, false",
        "a, a, true",
        "a, ab, false",
        "ab, a, false",
        "a**b, ab, true",
    })
    void matches(String pattern, String name, boolean expected) {
        assertThat(new Glob(pattern).matches(name)).isEqualTo(expected);
    }

    @Test
    void hostilePattern_takesNoTime() {
        String pattern = "a*".repeat(2000) + "b";
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(10),
                () -> assertThat(new Glob(pattern).matches("a".repeat(4000))).isFalse());
    }

    @Test
    void quotedName_matchesItselfOnly() {
        String name = "a*b?[c]\\d";
        assertThat(Glob.isPattern(Glob.quote(name))).isFalse();
        assertThat(new Glob(Glob.quote(name)).matches(name)).isTrue();
        assertThat(Glob.unquote(Glob.quote(name))).isEqualTo(name);
    }
}
