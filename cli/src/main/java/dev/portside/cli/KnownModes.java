package dev.portside.cli;

import dev.portside.client.DataMode;
import dev.portside.client.DataModeMemory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which mode worked, from one run of this program to the next: a file in the cache with a line {@code host:port from ADDRESS
 * [through PROXY] clear|tls MODE} for each server and network, the last used last. Whatever goes wrong with the file is no
 * reason to fail: then nothing is remembered.
 */
record KnownModes(Path file) implements DataModeMemory {
    static final int MAX_LINES = 200;
    /** Longer than any that was written here. */
    private static final int MAX_BYTES = 1 << 18;

    static KnownModes of(Console console) {
        return new KnownModes(console.caches().resolve("portside").resolve("data-modes"));
    }

    private static String key(Route route) {
        return (route.host().indexOf(':') >= 0 ? "[" + route.host() + "]" : route.host()) + ":" + route.port()
                + " from " + route.local().getHostAddress()
                + (route.proxy().isEmpty() ? "" : " through " + route.proxy())
                + (route.isProtected() ? " tls " : " clear ");
    }

    @Override
    public @Nullable DataMode recall(Route route) {
        String key = key(route);
        for (String line : lines().reversed()) {
            if (line.startsWith(key)) {
                return mode(line.substring(key.length()));
            }
        }
        return null;
    }

    private static @Nullable DataMode mode(String name) {
        return switch (name) {
            case "EPSV" -> DataMode.EPSV;
            case "PASV" -> DataMode.PASV;
            case "EPRT" -> DataMode.EPRT;
            case "PORT" -> DataMode.PORT;
            default -> null;
        };
    }

    @Override
    public void remember(Route route, DataMode mode) {
        // AUTO begins with EPSV anyhow: most servers need no line.
        replace(route, mode == DataMode.EPSV ? null : key(route) + mode.name());
    }

    @Override
    public void forget(Route route) {
        replace(route, null);
    }

    private void replace(Route route, @Nullable String line) {
        String key = key(route);
        List<String> before = lines();
        List<String> lines = new ArrayList<>(before);
        lines.removeIf(other -> other.startsWith(key));
        if (line != null && line.chars().allMatch(c -> c >= ' ' && c <= '~')) {
            lines.add(line);
        }
        if (lines.equals(before)) {
            return;
        }
        try {
            PrivateFile.write(file, lines.subList(Math.max(0, lines.size() - MAX_LINES), lines.size()));
        } catch (IOException | RuntimeException unwritable) {
            // The next run finds out again what works.
        }
    }

    private List<String> lines() {
        try {
            return Files.size(file) > MAX_BYTES ? List.of() : Files.readAllLines(file, StandardCharsets.ISO_8859_1);
        } catch (IOException | RuntimeException unreadable) {
            return List.of();
        }
    }
}
