package dev.portside.cli;

import dev.portside.cli.Style.Glyph;
import dev.portside.cli.Style.Ink;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One line of a {@link Picture}: columns on which something is put, later things over earlier ones. */
final class PictureRow {
    private final Style style;
    /** What each column shows; the second column of a wide character is empty. */
    private final String[] columns = new String[Picture.WIDTH];

    private final @Nullable Ink[] inks = new @Nullable Ink[Picture.WIDTH];

    PictureRow(Style style) {
        this.style = style;
        Arrays.fill(columns, " ");
    }

    /** Puts text there; what would stand outside of the picture is left out. */
    PictureRow put(int column, String text, @Nullable Ink ink) {
        int at = column;
        for (int i = 0; i < text.length(); ) {
            int codePoint = text.codePointAt(i);
            String character = Character.toString(codePoint);
            i += character.length();
            int width = Columns.width(character);
            if (width == 0 && at > column) {
                int base = columns[at - 1].isEmpty() ? at - 2 : at - 1;
                columns[base] += character;
                continue;
            }
            if (at < 0 || at + width > columns.length) {
                break;
            }
            columns[at] = character;
            inks[at] = ink;
            if (width == 2) {
                columns[at + 1] = "";
                inks[at + 1] = ink;
            }
            at += width;
        }
        return this;
    }

    PictureRow put(int column, Glyph glyph, @Nullable Ink ink) {
        return put(column, style.draw(glyph), ink);
    }

    /** Puts text so that it ends in front of a column. */
    PictureRow putBefore(int column, String text, @Nullable Ink ink) {
        return put(column - Columns.width(text), text, ink);
    }

    /** Draws a line from one column to another, both included, across the lifelines that are there. */
    PictureRow line(int first, int last, Glyph glyph, Glyph crossing, @Nullable Ink ink) {
        String lifeline = style.draw(Glyph.LIFELINE);
        for (int column = first; column <= last; column++) {
            put(column, columns[column].equals(lifeline) ? crossing : glyph, ink);
        }
        return this;
    }

    /** The line, without spaces at its end. */
    String text() {
        int end = columns.length;
        while (end > 0 && columns[end - 1].equals(" ")) {
            end--;
        }
        StringBuilder text = new StringBuilder();
        int from = 0;
        while (from < end) {
            int to = from + 1;
            while (to < end && inks[to] == inks[from]) {
                to++;
            }
            String run = String.join("", Arrays.asList(columns).subList(from, to));
            Ink ink = inks[from];
            text.append(ink == null ? run : style.paint(ink, run));
            from = to;
        }
        return text.toString();
    }
}
