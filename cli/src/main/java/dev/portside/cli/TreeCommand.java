package dev.portside.cli;

import dev.portside.cli.Style.Glyph;
import dev.portside.protocol.DirectoryEntry;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "tree",
        customSynopsis = "portside tree [OPTION…] URL…",
        description = "Show directories and everything below them. Symbolic links are not followed.")
final class TreeCommand extends ResultCommand {
    @Option(
            names = {"-L", "--level"},
            paramLabel = "N",
            description = "How deep to go; 100 at most.")
    private int level = RemoteTree.MAX_DEPTH;

    @Parameters(arity = "1..*", paramLabel = "URL", description = "ftp://host/path/, see portside help urls.")
    private List<String> urls = List.of();

    private long directories;
    private long files;
    private long bytes;

    TreeCommand(Console console) {
        super(console);
    }

    @Override
    void run(Remotes remotes) {
        forEach(remotes, urls(urls), url -> {
            // Listed before anything is printed, so that a refusal stands alone.
            List<DirectoryEntry> entries = remotes.list(url);
            if (!json()) {
                console.line(console.name(url.path().isEmpty() ? "." : url.path()));
            }
            show(remotes, url, entries, "", 1);
        });
        if (!json() && directories + files > 0) {
            console.line("");
            console.line(count(directories, "directory", "directories") + ", " + count(files, "file", "files") + ", "
                    + Amount.ofBytes(bytes));
        }
    }

    private static String count(long number, String one, String many) {
        return number + " " + (number == 1 ? one : many);
    }

    private void show(Remotes remotes, RemoteUrl directory, List<DirectoryEntry> entries, String trunk, int depth)
            throws IOException {
        Style style = console.style();
        for (int i = 0; i < entries.size(); i++) {
            DirectoryEntry entry = entries.get(i);
            boolean last = i == entries.size() - 1;
            RemoteUrl url = directory.withPath(Remotes.join(directory.path(), entry.name()));
            if (json()) {
                print(jsonLine(url, entry));
            } else {
                console.line(trunk + style.draw(last ? Glyph.LAST_BRANCH : Glyph.BRANCH) + shownName(entry));
            }
            if (entry.isDirectory()) {
                directories++;
            } else {
                files++;
                bytes += entry.size() == null ? 0 : entry.size();
            }
            if (entry.isDirectory() && depth < Math.min(level, RemoteTree.MAX_DEPTH)) {
                RemoteTree.requireSafe(entry, directory);
                String below = trunk + (last ? "    " : style.draw(Glyph.TRUNK));
                attemptWithin(remotes, url, () -> show(remotes, url, remotes.list(url), below, depth + 1));
            }
        }
    }
}
