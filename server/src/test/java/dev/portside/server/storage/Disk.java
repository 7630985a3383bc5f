package dev.portside.server.storage;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The kinds of disk, and the ways down them, that a store must treat alike. */
enum Disk {
    /** The default file system, where the kernel keeps paths beneath the root. */
    KERNEL,
    /** The default file system, by checks before use. */
    CHECKED,
    IN_MEMORY;

    /** An empty directory with {@code outside/secret.txt} and an empty {@code root} in it. */
    Path base(Path temporary) throws IOException {
        Path base = temporary;
        if (this == IN_MEMORY) {
            Configuration unix = Configuration.unix().toBuilder()
                    .setAttributeViews("basic", "owner", "posix", "unix")
                    .build();
            base = Files.createDirectory(Jimfs.newFileSystem(unix).getPath("/base"));
        }
        Files.createDirectory(base.resolve("root"));
        Files.createDirectory(base.resolve("outside"));
        Files.writeString(base.resolve("outside/secret.txt"), "secret");
        return base;
    }

    VirtualFileStore open(Path root, boolean writable, Uploads uploads) throws IOException {
        return this == CHECKED
                ? VirtualFileStore.openChecked(root, writable, uploads)
                : VirtualFileStore.open(root, writable, uploads);
    }
}
