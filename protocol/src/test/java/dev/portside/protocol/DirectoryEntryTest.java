package dev.portside.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DirectoryEntryTest {
    private static DirectoryEntry named(String name) {
        return DirectoryEntry.named(name, DirectoryEntry.Type.FILE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "/",
                "/etc/passwd",
                "../x",
                "a/../../x",
                "a/b",
                "a\0",
                "a\nb",
                "a\rb",
                "\u001b[2J",
                "a\u0085"
            })
    void aNameThatLeavesTheFolderOrTheLine_isNotSafe(String name) {
        assertThat(named(name).hasSafeName()).isFalse();
        assertThat(named(name).hasSafeName(true)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "...", ".hidden", " ", "..a", "日本語", "a\udce9", "-rf", "~", "%2F"})
    void anOddName_isSafe(String name) {
        assertThat(named(name).hasSafeName()).isTrue();
        assertThat(named(name).hasSafeName(true)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"..\\x", "a\\b", "C:", "C:\\x", "file:stream"})
    void aNameThatLeadsElsewhereOnWindows_isSafeOnlyElsewhere(String name) {
        assertThat(named(name).hasSafeName(true)).isFalse();
        assertThat(named(name).hasSafeName()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void directories_areThoseThreeTypes(DirectoryEntry.Type type) {
        boolean expected = type == DirectoryEntry.Type.DIRECTORY
                || type == DirectoryEntry.Type.CURRENT_DIRECTORY
                || type == DirectoryEntry.Type.PARENT_DIRECTORY;
        assertThat(DirectoryEntry.named("x", type).isDirectory()).isEqualTo(expected);
        assertThat(DirectoryEntry.named("x", type).isSelfOrParent())
                .isEqualTo(expected && type != DirectoryEntry.Type.DIRECTORY);
    }
}
