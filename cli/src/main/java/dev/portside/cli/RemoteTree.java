package dev.portside.cli;

import dev.portside.protocol.DirectoryEntry;
import java.io.File;

/** What holds for everything that walks down a tree that a stranger has told of. */
final class RemoteTree {
    /** Directories below each other; a server can tell of more than there are. */
    static final int MAX_DEPTH = 100;

    private RemoteTree() {}

    /**
     * Refuses a name that is not a name inside of its directory.
     *
     * @throws PortsideException which names it
     */
    static void requireSafe(DirectoryEntry entry, RemoteUrl directory) {
        if (!entry.hasSafeName(File.separatorChar == '\\')) {
            throw new PortsideException(
                    ExitCode.PROTOCOL,
                    Remotes.shown(directory) + ": the listing has the name \"" + entry.name()
                            + "\", which could lead out of the directory, refused");
        }
    }

    /** Refuses to go deeper than allowed. */
    static void requireDepth(int depth, RemoteUrl directory) {
        if (depth > MAX_DEPTH) {
            throw new PortsideException(
                    ExitCode.PROTOCOL,
                    Remotes.shown(directory) + ": more than " + MAX_DEPTH + " directories deep, not followed further");
        }
    }
}
