package dev.portside.server.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portside.server.storage.Entries.Entry;
import dev.portside.server.storage.StorageException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What tests of a store on each kind of disk have in common; none of them may leave a descriptor open. */
@ParameterizedClass
@EnumSource(Disk.class)
abstract class StoreTest {
    @Parameter
    Disk disk;

    @TempDir
    Path temporary;

    Path base;
    Path root;
    VirtualFileStore store;
    private long descriptors;

    @BeforeEach
    final void open() throws IOException {
        base = disk.base(temporary);
        root = base.resolve("root");
        disk.open(root, true, Uploads.ATOMIC).close(); // loads what stays open, as the native library
        descriptors = openDescriptors();
        store = disk.open(root, true, Uploads.ATOMIC);
        if (disk == Disk.KERNEL) {
            assertThat(store.isRaceFree()).isTrue();
        }
    }

    @AfterEach
    final void close() throws IOException {
        store.close();
        assertThat(openDescriptors()).as("open descriptors").isEqualTo(descriptors);
    }

    private static long openDescriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.filter(fd -> !link(fd).contains("modules") && !link(fd).endsWith(".jar"))
                    .count();
        }
    }

    private static String link(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException closed) {
            return "";
        }
    }

    static VirtualPath path(String pathname) throws StorageException {
        return VirtualPath.of(pathname);
    }

    static Reason refused(ThrowingCallable operation) {
        StorageException refused = catchThrowableOfType(StorageException.class, operation);
        assertThat(refused).as("refused").isNotNull();
        assertThat(refused.getMessage()).doesNotContain("/proc/self/fd", "junit-", "/base", "Exception");
        return refused.reason();
    }

    String read(String pathname) throws IOException {
        try (var channel = store.read(path(pathname))) {
            return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    static void send(Incoming incoming, String text) throws IOException {
        incoming.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    static void complete(Incoming incoming, String text) throws IOException {
        try (incoming) {
            send(incoming, text);
            incoming.commit();
        }
    }

    Map<String, FileFacts> list(String pathname) throws IOException {
        Map<String, FileFacts> listed = new TreeMap<>();
        try (Entries entries = store.list(path(pathname), 1000)) {
            for (Entry entry = entries.next(); entry != null; entry = entries.next()) {
                listed.put(entry.name(), entry.facts());
            }
        }
        return listed;
    }

    /** Everything that is really in the root, hidden or not. */
    Stream<String> onDisk() throws IOException {
        try (Stream<Path> files = Files.list(root)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList().stream();
        }
    }
}
