package dev.portside.lab.peer;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Finds the programs that {@code lab/peers} provides and prepares a clean process for them. */
public final class Programs {
    private static final Path PEERS = root().resolve("lab/target/peers");
    private static final String PATH = System.getenv().getOrDefault("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");

    private Programs() {}

    /** Returns the program of this name: the installed one if there is one, otherwise the unpacked one. */
    public static Path client(String name) {
        return Stream.of(
                        Stream.of(PATH.split(File.pathSeparator)).map(Path::of),
                        // not on everybody's path
                        Stream.of("/usr/sbin", "/sbin").map(Path::of),
                        Stream.of("usr/bin", "usr/sbin", "bin", "sbin").map(folder -> unpacked("root/" + folder)))
                .flatMap(folders -> folders)
                .map(directory -> directory.resolve(name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> missing(name));
    }

    /** Returns a program of an unpacked server, for example {@code vsftpd/usr/sbin/vsftpd}. */
    public static Path server(String file) {
        Path program = unpacked(file);
        if (!Files.isExecutable(program)) {
            throw missing(file);
        }
        return program;
    }

    /** Returns where the file or folder of an unpacked package is, whether it exists or not. */
    public static Path unpacked(String file) {
        return PEERS.resolve(file);
    }

    /**
     * Prepares a process that inherits nothing from the user's configuration: no proxies, a home directory of its own,
     * UTC, and UTF-8 file names.
     */
    public static ProcessBuilder process(List<String> command, Path home) {
        ProcessBuilder process = new ProcessBuilder(command);
        Map<String, String> environment = process.environment();
        environment.clear();
        environment.put("PATH", PATH);
        environment.put("HOME", home.toString());
        environment.put("LC_ALL", "C.UTF-8");
        environment.put("TZ", "UTC");
        environment.put("TERM", "dumb");
        environment.put("LD_LIBRARY_PATH", unpacked("lib").toString());
        return process.directory(home.toFile());
    }

    /** Returns a file of the checkout, for example {@code portside}. */
    public static Path checkout(String file) {
        return root().resolve(file);
    }

    private static AssertionError missing(String program) {
        return new AssertionError(program + " is missing: run lab/peers");
    }

    private static Path root() {
        String root = System.getProperty("portside.root");
        if (root != null) {
            return Path.of(root);
        }
        // started by an editor: the working directory is the project or one of its modules
        Path here = Path.of("").toAbsolutePath();
        return Files.exists(here.resolve("lab/peers"))
                ? here
                : here.resolve("..").normalize();
    }
}
