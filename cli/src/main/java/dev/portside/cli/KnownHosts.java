package dev.portside.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The certificates that the user has accepted: a file with a line {@code host:port sha256 AB:CD:…} for each. Whatever else
 * stands in the file is kept.
 */
record KnownHosts(Path file) {
    private static final Pattern LINE =
            Pattern.compile("\\s*(\\S+)\\s+sha256\\s+((?:[0-9A-Fa-f]{2}:){31}[0-9A-Fa-f]{2})\\s*");

    static KnownHosts of(Console console) {
        return new KnownHosts(console.settings().resolve("portside").resolve("known_hosts"));
    }

    /** The fingerprints that were accepted for a server; none if there is no file. */
    Set<String> fingerprints(String hostPort) throws IOException {
        Set<String> fingerprints = new LinkedHashSet<>();
        for (String line : lines()) {
            String fingerprint = fingerprint(line, hostPort);
            if (fingerprint != null) {
                fingerprints.add(fingerprint);
            }
        }
        return fingerprints;
    }

    /** Which lines are about a server, counted from 1. */
    List<Integer> linesAbout(String hostPort) throws IOException {
        List<Integer> numbers = new ArrayList<>();
        List<String> lines = lines();
        for (int i = 0; i < lines.size(); i++) {
            if (fingerprint(lines.get(i), hostPort) != null) {
                numbers.add(i + 1);
            }
        }
        return numbers;
    }

    private static @Nullable String fingerprint(String line, String hostPort) {
        Matcher known = LINE.matcher(line);
        return known.matches() && known.group(1).equalsIgnoreCase(hostPort)
                ? known.group(2).toUpperCase(Locale.ROOT)
                : null;
    }

    private List<String> lines() throws IOException {
        try {
            // A remark can be in any charset, and is written back as it was.
            return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException none) {
            return List.of();
        }
    }

    /** Adds a line. The file is there as a whole at every moment, and only its owner can read it. */
    void add(String hostPort, String fingerprint) throws IOException {
        List<String> lines = new ArrayList<>(lines());
        lines.add(hostPort.toLowerCase(Locale.ROOT) + " sha256 " + fingerprint);
        PrivateFile.write(file, lines);
    }
}
