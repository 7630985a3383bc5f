package dev.portside.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** Files of this program about the user's servers. */
final class PrivateFile {
    private PrivateFile() {}

    /** Writes lines of ISO 8859-1. The file is there as a whole at every moment, and only its owner can read it. */
    static void write(Path file, List<String> lines) throws IOException {
        // A link to the file stays one.
        Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
        Path directory = target.resolveSibling("");
        boolean posix = target.getFileSystem().supportedFileAttributeViews().contains("posix");
        Files.createDirectories(directory, posix ? permissions("rwx------") : new FileAttribute<?>[0]);
        Path temporary = Files.createTempFile(
                directory,
                target.getFileName().toString(),
                ".new",
                posix ? permissions("rw-------") : new FileAttribute<?>[0]);
        try {
            Files.write(temporary, lines, StandardCharsets.ISO_8859_1);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static FileAttribute<?>[] permissions(String text) {
        return new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(text))};
    }
}
