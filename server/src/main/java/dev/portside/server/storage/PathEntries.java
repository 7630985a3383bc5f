package dev.portside.server.storage;

import dev.portside.protocol.ListingLine;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Objects;

/** The entries of a directory of any file system. */
final class PathEntries extends Entries {
    private final DirectoryStream<Path> stream;
    private final Iterator<Path> paths;
    private Path path;
    private String name = "";

    private PathEntries(Place place, DirectoryStream<Path> stream) {
        super(place);
        this.stream = stream;
        this.paths = stream.iterator();
        this.path = place.pinned().path();
    }

    @SuppressWarnings("StreamResourceLeak") // It is closed with the entries.
    static PathEntries open(Place place) throws IOException {
        return new PathEntries(place, Files.newDirectoryStream(place.pinned().path()));
    }

    @Override
    boolean step() throws StorageException {
        try {
            if (!paths.hasNext()) {
                return false;
            }
            path = paths.next();
            name = place.names().name(path);
            return true;
        } catch (DirectoryIteratorException failed) {
            throw Failures.of(Objects.requireNonNull(failed.getCause()), place.path());
        }
    }

    @Override
    boolean mayBeUpload() {
        return true;
    }

    @Override
    Path path() {
        return path;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void writeName(ListingLine line) {
        line.text(name);
    }

    @Override
    FileFacts look() throws IOException {
        return place.facts().read(path, place.removable(), LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public void close() throws StorageException {
        try (Pinned _ = place.pinned()) {
            stream.close();
        } catch (IOException failed) {
            throw Failures.of(failed, place.path());
        }
    }
}
