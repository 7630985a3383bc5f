package dev.portside.server.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.portside.protocol.NameCharset;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DiskNamesTest {
    private static final List<String> NAMES = List.of(
            "plain",
            " spaces ",
            "100%",
            "é",
            "e\u0301",
            "日本語",
            "🚢",
            "back\\slash",
            "colon:",
            "\udcff\udcfe",
            "caf\udce9",
            "a\udc80é\udcc3",
            "-rf",
            "a;b",
            "q?#x",
            "new\nline",
            "x".repeat(255));

    @TempDir
    Path directory;

    @Test
    void names_areTheirBytes() throws IOException {
        roundTrip(directory);
    }

    @Test
    void names_areTheirBytes_inALocaleThatHasOnlyAscii() throws Exception {
        ProcessBuilder java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        DiskNamesTest.class.getName(),
                        directory.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile());
        java.environment().put("LC_ALL", "C");
        Process child = java.start();
        try {
            assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            child.destroyForcibly();
        }
        assertThat(directory.resolve("output")).hasContent("ANSI_X3.4-1968");
        assertThat(child.exitValue()).isZero();
    }

    /** In a process of its own, with the locale C. */
    public static void main(String[] arguments) throws IOException {
        Path root = Files.createDirectory(Path.of(arguments[0], "root"));
        roundTrip(root);
        System.out.println(System.getProperty("sun.jnu.encoding"));
    }

    private static void roundTrip(Path root) throws IOException {
        try (VirtualFileStore store = VirtualFileStore.open(root, true, Uploads.ATOMIC);
                VirtualFileStore checked = VirtualFileStore.openChecked(root, true, Uploads.ATOMIC)) {
            for (String name : NAMES) {
                DiskNames names = new DiskNames(FileSystems.getDefault());
                Files.createFile(names.child(root, name));
                for (VirtualFileStore either : List.of(store, checked)) {
                    try (Entries entries = either.list(VirtualPath.ROOT, 10)) {
                        Entries.Entry entry = entries.next();
                        assertThat(entry).as(name).isNotNull();
                        assertThat(entry.name()).isEqualTo(name);
                        assertThat(entries.next()).isNull();
                    }
                }
                VirtualPath path = VirtualPath.ROOT.child(name);
                if (!name.contains("\n")) {
                    assertThat(VirtualPath.of(name)).isEqualTo(path);
                    try (Incoming incoming = store.receive(path)) {
                        incoming.commit();
                    }
                    store.rename(path, VirtualPath.of("renamed"));
                    store.rename(VirtualPath.of("renamed"), path);
                }
                assertThat(HexFormat.of().formatHex(DiskNames.bytes(names.child(root, name))))
                        .endsWith("2f" + HexFormat.of().formatHex(NameCharset.UTF_8.encode(name)));
                store.read(path).close();
                checked.deleteFile(path);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b", "/", "/a", "", "..", ".", "a\0b", "\ud800"})
    void child_isOneStepDownOrRefused(String name) {
        DiskNames names = new DiskNames(FileSystems.getDefault());
        assertThatThrownBy(() -> names.child(directory, name)).isInstanceOf(StorageException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\\b", "..\\a", "C:", "C:a", "a:b", "\\a", "\\\\host\\share", "a/b", "..", ".", "", "a?"})
    void child_isOneStepDownOrRefused_whereOtherCharactersSeparate(String name) throws IOException {
        try (var windows = Jimfs.newFileSystem(Configuration.windows())) {
            DiskNames names = new DiskNames(windows);
            assertThatThrownBy(() -> names.child(windows.getPath("C:\\root"), name))
                    .isInstanceOf(StorageException.class);
        }
    }

    @Test
    void child_isBoundedInBytes() {
        DiskNames names = new DiskNames(FileSystems.getDefault());
        assertThatThrownBy(() -> names.child(directory, "é".repeat(128))).isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> names.child(directory, "x".repeat(256))).isInstanceOf(StorageException.class);
    }
}
