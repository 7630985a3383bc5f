package dev.portside.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Logins as {@code ~/.netrc} keeps them: {@code machine}, {@code default}, {@code login}, {@code password}, {@code account},
 * {@code macdef} (skipped up to the next empty line), comments behind {@code #}, tokens in double quotes with backslashes.
 */
record Netrc(List<Entry> entries) {
    /**
     * One login.
     *
     * @param machine the host, or null for {@code default}
     */
    record Entry(
            @Nullable String machine,
            @Nullable String login,
            @Nullable String password) {
        /** Without the password. */
        @Override
        public String toString() {
            return "Entry[" + machine + ", " + login + "]";
        }
    }

    /**
     * Reads the text of a file.
     *
     * @throws IllegalArgumentException if it cannot be understood; the message names the line
     */
    static Netrc parse(String text) {
        return new Reader(text).read();
    }

    /**
     * The login for a host: the first entry of that machine, otherwise {@code default}.
     *
     * @param user whom it has to be for, or null for anyone
     */
    @Nullable
    Entry find(String host, @Nullable String user) {
        for (Entry entry : entries) {
            boolean hostFits = entry.machine == null || entry.machine.equalsIgnoreCase(host);
            if (hostFits && (user == null || user.equals(entry.login))) {
                return entry;
            }
        }
        return null;
    }

    private static final class Reader {
        private final String text;
        private int position;

        Reader(String text) {
            this.text = text;
        }

        Netrc read() {
            List<Entry> entries = new ArrayList<>();
            String keyword = token();
            while (keyword != null) {
                switch (keyword) {
                    case "machine" -> entries.add(new Entry(value(keyword), null, null));
                    case "default" -> entries.add(new Entry(null, null, null));
                    case "login", "user" -> {
                        Entry last = last(entries, keyword);
                        entries.add(new Entry(last.machine, value(keyword), last.password));
                    }
                    case "password", "passwd" -> {
                        Entry last = last(entries, keyword);
                        entries.add(new Entry(last.machine, last.login, value(keyword)));
                    }
                    case "account" -> value(keyword);
                    case "macdef" -> skipMacro();
                    default ->
                        throw wrong(
                                "\"" + keyword + "\" is none of machine, default, login, password, account, macdef");
                }
                keyword = token();
            }
            // What follows "default" can never be reached (RFC: it must be the last), so it is the last to be asked.
            List<Entry> ordered = new ArrayList<>(entries);
            ordered.removeIf(entry -> entry.machine == null);
            entries.stream().filter(entry -> entry.machine == null).forEach(ordered::add);
            return new Netrc(List.copyOf(ordered));
        }

        private Entry last(List<Entry> entries, String keyword) {
            if (entries.isEmpty()) {
                throw wrong("\"" + keyword + "\" comes before any machine");
            }
            return entries.removeLast();
        }

        private String value(String keyword) {
            String value = token();
            if (value == null) {
                throw wrong("nothing stands behind \"" + keyword + "\"");
            }
            return value;
        }

        private @Nullable String token() {
            while (position < text.length() && (isSpace(text.charAt(position)) || startsComment())) {
                position = startsComment() ? endOfLine() : position + 1;
            }
            if (position == text.length()) {
                return null;
            }
            return text.charAt(position) == '"' ? quoted() : plain();
        }

        /** A comment stands where a keyword is awaited: {@code #} at the beginning of a line or behind a space. */
        private boolean startsComment() {
            boolean lineBegins = position == 0 || text.charAt(position - 1) == '\n';
            return text.startsWith(lineBegins ? "#" : "# ", position);
        }

        private String plain() {
            StringBuilder token = new StringBuilder();
            while (position < text.length() && !isSpace(text.charAt(position))) {
                token.append(escaped());
            }
            return token.toString();
        }

        private String quoted() {
            StringBuilder token = new StringBuilder();
            position++;
            while (position < text.length() && text.charAt(position) != '"') {
                if (text.charAt(position) == '\n') {
                    break;
                }
                token.append(escaped());
            }
            if (position == text.length() || text.charAt(position) != '"') {
                throw wrong("a quotation mark is not closed");
            }
            position++;
            return token.toString();
        }

        private char escaped() {
            if (text.charAt(position) == '\\' && position + 1 < text.length() && text.charAt(position + 1) != '\n') {
                position++;
            }
            return text.charAt(position++);
        }

        private void skipMacro() {
            value("macdef");
            position = endOfLine();
            while (position < text.length()) {
                int start = position + 1;
                position = start;
                position = endOfLine();
                if (text.substring(Math.min(start, position), position).isBlank()) {
                    return;
                }
            }
        }

        private int endOfLine() {
            int end = text.indexOf('\n', position);
            return end < 0 ? text.length() : end;
        }

        private static boolean isSpace(char c) {
            return c == ' ' || c == '\t' || c == '\n' || c == '\r';
        }

        private IllegalArgumentException wrong(String reason) {
            long line = text.substring(0, Math.min(position, text.length()))
                            .chars()
                            .filter(c -> c == '\n')
                            .count()
                    + 1;
            return new IllegalArgumentException("line " + line + ": " + reason);
        }
    }
}
