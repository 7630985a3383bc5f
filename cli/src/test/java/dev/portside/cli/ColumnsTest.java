package dev.portside.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ColumnsTest {
    @Test
    void width_countsColumnsOfATerminal() {
        assertThat(Columns.width("abc")).isEqualTo(3);
        assertThat(Columns.width("日本語")).isEqualTo(6);
        assertThat(Columns.width("\uD83D\uDEA2")).isEqualTo(2);
        assertThat(Columns.width("e\u0301")).isEqualTo(1);
        assertThat(Columns.width("한")).isEqualTo(2);
    }

    @Test
    void cut_keepsWholeCharacters() {
        assertThat(Columns.cut("abcdef", 4, "…")).isEqualTo("abc…");
        assertThat(Columns.cut("日本語", 4, "…")).isEqualTo("日…");
        assertThat(Columns.cut("abc", 3, "…")).isEqualTo("abc");
        assertThat(Columns.cut("\uD83D\uDEA2\uD83D\uDEA2", 3, "~")).isEqualTo("\uD83D\uDEA2~");
    }

    @Test
    void wrap_breaksAtSpaces_andCutsTheLastLine() {
        assertThat(Columns.wrap("one two three", 20, 3, "…")).containsExactly("one two three");
        assertThat(Columns.wrap("one two three", 7, 3, "…")).containsExactly("one two", "three");
        assertThat(Columns.wrap("one two three", 6, 2, "…")).containsExactly("one", "two t…");
        assertThat(Columns.wrap("日本語日本語日本語", 4, 3, "…")).containsExactly("日本", "語日", "本…");
        assertThat(Columns.wrap("abc", 1, 9, "…")).containsExactly("a", "b", "c");
        assertThat(Columns.wrap("日x", 1, 9, "")).containsExactly("日", "x");
        assertThat(Columns.wrap("", 5, 3, "…")).containsExactly("");
    }

    @Test
    void padding_countsColumnsToo() {
        assertThat(Columns.left("日", 4)).isEqualTo("日  ");
        assertThat(Columns.right("日", 4)).isEqualTo("  日");
        assertThat(Columns.right("too long", 3)).isEqualTo("too long");
    }
}
