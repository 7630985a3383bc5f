package dev.portside.cli;

import dev.portside.protocol.HostPort;
import dev.portside.server.Account;
import dev.portside.server.Authenticator;
import dev.portside.server.CertificateStatus;
import dev.portside.server.FtpServer;
import dev.portside.server.FtpServerListener;
import dev.portside.server.FtpServerOptions;
import dev.portside.server.TlsPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "doctor",
        customSynopsis = "portside doctor --serve [OPTION…]",
        description = {
            "Be the other end of one run of the doctor: beside a server, or in its place. Tells",
            "what is to be run at the client, and what has arrived here."
        },
        footer = {
            "",
            "It serves a few test files from a temporary directory, to a user and a password",
            "that are made up for the run, and ends when the doctor has gone, or by Ctrl-C."
        })
final class DoctorServeCommand extends HelpOption implements Callable<Integer> {
    private static final String USER = "doctor";
    private static final long MAX_UPLOADED = 64 << 20;
    private static final int MAX_SESSIONS = 50;
    /** How long the doctor may be away between two of its connections. */
    private static final Duration QUIET = Duration.ofSeconds(20);

    private final Console console;
    private final Duration quiet;
    private final Path temporary;
    private final ReentrantLock ending = new ReentrantLock();
    private boolean over;

    @SuppressWarnings("UnusedVariable") // it chose this command
    @Option(names = "--serve", required = true, description = "Serve one run of the doctor.")
    private boolean serve;

    @Option(
            names = "--bind",
            paramLabel = "ADDRESS",
            converter = OptionTypes.Address.class,
            description = "Listen there; everywhere unless given.")
    private InetAddress bind = InetAddress.ofLiteral("0.0.0.0");

    @Option(names = "--port", paramLabel = "N", description = "2121 unless given; 0 picks a free one.")
    private int port = 2121;

    @Option(
            names = "--for",
            paramLabel = "TIME",
            converter = OptionTypes.Time.class,
            description = "End after so long; 15m unless given.")
    private Duration longest = Duration.ofMinutes(15);

    @Option(names = "--write", description = "Let the doctor upload a test file, up to 64 MiB in all.")
    private boolean write;

    @Mixin
    private final ServeTlsOptions tls = new ServeTlsOptions();

    @Mixin
    private final ServeNetworkOptions network = new ServeNetworkOptions();

    DoctorServeCommand(Console console) {
        this(console, QUIET, Path.of(System.getProperty("java.io.tmpdir")));
    }

    /**
     * @param quiet how long nobody may be there before it is over
     * @param temporary where the directory for the test files is made
     */
    DoctorServeCommand(Console console, Duration quiet, Path temporary) {
        this.console = console;
        this.quiet = quiet;
        this.temporary = temporary;
    }

    @Override
    public Integer call() throws IOException {
        if (port < 0 || port > 65535) {
            throw new PortsideException(ExitCode.USAGE, "doctor: --port is from 0 to 65535, not " + port);
        }
        Path directory = testFiles();
        String password = UUID.randomUUID().toString();
        ServerVisits visits = new ServerVisits(quiet, MAX_UPLOADED);
        try (FtpServer server = new FtpServer(options(directory, password, visits))) {
            ServeCommand.start(server);
            // A signal ends the process without coming back here.
            Thread stop = Thread.ofPlatform().name("stop").unstarted(() -> end(server, visits, directory));
            Runtime.getRuntime().addShutdownHook(stop);
            tell(server, password);
            awaitEnd(visits);
            end(server, visits, directory);
        } finally {
            remove(directory);
        }
        return ExitCode.OK.value();
    }

    private FtpServerOptions options(Path directory, String password, FtpServerListener visits) {
        Account account = new Account(USER, directory, write);
        FtpServerOptions.Builder options = FtpServerOptions.builder()
                .listenOn(new InetSocketAddress(bind, port), tls.policy())
                .tls(tls.tls(console, List.of(bind)))
                .network(network.network(true))
                .authenticator(Authenticator.users(new Authenticator.User(account, password)))
                .maxSessions(MAX_SESSIONS)
                .maxSessionsPerAddress(MAX_SESSIONS)
                .maxSessionsNotLoggedIn(MAX_SESSIONS)
                .closeGrace(Duration.ZERO)
                .listeners(visits);
        Integer implicit = tls.implicitPort();
        if (implicit != null) {
            options.listenOnImplicit(new InetSocketAddress(bind, implicit), tls.policy());
        }
        return options.build();
    }

    private Path testFiles() throws IOException {
        Path directory = Files.createTempDirectory(temporary, "portside-doctor-");
        Random random = new Random(959);
        for (int size : new int[] {1, 64 << 10, 1 << 20}) {
            byte[] content = new byte[size];
            random.nextBytes(content);
            Files.write(directory.resolve(size + ".bin"), content);
        }
        return directory;
    }

    private void tell(FtpServer server, String password) {
        List<InetSocketAddress> addresses = server.addresses();
        TlsPolicy policy = tls.policy();
        String scheme = policy.demands(TlsPolicy.LOGIN) ? "ftpes://" : "ftp://";
        String pin = server.certificates().stream()
                .findFirst()
                .map(CertificateStatus::pin)
                .map(text -> " --pin " + text)
                .orElse("");
        console.line("listening on port " + addresses.getFirst().getPort() + " for one run of the doctor, at most "
                + Amount.ofTime(longest.toSeconds()));
        console.line("");
        console.line("Run this at the client, with the name or address by which clients reach this host:");
        console.line("");
        console.line("  PORTSIDE_PASSWORD=" + password + " portside doctor" + pin + (write ? " --write " : " ") + scheme
                + USER + "@" + host() + ":" + addresses.getFirst().getPort() + "/");
        console.line("");
    }

    /** An address by which clients may reach this host: that which was bound, or the best of its own. */
    private String host() {
        if (!bind.isAnyLocalAddress()) {
            return text(bind);
        }
        try (Stream<NetworkInterface> all = NetworkInterface.networkInterfaces()) {
            return all.flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                    .min(Comparator.comparing(InetAddress::isSiteLocalAddress)
                            .thenComparingInt(address -> address.getAddress().length))
                    .map(DoctorServeCommand::text)
                    .orElse("127.0.0.1");
        } catch (SocketException unknown) {
            return "HOST";
        }
    }

    private static String text(InetAddress address) {
        String numeric = HostPort.numeric(address);
        return numeric.contains(":") ? "[" + numeric + "]" : numeric;
    }

    private void awaitEnd(ServerVisits visits) {
        try {
            visits.awaitEnd(longest);
        } catch (InterruptedException stopped) {
            // As good a reason to end as a signal.
        }
    }

    /** Ends it and tells what was seen, once; returns when that is done, whoever does it. */
    private void end(FtpServer server, ServerVisits visits, Path directory) {
        ending.lock();
        try {
            if (over) {
                return;
            }
            over = true;
            server.close();
            remove(directory);
            List<String> seen = visits.lines();
            console.line(seen.isEmpty() ? "Nobody came." : "Seen here:");
            seen.forEach(console::line);
        } finally {
            ending.unlock();
        }
    }

    private static void remove(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException gone) {
            // Removed by the other one of the two ways to end.
        }
    }
}
