package dev.portside.cli;

import picocli.CommandLine.Command;

@Command(
        name = "completion",
        customSynopsis = "portside completion",
        description = "Print a script that completes portside's commands and options in bash and zsh.",
        footer = {"", "Use it with: source <(portside completion)"})
final class CompletionCommand extends HelpOption implements Runnable {
    private final Console console;

    CompletionCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        Portside.completionScript(console).lines().forEach(console::line);
    }
}
