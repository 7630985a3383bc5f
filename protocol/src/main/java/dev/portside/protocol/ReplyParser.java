package dev.portside.protocol;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts lines together to a {@link Reply} (RFC 959 section 4.2).
 *
 * <p>A reply of several lines begins with {@code code-} and ends with a line that begins with the same code and a space,
 * or that is the code alone. Bounded: a reply of more lines or characters than allowed is an error.
 */
public final class ReplyParser {
    /** Lines that a reply may have, unless told otherwise: a STAT of a directory is a reply too. */
    public static final int DEFAULT_MAX_LINES = 100_000;
    /** Characters that the lines of one reply may have in all, unless told otherwise. */
    public static final long DEFAULT_MAX_CHARACTERS = 16L << 20;

    private final int maxLines;
    private final long maxCharacters;
    private final List<String> lines = new ArrayList<>();
    private @Nullable String code;
    private long characters;

    public ReplyParser() {
        this(DEFAULT_MAX_LINES, DEFAULT_MAX_CHARACTERS);
    }

    public ReplyParser(int maxLines, long maxCharacters) {
        this.maxLines = maxLines;
        this.maxCharacters = maxCharacters;
    }

    /**
     * Takes the next line.
     *
     * @return the reply when the line ends it, otherwise null
     * @throws IllegalArgumentException if the line cannot begin a reply, or the reply exceeds its limits; the parser is
     *     then empty again
     */
    public @Nullable Reply add(String line) {
        characters += line.length();
        if (lines.size() >= maxLines || characters > maxCharacters) {
            String limit = maxLines + " lines or " + maxCharacters + " characters";
            clear();
            throw new IllegalArgumentException("the reply is longer than " + limit);
        }
        if (code == null) {
            return first(line);
        }
        boolean last = line.startsWith(code) && (line.length() == 3 || line.charAt(3) == ' ');
        // Between the first and the last line some servers repeat "code-" and some do not.
        boolean coded = last || line.startsWith(code + "-");
        lines.add(coded ? line.substring(Math.min(4, line.length())) : line);
        return last ? finish(code) : null;
    }

    private @Nullable Reply first(String line) {
        boolean digits = line.length() >= 3
                && line.charAt(0) >= '1'
                && line.charAt(0) <= '6'
                && Character.digit(line.charAt(1), 10) >= 0
                && Character.digit(line.charAt(2), 10) >= 0
                && line.charAt(1) < 128
                && line.charAt(2) < 128;
        boolean separated = line.length() == 3 || line.startsWith(" ", 3) || line.startsWith("-", 3);
        if (!digits || !separated) {
            clear();
            throw new IllegalArgumentException("not a reply: \"" + shortened(line) + "\"");
        }
        String begun = line.substring(0, 3);
        lines.add(line.substring(Math.min(4, line.length())));
        if (line.length() > 3 && line.charAt(3) == '-') {
            code = begun;
            return null;
        }
        return finish(begun);
    }

    private Reply finish(String digits) {
        Reply reply = new Reply(new ReplyCode(Integer.parseInt(digits)), lines);
        clear();
        return reply;
    }

    private void clear() {
        lines.clear();
        code = null;
        characters = 0;
    }

    private static String shortened(String line) {
        return line.length() <= 80 ? line : line.substring(0, 80) + "…";
    }
}
