package dev.portside.protocol;

import java.util.ArrayList;
import java.util.List;

/**
 * The first words of a line, separated by spaces or tabs, and where they stand.
 *
 * <p>Asking for a word that is not there gives the empty string.
 */
final class Words {
    private final String line;
    private final List<String> words = new ArrayList<>();
    private final int[] starts;

    /** Finds at most {@code limit} words; what is behind them stays one piece, see {@link #after}. */
    Words(String line, int limit) {
        this.line = line;
        this.starts = new int[limit];
        int at = 0;
        while (words.size() < limit) {
            int start = skipBlanks(at);
            if (start == line.length()) {
                return;
            }
            at = start;
            while (at < line.length() && !isBlank(line.charAt(at))) {
                at++;
            }
            starts[words.size()] = start;
            words.add(line.substring(start, at));
        }
    }

    int count() {
        return words.size();
    }

    String get(int index) {
        return index >= 0 && index < words.size() ? words.get(index) : "";
    }

    String last() {
        return get(words.size() - 1);
    }

    List<String> between(int from, int to) {
        return words.subList(from, to);
    }

    int end(int index) {
        return starts[index] + words.get(index).length();
    }

    /** What stands behind the word and the one blank that follows it, further blanks included. */
    String after(int index) {
        return line.substring(Math.min(line.length(), end(index) + 1));
    }

    /**
     * What stands behind the word's column: {@code width} characters from its start where these are filled up with blanks,
     * otherwise behind whatever blanks there are.
     */
    String afterColumn(int index, int width) {
        int blanksEnd = skipBlanks(end(index));
        return line.substring(Math.min(blanksEnd, Math.max(end(index), starts[index] + width)));
    }

    private int skipBlanks(int from) {
        int at = from;
        while (at < line.length() && isBlank(line.charAt(at))) {
            at++;
        }
        return at;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
