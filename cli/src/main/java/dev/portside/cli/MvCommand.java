package dev.portside.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "mv",
        customSynopsis = "portside mv [OPTION…] URL… URL",
        description = "Rename and move on one server.",
        footer = {"", "Into the last URL if it is a directory or ends with a slash, otherwise under", "that name."})
final class MvCommand extends RemoteCommand {
    @Parameters(
            arity = "1..*",
            paramLabel = "URL",
            description = "What to move, and at last where to, see portside help urls.")
    private List<String> urls = List.of();

    MvCommand(Console console) {
        super(console);
    }

    @Override
    void run(Remotes remotes) {
        List<RemoteUrl> sources = new ArrayList<>(urls(urls));
        RemoteUrl target = sources.removeLast();
        if (sources.isEmpty()) {
            throw new PortsideException(ExitCode.USAGE, "mv: name two URLs, what to move and where to");
        }
        for (RemoteUrl source : sources) {
            if (!source.sameServer(target)) {
                throw new PortsideException(
                        ExitCode.USAGE,
                        source.hostPort() + " and " + target.hostPort()
                                + ": files move on one server only, use get and put");
            }
        }
        boolean several = sources.size() > 1 || sources.stream().anyMatch(RemoteUrl::isPattern);
        forEach(remotes, sources, source -> {
            boolean into = several || target.directory() || remotes.isDirectory(target);
            String path = into ? Remotes.join(target.path(), source.name()) : target.path();
            remotes.client(source).rename(source.path(), path);
        });
    }
}
