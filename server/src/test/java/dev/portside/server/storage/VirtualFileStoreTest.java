package dev.portside.server.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portside.server.storage.FileFacts.Access;
import dev.portside.server.storage.StorageException.Reason;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class VirtualFileStoreTest extends StoreTest {
    private static final Instant LONG_AGO = Instant.parse("2001-02-03T04:05:06Z");

    @Test
    void attributes_tellWhatTheDiskKnows() throws IOException {
        Files.writeString(root.resolve("a"), "12345");
        Files.setPosixFilePermissions(root.resolve("a"), PosixFilePermissions.fromString("rw-r-----"));
        Files.setLastModifiedTime(root.resolve("a"), FileTime.from(LONG_AGO));
        FileFacts facts = store.attributes(path("a"));
        assertThat(facts.isFile()).isTrue();
        assertThat(facts.size()).isEqualTo(5);
        assertThat(facts.modified()).isEqualTo(LONG_AGO);
        assertThat(facts.created()).isNotNull();
        assertThat(facts.mode()).isEqualTo(0640);
        assertThat(facts.owner()).isEqualTo(Files.getOwner(root.resolve("a")).getName());
        assertThat(facts.links()).isEqualTo(1);
        assertThat(facts.unique()).matches("[0-9a-f]+-[0-9a-f]+");
        assertThat(facts.permitted()).containsExactlyInAnyOrder(Access.READ, Access.WRITE, Access.REMOVE);
        assertThat(list("/").get("a")).isEqualTo(facts);
    }

    @Test
    void attributes_ofWhatIsNotThere_areRefused() throws IOException {
        Files.writeString(root.resolve("file"), "");
        assertThat(refused(() -> store.attributes(path("nothing")))).isEqualTo(Reason.NOT_FOUND);
        assertThat(refused(() -> store.attributes(path("nothing/at/all")))).isEqualTo(Reason.NOT_FOUND);
        assertThat(refused(() -> store.attributes(path("file/x")))).isEqualTo(Reason.NOT_A_DIRECTORY);
        assertThat(refused(() -> store.list(path("file"), 1))).isEqualTo(Reason.NOT_A_DIRECTORY);
        assertThat(refused(() -> store.list(path("nothing"), 1))).isEqualTo(Reason.NOT_FOUND);
    }

    @Test
    void list_isEmptyOrCompleteOrFails() throws IOException {
        assertThat(list("/")).isEmpty();
        for (int i = 0; i < 5; i++) {
            Files.writeString(root.resolve("file" + i), "");
        }
        assertThat(list("/")).hasSize(5);
        try (Entries entries = store.list(VirtualPath.ROOT, 4)) {
            for (int i = 0; i < 4; i++) {
                assertThat(entries.next()).isNotNull();
            }
            assertThat(refused(entries::next)).isEqualTo(Reason.TOO_MANY_ENTRIES);
        }
    }

    @Test
    void list_goesOnWhenAnEntryGoes() throws IOException {
        for (int i = 0; i < 50; i++) {
            Files.writeString(root.resolve("file" + i), "");
        }
        try (Entries entries = store.list(VirtualPath.ROOT, 100)) {
            assertThat(entries.next()).isNotNull();
            for (int i = 0; i < 50; i++) {
                Files.delete(root.resolve("file" + i));
            }
            assertThat(entries.next()).isNull();
        }
    }

    @Test
    void read_givesAFileChannelForZeroCopy() throws IOException {
        Files.writeString(root.resolve("a"), "content");
        try (var channel = store.read(path("a"))) {
            assertThat(channel).isInstanceOf(FileChannel.class);
            Files.delete(root.resolve("a"));
            assertThat(channel.size()).isEqualTo(7);
        }
        assertThat(refused(() -> store.read(path("a")))).isEqualTo(Reason.NOT_FOUND);
        assertThat(refused(() -> store.read(VirtualPath.ROOT))).isEqualTo(Reason.NOT_A_FILE);
    }

    @Test
    void directories_areMadeAndRemoved() throws IOException {
        store.makeDirectory(path("dir"));
        store.makeDirectory(path("dir/sub"));
        assertThat(refused(() -> store.makeDirectory(path("dir")))).isEqualTo(Reason.ALREADY_EXISTS);
        assertThat(refused(() -> store.makeDirectory(path("no/sub")))).isEqualTo(Reason.NOT_FOUND);
        assertThat(refused(() -> store.removeDirectory(path("dir")))).isEqualTo(Reason.NOT_EMPTY);
        assertThat(refused(() -> store.deleteFile(path("dir/sub")))).isEqualTo(Reason.NOT_A_FILE);
        store.removeDirectory(path("dir/sub"));
        store.removeDirectory(path("dir"));
        assertThat(refused(() -> store.removeDirectory(path("dir")))).isEqualTo(Reason.NOT_FOUND);
        assertThat(root).isEmptyDirectory();
    }

    @Test
    void files_areDeleted() throws IOException {
        Files.writeString(root.resolve("a"), "");
        assertThat(refused(() -> store.removeDirectory(path("a")))).isEqualTo(Reason.NOT_A_DIRECTORY);
        store.deleteFile(path("a"));
        assertThat(refused(() -> store.deleteFile(path("a")))).isEqualTo(Reason.NOT_FOUND);
    }

    @Test
    void rename_replacesAFileAndNoDirectory() throws IOException {
        Files.writeString(root.resolve("a"), "a");
        Files.writeString(root.resolve("b"), "b");
        Files.createDirectories(root.resolve("dir/sub"));
        Files.createDirectory(root.resolve("empty"));
        store.rename(path("a"), path("b"));
        store.rename(path("b"), path("dir/sub/c"));
        assertThat(read("dir/sub/c")).isEqualTo("a");
        store.rename(path("dir/sub/c"), path("dir/sub/c"));
        assertThat(refused(() -> store.rename(path("dir/sub/c"), path("empty"))))
                .isEqualTo(Reason.ALREADY_EXISTS);
        assertThat(refused(() -> store.rename(path("dir"), path("empty")))).isEqualTo(Reason.ALREADY_EXISTS);
        assertThat(refused(() -> store.rename(path("dir"), path("dir/sub/d")))).isEqualTo(Reason.NAME_NOT_ALLOWED);
        assertThat(refused(() -> store.rename(path("no"), path("x")))).isEqualTo(Reason.NOT_FOUND);
        assertThat(refused(() -> store.rename(path("dir"), path("no/x")))).isEqualTo(Reason.NOT_FOUND);
        assertThat(refused(() -> store.rename(path("dir"), path("x\u001b")))).isEqualTo(Reason.NAME_NOT_ALLOWED);
        store.rename(path("dir"), path("moved"));
        assertThat(read("moved/sub/c")).isEqualTo("a");
        assertThat(onDisk()).containsExactly("empty", "moved");
    }

    @Test
    void rename_ofADirectoryOverAFile_changesNothing() throws IOException {
        Files.createDirectory(root.resolve("dir"));
        Files.writeString(root.resolve("file"), "kept");
        assertThat(refused(() -> store.rename(path("dir"), path("file")))).isEqualTo(Reason.ALREADY_EXISTS);
        assertThat(read("file")).isEqualTo("kept");
        assertThat(root.resolve("dir")).isDirectory();
    }

    @Test
    void times_areSet() throws IOException {
        Files.writeString(root.resolve("a"), "");
        Files.createDirectory(root.resolve("dir"));
        for (String pathname : List.of("a", "dir")) {
            store.setModified(path(pathname), LONG_AGO);
            assertThat(store.attributes(path(pathname)).modified()).isEqualTo(LONG_AGO);
        }
        if (disk == Disk.IN_MEMORY) {
            store.setCreated(path("a"), LONG_AGO);
            assertThat(store.attributes(path("a")).created()).isEqualTo(LONG_AGO);
        } else {
            assertThat(refused(() -> store.setCreated(path("a"), LONG_AGO))).isEqualTo(Reason.NOT_SUPPORTED);
        }
    }

    @Test
    void permissions_areSetInNineBits() throws IOException {
        Files.writeString(root.resolve("a"), "");
        for (int mode : List.of(0, 0100, 0640, 0751, 0777)) {
            store.setPermissions(path("a"), mode);
            assertThat(store.attributes(path("a")).mode()).isEqualTo(mode);
        }
        assertThat(refused(() -> store.setPermissions(path("a"), 04755))).isEqualTo(Reason.NOT_PERMITTED);
        assertThat(refused(() -> store.setPermissions(path("a"), -1))).isEqualTo(Reason.NOT_PERMITTED);
    }

    @Test
    void availableSpace_isThatOfTheDisk() throws IOException {
        long expected = Files.getFileStore(root).getUsableSpace();
        assertThat(store.availableSpace(VirtualPath.ROOT)).isBetween(expected / 2, expected * 2);
    }

    @Test
    void names_withControlCharacters_areReadAndRemovedButNotMade() throws IOException {
        Files.writeString(root.resolve("a\u001b[31m"), "red");
        assertThat(read("a\u001b[31m")).isEqualTo("red");
        store.deleteFile(path("a\u001b[31m"));
        for (String name : List.of("a\u001b", "b\t", "c\u007f", "d\u0085", "\u0001")) {
            VirtualPath path = path(name);
            for (ThrowingCallable creation : List.<ThrowingCallable>of(
                    () -> store.receive(path),
                    () -> store.append(path),
                    () -> store.receiveUnique(path),
                    () -> store.makeDirectory(path))) {
                assertThat(refused(creation)).isEqualTo(Reason.NAME_NOT_ALLOWED);
            }
        }
        assertThat(root).isEmptyDirectory();
    }

    @Test
    void aReadOnlyStore_changesNothing() throws IOException {
        Files.writeString(root.resolve("a"), "kept");
        try (VirtualFileStore readOnly = disk.open(root, false, Uploads.ATOMIC)) {
            for (ThrowingCallable change : List.<ThrowingCallable>of(
                    () -> readOnly.receive(path("a")),
                    () -> readOnly.receive(path("b")),
                    () -> readOnly.receiveUnique(path("b")),
                    () -> readOnly.append(path("a")),
                    () -> readOnly.resume(path("a"), 1),
                    () -> readOnly.makeDirectory(path("b")),
                    () -> readOnly.removeDirectory(path("b")),
                    () -> readOnly.deleteFile(path("a")),
                    () -> readOnly.rename(path("a"), path("b")),
                    () -> readOnly.setModified(path("a"), LONG_AGO),
                    () -> readOnly.setCreated(path("a"), LONG_AGO),
                    () -> readOnly.setPermissions(path("a"), 0777))) {
                assertThat(refused(change)).isEqualTo(Reason.NOT_PERMITTED);
            }
            assertThat(readOnly.attributes(path("a")).permitted()).isEqualTo(Set.of(Access.READ));
            assertThat(readOnly.attributes(VirtualPath.ROOT).permitted()).isEqualTo(Set.of(Access.READ, Access.ENTER));
        }
        assertThat(read("a")).isEqualTo("kept");
    }

    @Test
    void specialFiles_areNeitherOpenedNorWaitedFor() throws Exception {
        if (disk == Disk.IN_MEMORY) {
            return;
        }
        String pipe = root.resolve("pipe").toString();
        assertThat(new ProcessBuilder("mkfifo", pipe).inheritIO().start().waitFor())
                .isZero();
        assertThat(store.attributes(path("pipe")).type()).isEqualTo(FileFacts.Type.OTHER);
        assertThat(refused(() -> store.read(path("pipe")))).isEqualTo(Reason.NOT_A_FILE);
        assertThat(refused(() -> store.receive(path("pipe")))).isEqualTo(Reason.NOT_A_FILE);
        assertThat(refused(() -> store.append(path("pipe")))).isEqualTo(Reason.NOT_A_FILE);
        assertThat(refused(() -> store.resume(path("pipe"), 1))).isEqualTo(Reason.NOT_A_FILE);
        assertThat(refused(() -> store.setModified(path("pipe"), LONG_AGO))).isEqualTo(Reason.NOT_A_FILE);
        assertThat(refused(() -> store.setPermissions(path("pipe"), 0777))).isEqualTo(Reason.NOT_A_FILE);
        store.deleteFile(path("pipe"));
    }

    @Test
    void unfinishedUploads_ofADeadServer_areSwept() throws IOException {
        Files.createDirectory(root.resolve("dir"));
        String name = "dir/.portside-upload-";
        Instant old = Instant.now().minus(Duration.ofHours(25));
        Files.writeString(root.resolve(name + "0".repeat(32)), "stale");
        Files.setLastModifiedTime(root.resolve(name + "0".repeat(32)), FileTime.from(old));
        Files.writeString(root.resolve(name + "1".repeat(32)), "fresh");
        Files.writeString(root.resolve(name + "mine"), "somebody's");
        Files.setLastModifiedTime(root.resolve(name + "mine"), FileTime.from(old));
        assertThat(list("dir")).isEmpty();
        assertThat(root.resolve(name + "0".repeat(32))).doesNotExist();
        assertThat(root.resolve(name + "1".repeat(32))).exists();
        assertThat(root.resolve(name + "mine")).exists();
        assertThat(refused(() -> store.removeDirectory(path("dir")))).isEqualTo(Reason.NOT_EMPTY);
        Files.delete(root.resolve(name + "mine"));
        Files.setLastModifiedTime(root.resolve(name + "1".repeat(32)), FileTime.from(old));
        store.removeDirectory(path("dir"));
    }

    @Test
    void open_needsADirectory() throws IOException {
        Files.writeString(root.resolve("file"), "");
        assertThatThrownBy(() -> disk.open(root.resolve("nothing"), true, Uploads.ATOMIC))
                .isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> disk.open(root.resolve("file"), true, Uploads.ATOMIC))
                .isInstanceOf(NotDirectoryException.class);
    }

    @Test
    void aClosedStore_reachesNothing() throws IOException {
        Files.writeString(root.resolve("a"), "");
        store.close();
        store.close();
        if (disk == Disk.KERNEL) {
            assertThat(refused(() -> store.read(path("a")))).isEqualTo(Reason.FAILED);
        }
        assertThat(Files.exists(root.resolve("a"), LinkOption.NOFOLLOW_LINKS)).isTrue();
    }
}
