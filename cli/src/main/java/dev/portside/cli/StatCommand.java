package dev.portside.cli;

import dev.portside.protocol.DirectoryEntry;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "stat",
        customSynopsis = "portside stat [OPTION…] URL…",
        description = "Show what the server says about files and directories.")
final class StatCommand extends ResultCommand {
    @Parameters(arity = "1..*", paramLabel = "URL", description = "ftp://host/path, see portside help urls.")
    private List<String> urls = List.of();

    private boolean first = true;

    StatCommand(Console console) {
        super(console);
    }

    @Override
    void run(Remotes remotes) {
        forEach(remotes, urls(urls), url -> show(remotes, url));
    }

    private void show(Remotes remotes, RemoteUrl url) throws IOException {
        String path = url.path().isEmpty() ? remotes.client(url).workingDirectory() : url.path();
        DirectoryEntry entry = remotes.client(url).entry(path);
        if (json()) {
            print(jsonLine(url, entry));
            return;
        }
        if (!first) {
            console.line("");
        }
        first = false;
        line("path", console.name(path));
        line("type", typeName(entry).replace('-', ' '));
        if (entry.size() != null && !entry.isDirectory()) {
            line("size", entry.size() + " bytes (" + Amount.ofBytes(entry.size()) + ")");
        }
        if (entry.modified() != null) {
            line(
                    "modified",
                    entry.modified() + (entry.timeIsExact() ? "" : " (as the listing shows it, zone assumed)"));
        }
        if (entry.linkTarget() != null) {
            line("link", console.name(entry.linkTarget()));
        }
        entry.facts().forEach((fact, value) -> {
            if (!fact.equals("type") && !fact.equals("size") && !fact.equals("modify")) {
                line(fact, console.name(value));
            }
        });
    }

    private void line(String what, String value) {
        console.line(Columns.right(what, 12) + "  " + value);
    }
}
