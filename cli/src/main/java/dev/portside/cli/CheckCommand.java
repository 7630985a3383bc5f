package dev.portside.cli;

import dev.portside.cli.check.Check;
import dev.portside.cli.check.Machine;
import dev.portside.cli.check.Plan;
import dev.portside.cli.check.Problem;
import dev.portside.cli.check.Problem.Severity;
import dev.portside.cli.check.RuleFormat;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "check",
        customSynopsis = "portside check [CONFIG] [OPTION…] [DIR]",
        description = {
            "Tell what would go wrong with portside serve and the same options, and print",
            "the firewall rules that they need."
        },
        footer = {
            "",
            "Nothing is started or changed. Root sees more: the packet filter, and which",
            "program has a port. The exit code is 10 when there is an error."
        })
final class CheckCommand extends HelpOption implements Callable<Integer> {
    private static final String ALL = "all";

    private final Console console;
    private final Machine machine;

    @Spec // set by picocli
    private CommandSpec spec = CommandSpec.create();

    @Parameters(
            arity = "0..2",
            paramLabel = "CONFIG DIR",
            hideParamSyntax = true,
            description = "A file of options as --config, and the directory to serve.")
    private List<Path> named = List.of();

    @Option(names = "--json", description = "Print problems and rules as lines of JSON.")
    private boolean json;

    @Option(
            names = "--rules",
            paramLabel = "FIREWALL",
            completionCandidates = RuleNames.class,
            description = {
                "Print the rules for nftables, iptables, firewalld, ufw, windows, aws or all;",
                "those for the firewall of this machine unless given."
            })
    private @Nullable String rules;

    @Mixin
    private final ServeOptions options = new ServeOptions();

    CheckCommand(Console console) {
        this(console, Machine.here(console.environment("PATH")));
    }

    /** @param machine the one that is to serve */
    CheckCommand(Console console, Machine machine) {
        this.console = console;
        this.machine = machine;
    }

    /** What completion offers for {@code --rules}. */
    static final class RuleNames implements Iterable<String> {
        @Override
        public java.util.Iterator<String> iterator() {
            List<String> names = new ArrayList<>();
            for (RuleFormat format : RuleFormat.values()) {
                names.add(format.toString());
            }
            names.add(ALL);
            return names.iterator();
        }
    }

    @Override
    public Integer call() {
        Path file = null;
        Path directory = null;
        for (Path each : named) {
            if (Files.isRegularFile(each) && file == null) {
                file = each;
            } else if (directory == null) {
                directory = each;
            } else {
                throw new PortsideException(
                        ExitCode.USAGE, "portside check: two directories, " + directory + " and " + each);
            }
        }
        List<RuleFormat> formats = formats();
        Path configured = options.readConfig(spec, file);
        if (directory == null) {
            directory = configured == null ? Path.of("") : configured;
        }
        Check check = new Check(plan(directory), machine);
        List<Problem> problems = check.problems();
        for (Problem problem : problems) {
            if (json) {
                json(problem);
            } else {
                text(problem);
            }
        }
        long errors = count(problems, Severity.ERROR);
        if (!json) {
            console.line(summary(problems));
        }
        for (RuleFormat format : formats.isEmpty() ? List.of(check.usualRules()) : formats) {
            rules(format, check.rules(format));
        }
        if (!json && rules == null) {
            console.line("");
            console.line("For other firewalls: --rules "
                    + List.of(RuleFormat.values()).stream()
                            .map(RuleFormat::toString)
                            .collect(Collectors.joining("|")) + "|" + ALL);
        }
        return (errors > 0 ? ExitCode.PROBLEMS : ExitCode.OK).value();
    }

    /** What was asked for; empty for those of this machine. */
    private List<RuleFormat> formats() {
        if (rules == null) {
            return List.of();
        }
        if (rules.equalsIgnoreCase(ALL)) {
            return List.of(RuleFormat.values());
        }
        for (RuleFormat format : RuleFormat.values()) {
            if (format.toString().equalsIgnoreCase(rules)) {
                return List.of(format);
            }
        }
        throw new PortsideException(
                ExitCode.USAGE,
                "portside check: --rules is one of " + String.join(", ", new RuleNames()) + ", not "
                        + Console.visible(rules));
    }

    private Plan plan(Path directory) {
        return new Plan(
                options.server(directory, console, new ArrayList<>(), List.of()),
                options.network().externalAddresses().stream()
                        .map(Plan.External::parse)
                        .toList(),
                directory.toAbsolutePath().normalize(),
                options.readOnly(),
                options.tls().certificate(),
                options.config(),
                options.hasPasswordInConfig());
    }

    private static long count(List<Problem> problems, Severity severity) {
        return problems.stream()
                .filter(problem -> problem.severity() == severity)
                .count();
    }

    private static String summary(List<Problem> problems) {
        if (problems.isEmpty()) {
            return "nothing is wrong";
        }
        List<String> counts = new ArrayList<>();
        for (Severity severity : Severity.values()) {
            long count = count(problems, severity);
            if (count > 0) {
                counts.add(count + " " + word(severity) + (count == 1 ? "" : "s"));
            }
        }
        return (count(problems, Severity.ERROR) == 0 ? "nothing stands in the way: " : "") + String.join(", ", counts);
    }

    private static String word(Severity severity) {
        return severity.name().toLowerCase(Locale.ROOT);
    }

    private void text(Problem problem) {
        Style style = console.style();
        Style.Ink ink = switch (problem.severity()) {
            case ERROR -> Style.Ink.FAILURE;
            case WARNING -> Style.Ink.LISTEN;
            case NOTE -> Style.Ink.FAINT;
        };
        console.line(style.paint(ink, word(problem.severity())) + ": "
                + style.paint(Style.Ink.STRONG, console.name(problem.wrong())));
        for (String line : problem.evidence()) {
            console.line("  seen    " + console.name(line));
        }
        for (String line : problem.change()) {
            console.line("  change  " + console.name(line));
        }
        console.line("");
    }

    private void json(Problem problem) {
        print(new JsonLine()
                .with("severity", word(problem.severity()))
                .with("id", problem.id())
                .with("wrong", problem.wrong())
                .with("evidence", problem.evidence())
                .with("change", problem.change()));
    }

    private void print(JsonLine line) {
        console.line(line.text(!console.charset().equals(StandardCharsets.UTF_8)));
    }

    private void rules(RuleFormat format, List<String> lines) {
        if (json) {
            print(new JsonLine().with("rules", format.toString()).with("lines", lines));
            return;
        }
        console.line("");
        lines.forEach(line -> console.line(console.name(line)));
    }
}
