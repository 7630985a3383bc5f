package dev.portside.server.storage;

import dev.portside.protocol.ListingLine;
import dev.portside.protocol.NameCharset;
import dev.portside.server.posix.DirectoryReader;
import dev.portside.server.posix.Errno;
import dev.portside.server.posix.SystemCallException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Linux: the entries of a directory, read with one system call for many names and one for the facts of each. A name stays
 * the bytes that it is on disk until somebody asks for a string.
 */
final class KernelEntries extends Entries {
    private final DirectoryReader reader;
    private final FactsReader.Attributes attributes = this::attribute;

    private KernelEntries(Place place, DirectoryReader reader) {
        super(place);
        this.reader = reader;
    }

    static KernelEntries open(Place place) throws SystemCallException {
        return new KernelEntries(place, DirectoryReader.open(place.pinned().descriptor()));
    }

    @Override
    boolean step() throws StorageException {
        try {
            return reader.next();
        } catch (SystemCallException failed) {
            throw Failures.of(failed, place.path());
        }
    }

    @Override
    boolean mayBeUpload() {
        return reader.name()[0] == '.';
    }

    @Override
    Path path() throws StorageException {
        return place.names().child(place.pinned().path(), name());
    }

    @Override
    public String name() {
        return NameCharset.UTF_8.decode(reader.name(), 0, reader.nameLength());
    }

    @Override
    public void writeName(ListingLine line) {
        line.name(reader.name(), reader.nameLength());
    }

    @Override
    @Nullable
    FileFacts look() throws IOException {
        int errno = reader.askStatus();
        return switch (errno) {
            case 0 -> place.facts().of(reader.status(), place.removable(), attributes);
            case Errno.ENOENT -> null;
            case Errno.EACCES -> FactsReader.unknown();
            default -> throw new SystemCallException("statx", errno);
        };
    }

    private Object attribute(String attribute) throws IOException {
        return Files.getAttribute(path(), attribute, LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public void close() {
        place.pinned().close();
        reader.close();
    }
}
