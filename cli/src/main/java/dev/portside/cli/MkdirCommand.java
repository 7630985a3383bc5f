package dev.portside.cli;

import dev.portside.client.FtpReplyException;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "mkdir", customSynopsis = "portside mkdir [OPTION…] URL…", description = "Make directories.")
final class MkdirCommand extends RemoteCommand {
    @Option(
            names = {"-p", "--parents"},
            description = "Make missing parents too; one that exists is no error.")
    private boolean parents;

    @Parameters(arity = "1..*", paramLabel = "URL", description = "ftp://host/directory, see portside help urls.")
    private List<String> urls = List.of();

    MkdirCommand(Console console) {
        super(console);
    }

    @Override
    void run(Remotes remotes) {
        for (RemoteUrl url : urls(urls)) {
            attempt(remotes, url, () -> {
                if (parents) {
                    makeAll(remotes, url);
                } else {
                    remotes.client(url).makeDirectory(url.path());
                }
                outcome.done();
            });
        }
    }

    private static void makeAll(Remotes remotes, RemoteUrl url) throws IOException {
        String path = url.path();
        for (int slash = path.indexOf('/', 1); slash >= 0; slash = path.indexOf('/', slash + 1)) {
            makeUnlessThere(remotes, url.withPath(path.substring(0, slash)));
        }
        makeUnlessThere(remotes, url);
    }

    private static void makeUnlessThere(Remotes remotes, RemoteUrl url) throws IOException {
        if (url.path().isEmpty() || remotes.isDirectory(url)) {
            return;
        }
        try {
            remotes.client(url).makeDirectory(url.path());
        } catch (FtpReplyException refused) {
            // Somebody else may have been faster, or the server does not show it.
            if (!remotes.isDirectory(url)) {
                throw refused;
            }
        }
    }
}
