package dev.portside.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "rmdir", customSynopsis = "portside rmdir [OPTION…] URL…", description = "Remove empty directories.")
final class RmdirCommand extends RemoteCommand {
    @Parameters(arity = "1..*", paramLabel = "URL", description = "ftp://host/directory, see portside help urls.")
    private List<String> urls = List.of();

    RmdirCommand(Console console) {
        super(console);
    }

    @Override
    void run(Remotes remotes) {
        forEach(remotes, urls(urls), url -> remotes.client(url).removeDirectory(url.path()));
    }
}
