package dev.portside.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What every command has: {@code --help}. */
@Command(synopsisHeading = "Usage: ", descriptionHeading = "%n", optionListHeading = "%n", parameterListHeading = "%n")
abstract class HelpOption {
    @SuppressWarnings("UnusedVariable") // picocli acts on it by itself
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;
}
