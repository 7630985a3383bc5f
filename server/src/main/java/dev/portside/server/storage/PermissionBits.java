package dev.portside.server.storage;

import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Between the nine permission bits of a mode and the set that Java has for them. */
final class PermissionBits {
    static final int ALL = 0777;

    private static final String LETTERS = "rwxrwxrwx";

    private PermissionBits() {}

    static int of(Set<PosixFilePermission> permissions) {
        int mode = 0;
        for (char letter : PosixFilePermissions.toString(permissions).toCharArray()) {
            mode = mode << 1 | (letter == '-' ? 0 : 1);
        }
        return mode;
    }

    static Set<PosixFilePermission> permissions(int mode) {
        StringBuilder text = new StringBuilder(LETTERS);
        for (int i = 0; i < LETTERS.length(); i++) {
            if ((mode << i & 0400) == 0) {
                text.setCharAt(i, '-');
            }
        }
        return PosixFilePermissions.fromString(text.toString());
    }
}
