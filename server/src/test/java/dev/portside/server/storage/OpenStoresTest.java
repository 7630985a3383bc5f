package dev.portside.server.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenStoresTest {
    private static final VirtualPath FILE = VirtualPath.ROOT.child("a");

    @TempDir
    Path directory;

    private final OpenStores stores = new OpenStores();

    private Path root() throws IOException {
        Path root = Files.createDirectory(directory.resolve("root"));
        Files.writeString(root.resolve("a"), "x");
        return root;
    }

    @Test
    void sessionsOfOneDirectory_shareItsStore_untilTheLastHasClosedIt() throws IOException {
        Path root = root();
        VirtualFileStore first = stores.open(root, false, Uploads.ATOMIC);
        VirtualFileStore second = stores.open(root, false, Uploads.ATOMIC);
        assertThat(second).isSameAs(first);
        first.close();
        assertThat(second.attributes(FILE).isDirectory()).isFalse();
        second.close();
        try (VirtualFileStore third = stores.open(root, false, Uploads.ATOMIC)) {
            assertThat(third).isNotSameAs(first);
            assertThat(third.attributes(FILE).isDirectory()).isFalse();
        }
    }

    @Test
    void whoMayWrite_doesNotShareWithWhoMayNot() throws IOException {
        Path root = root();
        try (VirtualFileStore reader = stores.open(root, false, Uploads.ATOMIC);
                VirtualFileStore writer = stores.open(root, true, Uploads.ATOMIC)) {
            assertThat(writer).isNotSameAs(reader);
        }
    }

    @Test
    void aDirectoryThatTookThePlaceOfAnother_isTheOneThatIsServed() throws IOException {
        Path root = root();
        try (VirtualFileStore before = stores.open(root, false, Uploads.ATOMIC)) {
            Files.move(root, directory.resolve("old"));
            Files.createDirectories(root.resolve("a"));
            try (VirtualFileStore after = stores.open(root, false, Uploads.ATOMIC)) {
                assertThat(after.attributes(FILE).isDirectory()).isTrue();
                assertThat(before.attributes(FILE).isDirectory()).isFalse();
            }
        }
    }
}
