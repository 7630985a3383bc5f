package dev.portside.lab.bench;

import dev.portside.lab.peer.Processes;
import dev.portside.lab.peer.Programs;
import dev.portside.testkit.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The servers that are measured. */
enum Contender {
    PORTSIDE("Portside"),
    VSFTPD("vsftpd"),
    PROFTPD("ProFTPD"),
    PURE_FTPD("Pure-FTPd"),
    PYFTPDLIB("pyftpdlib"),
    APACHE("Apache FtpServer");

    private static final Pattern VERSION = Pattern.compile("[0-9]+([.][0-9]+)+[a-z]?");

    private final String title;

    Contender(String title) {
        this.title = title;
    }

    /** Returns the name of the product. */
    String title() {
        return title;
    }

    /**
     * Starts this server on a free port of 127.0.0.1, with one user; returns when it has greeted a first client.
     *
     * @throws AssertionError if it is not available or does not start
     */
    Contestant start(Setting setting) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory(setting.scratch(), name().toLowerCase(Locale.ROOT));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Site site = new Site(setting, directory, FreePorts.one(InetAddress.ofLiteral(Site.HOST)));
        return Contestant.start(this, site, prepare(site));
    }

    private Start prepare(Site site) throws IOException, InterruptedException {
        return switch (this) {
            case PORTSIDE -> ThreadedServers.portside(site);
            case VSFTPD -> ForkingServers.vsftpd(site);
            case PROFTPD -> ForkingServers.proFtpd(site);
            case PURE_FTPD -> ForkingServers.pureFtpd(site);
            case PYFTPDLIB -> ThreadedServers.pyftpdlib(site);
            case APACHE -> ThreadedServers.apache(site);
        };
    }

    /** Returns whether it runs in a Java virtual machine. */
    boolean collectsGarbage() {
        return this == PORTSIDE || this == APACHE;
    }

    /** Returns name and version, for example {@code vsftpd 3.0.3}. */
    String version() throws IOException, InterruptedException {
        Start start = switch (this) {
            case PORTSIDE -> ThreadedServers.portside(List.of("--version"));
            case VSFTPD -> new Start(ForkingServers.program(this), "-v");
            case PROFTPD -> new Start(ForkingServers.program(this), "-v");
            case PURE_FTPD -> new Start(ForkingServers.program(this), "--help");
            case PYFTPDLIB -> ThreadedServers.pyftpdlib("-c", "import pyftpdlib; print(pyftpdlib.__ver__)");
            case APACHE -> new Start("echo", ThreadedServers.apacheCore().toString());
        };
        Path directory = Files.createTempDirectory("portside-version");
        try {
            Path output = directory.resolve("output");
            Programs.process(start.heard(output), directory).start().waitFor();
            String text = Files.readString(output);
            Matcher version = VERSION.matcher(text);
            if (!version.find()) {
                throw new AssertionError(this + " tells no version:\n" + text);
            }
            return title + " " + version.group();
        } finally {
            Processes.delete(directory);
        }
    }
}
