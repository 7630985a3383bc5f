package dev.portside.lab.network;

import java.io.Serializable;
import java.time.Duration;
import java.util.List;

/**
 * What became of a download in a {@link Stage}.
 *
 * @param whole whether the file arrived as it is there
 * @param mode by which data connection; empty: by none
 * @param failure the client's message; empty if there was no failure
 * @param attempts data connections that did not come about
 * @param completion the final reply; empty if there was none
 * @param proof what says that it is complete; empty if nothing does
 * @param next what the next command said: a reply, or the client's message
 */
record Fetched(
        boolean whole,
        String mode,
        String failure,
        List<String> attempts,
        Duration took,
        String completion,
        String proof,
        String next)
        implements Serializable {}
