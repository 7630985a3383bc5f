package dev.portside.lab;

import dev.portside.cli.Portside;
import dev.portside.lab.peer.RealClient;
import dev.portside.lab.peer.RealClient.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The {@code portside} command, each run in a Java process of its own. */
final class OurCommand {
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();
    private static final String CLASS_PATH =
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));

    private OurCommand() {}

    /** The command in a directory, where it finds the password in the environment: for {@link #run(RealClient, String...)}. */
    static RealClient client(Path directory, String password) {
        return RealClient.named(JAVA)
                .in(directory)
                .with("PORTSIDE_PASSWORD", password)
                .with("CLASSPATH", CLASS_PATH);
    }

    /** Runs the command. */
    static Outcome run(RealClient client, String... arguments) throws Exception {
        return client.run(options(arguments).toArray(String[]::new));
    }

    /** Runs the command in a directory, where it finds the password in the environment. */
    static Outcome run(Path directory, String password, String... arguments) throws Exception {
        return run(client(directory, password), arguments);
    }

    /** Starts the command and leaves it running. */
    static Process start(String... arguments) throws IOException {
        return start(Map.of(), arguments);
    }

    /** Starts the command with more environment variables and leaves it running. */
    static Process start(Map<String, String> variables, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(JAVA));
        command.addAll(options(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("CLASSPATH", CLASS_PATH);
        builder.environment().putAll(variables);
        return builder.start();
    }

    private static List<String> options(String... arguments) {
        List<String> options = new ArrayList<>(List.of(
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                Portside.class.getName()));
        options.addAll(List.of(arguments));
        return options;
    }
}
