package dev.portside.cli.doctor;

import java.util.List;
import java.util.Set;

/**
 * Something that is wrong: what, where, by which evidence, and what to change.
 *
 * @param places several: one of these, and it cannot be told from here which; never empty
 * @param wrong one sentence
 * @param evidence lines, addresses, ports and times; one fact a line; what a server said is untrusted text
 * @param change what to do, most likely first; one setting or step a line
 * @param explains the cells that fail because of it; empty: it makes no mode fail
 */
public record Finding(
        Cause cause,
        Severity severity,
        Set<Place> places,
        String wrong,
        List<String> evidence,
        List<String> change,
        Set<Cell> explains) {

    /** How bad it is. */
    public enum Severity {
        /** Something that was asked for does not work. */
        PROBLEM,
        /** It works here and now, but not for every client, not always, or not safely. */
        WARNING,
        /** Nothing has to be changed. */
        REMARK
    }

    public Finding {
        places = Set.copyOf(places);
        evidence = List.copyOf(evidence);
        change = List.copyOf(change);
        explains = Set.copyOf(explains);
    }
}
