package dev.portside.server.control;

import dev.portside.protocol.Command;
import dev.portside.protocol.Reply;
import java.util.Locale;
import java.util.Set;

/** A line that is no command: it may be a password. */
final class Malformed {
    private static final int LONGEST_VERB = 16;

    /** Spoken by a browser that was lured here (RFC 7230 section 3.1.1); no FTP client says any of them. */
    private static final Set<String> HTTP_METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "PRI");

    private Malformed() {}

    static boolean isHttp(Command command) {
        return command instanceof Command.Unknown unknown && HTTP_METHODS.contains(unknown.verb());
    }

    /** What a log may show of it. */
    static String shown(String line) {
        int end = 0;
        while (end < line.length() && end < LONGEST_VERB && Character.isLetterOrDigit(line.charAt(end))) {
            end++;
        }
        return end == 0 ? "(not a command)" : line.substring(0, end) + " …";
    }

    /** A parser quotes what it cannot read; of a password it must not. */
    static Reply reply(String line, Reply reply) {
        String start = line.length() < 4 ? "" : line.substring(0, 4).toUpperCase(Locale.ROOT);
        return Set.of("PASS", "ACCT", "ADAT").contains(start)
                ? new Reply(reply.code(), start + ": syntax error in the argument")
                : reply;
    }
}
