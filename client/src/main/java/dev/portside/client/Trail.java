package dev.portside.client;

import dev.portside.protocol.Command;
import dev.portside.protocol.Reply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a session told the server, as far as a second connection has to be told it again: the login, options, directories. */
final class Trail {
    /** Changes of directory, after which the server is asked where they led. */
    static final int MAX_DIRECTORIES = 100;

    private static final int MAX_OPTIONS = 100;

    private final List<Command> login = new ArrayList<>();
    private final Map<String, Command> options = new LinkedHashMap<>();
    private final List<Command> directories = new ArrayList<>();
    private boolean lost;

    /** A command was accepted. */
    void sent(Command command) {
        switch (command) {
            case Command.Host _ -> {
                forget();
                login.add(command);
            }
            case Command.User _ -> {
                login.removeIf(before -> !(before instanceof Command.Host));
                directories.clear();
                login.add(command);
            }
            case Command.Pass _, Command.Acct _ -> login.add(command);
            case Command.Opts(String parameters) -> {
                if (options.size() < MAX_OPTIONS) {
                    options.put(parameters.split(" ", 2)[0].toUpperCase(Locale.ROOT), command);
                }
            }
            case Command.Rein _ -> forget();
            case Command.Cwd(String path) -> {
                if (path.startsWith("/")) {
                    directories.clear();
                    lost = false;
                }
                directories.add(command);
            }
            case Command.Cdup _ -> directories.add(command);
            default -> {}
        }
    }

    /** Whether {@link #shorten} is due. */
    boolean isLong() {
        return directories.size() > MAX_DIRECTORIES;
    }

    /** @param workingDirectory where it has led to; null: nobody knows, and nobody can go there again */
    void shorten(@Nullable String workingDirectory) {
        directories.clear();
        lost = workingDirectory == null;
        if (workingDirectory != null) {
            directories.add(new Command.Cwd(workingDirectory));
        }
    }

    void forget() {
        login.clear();
        options.clear();
        directories.clear();
        lost = false;
    }

    /** Goes the way again. */
    void follow(Link link) throws IOException {
        if (lost) {
            throw new FtpProtocolException(
                    "the server does not tell the working directory, so that nobody can return to it");
        }
        for (Command command : login) {
            Reply reply = link.command(command);
            if (reply.code().isCompletion() && !(command instanceof Command.Host)) {
                break;
            }
        }
        for (Command command : options.values()) {
            link.command(command);
        }
        for (Command command : directories) {
            link.command(command);
        }
    }
}
