package dev.portside.cli;

import dev.portside.protocol.HostPort;
import dev.portside.server.CertificateStatus;
import dev.portside.server.FtpServer;
import dev.portside.server.FtpServerListener;
import dev.portside.server.FtpServerOptions;
import dev.portside.server.ListenAddress;
import dev.portside.server.TlsPolicy;
import dev.portside.server.TransferLog;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "serve",
        customSynopsis = "portside serve [OPTION…] DIR",
        description = "Serve a directory by FTP until Ctrl-C or SIGTERM.",
        footer = {
            "",
            "Without --password the password is taken from PORTSIDE_PASSWORD, otherwise it",
            "is made up and printed. Without --user and --anonymous the user is portside.",
            "When it is stopped, transfers that run get 10 s to finish; the exit code is",
            "then 143 (SIGTERM) or 130 (Ctrl-C). portside check takes the same options and",
            "tells what would go wrong."
        })
final class ServeCommand extends HelpOption implements Callable<Integer> {
    private final Console console;

    @Spec // set by picocli
    private CommandSpec spec = CommandSpec.create();

    @Parameters(arity = "0..1", paramLabel = "DIR", description = "The directory that clients see as /.")
    private @Nullable Path directory;

    @Mixin
    private final ServeOptions options = new ServeOptions();

    ServeCommand(Console console) {
        this.console = console;
    }

    /** Serves until the process is told to end; returns only when its thread is interrupted. */
    @Override
    public Integer call() throws IOException {
        Path configured = options.readConfig(spec, null);
        Path served = directory == null ? configured : directory;
        if (served == null) {
            throw new PortsideException(ExitCode.USAGE, "portside serve: name the directory: portside serve DIR");
        }
        if (!Files.isDirectory(served)) {
            throw new PortsideException(
                    ExitCode.LOCAL_FILE, served + (Files.exists(served) ? ": is no directory" : ": no such directory"));
        }
        List<String> logins = new ArrayList<>();
        List<FtpServerListener> listeners = new ArrayList<>(List.of(warnings()));
        try (TransferLog transfers = transferLog()) {
            if (transfers != null) {
                listeners.add(transfers);
            }
            return serve(options.server(served, console, logins, listeners), logins);
        }
    }

    private FtpServerListener warnings() {
        return new FtpServerListener() {
            @Override
            public void warning(String text) {
                console.message("portside: " + text);
            }
        };
    }

    private int serve(FtpServerOptions told, List<String> logins) {
        try (FtpServer server = new FtpServer(told)) {
            start(server);
            Thread stop = Thread.ofPlatform().name("stop").unstarted(() -> stop(server));
            Runtime.getRuntime().addShutdownHook(stop);
            logins.forEach(console::line);
            for (CertificateStatus certificate : server.certificates()) {
                console.line("certificate SHA-256 " + certificate.sha256());
                console.line("pin " + certificate.pin());
            }
            Path made = options.tls().selfSigned(console);
            if (made != null) {
                console.line("self-signed, kept in " + console.name(made.toString()));
            }
            List<InetSocketAddress> addresses = server.addresses();
            for (int i = 0; i < addresses.size(); i++) {
                console.line("listening on " + scheme(told.listenOn().get(i)) + text(addresses.get(i)) + "/");
            }
            awaitInterrupt();
            Runtime.getRuntime().removeShutdownHook(stop);
        }
        return ExitCode.OK.value();
    }

    /** What a client has to say to be let in. */
    private static String scheme(ListenAddress listener) {
        if (listener.implicit()) {
            return "ftps://";
        }
        return listener.tls().demands(TlsPolicy.LOGIN) ? "ftpes://" : "ftp://";
    }

    private @Nullable TransferLog transferLog() throws IOException {
        Path log = options.log();
        if (log == null) {
            return null;
        }
        return options.logsJson() ? TransferLog.json(log) : TransferLog.xferlog(log);
    }

    /** Starts a server; a port that is taken is told with what to do. */
    static void start(FtpServer server) {
        try {
            server.start();
        } catch (IOException failed) {
            if (!(failed.getCause() instanceof SocketException)) {
                throw new PortsideException(ExitCode.LOCAL_FILE, Failure.reason(failed), failed);
            }
            throw new PortsideException(ExitCode.CANNOT_CONNECT, Failure.reason(failed), failed);
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
