package dev.portside.server.command;

import dev.portside.protocol.ListingLine;
import dev.portside.server.control.Session;
import dev.portside.server.control.Transfer;
import dev.portside.server.storage.Entries;
import dev.portside.server.storage.FileFacts;
import dev.portside.server.storage.StorageException;
import dev.portside.server.storage.StorageException.Reason;
import dev.portside.server.storage.VirtualPath;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What a request to list asks for, opened: the content of a directory, what of it a pattern fits, or one file. */
final class Listed implements AutoCloseable {
    private final Transfer transfer;
    private final VirtualPath path;
    private final String prefix;
    private final @Nullable Entries entries;
    private final @Nullable GlobPattern pattern;
    private final @Nullable FileFacts only;
    private boolean advanced;

    private Listed(
            Transfer transfer,
            VirtualPath path,
            String prefix,
            @Nullable Entries entries,
            @Nullable GlobPattern pattern,
            @Nullable FileFacts only) {
        this.transfer = transfer;
        this.path = path;
        this.prefix = prefix;
        this.entries = entries;
        this.pattern = pattern;
        this.only = only;
    }

    /** Opens what a request asks for; a file that is called like a pattern comes before the pattern. */
    static Listed open(Session session, ListRequest request) throws IOException {
        String pathname = request.pathname();
        VirtualPath path = session.resolve(pathname);
        Entries content;
        try {
            content = content(session, path);
        } catch (StorageException noContent) {
            return ofOther(session, request, path, noContent);
        }
        boolean prefixed = !pathname.isEmpty() && !pathname.equals(".");
        String prefix = prefixed ? pathname + (pathname.endsWith("/") ? "" : "/") : "";
        return new Listed(session.ownTransfer(), path, prefix, content, null, null);
    }

    /** What is no directory, or not one that can be listed. */
    private static Listed ofOther(Session session, ListRequest request, VirtualPath path, StorageException noContent)
            throws IOException {
        String pathname = request.pathname();
        int lastSlash = pathname.lastIndexOf('/');
        String name = pathname.substring(lastSlash + 1);
        String parent = pathname.substring(0, lastSlash + 1);
        FileFacts facts;
        try {
            facts = session.store().attributes(path);
        } catch (StorageException missing) {
            if (missing.reason() == Reason.NOT_FOUND && GlobPattern.isPattern(name)) {
                return ofPattern(session, request, parent, name);
            }
            throw missing;
        }
        if (facts.isDirectory()) {
            throw noContent;
        }
        return new Listed(session.ownTransfer(), path, parent, null, null, facts);
    }

    private static Listed ofPattern(Session session, ListRequest request, String parent, String name)
            throws IOException {
        VirtualPath directory = session.resolve(parent);
        GlobPattern pattern = new GlobPattern(
                name, request.all(), directory, session.options().maxPatternSteps());
        return new Listed(session.ownTransfer(), directory, parent, content(session, directory), pattern, null);
    }

    static Entries content(Session session, VirtualPath directory) throws IOException {
        return session.store().list(directory, session.options().maxListingEntries());
    }

    /** The file or directory, as the client sees it. */
    VirtualPath path() {
        return path;
    }

    /** What stands before each name, so that RETR can be sent with it (RFC 1123 section 4.1.2.7). */
    String prefix() {
        return prefix;
    }

    boolean isDirectory() {
        return entries != null;
    }

    /** Goes on to the next entry; false behind the last one, and when the command is aborted. */
    boolean advance() throws IOException {
        if (entries == null) {
            boolean first = !advanced;
            advanced = true;
            return first;
        }
        // What fits nothing writes nothing, and would not notice that nobody waits for it any more.
        while (!transfer.isAborted() && entries.advance()) {
            if (pattern == null || pattern.matches(entries.name())) {
                return true;
            }
        }
        return false;
    }

    /** Adds the name of the entry to a line. */
    void writeName(ListingLine line) {
        if (entries == null) {
            line.text(path.name());
        } else {
            entries.writeName(line);
        }
    }

    /** Looks at the entry; null if it has gone since. */
    @Nullable
    FileFacts facts() throws IOException {
        return entries == null ? only : entries.facts();
    }

    @Override
    public void close() throws IOException {
        if (entries != null) {
            entries.close();
        }
    }
}
