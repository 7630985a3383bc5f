package dev.portside.cli;

/**
 * A pattern for one name: {@code *} any characters, {@code ?} one, {@code [a-z]} one of them, {@code [!a-z]} none of them,
 * {@code \} takes the next character as it is. A leading dot is matched by a dot only, as in a shell.
 *
 * <p>Takes time in proportion to the pattern times the name at worst.
 */
record Glob(String pattern) {
    /** Whether the text has a character that makes it a pattern. */
    static boolean isPattern(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '*' || c == '?' || c == '[') {
                return true;
            }
        }
        return false;
    }

    /** The pattern that matches this name and no other. */
    static String quote(String name) {
        StringBuilder quoted = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if ("*?[]\\".indexOf(c) >= 0) {
                quoted.append('\\');
            }
            quoted.append(c);
        }
        return quoted.toString();
    }

    /** The name that a text without wildcards stands for. */
    static String unquote(String text) {
        StringBuilder name = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '\\' && i + 1 < text.length()) {
                i++;
            }
            name.append(text.charAt(i));
        }
        return name.toString();
    }

    boolean matches(String name) {
        if (name.startsWith(".") && !pattern.startsWith(".") && !pattern.startsWith("\\.")) {
            return false;
        }
        int p = 0;
        int n = 0;
        int star = -1;
        int resume = -1;
        while (n < name.length()) {
            int next = p < pattern.length() && pattern.charAt(p) != '*' ? afterOne(p, name.charAt(n)) : -1;
            if (next >= 0) {
                p = next;
                n++;
            } else if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                resume = n;
            } else if (star >= 0) {
                // Only the last star needs to be tried again, with one character more.
                p = star + 1;
                n = ++resume;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }

    /** Where the pattern goes on behind the element at {@code p} if that element matches the character, otherwise -1. */
    private int afterOne(int p, char c) {
        char element = pattern.charAt(p);
        if (element == '?') {
            return p + 1;
        }
        if (element == '[' && pattern.indexOf(']', p + 2) > 0) {
            return afterSet(p, c);
        }
        if (element == '\\' && p + 1 < pattern.length()) {
            return pattern.charAt(p + 1) == c ? p + 2 : -1;
        }
        return element == c ? p + 1 : -1;
    }

    private int afterSet(int open, char c) {
        boolean negated = pattern.charAt(open + 1) == '!' || pattern.charAt(open + 1) == '^';
        int first = negated ? open + 2 : open + 1;
        // A bracket in the first place is a member of the set.
        int close = pattern.indexOf(']', first + 1);
        if (close < 0) {
            return c == '[' ? open + 1 : -1;
        }
        boolean member = false;
        for (int i = first; i < close; i++) {
            if (i + 2 < close && pattern.charAt(i + 1) == '-') {
                member |= pattern.charAt(i) <= c && c <= pattern.charAt(i + 2);
                i += 2;
            } else {
                member |= pattern.charAt(i) == c;
            }
        }
        return member != negated ? close + 1 : -1;
    }
}
