package dev.portside.cli;

import java.util.ArrayList;
import java.util.List;

/** How wide text is on a terminal: East Asian wide characters and emoji take two columns, combining marks none. */
final class Columns {
    /** First and last code point of the ranges that are two columns wide (Unicode Standard Annex 11, W and F). */
    private static final int[][] WIDE = {
        {0x1100, 0x115f},
        {0x231a, 0x231b},
        {0x2e80, 0x303e},
        {0x3041, 0x33ff},
        {0x3400, 0x4dbf},
        {0x4e00, 0xa4cf},
        {0xa960, 0xa97c},
        {0xac00, 0xd7a3},
        {0xf900, 0xfaff},
        {0xfe30, 0xfe6f},
        {0xff00, 0xff60},
        {0xffe0, 0xffe6},
        {0x1f300, 0x1f64f},
        {0x1f680, 0x1f6ff},
        {0x1f900, 0x1f9ff},
        {0x1fa70, 0x1faff},
        {0x20000, 0x3fffd},
    };

    private Columns() {}

    static int width(String text) {
        return text.codePoints().map(Columns::width).sum();
    }

    private static int width(int codePoint) {
        int type = Character.getType(codePoint);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK || type == Character.FORMAT) {
            return 0;
        }
        for (int[] range : WIDE) {
            if (codePoint >= range[0] && codePoint <= range[1]) {
                return 2;
            }
        }
        return 1;
    }

    /** The text, cut to at most so many columns; a cut ends in the mark. */
    static String cut(String text, int columns, String mark) {
        if (width(text) <= columns) {
            return text;
        }
        int left = columns - width(mark);
        int end = 0;
        while (end < text.length()) {
            int codePoint = text.codePointAt(end);
            left -= width(codePoint);
            if (left < 0) {
                break;
            }
            end += Character.charCount(codePoint);
        }
        return text.substring(0, end) + mark;
    }

    /**
     * The text in lines of at most so many columns, broken at spaces where there are any.
     *
     * @param most lines; what does not fit into them is cut, and ends in the mark
     */
    static List<String> wrap(String text, int columns, int most, String mark) {
        List<String> lines = new ArrayList<>();
        String rest = text;
        while (lines.size() < most - 1 && width(rest) > columns) {
            String fits = cut(rest, columns, "");
            int space = fits.length() < rest.length() && rest.charAt(fits.length()) == ' '
                    ? fits.length()
                    : fits.lastIndexOf(' ');
            int end = space > 0 ? space : Math.max(fits.length(), Character.charCount(rest.codePointAt(0)));
            lines.add(rest.substring(0, end));
            rest = rest.substring(end).stripLeading();
        }
        lines.add(cut(rest, columns, mark));
        return lines;
    }

    /** The text with spaces behind it up to so many columns. */
    static String left(String text, int columns) {
        return text + " ".repeat(Math.max(0, columns - width(text)));
    }

    /** The text with spaces in front of it up to so many columns. */
    static String right(String text, int columns) {
        return " ".repeat(Math.max(0, columns - width(text))) + text;
    }
}
