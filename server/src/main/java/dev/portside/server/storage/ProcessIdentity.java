package dev.portside.server.storage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who this process is to the file system: for hints about what is permitted, which cost no system call per file.
 *
 * @param overrides whether modes do not bind it
 */
record ProcessIdentity(int user, Set<Integer> groups, boolean overrides) {
    private static final int ALL = 7;
    private static final int CAP_DAC_OVERRIDE = 1;
    private static final int EFFECTIVE = 2;
    private static final int NOBODY = -1;

    /** This process where Linux tells; elsewhere modes are taken as not binding. */
    static final ProcessIdentity CURRENT = current(Path.of("/proc/self/status"));

    static ProcessIdentity current(Path status) {
        int user = NOBODY;
        Set<Integer> groups = new HashSet<>();
        boolean overrides = false;
        try {
            for (String line : Files.readAllLines(status, StandardCharsets.ISO_8859_1)) {
                String[] words = line.split("\\s+");
                switch (words[0]) {
                    case "Uid:" -> user = Integer.parseUnsignedInt(words[EFFECTIVE]);
                    case "Gid:" -> groups.add(Integer.parseUnsignedInt(words[EFFECTIVE]));
                    case "Groups:" -> {
                        for (int i = 1; i < words.length; i++) {
                            groups.add(Integer.parseUnsignedInt(words[i]));
                        }
                    }
                    case "CapEff:" -> overrides = (Long.parseUnsignedLong(words[1], 16) >> CAP_DAC_OVERRIDE & 1) != 0;
                    default -> {}
                }
            }
            return new ProcessIdentity(user, Set.copyOf(groups), overrides || user == NOBODY);
        } catch (IOException | NumberFormatException notLinux) {
            return new ProcessIdentity(NOBODY, Set.of(), true);
        }
    }

    /** The three bits of a mode that are meant for this process. */
    int bits(int mode, @Nullable Integer owner, @Nullable Integer group) {
        if (overrides || owner == null || group == null) {
            return ALL;
        }
        if (owner == user) {
            return mode >> 6 & ALL;
        }
        return (groups.contains(group) ? mode >> 3 : mode) & ALL;
    }
}
