package dev.portside.cli;

import dev.portside.client.FtpClient;
import dev.portside.client.FtpProtocolException;
import dev.portside.client.FtpReplyException;
import dev.portside.protocol.DirectoryEntry;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "get",
        customSynopsis = "portside get [OPTION…] URL… [TARGET]",
        description = "Download files, and with -r directories.",
        footer = {
            "",
            "A file is written under the name NAME.part and renamed when it is complete;",
            "-c goes on with such a part. Symbolic links below a directory are skipped."
        })
final class GetCommand extends ResultCommand {
    @Option(
            names = {"-o", "--output"},
            paramLabel = "TARGET",
            description = "A file, a directory, or - for standard output.")
    private @Nullable String output;

    @Option(
            names = {"-r", "--recursive"},
            description = "Download directories with all that is in them.")
    private boolean recursive;

    @Option(
            names = {"-c", "--resume"},
            description = "Go on with what an earlier download has left.")
    private boolean resume;

    @Parameters(
            arity = "1..*",
            paramLabel = "URL",
            description = "ftp://host/file, see portside help urls; the last one may be TARGET.")
    private List<String> arguments = List.of();

    /** The server does not know MDTM. */
    private boolean timesRefused;

    GetCommand(Console console) {
        super(console);
    }

    @Override
    void run(Remotes remotes) {
        List<String> urls = new ArrayList<>(arguments);
        String named = output;
        if (named == null && urls.size() > 1 && !RemoteUrl.isUrl(urls.getLast())) {
            named = urls.removeLast();
        }
        String target = named;
        List<RemoteUrl> parsed = urls(urls);
        boolean several = parsed.size() > 1 || parsed.stream().anyMatch(RemoteUrl::isPattern);
        if ("-".equals(target)) {
            forEach(remotes, parsed, url -> write(remotes, url));
        } else {
            forEach(remotes, parsed, url -> get(remotes, url, target, several));
        }
    }

    private void write(Remotes remotes, RemoteUrl url) throws IOException {
        remotes.client(url).type(url.representationType());
        try (var download = remotes.client(url).retrieve(url.path());
                Progress _ = Progress.shown(
                        showsProgress(), console, url, 0, download.size().orElse(-1), download::bytes)) {
            download.transferTo(LocalFile.standardOutput(console));
        }
    }

    private void get(Remotes remotes, RemoteUrl url, @Nullable String target, boolean several) throws IOException {
        DirectoryEntry entry = remotes.entryOrNull(url);
        boolean directory = entry != null && entry.isDirectory();
        if (directory && !recursive) {
            throw new PortsideException(ExitCode.REFUSED, Remotes.shown(url) + ": is a directory, use -r");
        }
        Path local = local(url, target, several);
        if (directory) {
            getDirectory(remotes, url, local, 1);
            return;
        }
        Path parent = local.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        getFile(remotes, url, entry, local, false);
    }

    /** Where to: in a directory under the last name of the path, or under the name that was given. */
    private static Path local(RemoteUrl url, @Nullable String target, boolean several) {
        boolean nameless = url.name().isEmpty();
        Path named = Path.of(target == null ? "" : target);
        boolean underThatName = target != null && !several && !target.endsWith("/") && !Files.isDirectory(named);
        if (underThatName || nameless) {
            return named;
        }
        if (url.name().equals(".") || url.name().equals("..")) {
            throw new PortsideException(
                    ExitCode.USAGE, Remotes.shown(url) + ": " + url.name() + " is no name for a file, use -o");
        }
        return named.resolve(url.name());
    }

    private void getDirectory(Remotes remotes, RemoteUrl directory, Path local, int depth) throws IOException {
        RemoteTree.requireDepth(depth, directory);
        List<DirectoryEntry> entries = remotes.list(directory);
        Files.createDirectories(local.toAbsolutePath());
        boolean empty = isEmpty(local);
        for (DirectoryEntry entry : entries) {
            RemoteUrl url = directory.withPath(Remotes.join(directory.path(), entry.name()));
            if (entry.type() == DirectoryEntry.Type.SYMBOLIC_LINK) {
                note(url.path() + ": a symbolic link, skipped");
                continue;
            }
            attemptWithin(remotes, url, () -> {
                RemoteTree.requireSafe(entry, directory);
                Path below = local.resolve(entry.name());
                if (entry.isDirectory()) {
                    getDirectory(remotes, url, below, depth + 1);
                } else {
                    getFile(remotes, url, withExactTime(remotes, url, entry), below, empty);
                }
            });
        }
    }

    private static boolean isEmpty(Path directory) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            return !entries.iterator().hasNext();
        }
    }

    /** LIST tells times roughly and sizes mostly. */
    private @Nullable DirectoryEntry withExactTime(Remotes remotes, RemoteUrl url, DirectoryEntry entry)
            throws IOException {
        if (entry.size() == null) {
            return remotes.entryOrNull(url);
        }
        Instant modified = entry.timeIsExact() || timesRefused ? null : exactTime(remotes.client(url), url);
        return modified == null
                ? entry
                : new DirectoryEntry(
                        entry.name(), entry.type(), entry.size(), modified, true, entry.linkTarget(), entry.facts());
    }

    /** Null where the server does not tell; one that does not know the command is not asked again. */
    private @Nullable Instant exactTime(FtpClient client, RemoteUrl url) throws IOException {
        try {
            return client.modifiedTime(url.path());
        } catch (FtpReplyException refused) {
            timesRefused = refused.code().value() / 10 == 50;
            return null;
        } catch (FtpProtocolException noTime) {
            return null;
        }
    }

    /** @param fresh whether nothing can be there */
    private void getFile(Remotes remotes, RemoteUrl url, @Nullable DirectoryEntry entry, Path local, boolean fresh)
            throws IOException {
        FileDownload download = new FileDownload(console, showsProgress(), resume);
        FileDownload.Result result = download.fetch(remotes.client(url), url, entry, local, fresh);
        report(url, local, result);
    }

    private void report(RemoteUrl url, Path local, FileDownload.Result result) {
        if (json()) {
            print(new JsonLine()
                    .with("url", text(url))
                    .with("file", local.toString())
                    .with("size", result.bytes())
                    .with("transferred", result.moved())
                    .with("resumed", result.resumed())
                    .with("seconds", seconds(result.duration())));
        } else if (showsProgress()) {
            console.message(Progress.summary(console.errStyle(), local.toString(), result.moved(), result.duration()));
        }
    }
}
