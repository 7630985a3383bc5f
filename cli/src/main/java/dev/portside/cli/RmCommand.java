package dev.portside.cli;

import dev.portside.client.FtpReplyException;
import dev.portside.protocol.DirectoryEntry;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "rm",
        customSynopsis = "portside rm [OPTION…] URL…",
        description = "Delete files, and with -r directories with all that is in them.")
final class RmCommand extends RemoteCommand {
    @Option(
            names = {"-r", "--recursive"},
            description = "Delete directories and all that is in them.")
    private boolean recursive;

    @Parameters(arity = "1..*", paramLabel = "URL", description = "ftp://host/file, see portside help urls.")
    private List<String> urls = List.of();

    RmCommand(Console console) {
        super(console);
    }

    @Override
    void run(Remotes remotes) {
        forEach(remotes, urls(urls), url -> {
            if (recursive && remotes.isDirectory(url)) {
                removeDirectory(remotes, url, 1);
            } else {
                delete(remotes, url);
            }
        });
    }

    private static void delete(Remotes remotes, RemoteUrl url) throws IOException {
        try {
            remotes.client(url).delete(url.path());
        } catch (FtpReplyException refused) {
            if (remotes.isDirectory(url)) {
                throw new PortsideException(ExitCode.REFUSED, Remotes.shown(url) + ": is a directory, use -r", refused);
            }
            throw refused;
        }
    }

    private void removeDirectory(Remotes remotes, RemoteUrl directory, int depth) throws IOException {
        RemoteTree.requireDepth(depth, directory);
        if (directory.path().isEmpty() || directory.path().equals("/")) {
            throw new PortsideException(
                    ExitCode.USAGE, Remotes.shown(directory) + ": the whole server is not deleted, name a directory");
        }
        for (DirectoryEntry entry : remotes.list(directory)) {
            RemoteUrl url = directory.withPath(Remotes.join(directory.path(), entry.name()));
            attemptWithin(remotes, url, () -> {
                RemoteTree.requireSafe(entry, directory);
                if (entry.isDirectory()) {
                    removeDirectory(remotes, url, depth + 1);
                } else {
                    // Of a symbolic link, the link.
                    remotes.client(url).delete(url.path());
                }
            });
        }
        remotes.client(directory).removeDirectory(directory.path());
    }
}
