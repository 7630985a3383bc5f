package dev.portside.cli;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.toml.TomlMapper;

/**
 * A file of options in TOML: its keys are the long options of {@code serve} without the dashes, and {@code dir}. Every value
 * becomes what it would be on the command line, so that both are read by the same rules.
 */
final class ConfigFile {
    private static final String DIRECTORY = "dir";
    /** How an option looks that has a value for each network of clients. */
    private static final String PER_NETWORK = "[CIDR=]";

    private final Path file;
    private final String text;
    private final Map<String, List<String>> arguments = new LinkedHashMap<>();
    private @Nullable Path directory;

    private ConfigFile(Path file, String text) {
        this.file = file;
        this.text = text;
    }

    /** Reads the file; a message about something in it names the file, the line and the key. */
    static ConfigFile read(Path file) {
        ConfigFile config = new ConfigFile(file, content(file));
        // Whether a value can be read is asked key by key, so that the message can name the key.
        CommandLine reader = new CommandLine(new ServeOptions());
        reader.setCaseInsensitiveEnumValuesAllowed(true);
        for (Map.Entry<String, JsonNode> entry : config.parsed().properties()) {
            if (entry.getKey().equals(DIRECTORY)) {
                config.directory = config.path(DIRECTORY, entry.getValue());
            } else {
                config.option(reader, entry.getKey(), entry.getValue());
            }
        }
        return config;
    }

    /** The directory to serve; null if the file names none. */
    @Nullable
    Path directory() {
        return directory;
    }

    boolean has(String option) {
        return arguments.containsKey(option);
    }

    /** The file as arguments of a command line, but for the options that are given there. */
    List<String> arguments(Predicate<String> given) {
        List<String> all = new ArrayList<>();
        arguments.forEach((option, values) -> {
            if (!given.test(option)) {
                all.addAll(values);
            }
        });
        return all;
    }

    private static String content(Path file) {
        try {
            return Files.readString(file);
        } catch (CharacterCodingException notText) {
            throw new PortsideException(ExitCode.USAGE, file + ": is not UTF-8, and so no TOML", notText);
        } catch (IOException unreadable) {
            throw new PortsideException(
                    ExitCode.LOCAL_FILE, file + ": cannot be read, " + Failure.reason(unreadable), unreadable);
        }
    }

    private JsonNode parsed() {
        try {
            return new TomlMapper().readTree(text);
        } catch (JacksonException wrong) {
            int line = wrong.getLocation() == null ? -1 : wrong.getLocation().getLineNr();
            throw new PortsideException(
                    ExitCode.USAGE,
                    file + (line > 0 ? ", line " + line : "") + ": is not TOML: " + wrong.getOriginalMessage(),
                    wrong);
        }
    }

    private void option(CommandLine reader, String key, JsonNode value) {
        OptionSpec option = reader.getCommandSpec().findOption("--" + key);
        if (option == null || key.equals("config")) {
            throw wrong(key, "there is no such option; the keys are those of portside help serve, without the dashes");
        }
        List<String> all = new ArrayList<>();
        for (String each : values(option, key, value)) {
            all.add(option.arity().max() == 0 ? "--" + key : "--" + key + "=" + each);
        }
        try {
            reader.parseArgs(all.toArray(String[]::new));
        } catch (ParameterException refused) {
            String message = String.valueOf(refused.getMessage());
            int reason = message.indexOf(": ");
            throw wrong(key, reason < 0 ? message : message.substring(reason + 2));
        }
        arguments.put("--" + key, all);
    }

    /** The values as texts; one that does not matter for an option without a value. */
    private List<String> values(OptionSpec option, String key, JsonNode value) {
        if (option.arity().max() == 0) {
            if (!value.isBoolean()) {
                throw wrong(key, "expected true or false, not " + value);
            }
            return value.booleanValue() ? List.of("true") : List.of();
        }
        List<String> all = new ArrayList<>();
        if (value.isObject() && option.paramLabel().startsWith(PER_NETWORK)) {
            for (Map.Entry<String, JsonNode> each : value.properties()) {
                String network = each.getKey().equals("default") ? "" : each.getKey() + "=";
                all.add(network + single(option, key, each.getValue()));
            }
        } else if (value.isArray() && option.isMultiValue()) {
            for (JsonNode each : value) {
                all.add(single(option, key, each));
            }
        } else {
            all.add(single(option, key, value));
        }
        return all;
    }

    private String single(OptionSpec option, String key, JsonNode value) {
        Class<?> type = option.isMultiValue() ? option.auxiliaryTypes()[0] : option.type();
        if (type == Path.class) {
            return path(key, value).toString();
        }
        boolean number = type == int.class || type == Integer.class;
        // A time and a port may be bare numbers on the command line: so they may be here.
        boolean fits = value.isString() ? !number : value.isIntegralNumber() && type != String.class;
        if (fits) {
            return value.asString();
        }
        String several = option.isMultiValue() ? " or a list of them" : "";
        String networks = option.paramLabel().startsWith(PER_NETWORK) ? " or a table by network" : "";
        throw wrong(
                key,
                "expected " + (number ? "a number" : "a text in quotes") + several + networks + " ("
                        + option.paramLabel() + "), not " + value);
    }

    /** Relative to the directory of the file: a service has no other directory that one could know. */
    private Path path(String key, JsonNode value) {
        if (!value.isString() || value.stringValue().isEmpty()) {
            throw wrong(key, "expected a path in quotes, not " + value);
        }
        return file.resolveSibling(value.stringValue());
    }

    private PortsideException wrong(String key, String reason) {
        Matcher line = Pattern.compile("^\\s*\\[?\\s*\"?" + Pattern.quote(key) + "\"?\\s*[=.\\]]", Pattern.MULTILINE)
                .matcher(text);
        String place =
                line.find() ? ", line " + text.substring(0, line.end()).lines().count() : "";
        return new PortsideException(ExitCode.USAGE, file + place + ": " + key + ": " + reason);
    }
}
