package dev.portside.protocol;

import java.util.List;

/**
 * What a directory listing says.
 *
 * @param entries in the order they came, the directory itself and its parent included where the server lists them
 * @param unparsed the lines that nobody understood, as they came: to be shown, never to be dropped in silence
 */
public record Listing(List<DirectoryEntry> entries, List<String> unparsed) {
    public Listing {
        entries = List.copyOf(entries);
        unparsed = List.copyOf(unparsed);
    }
}
