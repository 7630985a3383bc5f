package dev.portside.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What a directory holds, for comparison.
 *
 * @param entries what each is, with time and content of files, by its path
 */
record Tree(Map<String, String> entries) {
    static Tree of(Path root) throws IOException {
        Map<String, String> entries = new TreeMap<>();
        try (Stream<Path> tree = Files.walk(root)) {
            for (Path path : tree.toList()) {
                entries.put(root.relativize(path).toString(), description(path));
            }
        }
        return new Tree(entries);
    }

    private static String description(Path path) throws IOException {
        return Files.isDirectory(path)
                ? "directory"
                : Files.getLastModifiedTime(path) + ", " + Files.size(path) + " bytes, hash "
                        + Arrays.hashCode(Files.readAllBytes(path));
    }
}
