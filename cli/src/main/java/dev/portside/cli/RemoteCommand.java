package dev.portside.cli;

import dev.portside.client.FtpReplyException;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;

/** A command that talks to FTP servers: does one thing after the other, reports what fails, and goes on. */
abstract class RemoteCommand extends HelpOption implements Callable<Integer> {
    /** One thing to do. */
    interface Action {
        void run() throws IOException;
    }

    /** One thing to do with one URL. */
    interface UrlAction {
        void run(RemoteUrl url) throws IOException;
    }

    private static final Set<ExitCode> WITHOUT_SERVER =
            Set.of(ExitCode.CANNOT_CONNECT, ExitCode.LOGIN_REFUSED, ExitCode.CERTIFICATE);

    final Console console;
    final Outcome outcome = new Outcome();

    @Mixin
    RemoteOptions options = new RemoteOptions();

    RemoteCommand(Console console) {
        this.console = console;
    }

    abstract void run(Remotes remotes) throws IOException;

    /** Runs the command; its exit code. */
    @Override
    public final Integer call() throws IOException {
        try (Remotes remotes = new Remotes(console, options)) {
            run(remotes);
        }
        return outcome.exitCode().value();
    }

    RemoteUrl url(String text) {
        RemoteUrl url = RemoteUrl.parse(text, options.charset(), options.tls().mode());
        options.tls().requireUseFor(url);
        return url;
    }

    List<RemoteUrl> urls(List<String> texts) {
        return texts.stream().map(this::url).toList();
    }

    /** Does it with each URL, wildcards expanded. */
    final void forEach(Remotes remotes, List<RemoteUrl> urls, UrlAction action) {
        for (RemoteUrl url : urls) {
            attempt(remotes, url, () -> {
                for (RemoteUrl match : remotes.expand(url)) {
                    if (match.equals(url)) {
                        action.run(match);
                        outcome.done();
                    } else {
                        attemptWithin(remotes, match, () -> action.run(match));
                    }
                }
            });
        }
    }

    /** Does it, reports a failure, and lets everything else go on. */
    final void attempt(Remotes remotes, RemoteUrl url, Action action) {
        try {
            action.run();
        } catch (IOException | RuntimeException failure) {
            failed(url, classified(remotes, url, failure));
        }
    }

    /** The same inside of a URL that stands for many: without a server, none of them can be done any more. */
    final void attemptWithin(Remotes remotes, RemoteUrl url, Action action) throws IOException {
        try {
            action.run();
            outcome.done();
        } catch (IOException | RuntimeException failure) {
            Failure told = classified(remotes, url, failure);
            if (WITHOUT_SERVER.contains(told.code())) {
                throw failure;
            }
            failed(url, told);
        }
    }

    private static Failure classified(Remotes remotes, RemoteUrl url, Exception failure) {
        Failure told = Failure.of(failure);
        boolean connectionBroke = told.code() == ExitCode.CANNOT_CONNECT && failure instanceof IOException;
        if (connectionBroke && remotes.isConnected(url)) {
            // The control connection is still there: it was the data connection.
            told = new Failure(ExitCode.DATA_CONNECTION, told.message());
        }
        boolean fatal = told.code() == ExitCode.OUTPUT_CLOSED || told.code() == ExitCode.INTERNAL;
        if (fatal && failure instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        return told;
    }

    private void failed(RemoteUrl url, Failure failure) {
        outcome.failed(failure.code());
        console.message("portside: " + Console.visibleLines(failure.message()));
        tellFailure(url, failure);
    }

    /** For programs that read the results. */
    void tellFailure(RemoteUrl url, Failure failure) {}

    /** A remark that {@code -q} takes away. */
    final void note(String text) {
        if (!options.quiet()) {
            console.message("portside: " + Console.visible(text));
        }
    }

    /** Whether a bar shows how a transfer goes on: {@code -v} has the lines of the dialogue for that. */
    final boolean showsProgress() {
        return console.showsProgress() && !options.quiet() && !options.verbose();
    }

    /** Whether what the server refused is REST, so that the transfer can begin at the beginning. */
    static boolean cannotResume(FtpReplyException refused) {
        return refused.command() instanceof dev.portside.protocol.Command.Rest;
    }
}
