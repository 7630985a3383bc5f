package dev.portside.server.command;

import dev.portside.server.storage.StorageException;
import dev.portside.server.storage.StorageException.Reason;
import dev.portside.server.storage.VirtualPath;

/**
 * A pattern of LIST and NLST: {@code *}, {@code ?}, {@code [a-z]}, {@code [!a-z]}, and a backslash before a character that
 * means itself. As in a shell, no wildcard stands for a dot in front, unless all is asked for.
 *
 * <p>There is one star to come back to at any time, so a name takes at most its length times the pattern's; and the steps of
 * one listing are counted against a budget.
 */
final class GlobPattern {
    private final String pattern;
    private final boolean all;
    private final VirtualPath directory;
    private long stepsLeft;

    /** @param all whether wildcards stand for a dot in front too */
    GlobPattern(String pattern, boolean all, VirtualPath directory, long maxSteps) {
        this.pattern = pattern;
        this.all = all;
        this.directory = directory;
        this.stepsLeft = maxSteps;
    }

    /** Whether a name holds anything that a pattern is made of. */
    static boolean isPattern(String name) {
        return name.indexOf('*') >= 0 || name.indexOf('?') >= 0 || name.indexOf('[') >= 0;
    }

    /** @throws StorageException when the budget is used up */
    boolean matches(String name) throws StorageException {
        if (!all && name.startsWith(".") && !pattern.startsWith(".")) {
            return false;
        }
        int p = 0;
        int n = 0;
        int star = -1;
        int starName = 0;
        while (n < name.length()) {
            if (--stepsLeft < 0) {
                throw new StorageException(Reason.TOO_MANY_ENTRIES, directory);
            }
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                starName = n;
                continue;
            }
            int next = p < pattern.length() ? matchOne(p, name.charAt(n)) : -1;
            if (next >= 0) {
                p = next;
                n++;
            } else if (star >= 0) {
                // The last star takes one character more; an earlier one never needs to.
                p = star + 1;
                n = ++starName;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }

    /** Where the pattern goes on behind one character, or -1 if that does not fit. */
    private int matchOne(int p, char c) {
        char wanted = pattern.charAt(p);
        return switch (wanted) {
            case '?' -> p + 1;
            case '[' -> matchSet(p, c);
            case '\\' -> {
                boolean last = p + 1 == pattern.length();
                yield (last ? wanted : pattern.charAt(p + 1)) == c ? p + (last ? 1 : 2) : -1;
            }
            default -> wanted == c ? p + 1 : -1;
        };
    }

    private int matchSet(int open, char c) {
        int p = open + 1;
        boolean negated = p < pattern.length() && (pattern.charAt(p) == '!' || pattern.charAt(p) == '^');
        if (negated) {
            p++;
        }
        boolean found = false;
        int first = p;
        while (p < pattern.length() && (pattern.charAt(p) != ']' || p == first)) {
            stepsLeft--;
            char from = pattern.charAt(p);
            boolean range = p + 2 < pattern.length() && pattern.charAt(p + 1) == '-' && pattern.charAt(p + 2) != ']';
            char to = range ? pattern.charAt(p + 2) : from;
            found |= from <= c && c <= to;
            p += range ? 3 : 1;
        }
        if (p == pattern.length()) {
            // No end: the bracket means itself.
            return c == '[' ? open + 1 : -1;
        }
        return found != negated ? p + 1 : -1;
    }
}
