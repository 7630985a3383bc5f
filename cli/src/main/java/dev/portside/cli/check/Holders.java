package dev.portside.cli.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which programs listen on a port, from {@code /proc}; those of other users are found by root only. */
final class Holders {
    private static final String PORTSIDE = "portside";
    private static final String LISTENS = "0A";

    private final Machine machine;

    Holders(Machine machine) {
        this.machine = machine;
    }

    static boolean isPortside(String holder) {
        return holder.contains(PORTSIDE);
    }

    /** One line for each. */
    List<String> of(int port) {
        List<String> inodes = new ArrayList<>();
        for (String table : List.of("proc/net/tcp", "proc/net/tcp6")) {
            for (String line : machine.lines(table)) {
                String[] fields = line.strip().split("\\s+");
                if (fields.length > 9
                        && fields[3].equals(LISTENS)
                        && fields[1].endsWith(String.format(":%04X", port))) {
                    inodes.add(fields[9]);
                }
            }
        }
        if (inodes.isEmpty()) {
            return List.of();
        }
        Map<String, String> programs = programs(inodes);
        return inodes.stream()
                .map(inode -> "port " + port + " is held by "
                        + programs.getOrDefault(inode, "a program of another user (root can see which)"))
                .distinct()
                .toList();
    }

    private Map<String, String> programs(List<String> inodes) {
        Map<String, String> programs = new HashMap<>();
        try (DirectoryStream<Path> processes =
                Files.newDirectoryStream(machine.root().resolve("proc"), "[0-9]*")) {
            for (Path process : processes) {
                String inode = heldBy(process, inodes);
                if (inode != null) {
                    programs.put(inode, name(process.getFileName().toString()));
                }
            }
        } catch (IOException | UncheckedIOException unknown) {
            // Then there is no name to tell.
        }
        return programs;
    }

    private static @Nullable String heldBy(Path process, List<String> inodes) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path file : files) {
                String target = Files.readSymbolicLink(file).toString();
                for (String inode : inodes) {
                    if (target.equals("socket:[" + inode + "]")) {
                        return inode;
                    }
                }
            }
        } catch (IOException | java.nio.file.DirectoryIteratorException notOurs) {
            // Of another user, or gone.
        }
        return null;
    }

    private String name(String process) {
        String command = machine.text("proc/" + process + "/cmdline");
        boolean ours = command != null && command.contains("dev.portside.cli");
        String name = ours ? PORTSIDE : machine.text("proc/" + process + "/comm");
        return (name == null ? "a program" : name) + " (process " + process + ")";
    }
}
