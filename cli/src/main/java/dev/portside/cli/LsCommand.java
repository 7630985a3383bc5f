package dev.portside.cli;

import dev.portside.protocol.DirectoryEntry;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "ls", customSynopsis = "portside ls [OPTION…] URL…", description = "List directories.")
final class LsCommand extends ResultCommand {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT).withZone(ZoneId.systemDefault());

    @Option(
            names = {"-l", "--long"},
            description = "Show size, time of change and permissions too.")
    private boolean details;

    @Option(
            names = {"-d", "--directory"},
            description = "Show directories themselves, not what is in them.")
    private boolean itself;

    @Parameters(arity = "1..*", paramLabel = "URL", description = "ftp://host/path/, see portside help urls.")
    private List<String> urls = List.of();

    LsCommand(Console console) {
        super(console);
    }

    @Override
    void run(Remotes remotes) {
        List<RemoteUrl> parsed = urls(urls);
        boolean several = parsed.size() > 1 || parsed.stream().anyMatch(RemoteUrl::isPattern);
        forEach(remotes, parsed, url -> list(remotes, url, several));
    }

    private void list(Remotes remotes, RemoteUrl url, boolean several) throws IOException {
        // A name that a pattern has matched may be a file: asked first, because a listing of a file looks like one of a
        // directory with that file in it.
        DirectoryEntry entry = itself || !url.directory() ? remotes.entryOrNull(url) : null;
        if (entry != null && (itself || !entry.isDirectory())) {
            show(url, named(url, entry));
            return;
        }
        if (itself) {
            throw new PortsideException(ExitCode.REFUSED, Remotes.shown(url) + ": the server does not know it");
        }
        List<DirectoryEntry> entries = remotes.list(url);
        if (several && !json()) {
            console.line(console.name(Remotes.shown(url)) + ":");
        }
        for (DirectoryEntry each : entries) {
            show(url.withPath(Remotes.join(url.path(), each.name())), each);
        }
        if (several && !json()) {
            console.line("");
        }
    }

    /** The entry under the name that was asked for: some servers answer with the whole path. */
    private static DirectoryEntry named(RemoteUrl url, DirectoryEntry entry) {
        String name = url.path().isEmpty() ? "." : url.path();
        return new DirectoryEntry(
                name,
                entry.type(),
                entry.size(),
                entry.modified(),
                entry.timeIsExact(),
                entry.linkTarget(),
                entry.facts());
    }

    private void show(RemoteUrl url, DirectoryEntry entry) {
        if (json()) {
            print(jsonLine(url, entry));
        } else if (details) {
            console.line(Columns.left(permissions(entry), 11) + Columns.right(size(entry), 12) + "  "
                    + Columns.left(time(entry.modified()), 16) + "  " + shownName(entry));
        } else {
            console.line(shownName(entry));
        }
    }

    private static String size(DirectoryEntry entry) {
        return entry.size() == null || entry.isDirectory() ? "-" : Amount.ofBytes(entry.size());
    }

    private static String time(@Nullable Instant modified) {
        return modified == null ? "-" : TIME.format(modified);
    }

    /** As {@code ls -l} writes them where the server tells the mode; otherwise only what it is. */
    private static String permissions(DirectoryEntry entry) {
        String first = switch (entry.type()) {
            case DIRECTORY, CURRENT_DIRECTORY, PARENT_DIRECTORY -> "d";
            case SYMBOLIC_LINK -> "l";
            case FILE -> "-";
            case OTHER -> "?";
        };
        String mode = entry.facts().get("unix.mode");
        if (mode == null || !mode.matches("[0-7]{3,5}")) {
            return first + "?????????";
        }
        int bits = Integer.parseInt(mode, 8);
        StringBuilder text = new StringBuilder(first);
        for (int bit = 8; bit >= 0; bit--) {
            text.append((bits >> bit & 1) == 0 ? '-' : "xwr".charAt(bit % 3));
        }
        return text.toString();
    }
}
