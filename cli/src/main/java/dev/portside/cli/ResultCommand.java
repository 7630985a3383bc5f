package dev.portside.cli;

import dev.portside.protocol.DirectoryEntry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A remote command whose results a program can read: one line of JSON each, failures too. */
abstract class ResultCommand extends RemoteCommand {
    @Option(names = "--json", description = "Print results as lines of JSON.")
    private boolean json;

    ResultCommand(Console console) {
        super(console);
    }

    final boolean json() {
        return json;
    }

    final void print(JsonLine line) {
        console.line(line.text(!console.charset().equals(StandardCharsets.UTF_8)));
    }

    final String text(RemoteUrl url) {
        return url.text(options.charset());
    }

    final JsonLine jsonLine(RemoteUrl url, DirectoryEntry entry) {
        return new JsonLine()
                .with("url", text(url))
                .with("path", url.path())
                .with("name", entry.name())
                .with("type", typeName(entry))
                .with("size", entry.size())
                .with("modified", Objects.toString(entry.modified(), null))
                .with("modifiedIsExact", entry.timeIsExact())
                .with("link", entry.linkTarget())
                .with("facts", entry.facts());
    }

    /** {@code file}, {@code directory}, {@code symbolic-link}, {@code other}. */
    static String typeName(DirectoryEntry entry) {
        return entry.isDirectory()
                ? "directory"
                : entry.type().name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** A time as a number in JSON. */
    static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    @Override
    final void tellFailure(RemoteUrl url, Failure failure) {
        if (json) {
            print(new JsonLine()
                    .with("url", text(url))
                    .with("error", failure.message())
                    .with("exitCode", (long) failure.code().value()));
        }
    }

    /** The name as it is shown: with what it is, and where a link leads. */
    final String shownName(DirectoryEntry entry) {
        @Nullable String target = entry.linkTarget();
        String name = console.name(entry.name());
        return switch (entry.type()) {
            case DIRECTORY, CURRENT_DIRECTORY, PARENT_DIRECTORY ->
                console.style().paint(Style.Ink.STRONG, name) + "/";
            case SYMBOLIC_LINK -> name + (target == null ? "@" : " -> " + console.name(target));
            case FILE, OTHER -> name;
        };
    }
}
