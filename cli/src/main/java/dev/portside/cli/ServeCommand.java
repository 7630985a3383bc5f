package dev.portside.cli;

import dev.portside.protocol.HostPort;
import dev.portside.server.Account;
import dev.portside.server.Authenticator;
import dev.portside.server.CertificateStatus;
import dev.portside.server.FtpServer;
import dev.portside.server.FtpServerListener;
import dev.portside.server.FtpServerOptions;
import dev.portside.server.ListenAddress;
import dev.portside.server.TlsPolicy;
import dev.portside.server.TransferLog;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "serve",
        customSynopsis = "portside serve [OPTION…] DIR",
        description = "Serve a directory by FTP until Ctrl-C or SIGTERM.",
        footer = {
            "",
            "Without --password the password is taken from PORTSIDE_PASSWORD, otherwise it",
            "is made up and printed. Without --user and --anonymous the user is portside.",
            "When it is stopped, transfers that run get 10 s to finish; the exit code is",
            "then 143 (SIGTERM) or 130 (Ctrl-C)."
        })
final class ServeCommand extends HelpOption implements Callable<Integer> {
    private static final String PASSWORD_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789";

    enum LogFormat {
        XFERLOG,
        JSON;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Console console;

    @Parameters(paramLabel = "DIR", description = "The directory that clients see as /.")
    private Path directory = Path.of("");

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

    @Option(names = "--max-login-attempts", paramLabel = "N", description = "3 unless given.")
    private @Nullable Integer maxLoginAttempts;

    @Option(names = "--log", paramLabel = "FILE", description = "Append every transfer to it.")
    private @Nullable Path log;

    @Option(
            names = "--log-format",
            paramLabel = "FORMAT",
            description = "xferlog or json; json unless given when FILE ends in .json or .jsonl.")
    private @Nullable LogFormat logFormat;

    ServeCommand(Console console) {
        this.console = console;
    }

    /** Serves until the process is told to end; returns only when its thread is interrupted. */
    @Override
    public Integer call() throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new PortsideException(
                    ExitCode.LOCAL_FILE,
                    directory + (Files.exists(directory) ? ": is no directory" : ": no such directory"));
        }
        List<String> logins = new ArrayList<>();
        FtpServerOptions.Builder builder = FtpServerOptions.builder().authenticator(authenticator(logins));
        listeners(builder);
        limits(builder);
        builder.listeners(new FtpServerListener() {
            @Override
            public void warning(String text) {
                console.message("portside: " + text);
            }
        });
        try (TransferLog transfers = transferLog()) {
            return serve(withLog(builder, transfers).build(), logins);
        }
    }

    private int serve(FtpServerOptions options, List<String> logins) {
        try (FtpServer server = new FtpServer(options)) {
            start(server);
            Thread stop = Thread.ofPlatform().name("stop").unstarted(() -> stop(server));
            Runtime.getRuntime().addShutdownHook(stop);
            logins.forEach(console::line);
            for (CertificateStatus certificate : server.certificates()) {
                console.line("certificate SHA-256 " + certificate.sha256());
                console.line("pin " + certificate.pin());
            }
            Path made = tls.selfSigned(console);
            if (made != null) {
                console.line("self-signed, kept in " + console.name(made.toString()));
            }
            List<InetSocketAddress> addresses = server.addresses();
            for (int i = 0; i < addresses.size(); i++) {
                console.line("listening on " + scheme(options.listenOn().get(i)) + text(addresses.get(i)) + "/");
            }
            awaitInterrupt();
            Runtime.getRuntime().removeShutdownHook(stop);
        }
        return ExitCode.OK.value();
    }

    private void listeners(FtpServerOptions.Builder options) {
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

    /** What a client has to say to be let in. */
    private static String scheme(ListenAddress listener) {
        if (listener.implicit()) {
            return "ftps://";
        }
        return listener.tls().demands(TlsPolicy.LOGIN) ? "ftpes://" : "ftp://";
    }

    private Authenticator authenticator(List<String> told) {
        List<Authenticator> all = new ArrayList<>();
        if (user != null || !anonymous) {
            theUser(new Account(user == null ? "portside" : user, directory, !readOnly), all, told);
        }
        if (anonymous) {
            all.add(Authenticator.anonymous(directory));
            told.add("user anonymous, any password, may read");
        }
        return Authenticator.firstOf(all.toArray(Authenticator[]::new));
    }

    private void theUser(Account account, List<Authenticator> all, List<String> told) {
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
        options.network(network.network());
        if (idleTimeout != null) {
            options.idleTimeout(idleTimeout);
        }
        if (maxSessions != null) {
            options.maxSessions(maxSessions);
        }
        if (maxSessionsPerAddress != null) {
            options.maxSessionsPerAddress(maxSessionsPerAddress);
        }
        if (maxLoginAttempts != null) {
            options.maxLoginAttempts(maxLoginAttempts);
        }
    }

    private @Nullable TransferLog transferLog() throws IOException {
        if (log == null) {
            return null;
        }
        String name = log.toString().toLowerCase(Locale.ROOT);
        boolean json =
                logFormat == null ? name.endsWith(".json") || name.endsWith(".jsonl") : logFormat == LogFormat.JSON;
        return json ? TransferLog.json(log) : TransferLog.xferlog(log);
    }

    private static FtpServerOptions.Builder withLog(FtpServerOptions.Builder options, @Nullable TransferLog log) {
        return log == null ? options : options.listeners(log);
    }

    /** Starts a server; a port that is taken is told with what to do. */
    static void start(FtpServer server) {
        try {
            server.start();
        } catch (IOException failed) {
            if (!(failed.getCause() instanceof SocketException)) {
                throw new PortsideException(ExitCode.LOCAL_FILE, Failure.reason(failed), failed);
            }
            throw new PortsideException(
                    ExitCode.CANNOT_CONNECT, Failure.reason(failed) + ", choose another --port or --bind", failed);
        }
    }

    private void stop(FtpServer server) {
        if (!server.sessions().isEmpty()) {
            console.message("portside: stopping, transfers have 10 s to finish");
        }
        server.close();
    }

    private static void awaitInterrupt() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException stopped) {
            // As good a reason to end as a signal.
        }
    }

    private static String text(InetSocketAddress address) {
        return new HostPort(address.getAddress(), address.getPort()).toString();
    }
}
