package dev.portside.lab;

import dev.portside.cli.Portside;
import dev.portside.lab.peer.RealClient;
import dev.portside.lab.peer.RealClient.Outcome;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The {@code portside} command, each run in a Java process of its own. */
final class OurCommand {
    private OurCommand() {}

    /** Runs the command in a directory, where it finds the password in the environment. */
    static Outcome run(Path directory, String password, String... arguments) throws Exception {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        List<String> all = new ArrayList<>(List.of(
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Portside.class.getName()));
        all.addAll(List.of(arguments));
        return RealClient.named(java.toString())
                .in(directory)
                .with("PORTSIDE_PASSWORD", password)
                .run(all.toArray(String[]::new));
    }
}
