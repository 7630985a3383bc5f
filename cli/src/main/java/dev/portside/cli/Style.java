package dev.portside.cli;

/**
 * What a terminal can show.
 *
 * @param colour whether colours may be used
 * @param unicode whether lines and arrows may be drawn; otherwise ASCII stands in for them
 */
record Style(boolean colour, boolean unicode) {
    /** No colours, no characters beyond ASCII. */
    static final Style PLAIN = new Style(false, false);

    enum Ink {
        CONTROL("36"),
        DATA("1;32"),
        LISTEN("33"),
        FAILURE("1;31"),
        STRONG("1"),
        FAINT("2");

        private final String code;

        Ink(String code) {
            this.code = code;
        }
    }

    enum Glyph {
        LIFELINE("│", "|"),
        ENDPOINT("●", "o"),
        LISTENS("◎", "@"),
        THIN("─", "-"),
        HEAVY("━", "-"),
        DOUBLE("═", "="),
        CROSSING("┼", "+"),
        HEAVY_CROSSING("┿", "+"),
        DOUBLE_CROSSING("╪", "+"),
        TO_RIGHT("▶", ">"),
        TO_LEFT("◀", "<"),
        BROKEN("✗", "X"),
        ARROW("→", "->"),
        TICK("✓", "ok"),
        ELLIPSIS("…", "~"),
        BOX_TOP_LEFT("╭", "+"),
        BOX_TOP_RIGHT("╮", "+"),
        BOX_BOTTOM_LEFT("╰", "+"),
        BOX_BOTTOM_RIGHT("╯", "+"),
        BOX_FOOT("┬", "+"),
        BRANCH("├── ", "|-- "),
        LAST_BRANCH("└── ", "`-- "),
        TRUNK("│   ", "|   "),
        FULL("█", "#"),
        EMPTY("░", ".");

        private final String drawn;
        private final String ascii;

        Glyph(String drawn, String ascii) {
            this.drawn = drawn;
            this.ascii = ascii;
        }
    }

    String draw(Glyph glyph) {
        return unicode ? glyph.drawn : glyph.ascii;
    }

    String paint(Ink ink, String text) {
        return colour && !text.isEmpty() ? "\u001b[" + ink.code + "m" + text + "\u001b[0m" : text;
    }
}
