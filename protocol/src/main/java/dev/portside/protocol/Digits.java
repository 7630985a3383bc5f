package dev.portside.protocol;

import org.jspecify.annotations.Nullable;

/** Numbers written in ASCII digits and nothing else: no sign, no other script's digits. */
final class Digits {
    private Digits() {}

    static boolean areAll(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isDigit(text.charAt(i))) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    /** The number, or null if the text is none from 0 to 2^63-1. */
    static @Nullable Long parseLong(String text) {
        if (!areAll(text) || text.length() > 19) {
            return null;
        }
        try {
            return Long.valueOf(text);
        } catch (NumberFormatException tooLarge) {
            return null;
        }
    }

    /** The number of at most nine digits, or -1 if the text is none. */
    static int parseInt(String text) {
        return areAll(text) && text.length() <= 9 ? Integer.parseInt(text) : -1;
    }

    /** The number whose digits may stand in groups of three, {@code 1,234,567}, or null if the text is none. */
    static @Nullable Long parseGrouped(String text) {
        Long plain = parseLong(text);
        if (plain != null || text.isEmpty() || !isDigit(text.charAt(0))) {
            return plain;
        }
        StringBuilder digits = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean betweenGroups = (text.length() - i) % 4 == 0;
            if (betweenGroups ? !isGroupSeparator(c) : !isDigit(c)) {
                return null;
            }
            if (!betweenGroups) {
                digits.append(c);
            }
        }
        return parseLong(digits.toString());
    }

    private static boolean isGroupSeparator(char c) {
        return c == ',' || c == '.' || c == '\'' || c == '\u00a0' || c == '\u202f' || c == '\u2019';
    }
}
