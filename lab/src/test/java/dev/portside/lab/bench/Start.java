package dev.portside.lab.bench;

import dev.portside.lab.peer.Launch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How to start a server.
 *
 * @param variables added to the environment, each {@code NAME=value}
 * @param command starts it in the foreground
 * @param replacements files and folders that it sees, by the path of the machine where it sees them
 */
record Start(List<String> variables, List<String> command, Map<String, Path> replacements) {
    /*
     * Servers that go on as root create files that those which change their user may change. Between the time that is
     * written down and the server is one exec: the process keeps its number.
     */
    private static final String NOTED = """
            umask 0
            ulimit -n "$(ulimit -Hn)"
            echo $$ "$(date +%s%N)" >"$0"
            exec "$@"
            """;
    /* Vsftpd, which talks to inetd there, tells its version on standard input. */
    private static final String HEARD = "exec \"$@\" >\"$0\" 2>&1 0>&1";

    Start(String... command) {
        this(List.of(), List.of(command), Map.of());
    }

    /**
     * Returns a command that runs the server in namespaces of its own until its standard input is closed.
     *
     * @param note a file that then holds the number of the server's process in its namespace, and the time of its start
     *     in nanoseconds since 1970
     */
    List<String> enclosed(Path note) {
        return new Launch(through(NOTED, note), replacements).enclosed();
    }

    /** Returns a command whose output is in this file. */
    List<String> heard(Path output) {
        return through(HEARD, output);
    }

    private List<String> through(String script, Path file) {
        List<String> line = new ArrayList<>(List.of("env"));
        line.addAll(variables);
        line.addAll(List.of("sh", "-ec", script, file.toString()));
        line.addAll(command);
        return line;
    }
}
