package dev.portside.server.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In processes of their own: whether the kernel may be called is decided when Java starts. */
class NativeAccessTest {
    @TempDir
    Path directory;

    @Test
    void withNativeAccess_theKernelKeepsPathsBeneathTheRoot() throws Exception {
        assertThat(raceFree("--enable-native-access=ALL-UNNAMED")).containsExactly("true");
    }

    @Test
    void withoutNativeAccess_pathsAreCheckedBeforeUse() throws Exception {
        assertThat(raceFree("--illegal-native-access=deny")).contains("false");
    }

    private Iterable<String> raceFree(String option) throws IOException, InterruptedException {
        Path output = directory.resolve("output");
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        option,
                        "-cp",
                        System.getProperty("java.class.path"),
                        NativeAccessTest.class.getName(),
                        directory.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            child.destroyForcibly();
        }
        return Files.readAllLines(output);
    }

    public static void main(String[] arguments) throws IOException {
        for (int i = 0; i < 2; i++) {
            try (VirtualFileStore store = VirtualFileStore.open(Path.of(arguments[0]), false, Uploads.ATOMIC)) {
                store.attributes(VirtualPath.ROOT);
                if (i == 1) {
                    System.out.println(store.isRaceFree());
                }
            }
        }
    }
}
