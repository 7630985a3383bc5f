package dev.portside.lab.peer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How to start a server.
 *
 * @param command starts it in the foreground
 * @param replacements files and folders that it sees, by the path of the machine where it sees them
 */
public record Launch(List<String> command, Map<String, Path> replacements) {
    /*
     * The shell is the first process of a process namespace: when it ends, for whatever reason, the kernel ends all
     * others, also sessions whose parent is gone. It ends with the server, and when its standard input is closed, which
     * happens even if the tests are killed. The server's own standard input is the log: vsftpd, which talks to inetd
     * there, writes its last words to it.
     */
    private static final String SHELL = """
            while [ "$1" != -- ]; do mount --bind "$2" "$1"; shift 2; done
            shift
            trap 'exit 0' TERM
            exec 3<&0
            "$@" 0>&1 3<&- &
            server=$!
            (read -r _ || kill $$) <&3 &
            wait $server
            """;

    /** Returns a command that runs the server in namespaces of its own until its standard input is closed. */
    public List<String> enclosed() {
        List<String> line = new ArrayList<>(
                List.of("unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-ec", SHELL, "sh"));
        replacements.forEach((path, replacement) -> line.addAll(List.of(path, replacement.toString())));
        line.add("--");
        line.addAll(command);
        return line;
    }
}
