package dev.portside.cli.check;

import java.util.List;

/**
 * Something about a configuration that will not work, or not for everybody.
 *
 * @param id its name for programs; it stays the same when the words change
 * @param wrong what is wrong
 * @param evidence what was seen: options, addresses, ports, rules
 * @param change what to change, one way a line; lines that begin with a space are to be pasted
 */
public record Problem(Severity severity, String id, String wrong, List<String> evidence, List<String> change) {
    public enum Severity {
        /** Nobody, or not everybody, is served with that. */
        ERROR,
        /** It works here and now, or for most. */
        WARNING,
        /** Good to know. */
        NOTE
    }
}
