package dev.portside.server.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The stores that sessions have open: one for all that may do the same in the same directory. */
public final class OpenStores {
    /** A directory that takes the place of another one has the same path, and is not the same. */
    private record Kind(Path root, Object file, boolean writable, Uploads uploads) {}

    private final Map<Kind, VirtualFileStore> stores = new ConcurrentHashMap<>();

    /**
     * A store, to be closed by everybody who has opened it.
     *
     * @throws IOException as of {@link VirtualFileStore#open}
     */
    public VirtualFileStore open(Path root, boolean writable, Uploads uploads) throws IOException {
        Object file = file(root);
        if (file == null) {
            return VirtualFileStore.open(root, writable, uploads);
        }
        Kind kind = new Kind(root, file, writable, uploads);
        VirtualFileStore known = stores.get(kind);
        if (known != null && known.join()) {
            return known;
        }
        VirtualFileStore opened = VirtualFileStore.open(root, writable, uploads);
        if (file.equals(file(root))) {
            opened.whenClosed(() -> stores.remove(kind, opened));
            stores.put(kind, opened);
        }
        return opened;
    }

    /** By what the file system knows the directory; null if by nothing, or if there is none. */
    private static @Nullable Object file(Path root) {
        try {
            return Files.readAttributes(root, BasicFileAttributes.class).fileKey();
        } catch (IOException gone) {
            return null;
        }
    }
}
