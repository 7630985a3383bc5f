package dev.portside.cli;

import dev.portside.server.Account;
import dev.portside.server.Authenticator;
import dev.portside.server.FtpServerListener;
import dev.portside.server.FtpServerOptions;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;

/** What a server is to do, from the command line and from a file: the same for {@code serve} and {@code check}. */
final class ServeOptions {
    private static final String PASSWORD_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789";

    enum LogFormat {
        XFERLOG,
        JSON;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Take options from there too (TOML); the command line wins.")
    private @Nullable Path config;

    private boolean passwordInConfig;

    @Option(
            names = "--bind",
            paramLabel = "ADDRESS",
            converter = OptionTypes.Address.class,
            description = "Listen there; 127.0.0.1 unless given, 0.0.0.0 and :: are all. Can be repeated.")
    private List<InetAddress> bind = List.of();

    @Option(names = "--port", paramLabel = "N", description = "2121 unless given; 0 picks a free one.")
    private int port = 2121;

    @Option(names = "--user", paramLabel = "NAME", description = "Who may log in.")
    private @Nullable String user;

    @Option(
            names = "--password",
            paramLabel = "TEXT",
            description = "With which password; PORTSIDE_PASSWORD keeps it out of ps.")
    private @Nullable String password;

    @Option(names = "--anonymous", description = "Let in anonymous, to read.")
    private boolean anonymous;

    @Option(names = "--read-only", description = "Let nobody change anything.")
    private boolean readOnly;

    @Mixin
    private final ServeTlsOptions tls = new ServeTlsOptions();

    @Mixin
    private final ServeNetworkOptions network = new ServeNetworkOptions();

    @Option(
            names = "--idle-timeout",
            paramLabel = "TIME",
            converter = OptionTypes.Time.class,
            description = "End sessions that say nothing for so long; 5m unless given.")
    private @Nullable Duration idleTimeout;

    @Option(names = "--max-sessions", paramLabel = "N", description = "1000 unless given.")
    private @Nullable Integer maxSessions;

    @Option(names = "--max-sessions-per-address", paramLabel = "N", description = "100 unless given.")
    private @Nullable Integer maxSessionsPerAddress;

    @Option(names = "--max-sessions-per-user", paramLabel = "N", description = "100 unless given.")
    private @Nullable Integer maxSessionsPerUser;

    @Option(names = "--max-sessions-not-logged-in", paramLabel = "N", description = "200 unless given.")
    private @Nullable Integer maxSessionsNotLoggedIn;

    @Option(names = "--max-login-attempts", paramLabel = "N", description = "3 unless given.")
    private @Nullable Integer maxLoginAttempts;

    @Option(names = "--log", paramLabel = "FILE", description = "Append every transfer to it.")
    private @Nullable Path log;

    @Option(
            names = "--log-format",
            paramLabel = "FORMAT",
            description = "xferlog or json; json unless given when FILE ends in .json or .jsonl.")
    private @Nullable LogFormat logFormat;

    /**
     * Reads the file, if there is one, and puts its options in front of those of the command line, of which each wins.
     *
     * @param command whose options these are
     * @param named the file, if it was named by an argument instead of {@code --config}
     * @return the directory to serve that the file names; null if it names none
     */
    @Nullable
    Path readConfig(CommandSpec command, @Nullable Path named) {
        Path file = named == null ? config : named;
        if (file == null) {
            return null;
        }
        if (config != null && !file.equals(config)) {
            throw new PortsideException(
                    ExitCode.USAGE, command.name() + ": two files of options, " + config + " and " + file);
        }
        ConfigFile read = ConfigFile.read(file);
        ParseResult given = command.commandLine().getParseResult();
        List<String> arguments = read.arguments(name -> given.hasMatchedOption(name));
        // The first one is the name of the command.
        List<String> typed = given.originalArgs();
        arguments.addAll(typed.subList(1, typed.size()));
        command.commandLine().parseArgs(arguments.toArray(String[]::new));
        config = file;
        passwordInConfig = read.has("--password");
        return read.directory();
    }

    /** The file that was read; null if there is none. */
    @Nullable
    Path config() {
        return config;
    }

    boolean hasPasswordInConfig() {
        return passwordInConfig;
    }

    ServeTlsOptions tls() {
        return tls;
    }

    ServeNetworkOptions network() {
        return network;
    }

    /** Where transfers are logged; null for nowhere. */
    @Nullable
    Path log() {
        return log;
    }

    boolean logsJson() {
        String name = log == null ? "" : log.toString().toLowerCase(Locale.ROOT);
        return logFormat == null ? name.endsWith(".json") || name.endsWith(".jsonl") : logFormat == LogFormat.JSON;
    }

    boolean readOnly() {
        return readOnly;
    }

    /**
     * What the server is to be told.
     *
     * @param told gets a line for everybody who may log in
     */
    FtpServerOptions server(Path directory, Console console, List<String> told, List<FtpServerListener> listeners) {
        FtpServerOptions.Builder builder = FtpServerOptions.builder()
                .authenticator(authenticator(directory, console, told))
                .network(network.network())
                .listeners(listeners.toArray(FtpServerListener[]::new));
        listenOn(builder, console);
        limits(builder);
        try {
            return builder.build();
        } catch (IllegalArgumentException wrong) {
            throw new PortsideException(ExitCode.USAGE, "serve: " + wrong.getMessage());
        }
    }

    private void listenOn(FtpServerOptions.Builder options, Console console) {
        List<InetAddress> addresses = bind.isEmpty() ? List.of(InetAddress.ofLiteral("127.0.0.1")) : bind;
        options.tls(tls.tls(console, addresses));
        for (InetAddress address : addresses) {
            options.listenOn(at(address, port, "--port"), tls.policy());
        }
        Integer implicit = tls.implicitPort();
        if (implicit != null) {
            for (InetAddress address : addresses) {
                options.listenOnImplicit(at(address, implicit, "--implicit-port"), tls.policy());
            }
        }
    }

    private static InetSocketAddress at(InetAddress address, int port, String option) {
        if (port < 0 || port > 65535) {
            throw new PortsideException(ExitCode.USAGE, "serve: " + option + " is from 0 to 65535, not " + port);
        }
        return new InetSocketAddress(address, port);
    }

    private Authenticator authenticator(Path directory, Console console, List<String> told) {
        List<Authenticator> all = new ArrayList<>();
        if (user != null || !anonymous) {
            theUser(new Account(user == null ? "portside" : user, directory, !readOnly), console, all, told);
        }
        if (anonymous) {
            all.add(Authenticator.anonymous(directory));
            told.add("user anonymous, any password, may read");
        }
        return Authenticator.firstOf(all.toArray(Authenticator[]::new));
    }

    private void theUser(Account account, Console console, List<Authenticator> all, List<String> told) {
        Authenticator byCertificate = tls.userCertificate(account);
        String variable = console.setting(Login.PASSWORD_VARIABLE);
        String given = password != null ? password : variable;
        String how = "";
        if (byCertificate != null) {
            all.add(byCertificate);
            how = ", by certificate";
        }
        if (byCertificate == null || given != null) {
            String secret = given == null ? madeUp() : given;
            all.add(Authenticator.users(new Authenticator.User(account, secret)));
            how += given == null ? ", password " + secret : "";
        }
        told.add("user " + console.name(account.name()) + how + (readOnly ? ", may read" : ""));
    }

    private static String madeUp() {
        SecureRandom random = new SecureRandom();
        StringBuilder secret = new StringBuilder();
        for (int i = 0; i < 16; i++) {
            secret.append(i > 0 && i % 4 == 0 ? "-" : "")
                    .append(PASSWORD_LETTERS.charAt(random.nextInt(PASSWORD_LETTERS.length())));
        }
        return secret.toString();
    }

    private void limits(FtpServerOptions.Builder options) {
        if (idleTimeout != null) {
            options.idleTimeout(idleTimeout);
        }
        if (maxSessions != null) {
            options.maxSessions(maxSessions);
        }
        if (maxSessionsPerAddress != null) {
            options.maxSessionsPerAddress(maxSessionsPerAddress);
        }
        if (maxSessionsPerUser != null) {
            options.maxSessionsPerUser(maxSessionsPerUser);
        }
        if (maxSessionsNotLoggedIn != null) {
            options.maxSessionsNotLoggedIn(maxSessionsNotLoggedIn);
        }
        if (maxLoginAttempts != null) {
            options.maxLoginAttempts(maxLoginAttempts);
        }
    }
}
