package dev.portside.server.storage;

import java.security.SecureRandom;
import java.util.HexFormat;

/** The names that uploads have until they are complete. Clients do not see them, and cannot name them. */
final class UploadName {
    private static final String PREFIX = ".portside-upload-";
    private static final int RANDOM_BYTES = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    private UploadName() {}

    static String random() {
        return PREFIX + randomHex(RANDOM_BYTES);
    }

    static String randomHex(int count) {
        byte[] bytes = new byte[count];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** In any case: there are file systems that make no difference. */
    static boolean matches(String name) {
        return name.regionMatches(true, 0, PREFIX, 0, PREFIX.length());
    }

    /** Whether it is one that {@link #random} made, so that what has it is ours to remove. */
    static boolean isOurs(String name) {
        return name.length() == PREFIX.length() + 2 * RANDOM_BYTES
                && name.startsWith(PREFIX)
                && name.substring(PREFIX.length()).chars().allMatch(HexFormat::isHexDigit);
    }
}
