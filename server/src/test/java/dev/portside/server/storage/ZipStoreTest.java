package dev.portside.server.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.server.storage.StorageException.Reason;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file system without links, modes, keys and much else. */
class ZipStoreTest {
    @TempDir
    Path directory;

    private FileSystem zip(Map<String, String> environment) throws IOException {
        return FileSystems.newFileSystem(
                URI.create("jar:" + directory.resolve("a.zip").toUri()), environment);
    }

    private static String read(VirtualFileStore store, String path) throws IOException {
        try (var channel = store.read(VirtualPath.of(path))) {
            var content = ByteBuffer.allocate(100);
            channel.read(content);
            return new String(content.array(), 0, content.position(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void aZipFile_isServed() throws IOException {
        try (FileSystem zip = zip(Map.of("create", "true"));
                VirtualFileStore store = VirtualFileStore.open(zip.getPath("/"), true, Uploads.ATOMIC)) {
            assertThat(store.isRaceFree()).isFalse();
            store.makeDirectory(VirtualPath.of("dir"));
            StoreTest.complete(store.receive(VirtualPath.of("dir/a")), "one");
            StoreTest.complete(store.receive(VirtualPath.of("dir/a")), "other");
            assertThat(read(store, "dir/a")).isEqualTo("other");
            store.rename(VirtualPath.of("dir/a"), VirtualPath.of("dir/renamed"));
            try (Entries entries = store.list(VirtualPath.of("dir"), 10)) {
                assertThat(entries.next())
                        .isNotNull()
                        .extracting(Entries.Entry::name)
                        .isEqualTo("renamed");
                assertThat(entries.next()).isNull();
            }
            assertThat(StoreTest.refused(() -> store.setPermissions(VirtualPath.of("dir/renamed"), 0600)))
                    .isEqualTo(Reason.NOT_SUPPORTED);
            StoreTest.complete(store.receiveUnique(VirtualPath.of("dir/renamed")), "unique");
        }
        try (FileSystem zip = zip(Map.of("accessMode", "readOnly"));
                VirtualFileStore store = VirtualFileStore.open(zip.getPath("/"), true, Uploads.ATOMIC)) {
            assertThat(read(store, "dir/renamed")).isEqualTo("other");
            for (String name : new String[] {"dir/renamed", "b"}) {
                assertThat(StoreTest.refused(() -> store.receive(VirtualPath.of(name))))
                        .isEqualTo(Reason.NOT_PERMITTED);
            }
            assertThat(StoreTest.refused(() -> store.makeDirectory(VirtualPath.of("b"))))
                    .isEqualTo(Reason.NOT_PERMITTED);
        }
        assertThat(Files.size(directory.resolve("a.zip"))).isPositive();
    }
}
