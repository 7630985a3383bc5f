package dev.portside.cli;

import dev.portside.client.Download;
import dev.portside.client.FtpClient;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "cat", customSynopsis = "portside cat [OPTION…] URL…", description = "Write files to standard output.")
final class CatCommand extends RemoteCommand {
    @Parameters(arity = "1..*", paramLabel = "URL", description = "ftp://host/file, see portside help urls.")
    private List<String> urls = List.of();

    CatCommand(Console console) {
        super(console);
    }

    @Override
    void run(Remotes remotes) {
        forEach(remotes, urls(urls), url -> write(remotes, url));
    }

    private void write(Remotes remotes, RemoteUrl url) throws IOException {
        FtpClient client = remotes.client(url);
        if (url.type() == 'd') {
            client.names(url.path()).forEach(name -> console.line(console.name(name)));
            return;
        }
        client.type(url.representationType());
        try (Download download = client.retrieve(url.path())) {
            download.transferTo(LocalFile.standardOutput(console));
        }
    }
}
