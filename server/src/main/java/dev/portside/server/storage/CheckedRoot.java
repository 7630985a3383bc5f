package dev.portside.server.storage;

import dev.portside.server.storage.StorageException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Any file system: links are read one by one, the real path is compared with the root, and then the path is used without
 * following links at its end. Who can change directories on the server's disk meanwhile may win a race against it.
 */
final class CheckedRoot extends Root {
    CheckedRoot(Path directory) throws IOException {
        super(directory, directory.toRealPath());
    }

    @Override
    Pinned follow(VirtualPath path) throws IOException {
        Path real;
        try {
            real = plain(resolved(path)).toRealPath();
        } catch (IOException failed) {
            throw Failures.of(failed, path);
        }
        if (!real.startsWith(directory)) {
            throw new StorageException(Reason.NOT_PERMITTED, path);
        }
        return Pinned.byPath(real);
    }

    @Override
    Pinned directory(VirtualPath path) throws IOException {
        Pinned found = follow(path);
        if (!Files.isDirectory(found.path(), found.links())) {
            throw new StorageException(Reason.NOT_A_DIRECTORY, path);
        }
        return found;
    }

    @Override
    Pinned step(VirtualPath path) throws IOException {
        return Pinned.byPath(plain(path));
    }

    private Path plain(VirtualPath path) throws IOException {
        Path plain = directory;
        for (String name : path.names()) {
            plain = names.child(plain, name);
        }
        return plain;
    }

    @Override
    public void close() {}
}
