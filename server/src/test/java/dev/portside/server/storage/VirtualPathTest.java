package dev.portside.server.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VirtualPathTest {
    @ParameterizedTest
    @CsvSource({
        "'', /a/b",
        "., /a/b",
        "./, /a/b",
        ".., /a",
        "../, /a",
        "../.., /",
        "../../.., /",
        "../../../../etc/passwd, /etc/passwd",
        "/, /",
        "//, /",
        "/.., /",
        "/../etc, /etc",
        "c, /a/b/c",
        "c/, /a/b/c",
        "c//d, /a/b/c/d",
        "c/./d, /a/b/c/d",
        "c/../d, /a/b/d",
        "/c, /c",
        "//c, /c",
        "..., /a/b/...",
        "..c, /a/b/..c",
        "' c ', '/a/b/ c '",
        "~, /a/b/~",
        "'c\\..\\d', '/a/b/c\\..\\d'",
        "%2e%2e/c, /a/b/%2e%2e/c",
    })
    void resolve_isByTheNamesAlone(String pathname, String expected) throws Exception {
        assertThat(VirtualPath.of("/a/b").resolve(pathname)).hasToString(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\0b", "a\rb", "a\nb", ".portside-upload-1", "a/.Portside-Upload-1/b", "a\uD800b"})
    void resolve_refusesNamesThatCannotBe(String pathname) {
        assertThatThrownBy(() -> VirtualPath.ROOT.resolve(pathname))
                .isInstanceOfSatisfying(
                        StorageException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(StorageException.Reason.NAME_NOT_ALLOWED));
    }

    @Test
    void resolve_isBoundedInBytesAndDepth() throws Exception {
        String name = "é".repeat(100);
        String atTheLimit = ("/" + name).repeat(20) + "/" + "x".repeat(VirtualPath.MAX_BYTES - 20 * 201 - 1);
        assertThat(VirtualPath.of(atTheLimit)).hasToString(atTheLimit);
        assertThatThrownBy(() -> VirtualPath.of(atTheLimit + "x")).isInstanceOf(StorageException.class);
        assertThat(VirtualPath.of("/a".repeat(VirtualPath.MAX_DEPTH)).names()).hasSize(VirtualPath.MAX_DEPTH);
        assertThatThrownBy(() -> VirtualPath.of("/a".repeat(VirtualPath.MAX_DEPTH + 1)))
                .isInstanceOf(StorageException.class)
                .message()
                .hasSizeLessThan(200);
    }

    @Test
    void parts_areTheNames() throws Exception {
        VirtualPath path = VirtualPath.of("/a/b");
        assertThat(path.name()).isEqualTo("b");
        assertThat(path.parent()).isEqualTo(VirtualPath.of("a")).hasSameHashCodeAs(VirtualPath.of("a"));
        assertThat(path.startsWith(VirtualPath.of("/a"))).isTrue();
        assertThat(path.startsWith(path)).isTrue();
        assertThat(path.startsWith(VirtualPath.of("/a/bc"))).isFalse();
        assertThat(VirtualPath.ROOT.parent()).isEqualTo(VirtualPath.ROOT);
        assertThat(VirtualPath.ROOT.name()).isEmpty();
    }
}
