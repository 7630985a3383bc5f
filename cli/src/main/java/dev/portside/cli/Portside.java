package dev.portside.cli;

import java.io.PrintWriter;
import java.io.Writer;
import java.util.List;
import java.util.Locale;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The entry point of the {@code portside} command. */
@Command(
        name = "portside",
        description = {"FTP, both ends of it: a server, a client, and a look at what happens between them.", ""},
        synopsisHeading = "Usage: ",
        customSynopsis = "portside COMMAND [OPTION…] [ARGUMENT…]",
        commandListHeading = "%nCommands:%n",
        footer = {
            "",
            "First steps:",
            "  portside demo                       watch files move in both modes",
            "  portside serve DIR                  serve a directory on port 2121",
            "  portside ls ftp://host/pub/         list a directory of any FTP server",
            "",
            "More: portside help COMMAND, portside help urls, portside help exit-codes"
        })
public final class Portside extends HelpOption implements Runnable {
    /** The version of this program. */
    static final String VERSION = "0.1.0";

    static final List<String> COMMANDS = List.of(
            "demo",
            "serve",
            "check",
            "ls",
            "tree",
            "cat",
            "get",
            "put",
            "rm",
            "mkdir",
            "rmdir",
            "mv",
            "stat",
            "hash",
            "doctor",
            "completion",
            "help");

    /** The other half of the doctor, with options of its own. */
    private static final String DOCTOR_SERVE = "doctor --serve";

    private final Console console;

    @Spec // set by picocli
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = {"-V", "--version"},
            description = "Show the version.")
    private boolean version;

    private Portside(Console console) {
        this.console = console;
    }

    /** Runs the command line and ends the process with one of the documented exit codes. */
    public static void main(String[] args) {
        if (args.length == 1 && (args[0].equals("--version") || args[0].equals("-V"))) {
            // Answered before anything else is loaded.
            System.out.println("portside " + VERSION);
            return;
        }
        end(run(Console.system(), args));
    }

    /**
     * Ends the process without the search for a logger with which {@link System#exit} begins; unless it is ending already,
     * because of a signal that has its own exit code.
     */
    private static void end(int code) {
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {}));
        } catch (IllegalStateException ending) {
            return;
        }
        Runtime.getRuntime().halt(code);
    }

    /** Runs the command line; its exit code. */
    static int run(Console console, String... args) {
        try {
            return commandLine(console, asked(args)).execute(args);
        } catch (PortsideException outputClosed) {
            return outputClosed.code().value();
        }
    }

    /** The command that is asked for, empty if none is. */
    private static String asked(String... args) {
        String first = args.length > 0 ? args[0] : "";
        return first.equals("doctor") && List.of(args).contains("--serve") ? DOCTOR_SERVE : first;
    }

    /** The parser; only the command that is asked for is set up, unless it takes all of them to answer. */
    static CommandLine commandLine(Console console, String asked) {
        CommandLine line = new CommandLine(new Portside(console));
        boolean other = asked.equals(DOCTOR_SERVE);
        boolean one = other || (COMMANDS.contains(asked) && !asked.equals("help") && !asked.equals("completion"));
        for (String name : one ? List.of(asked) : COMMANDS) {
            line.addSubcommand(other ? "doctor" : name, command(name, console));
        }
        boolean colour = console.style().colour();
        line.setColorScheme(CommandLine.Help.defaultColorScheme(colour ? Ansi.ON : Ansi.OFF));
        line.setOut(new PrintWriter(new ConsoleWriter(console, true), true));
        line.setErr(new PrintWriter(new ConsoleWriter(console, false), true));
        line.setUsageHelpLongOptionsMaxWidth(30);
        line.setUsageHelpWidth(80);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setParameterExceptionHandler((wrong, args) -> usage(console, wrong));
        line.setExecutionExceptionHandler((failure, failed, result) -> failed(console, failure));
        return line;
    }

    private static Object command(String name, Console console) {
        return switch (name) {
            case "demo" -> new DemoCommand(console);
            case "serve" -> new ServeCommand(console);
            case "check" -> new CheckCommand(console);
            case "ls" -> new LsCommand(console);
            case "tree" -> new TreeCommand(console);
            case "cat" -> new CatCommand(console);
            case "get" -> new GetCommand(console);
            case "put" -> new PutCommand(console);
            case "rm" -> new RmCommand(console);
            case "mkdir" -> new MkdirCommand(console);
            case "rmdir" -> new RmdirCommand(console);
            case "mv" -> new MvCommand(console);
            case "stat" -> new StatCommand(console);
            case "hash" -> new HashCommand(console);
            case "doctor" -> new DoctorCommand(console);
            case DOCTOR_SERVE -> new DoctorServeCommand(console);
            case "completion" -> new CompletionCommand(console);
            case "help" -> new HelpCommand(console);
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static int usage(Console console, ParameterException wrong) {
        CommandLine command = wrong.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        String message = wrong instanceof UnmatchedArgumentException unmatched
                ? unmatched(unmatched)
                : String.valueOf(wrong.getMessage());
        String reason =
                message.isEmpty() ? "" : message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1);
        console.message(name + ": " + Console.visible(reason));
        if (wrong instanceof UnmatchedArgumentException unmatched) {
            List<String> suggestions = unmatched.getSuggestions();
            if (!suggestions.isEmpty()) {
                console.message("Did you mean: " + String.join(", ", suggestions) + "?");
            }
        }
        boolean top = command.getParent() == null;
        console.message("Try: portside help" + (top ? "" : " " + command.getCommandName()));
        return ExitCode.USAGE.value();
    }

    private static String unmatched(UnmatchedArgumentException wrong) {
        String argument = wrong.getUnmatched().getFirst();
        boolean top = wrong.getCommandLine().getParent() == null;
        return (argument.startsWith("-") ? "no such option: " : top ? "no such command: " : "one argument too many: ")
                + argument;
    }

    private static int failed(Console console, Exception failure) {
        Failure told = Failure.of(failure);
        if (told.code() != ExitCode.OUTPUT_CLOSED) {
            console.message("portside: " + Console.visibleLines(told.message()));
        }
        return told.code().value();
    }

    @Override
    public void run() {
        if (version) {
            console.line("portside " + VERSION);
        } else {
            spec.commandLine().usage(spec.commandLine().getOut());
        }
    }

    /** Completion for bash and zsh. */
    static String completionScript(Console console) {
        return AutoComplete.bash("portside", commandLine(console, ""));
    }

    /** Lets picocli write its help line by line. */
    private static final class ConsoleWriter extends Writer {
        private final Console console;
        private final boolean out;
        private final StringBuilder line = new StringBuilder();

        ConsoleWriter(Console console, boolean out) {
            this.console = console;
            this.out = out;
        }

        @Override
        public void write(char[] text, int offset, int length) {
            for (int i = offset; i < offset + length; i++) {
                if (text[i] == '\n') {
                    flushLine();
                } else if (text[i] != '\r') {
                    line.append(text[i]);
                }
            }
        }

        private void flushLine() {
            String whole = line.toString();
            line.setLength(0);
            if (out) {
                console.line(whole);
            } else {
                console.message(whole);
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {
            if (!line.isEmpty()) {
                flushLine();
            }
        }
    }
}
