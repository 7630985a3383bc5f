package dev.portside.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What users do most, once, in one process: the run from which the ahead-of-time cache is made (JEP 514). What it does not
 * touch is loaded and linked anew at each start.
 */
final class Rehearsal {
    private static final String HOST = "127.0.0.1";
    private static final int MAX_ATTEMPTS = 200;
    private static final long PAUSE_MILLIS = 50;

    /** The cache also keeps what the JVM has learned of the code that ran most: what runs most is a transfer of a small file. */
    private static final int SMALL_FILES = 100;

    private final Console console;
    private final Path directory;
    private final Path served;
    private final int port;
    private final List<String> failed = new ArrayList<>();

    /**
     * A rehearsal that has not begun.
     *
     * @param console where PORTSIDE_PASSWORD is set
     * @param directory to make files in
     */
    Rehearsal(Console console, Path directory) throws IOException {
        this.console = console;
        this.directory = directory;
        this.served = Files.createDirectory(directory.resolve("served"));
        Files.writeString(served.resolve("a"), "a");
        Path small = Files.createDirectory(served.resolve("small"));
        for (int i = 0; i < SMALL_FILES; i++) {
            Files.writeString(small.resolve("file-" + i), "small".repeat(i));
        }
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.ofLiteral(HOST))) {
            port = free.getLocalPort();
        }
    }

    /** Rehearses in the directory that is named, and ends the process: 0 if every command did what it was to do. */
    public static void main(String[] args) throws IOException, InterruptedException {
        Portside.main(new String[] {"--version"});
        List<String> failed = new Rehearsal(Console.system(), Path.of(args[0])).run();
        failed.forEach(System.err::println);
        System.exit(failed.isEmpty() ? 0 : 1);
    }

    /** Rehearses; the commands that failed. */
    List<String> run() throws InterruptedException {
        must("--help");
        must("help", "urls");
        Path log = directory.resolve("log");
        Thread server = Thread.ofPlatform()
                .start(() -> portside("serve", "--port=" + port, "--tls=auto", "--log=" + log, served.toString()));
        awaitServer();
        commands("ftp://portside@");
        commands("ftpes://portside@", "--insecure");
        server.interrupt();
        server.join();
        must("demo");
        return failed;
    }

    private void awaitServer() throws InterruptedException {
        String url = "ftp://portside@" + HOST + ":" + port + "/";
        for (int attempt = 0; attempt < MAX_ATTEMPTS && portside("ls", url) != 0; attempt++) {
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    private void commands(String login, String... options) {
        String url = login + HOST + ":" + port + "/";
        for (String mode : List.of("auto", "pasv", "active")) {
            List<String> all = new ArrayList<>(List.of(options));
            all.add("--mode=" + mode);
            Path local = directory.resolve(mode + options.length);
            with(all, "ls", url);
            with(all, "ls", "-l", url);
            with(all, "get", url + "a", local.toString());
            with(all, "put", local.toString(), url + "b");
            with(all, "get", "-r", url, local + "-all");
            with(all, "cat", url + "a");
            with(all, "hash", url + "a");
            with(all, "rm", url + "b");
        }
    }

    private void with(List<String> options, String... command) {
        List<String> line = new ArrayList<>(Arrays.asList(command));
        line.addAll(1, options);
        must(line.toArray(String[]::new));
    }

    private void must(String... line) {
        if (portside(line) != 0) {
            failed.add(String.join(" ", line));
        }
    }

    private int portside(String... line) {
        return Portside.run(console, line);
    }
}
