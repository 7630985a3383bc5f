package dev.portside.lab.bench;

import dev.portside.lab.peer.Programs;
import dev.portside.lab.peer.RealClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.ftpserver.FtpServer;
import org.apache.ftpserver.ftplet.Ftplet;
import org.apache.mina.core.service.IoAcceptor;
import org.slf4j.Logger;
import org.slf4j.impl.StaticLoggerBinder;

/** Servers with all sessions in one process: threads or an event loop. No logs, no time-outs, no limits on clients. */
final class ThreadedServers {
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    private ThreadedServers() {}

    static Start portside(Site site) {
        List<String> arguments = new ArrayList<>(List.of(
                "serve",
                "--port=" + site.port(),
                "--user=" + Site.USER,
                "--max-sessions=20000",
                "--max-sessions-per-address=20000",
                "--max-sessions-per-user=20000",
                "--max-sessions-not-logged-in=20000",
                "--idle-timeout=24h"));
        if (site.setting().tls()) {
            arguments.addAll(
                    List.of("--tls=offered", "--cert=" + Site.certificate().both()));
        }
        arguments.add(site.setting().data().toString());
        return portside(arguments);
    }

    /**
     * Started as a user does, by the script of the checkout. It builds what it starts when the sources are newer; within
     * Maven's tests, in the middle of a build, the classes under test are started instead.
     */
    static Start portside(List<String> arguments) {
        String classPath = System.getProperty("surefire.test.class.path");
        List<String> variables = new ArrayList<>(List.of("PORTSIDE_PASSWORD=" + Site.PASSWORD));
        List<String> command = new ArrayList<>();
        if (classPath == null) {
            variables.add("HOME=" + System.getProperty("user.home"));
            variables.add("JAVA_HOME="
                    + Objects.requireNonNullElse(System.getenv("JAVA_HOME"), System.getProperty("java.home")));
            command.add(Programs.checkout("portside").toString());
        } else {
            variables.add("CLASSPATH=" + classPath);
            command.addAll(List.of(
                    JAVA, "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED", "dev.portside.cli.Portside"));
        }
        command.addAll(arguments);
        return new Start(variables, command, Map.of());
    }

    /** With the Java of this process, as it comes. */
    static Start apache(Site site) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                JAVA,
                ApacheServer.class.getName(),
                Integer.toString(site.port()),
                site.setting().data().toString()));
        if (site.setting().tls()) {
            command.add(keyStore(site).toString());
        }
        String classPath = Stream.of(
                        ApacheServer.class,
                        FtpServer.class,
                        Ftplet.class,
                        IoAcceptor.class,
                        Logger.class,
                        StaticLoggerBinder.class)
                .map(type -> origin(type).toString())
                .distinct()
                .collect(Collectors.joining(":"));
        return new Start(List.of("CLASSPATH=" + classPath), command, Map.of());
    }

    /** Returns the archive with the server, whose name tells the version. */
    static Path apacheCore() {
        return origin(FtpServer.class);
    }

    private static Path origin(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private static Path keyStore(Site site) throws IOException, InterruptedException {
        Path store = site.directory().resolve("identity.p12");
        RealClient.named("openssl")
                .run(
                        "pkcs12",
                        "-export",
                        "-in",
                        Site.certificate().both().toString(),
                        "-out",
                        store.toString(),
                        "-passout",
                        "pass:" + Site.PASSWORD)
                .succeeded();
        return store;
    }

    static Start pyftpdlib(Site site) throws IOException {
        String name = "pyftpdlib_server.py";
        try (InputStream program = Objects.requireNonNull(ThreadedServers.class.getResourceAsStream(name), name)) {
            return pyftpdlib(
                    site.write(name, new String(program.readAllBytes(), StandardCharsets.UTF_8))
                            .toString(),
                    Site.HOST,
                    Integer.toString(site.port()),
                    Site.USER,
                    Site.PASSWORD,
                    site.setting().data().toString(),
                    site.underTls(Site.certificate().both().toString()));
        }
    }

    static Start pyftpdlib(String... arguments) {
        List<String> command =
                new ArrayList<>(List.of(Programs.server("python/python3").toString()));
        command.addAll(List.of(arguments));
        String modules =
                Programs.unpacked("python/usr/lib/python3/dist-packages").toString();
        return new Start(List.of("PYTHONPATH=" + modules), command, Map.of());
    }
}
