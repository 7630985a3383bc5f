package dev.portside.protocol;

import java.util.ArrayList;
import java.util.List;

/**
 * A reply: a code and one or more lines of text (RFC 959 section 4.2).
 *
 * <p>A line of text cannot hold CR, LF or NUL, so a name in a reply cannot forge another reply.
 *
 * @param lines the text of each line, without code, separator and CRLF; at least one
 */
public record Reply(ReplyCode code, List<String> lines) {
    public Reply {
        if (lines.isEmpty()) {
            throw new IllegalArgumentException("a reply has at least one line");
        }
        lines = lines.size() == 1
                ? List.of(oneLine(lines.getFirst()))
                : lines.stream().map(Reply::oneLine).toList();
    }

    public Reply(ReplyCode code, String text) {
        this(code, List.of(text));
    }

    private static String oneLine(String text) {
        if (text.indexOf('\r') < 0 && text.indexOf('\n') < 0 && text.indexOf('\0') < 0) {
            return text;
        }
        return text.replace('\r', '?').replace('\n', '?').replace('\0', '?');
    }

    /** The text of the last line, which is the whole text of a reply of one line. */
    public String text() {
        return lines.getLast();
    }

    /**
     * The lines as they are sent, without CRLF. In a reply of several lines all but the first and the last begin with a
     * space, so that none of them can be taken for the end (RFC 959 section 4.2, and RFC 2389 section 3.2 for FEAT).
     */
    public List<String> wireLines() {
        if (lines.size() == 1) {
            return List.of(code + " " + lines.getFirst());
        }
        List<String> wire = new ArrayList<>(lines.size());
        wire.add(code + "-" + lines.getFirst());
        for (String line : lines.subList(1, lines.size() - 1)) {
            wire.add(line.startsWith(" ") ? line : " " + line);
        }
        wire.add(code + " " + lines.getLast());
        return wire;
    }

    /** The first line with its code: what a message quotes. */
    @Override
    public String toString() {
        return lines.size() == 1 ? code + " " + text() : code + "-" + lines.getFirst() + " …";
    }
}
