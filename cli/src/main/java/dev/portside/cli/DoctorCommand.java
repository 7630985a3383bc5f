package dev.portside.cli;

import dev.portside.cli.doctor.Diagnosis;
import dev.portside.cli.doctor.Doctor;
import dev.portside.cli.doctor.DoctorOptions;
import dev.portside.cli.doctor.Mode;
import dev.portside.client.DataMode;
import dev.portside.client.FtpClientListener;
import dev.portside.client.FtpClientOptions;
import dev.portside.client.FtpClientTls;
import dev.portside.client.TlsMode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "doctor",
        customSynopsis = "portside doctor [OPTION…] URL",
        description = {
            "Find out what works between here and a server, and name what does not.",
            "",
            "ftp:// is tried in the clear and, where the server offers it, under TLS;"
                    + " ftpes:// and ftps:// under TLS only. Nothing is written without --write."
        })
final class DoctorCommand extends ResultCommand {
    @Parameters(paramLabel = "URL", description = "ftp://host/directory/ or ftp://host/file, see portside help urls.")
    private String target = "";

    @Option(names = "--write", description = "Upload a small file too, verify and remove it.")
    private boolean write;

    @Option(
            names = "--transfers",
            paramLabel = "N",
            description = "Transfers in a row under each version of TLS, ${DEFAULT-VALUE} unless given; 0: none.")
    private int transfers = DoctorOptions.USUAL_TRANSFERS;

    @Option(
            names = "--sample-ports",
            paramLabel = "N",
            description = "Ask for a passive port so often, and connect to it: is all of the range open?")
    private int samplePorts;

    @Option(
            names = "--idle",
            paramLabel = "TIME",
            converter = OptionTypes.Time.class,
            description = "Does the control connection survive so long without a word?")
    private @Nullable Duration idle;

    @Option(names = "--sessions", paramLabel = "N", description = "Does the server take so many sessions at once?")
    private int sessions;

    @Option(
            names = "--connections",
            paramLabel = "N",
            description = "Control connections to use at once, ${DEFAULT-VALUE} unless given.")
    private int connections = DoctorOptions.USUAL_CONNECTIONS;

    @Option(
            names = "--html",
            paramLabel = "FILE",
            description = "Write what was found as one page too, to be sent to whoever looks after the network.")
    private @Nullable Path html;

    @SuppressWarnings("UnusedVariable") // with it, DoctorServeCommand is what runs
    @Option(
            names = "--serve",
            description = "Be the other end instead, beside a server: portside doctor --serve --help.")
    private boolean serve;

    DoctorCommand(Console console) {
        super(console);
    }

    @Override
    void run(Remotes remotes) {
        requireCounts();
        RemoteUrl url = target();
        attempt(remotes, url, () -> {
            Diagnosis diagnosis = examine(url);
            if (!options.quiet()) {
                report().pictures(diagnosis);
            }
            report().findings(diagnosis);
            report().profile(diagnosis);
            if (html != null) {
                DoctorPage.write(html, diagnosis, Instant.now());
            }
            if (!diagnosis.isHealthy()) {
                outcome.failed(ExitCode.PROBLEMS);
            }
        });
    }

    private DoctorReport report() {
        return new DoctorReport(console, json() ? this::print : null);
    }

    /** Beside {@code ftp://}, both are tried, unless {@code --tls} says otherwise. */
    private RemoteUrl target() {
        TlsMode asked = options.tls().mode();
        boolean open = asked == null && RemoteUrl.Scheme.of(target) == RemoteUrl.Scheme.FTP;
        RemoteUrl url = RemoteUrl.parse(target, options.charset(), open ? TlsMode.AUTO : asked);
        options.tls().requireUseFor(url);
        return url;
    }

    private void requireCounts() {
        counted("--transfers", transfers, 0, 1000);
        counted("--sample-ports", samplePorts, 0, 10_000);
        counted("--sessions", sessions, 0, 1000);
        counted("--connections", connections, 1, 20);
    }

    private static void counted(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new PortsideException(
                    ExitCode.USAGE, option + ": a number from " + least + " to " + most + ", not " + value);
        }
    }

    private Diagnosis examine(RemoteUrl url) throws IOException {
        Login login = Login.find(url, console, options.quiet());
        FirstUse firstUse = new FirstUse(console, options.tls().trustsOnFirstUse());
        FtpClientTls tls = options.tls().clientTls(url, firstUse.known(url), console);
        FtpClientOptions client = options.clientOptions(url, tls, new FtpClientListener() {});
        DoctorOptions examination = new DoctorOptions(
                login.user(),
                login.password(),
                url.path().isEmpty() || !url.directory() ? url.path() : url.path() + "/",
                tried(client.mode()),
                asked(client),
                write,
                transfers,
                samplePorts,
                idle,
                sessions,
                connections);
        DoctorReport report = report();
        return Doctor.examine(client, examination, trial -> {
            if (!options.quiet() || json()) {
                report.trial(trial, options.verbose());
            }
        });
    }

    private static Set<Mode> tried(DataMode mode) {
        return switch (mode) {
            case AUTO -> EnumSet.allOf(Mode.class);
            case PASSIVE -> EnumSet.of(Mode.EPSV, Mode.PASV_PEER, Mode.PASV_NAMED);
            case ACTIVE -> EnumSet.of(Mode.EPRT, Mode.PORT);
            case EPSV -> EnumSet.of(Mode.EPSV);
            case PASV -> EnumSet.of(Mode.PASV_PEER, Mode.PASV_NAMED);
            case EPRT -> EnumSet.of(Mode.EPRT);
            case PORT -> EnumSet.of(Mode.PORT);
        };
    }

    /** A mode that is named has to work; of several, any. */
    private static Set<Mode> asked(FtpClientOptions client) {
        return switch (client.mode()) {
            case AUTO, PASSIVE, ACTIVE -> EnumSet.noneOf(Mode.class);
            case EPSV -> EnumSet.of(Mode.EPSV);
            case PASV -> EnumSet.of(client.trustPassiveAddress() ? Mode.PASV_NAMED : Mode.PASV_PEER);
            case EPRT -> EnumSet.of(Mode.EPRT);
            case PORT -> EnumSet.of(Mode.PORT);
        };
    }
}
