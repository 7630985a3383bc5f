package dev.portside.cli;

import dev.portside.client.FtpReplyException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "put",
        customSynopsis = "portside put [OPTION…] FILE… URL",
        description = "Upload files, and with -r directories.",
        footer = {
            "",
            "Into the URL if it is a directory or ends with a slash, otherwise under that",
            "name. Symbolic links below a directory are skipped."
        })
final class PutCommand extends ResultCommand {
    @Option(
            names = {"-r", "--recursive"},
            description = "Upload directories with all that is in them.")
    private boolean recursive;

    @Option(
            names = {"-c", "--resume"},
            description = "Go on with what an earlier upload has left on the server.")
    private boolean resume;

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE",
            description = "Files, or - for standard input; the last one is the URL to put them to.")
    private List<String> arguments = List.of();

    /** One for all files: it remembers what the server does not do. */
    private @Nullable FileUpload files;

    PutCommand(Console console) {
        super(console);
    }

    @Override
    void run(Remotes remotes) {
        RemoteUrl target = url(arguments.getLast());
        if (arguments.size() < 2) {
            throw new PortsideException(ExitCode.USAGE, "put: name what to put in front of the URL");
        }
        List<String> sources = arguments.subList(0, arguments.size() - 1);
        // Asked once; without a server there is nothing else to do.
        List<Boolean> into = new ArrayList<>();
        attempt(
                remotes,
                target,
                () -> into.add(target.directory() || sources.size() > 1 || remotes.isDirectory(target)));
        if (into.isEmpty()) {
            return;
        }
        for (String source : sources) {
            attempt(remotes, target, () -> {
                put(remotes, source, target, into.getFirst());
                outcome.done();
            });
        }
    }

    private void put(Remotes remotes, String source, RemoteUrl target, boolean into) throws IOException {
        if (source.equals("-")) {
            if (into) {
                throw new PortsideException(
                        ExitCode.USAGE,
                        Remotes.shown(target) + ": is a directory, give standard input a name in the URL");
            }
            FileUpload upload = new FileUpload(console, showsProgress(), false);
            report("-", target, upload.send(remotes.client(target), console.in(), target));
            return;
        }
        Path file = Path.of(source);
        if (!Files.exists(file)) {
            throw new NoSuchFileException(source);
        }
        RemoteUrl url = into ? target.withPath(Remotes.join(target.path(), nameOf(file))) : target;
        if (!Files.isDirectory(file)) {
            putFile(remotes, file, url);
        } else if (recursive) {
            putDirectory(remotes, file, url, 1);
        } else {
            throw new PortsideException(ExitCode.LOCAL_FILE, source + ": is a directory, use -r");
        }
    }

    /** The last name, also of {@code .} and {@code dir/..}. */
    private static String nameOf(Path file) throws IOException {
        Path name = file.toRealPath().getFileName();
        Path written = file.getFileName();
        boolean dots = written == null
                || written.toString().isEmpty()
                || written.toString().equals(".")
                || written.toString().equals("..");
        @Nullable Path last = dots ? name : written;
        if (last == null) {
            throw new PortsideException(ExitCode.USAGE, file + ": has no name, put it to a URL with one");
        }
        return last.toString();
    }

    private void putDirectory(Remotes remotes, Path directory, RemoteUrl url, int depth) throws IOException {
        RemoteTree.requireDepth(depth, url);
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> listed = Files.newDirectoryStream(directory)) {
            listed.forEach(files::add);
        }
        Collections.sort(files);
        makeDirectory(remotes, url);
        for (Path file : files) {
            RemoteUrl below = url.withPath(Remotes.join(url.path(), String.valueOf(file.getFileName())));
            if (Files.isSymbolicLink(file)) {
                note(file + ": a symbolic link, skipped");
            } else if (Files.isDirectory(file)) {
                attemptWithin(remotes, below, () -> putDirectory(remotes, file, below, depth + 1));
            } else if (Files.isRegularFile(file)) {
                attemptWithin(remotes, below, () -> putFile(remotes, file, below));
            } else {
                note(file + ": no file and no directory, skipped");
            }
        }
    }

    private static void makeDirectory(Remotes remotes, RemoteUrl url) throws IOException {
        if (url.path().isEmpty() || url.path().equals("/")) {
            return;
        }
        try {
            remotes.client(url).makeDirectory(url.path());
        } catch (FtpReplyException refused) {
            if (!remotes.isDirectory(url)) {
                throw refused;
            }
        }
    }

    private void putFile(Remotes remotes, Path file, RemoteUrl url) throws IOException {
        FileUpload upload = files == null ? new FileUpload(console, showsProgress(), resume) : files;
        files = upload;
        report(file.toString(), url, upload.send(remotes.client(url), file, url));
    }

    private void report(String file, RemoteUrl url, FileUpload.Result result) {
        if (json()) {
            print(new JsonLine()
                    .with("url", text(url))
                    .with("file", file)
                    .with("transferred", result.moved())
                    .with("resumed", result.resumed())
                    .with("seconds", seconds(result.duration())));
        } else if (showsProgress()) {
            console.message(Progress.summary(console.errStyle(), url.path(), result.moved(), result.duration()));
        }
    }
}
