package dev.portside.lab.bench;

import dev.portside.lab.peer.TestAuthority;
import dev.portside.lab.peer.TestAuthority.Certificate;
import dev.portside.lab.peer.TestAuthority.Subject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Where one server runs.
 *
 * @param directory holds its configuration
 * @param port its control port on 127.0.0.1
 */
record Site(Setting setting, Path directory, int port) {
    static final String HOST = "127.0.0.1";
    static final String USER = "ada";
    static final String PASSWORD = "s3cret";
    /**
     * The oldest kind there is (DES), since it takes no time: what hashes cost is not what is measured here, and a modern
     * one costs more than all the rest of a login.
     */
    static final String PASSWORD_HASH = "psMIBO4odQT2g";
    /** Nobody and nogroup: sessions act as this user, where a server changes users. */
    static final int UID = 65534;

    /** Writes a file that only root may read, as servers insist for passwords. */
    Path write(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    /** Returns the certificate that all servers show: ECDSA on P-256. */
    static Certificate certificate() {
        return TestAuthority.certificate(Subject.SERVER_EC);
    }

    /** Returns the lines if TLS is offered, otherwise nothing. */
    String underTls(String lines) {
        return setting.tls() ? lines : "";
    }
}
