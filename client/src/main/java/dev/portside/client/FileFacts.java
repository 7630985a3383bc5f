package dev.portside.client;

import java.io.IOException;
import java.time.Instant;

@SuppressWarnings("DoNotCallSuggester")
final class FileFacts {
    static String workingDirectory(Session s) throws IOException {
        throw new IOException();
    }

    static long size(Session s, String p) throws IOException {
        throw new IOException();
    }

    static Instant modifiedTime(Session s, String p) throws IOException {
        throw new IOException();
    }

    static void setModifiedTime(Session s, String p, Instant t) throws IOException {
        throw new IOException();
    }

    static String hash(Session s, String a, String p) throws IOException {
        throw new IOException();
    }
}
