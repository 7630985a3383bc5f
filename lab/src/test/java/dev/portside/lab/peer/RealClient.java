package dev.portside.lab.peer;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Runs a client program ({@code curl}, {@code lftp}, {@code wget}, {@code tnftp}, {@code inetutils-ftp}) to its end.
 * Each run has an empty home directory, which is also its working directory unless {@link #in} names another, so no
 * configuration of the user is read.
 *
 * @param program the program
 * @param limit after this time the run fails and its processes are ended
 * @param input what the program reads from standard input
 * @param directory the working directory
 * @param variables added to the environment
 */
public record RealClient(
        Path program, Duration limit, String input, Optional<Path> directory, Map<String, String> variables) {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    /**
     * Returns the client of this name.
     *
     * @throws AssertionError if it is neither installed nor unpacked
     */
    public static RealClient named(String name) {
        return at(Programs.client(name));
    }

    /** Returns the client that is this program. */
    public static RealClient at(Path program) {
        return new RealClient(program, LIMIT, "", Optional.empty(), Map.of());
    }

    /** Returns this client with another time limit than the usual 20 seconds. */
    public RealClient within(Duration limit) {
        return new RealClient(program, limit, input, directory, variables);
    }

    /** Returns this client with this text as standard input, in UTF-8. */
    public RealClient reading(String input) {
        return new RealClient(program, limit, input, directory, variables);
    }

    /** Returns this client with this working directory. */
    public RealClient in(Path directory) {
        return new RealClient(program, limit, input, Optional.of(directory), variables);
    }

    /** Returns this client with one more environment variable. */
    public RealClient with(String variable, String value) {
        Map<String, String> more = new HashMap<>(variables);
        more.put(variable, value);
        return new RealClient(program, limit, input, directory, Map.copyOf(more));
    }

    /**
     * Runs the program and returns what it did.
     *
     * @throws AssertionError if it does not end within the limit
     */
    public Outcome run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        Path work = Files.createTempDirectory("portside-client");
        try {
            Path home = Files.createDirectory(work.resolve("home"));
            File in = Files.writeString(work.resolve("in"), input).toFile();
            // files rather than pipes: a full pipe never blocks the program, and no thread has to read
            Path out = work.resolve("out");
            Path err = work.resolve("err");
            ProcessBuilder builder = Programs.process(command, home);
            builder.environment().putAll(variables);
            builder.directory(directory.orElse(home).toFile());
            builder.redirectInput(in).redirectOutput(out.toFile()).redirectError(err.toFile());
            Process process = builder.start();
            boolean ended = false;
            try {
                ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
            } finally {
                if (!ended) {
                    Processes.kill(process);
                }
            }
            Outcome outcome = new Outcome(command, process.exitValue(), Files.readAllBytes(out), text(err));
            if (!ended) {
                throw new AssertionError(outcome + "\n(did not end within " + limit + ")");
            }
            return outcome;
        } finally {
            Processes.delete(work);
        }
    }

    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }

    /** What a run of a client gave. */
    public static final class Outcome {
        private final List<String> command;
        private final int exitCode;
        private final byte[] output;
        private final String errors;

        private Outcome(List<String> command, int exitCode, byte[] output, String errors) {
            this.command = command;
            this.exitCode = exitCode;
            this.output = output;
            this.errors = errors;
        }

        /** Returns the exit code. */
        public int exitCode() {
            return exitCode;
        }

        /** Returns what the program wrote to standard output. */
        public byte[] output() {
            return output.clone();
        }

        /** Returns standard output as UTF-8. */
        public String text() {
            return new String(output, StandardCharsets.UTF_8);
        }

        /** Returns what the program wrote to standard error, as UTF-8. */
        public String errors() {
            return errors;
        }

        /**
         * Returns this outcome if the exit code is 0.
         *
         * @throws AssertionError otherwise, with everything that the program wrote
         */
        public Outcome succeeded() {
            if (exitCode != 0) {
                throw new AssertionError(this);
            }
            return this;
        }

        @Override
        public String toString() {
            return String.join(" ", command) + "\nexit code " + exitCode + "\n" + text() + "\n" + errors;
        }
    }
}
