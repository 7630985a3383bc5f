package dev.portside.client;

import dev.portside.protocol.*;
import java.io.IOException;
import java.util.List;

@SuppressWarnings("DoNotCallSuggester")
final class Listings {
    static Listing list(Session s, String p) throws IOException {
        throw new IOException();
    }

    static List<String> names(Session s, String p) throws IOException {
        throw new IOException();
    }

    static DirectoryEntry entry(Session s, String p) throws IOException {
        throw new IOException();
    }
}
