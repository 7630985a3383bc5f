package dev.portside.server.storage;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.portside.server.storage.StorageException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class IncomingTest extends StoreTest {
    @Test
    void aWholeFile_isThereWhenItIsComplete() throws IOException {
        try (Incoming incoming = store.receive(path("a"))) {
            send(incoming, "first ");
            assertThat(list("/")).isEmpty();
            assertThat(refused(() -> store.read(path("a")))).isEqualTo(Reason.NOT_FOUND);
            send(incoming, "second");
            incoming.commit();
            assertThat(incoming.path()).isEqualTo(path("a"));
        }
        assertThat(read("a")).isEqualTo("first second");
        assertThat(onDisk()).containsExactly("a");
    }

    @Test
    void aBrokenUpload_leavesNothing() throws IOException {
        Incoming incoming = store.receive(path("a"));
        send(incoming, "half");
        incoming.close();
        incoming.close();
        assertThat(incoming.isOpen()).isFalse();
        assertThat(root).isEmptyDirectory();
        assertThat(refused(() -> send(incoming, "more"))).isEqualTo(Reason.FAILED);
        assertThat(refused(incoming::commit)).isEqualTo(Reason.FAILED);
    }

    @Test
    void aBrokenUpload_leavesTheOldFile() throws IOException {
        Files.writeString(root.resolve("a"), "old");
        try (Incoming incoming = store.receive(path("a"))) {
            send(incoming, "half");
            assertThat(read("a")).isEqualTo("old");
        }
        assertThat(read("a")).isEqualTo("old");
        assertThat(onDisk()).containsExactly("a");
    }

    @Test
    void anEmptyFile_isAFile() throws IOException {
        complete(store.receive(path("a")), "");
        assertThat(root.resolve("a")).isEmptyFile();
    }

    @Test
    void unfinishedUploads_haveNoNameForClients() throws IOException {
        try (Incoming incoming = store.receive(path("a"))) {
            send(incoming, "half");
            String hidden = onDisk().findFirst().orElseThrow();
            assertThat(hidden).startsWith(".portside-upload-");
            assertThat(refused(() -> path(hidden))).isEqualTo(Reason.NAME_NOT_ALLOWED);
            assertThat(refused(() -> path("/x/../" + hidden))).isEqualTo(Reason.NAME_NOT_ALLOWED);
        }
    }

    @Test
    void theLastToCommit_wins() throws IOException {
        try (Incoming first = store.receive(path("a"));
                Incoming second = store.receive(path("a"))) {
            send(first, "first, and longer");
            send(second, "second");
            second.commit();
            assertThat(read("a")).isEqualTo("second");
            first.commit();
        }
        assertThat(read("a")).isEqualTo("first, and longer");
        assertThat(onDisk()).containsExactly("a");
    }

    @Test
    void uploadsAtOnce_areNeverMixed() throws Exception {
        int threads = 8;
        List<String> contents = IntStream.range(0, threads)
                .mapToObj(i -> Integer.toString(i).repeat(1000 * (i + 1)))
                .toList();
        CountDownLatch start = new CountDownLatch(1);
        try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Void>> uploads = contents.stream()
                    .map(content -> pool.<Void>submit(() -> {
                        start.await();
                        for (int i = 0; i < 10; i++) {
                            try (Incoming incoming = store.receive(path("a"))) {
                                for (int from = 0; from < content.length(); from += 1000) {
                                    send(incoming, content.substring(from, from + 1000));
                                }
                                incoming.commit();
                            }
                            assertThat(contents).contains(read("a"));
                        }
                        return null;
                    }))
                    .toList();
            start.countDown();
            for (Future<Void> upload : uploads) {
                upload.get();
            }
        }
        assertThat(onDisk()).containsExactly("a");
    }

    @Test
    void aReplacedFile_keepsItsPermissions() throws IOException {
        for (String permissions : List.of("rw-------", "rw-rw-rw-", "rwxr-x---", "-w-------")) {
            Files.writeString(root.resolve("a"), "old");
            Files.setPosixFilePermissions(root.resolve("a"), PosixFilePermissions.fromString(permissions));
            complete(store.receive(path("a")), "new");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve("a"))))
                    .isEqualTo(permissions);
        }
    }

    @Test
    void aDirectory_isNotReplaced() throws IOException {
        Files.createDirectory(root.resolve("dir"));
        assertThat(refused(() -> store.receive(path("dir")))).isEqualTo(Reason.NOT_A_FILE);
        assertThat(refused(() -> store.append(path("dir")))).isEqualTo(Reason.NOT_A_FILE);
        assertThat(refused(() -> store.resume(path("dir"), 1))).isEqualTo(Reason.NOT_A_FILE);
        assertThat(refused(() -> store.receive(path("no/a")))).isEqualTo(Reason.NOT_FOUND);
        assertThat(refused(() -> store.append(path("no/a")))).isEqualTo(Reason.NOT_FOUND);
        try (Incoming incoming = store.receive(path("late"))) {
            Files.createDirectory(root.resolve("late"));
            assertThat(refused(incoming::commit)).isEqualTo(Reason.NOT_A_FILE);
        }
        assertThat(onDisk()).containsExactly("dir", "late");
    }

    @Test
    void append_thatNeverBegins_makesNoFile_andOneOfNoBytesDoes() throws IOException {
        store.append(path("a")).close();
        assertThat(onDisk()).isEmpty();
        complete(store.append(path("a")), "");
        assertThat(onDisk()).containsExactly("a");
    }

    @Test
    void append_toAFileThatCameMeanwhile_goesBehindIt() throws IOException {
        try (Incoming late = store.append(path("a"))) {
            Files.writeString(root.resolve("a"), "first");
            send(late, " second");
            late.commit();
        }
        assertThat(read("a")).isEqualTo("first second");
    }

    @Test
    void append_goesOnInPlace() throws IOException {
        complete(store.append(path("a")), "one");
        complete(store.append(path("a")), " two");
        assertThat(read("a")).isEqualTo("one two");
        try (Incoming broken = store.append(path("a"))) {
            send(broken, " thr");
        }
        assertThat(read("a")).isEqualTo("one two thr");
    }

    @Test
    void resume_overwritesFromTheOffsetAndCutsTheRest() throws IOException {
        Files.writeString(root.resolve("a"), "0123456789");
        try (Incoming incoming = store.resume(path("a"), 4)) {
            assertThat(read("a")).isEqualTo("0123456789");
            send(incoming, "x");
            assertThat(read("a")).isEqualTo("0123x");
            send(incoming, "y");
            incoming.commit();
        }
        assertThat(read("a")).isEqualTo("0123xy");
        complete(store.resume(path("a"), 6), "z");
        assertThat(read("a")).isEqualTo("0123xyz");
        complete(store.resume(path("a"), 2), "");
        assertThat(read("a")).isEqualTo("01");
    }

    @Test
    void resume_withoutAByte_leavesTheFile() throws IOException {
        Files.writeString(root.resolve("a"), "0123456789");
        store.resume(path("a"), 4).close();
        assertThat(read("a")).isEqualTo("0123456789");
    }

    @Test
    void resume_ofABrokenUpload_completesIt() throws IOException {
        try (Incoming broken = store.append(path("a"))) {
            send(broken, "half");
        }
        complete(store.resume(path("a"), store.attributes(path("a")).size()), " and half");
        assertThat(read("a")).isEqualTo("half and half");
    }

    @Test
    void resume_needsTheFileAndTheOffsetInIt() throws IOException {
        Files.writeString(root.resolve("a"), "0123");
        assertThat(refused(() -> store.resume(path("b"), 1))).isEqualTo(Reason.NOT_FOUND);
        assertThat(refused(() -> store.resume(path("a"), 5))).isEqualTo(Reason.OFFSET_PAST_END);
        assertThat(refused(() -> store.resume(path("a"), Long.MAX_VALUE))).isEqualTo(Reason.OFFSET_PAST_END);
        assertThat(refused(() -> store.resume(path("a"), -1))).isEqualTo(Reason.OFFSET_PAST_END);
        complete(store.resume(path("a"), 0), "new");
        assertThat(read("a")).isEqualTo("new");
    }

    @Test
    void twoUploadsInPlace_areRefused() throws IOException {
        if (disk == Disk.IN_MEMORY) {
            return;
        }
        try (Incoming first = store.append(path("a"))) {
            send(first, "a");
            assertThat(refused(() -> store.append(path("a")))).isEqualTo(Reason.BUSY);
            assertThat(refused(() -> store.resume(path("a"), 1))).isEqualTo(Reason.BUSY);
            assertThat(read("a")).isEqualTo("a");
            assertThat(refused(() -> store.append(path("a")))).isEqualTo(Reason.BUSY);
        }
        complete(store.append(path("a")), "b");
        assertThat(read("a")).isEqualTo("ab");
    }

    @Test
    void unique_takesANameThatIsFree() throws IOException {
        complete(store.receiveUnique(path("a")), "first");
        Incoming second = store.receiveUnique(path("a"));
        Incoming third = store.receiveUnique(path("a"));
        assertThat(List.of(second.path().name(), third.path().name())).allMatch(name -> name.startsWith("a."));
        assertThat(second.path()).isNotEqualTo(third.path());
        assertThat(onDisk()).contains(second.path().name(), third.path().name());
        complete(second, "second");
        complete(third, "third");
        assertThat(read("a")).isEqualTo("first");
        assertThat(read(second.path().toString())).isEqualTo("second");
        assertThat(read(third.path().toString())).isEqualTo("third");
        assertThat(onDisk()).hasSize(3);
    }

    @Test
    void aBrokenUniqueUpload_leavesNothing() throws IOException {
        try (Incoming broken = store.receiveUnique(path("a"))) {
            send(broken, "half");
            assertThat(read("a")).isEmpty();
        }
        assertThat(root).isEmptyDirectory();
    }

    @Test
    void aBrokenUniqueUpload_leavesWhatAnotherHasWrittenThere() throws IOException {
        try (Incoming broken = store.receiveUnique(path("a"))) {
            send(broken, "half");
            complete(store.receive(path("a")), "");
        }
        assertThat(onDisk()).containsExactly("a");
    }

    @Test
    void unique_throughALinkThatIsTaken_takesAnotherName() throws IOException {
        Files.createSymbolicLink(root.resolve("link"), root.getFileSystem().getPath("target"));
        Files.writeString(root.resolve("target"), "kept");
        Incoming incoming = store.receiveUnique(path("link"));
        assertThat(incoming.path()).isNotEqualTo(path("link"));
        complete(incoming, "new");
        assertThat(read("target")).isEqualTo("kept");
    }

    @Test
    void inPlace_everythingIsSeenAtOnce() throws IOException {
        Files.writeString(root.resolve("a"), "old and longer");
        try (VirtualFileStore inPlace = disk.open(root, true, Uploads.IN_PLACE)) {
            try (Incoming incoming = inPlace.receive(path("a"))) {
                assertThat(read("a")).isEqualTo("old and longer");
                send(incoming, "new");
                assertThat(read("a")).isEqualTo("new");
            }
            assertThat(read("a")).isEqualTo("new");
            complete(inPlace.resume(path("a"), 3), "er");
            complete(inPlace.receiveUnique(path("a")), "unique");
            complete(inPlace.receive(path("b")), "b");
        }
        assertThat(read("a")).isEqualTo("newer");
        assertThat(read("b")).isEqualTo("b");
        assertThat(onDisk()).hasSize(3);
    }

    @Test
    void aFullDisk_isToldFromOtherFailures() throws IOException {
        Configuration small =
                Configuration.unix().toBuilder().setMaxSize(1 << 20).build();
        try (FileSystem memory = Jimfs.newFileSystem(small)) {
            Path tiny = Files.createDirectory(memory.getPath("/tiny"));
            try (VirtualFileStore full = VirtualFileStore.open(tiny, true, Uploads.ATOMIC);
                    Incoming incoming = full.receive(path("a"))) {
                ByteBuffer content = ByteBuffer.allocate(2 << 20);
                assertThat(refused(() -> incoming.write(content))).isEqualTo(Reason.NO_SPACE);
            }
            assertThat(tiny).isEmptyDirectory();
        }
    }

    @Test
    void close_fromAnotherThread_endsTheUpload() throws Exception {
        Incoming incoming = store.receive(path("a"));
        send(incoming, "half");
        Thread.ofVirtual().start(incoming::close).join();
        assertThat(refused(incoming::commit)).isEqualTo(Reason.FAILED);
        assertThat(root).isEmptyDirectory();
    }
}
