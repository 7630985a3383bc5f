package dev.portside.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "help",
        customSynopsis = "portside help [COMMAND]",
        description = "Tell about a command, or about the topics exit-codes and urls.")
final class HelpCommand extends HelpOption implements Runnable {
    private static final String URLS = """
            ftp://user@host:port/path;type=i

              user   without one: the login of ~/.netrc for that host, otherwise anonymous
              host   a name, an IPv4 address, or an IPv6 address in brackets: [::1]
              port   21 unless given; 990 for ftps://
              path   from the directory where the login leads; ftp://host/%2Fetc/motd
                     (or //etc/motd) starts at the server's root
              type   ;type=a text with its line ends converted, ;type=i bytes (default),
                     ;type=d the names in a directory (cat)

            ftpes:// is the same with TLS (AUTH TLS), ftps:// with TLS from the first byte.

            %20 is a space: every byte of a name can be written as % and two hexadecimal
            digits. *, ? and [a-z] are wildcards in ls, tree, cat, get, rm, rmdir, mv, stat
            and hash: quote the URL, or the shell takes them. %2A is an asterisk that is
            none.

            The password comes from PORTSIDE_PASSWORD, from ~/.netrc (or the file that
            NETRC names), or is asked for. In a URL it works too, but every user of the
            machine can read it there.""";

    private final Console console;

    @Spec // set by picocli
    private CommandSpec spec = CommandSpec.create();

    @Parameters(arity = "0..1", paramLabel = "COMMAND", description = "A command, exit-codes or urls.")
    private @Nullable String topic;

    HelpCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        CommandLine root = spec.root().commandLine();
        switch (topic) {
            case null -> root.usage(root.getOut());
            case "exit-codes" -> exitCodes(console);
            case "urls" -> URLS.lines().forEach(console::line);
            default -> command(root, topic);
        }
    }

    private void command(CommandLine root, String name) {
        CommandLine command = root.getSubcommands().get(name);
        if (command == null) {
            throw new PortsideException(
                    ExitCode.USAGE, "help: there is no command " + Console.visible(name) + ", see portside help");
        }
        command.usage(root.getOut());
    }

    private static void exitCodes(Console console) {
        for (ExitCode code : ExitCode.values()) {
            console.line(Columns.right(Integer.toString(code.value()), 5) + "  " + code.meaning());
        }
    }
}
