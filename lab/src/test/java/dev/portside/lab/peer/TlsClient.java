package dev.portside.lab.peer;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portside.testkit.Content;
import java.io.IOException;
import java.io.InputStream;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The real clients that speak FTP over TLS, each with a driver for many transfers in one session. All of them resume a
 * TLS 1.2 session any number of times; under TLS 1.3 they differ.
 */
public enum TlsClient {
    /**
     * Curl with OpenSSL (7.88.1). Sends AUTH SSL first, AUTH TLS if that is refused. Sends its ClientHello on the data
     * connection before the command, and finishes the handshake before it reads 150. Under TLS 1.3 it uses each ticket
     * once and keeps the last one only; during an upload it reads none unless one has come by the time it closes. So it
     * fails in mixed sessions with vsftpd after a few transfers and with ProFTPD after the first upload, and offers what
     * it then has in vain. It pauses for one second before some data connections (a race in itself: the faster the server,
     * the more often), so 100 transfers take it up to a minute.
     */
    CURL,
    /** Lftp with GnuTLS (4.9.2, 3.7.9). Waits for 150, then sends its ClientHello; resumes with a ticket many times. */
    LFTP,
    /**
     * {@code ftplib.FTP_TLS} with a subclass that passes the control connection's session on. Waits for 150, then sends
     * its ClientHello; resumes with a ticket many times.
     */
    PYTHON,
    /**
     * {@code Net::FTP} with {@code IO::Socket::SSL} (3.14, 2.081). Sends the command, then its ClientHello, and reads
     * 150 after the handshake. By itself it never resumes; our script gives it a cache that works. Under TLS 1.3 it uses
     * each ticket once, as {@link #CURL} does, and reads none during an upload.
     */
    PERL,
    /**
     * Commons-net with Bouncy Castle's TLS, in this JVM. Waits for 150, then sends its ClientHello; cannot resume TLS
     * 1.3 sessions.
     */
    COMMONS_NET;

    private static final Duration LIMIT = Duration.ofMinutes(2);

    /**
     * A server, and how a client is to talk to it.
     *
     * @param server the address of the control connection
     * @param implicit whether TLS comes before the first reply; otherwise after AUTH TLS
     * @param user who logs in
     * @param password the user's password
     * @param authorities a PEM file with the root of the server's certificate, which clients verify with its name
     * @param versions the protocol versions that the client may choose
     * @param resume whether data connections resume a TLS session of the control connection
     * @param active whether the server connects to the client for data; otherwise the client to the server
     */
    public record Target(
            InetSocketAddress server,
            boolean implicit,
            String user,
            String password,
            Path authorities,
            TlsVersions versions,
            boolean resume,
            boolean active) {

        /** A real server, whose data connections resume a session. */
        public static Target of(RealServer server) {
            boolean implicit = server.tls().mode() == ServerTls.Mode.IMPLICIT;
            return new Target(
                    server.address(),
                    implicit,
                    server.user(),
                    server.password(),
                    TestAuthority.root(),
                    TlsVersions.BOTH,
                    true,
                    false);
        }

        /** Returns this for a client that chooses among these protocol versions only. */
        public Target only(TlsVersions versions) {
            return new Target(server, implicit, user, password, authorities, versions, resume, active);
        }

        /** Returns this for a client that makes a full handshake for each data connection. */
        public Target withoutReuse() {
            return new Target(server, implicit, user, password, authorities, versions, false, active);
        }

        /** Returns this for a client that lets the server connect to it. */
        public Target actively() {
            return new Target(server, implicit, user, password, authorities, versions, resume, true);
        }

        String host() {
            return server.getAddress().getHostAddress();
        }

        String url(String path) {
            String host = server.getAddress() instanceof Inet6Address ? "[" + host() + "]" : host();
            return (implicit ? "ftps://" : "ftp://") + host + ":" + server.getPort() + "/" + path;
        }
    }

    /** Returns whether it can resume a session of this version again and again, without fresh tickets. */
    public boolean resumesAgain(TlsVersions version) {
        return version == TlsVersions.TLS_1_2 || this == LFTP || this == PYTHON;
    }

    /**
     * Uploads files and downloads each of them again, in turns, then lists the user's home directory; all in one
     * session. The first file is empty.
     *
     * @param count the number of uploads and downloads together: even
     * @param work an empty directory; afterwards {@code up} and {@code down} hold the files, {@code list} the listing
     * @return what the client said
     * @throws AssertionError if the client fails or a file comes back changed, with everything that the client said
     */
    public String transfer(Target target, int count, Path work) throws Exception {
        if (count % 2 != 0) {
            throw new IllegalArgumentException("as many downloads as uploads: " + count);
        }
        Files.createDirectory(work.resolve("up"));
        Files.createDirectory(work.resolve("down"));
        for (int i = 0; i < count; i += 2) {
            Files.write(work.resolve("up/" + i + ".bin"), new Content(i * 3001L, i).bytes());
        }
        String said = run(target, count, work);
        verify(count, work, said);
        return said;
    }

    private String run(Target target, int count, Path work) throws Exception {
        return switch (this) {
            case CURL -> said(client("curl", work).run("--config", curl(target, count, work)));
            case LFTP -> said(client("lftp", work).reading(lftp(target, count)).run("--norc"));
            case PYTHON -> said(python(work).run(script("ftps.py", target, count, work)));
            case PERL ->
                said(client("perl", work)
                        .with("PERL5LIB", Programs.unpacked("perl").toString())
                        .run(script("ftps.pl", target, count, work)));
            case COMMONS_NET -> CommonsNetTls.run(target, count, work);
        };
    }

    private static RealClient client(String program, Path work) {
        return RealClient.named(program).in(work).within(LIMIT);
    }

    /** The unpacked Python, which is there only where the installed one does not do. */
    static RealClient python(Path work) {
        Path unpacked = Programs.unpacked("root/usr/bin/python3");
        RealClient client = Files.isExecutable(unpacked) ? RealClient.at(unpacked) : RealClient.named("python3");
        return client.in(work).within(LIMIT);
    }

    private static String said(RealClient.Outcome outcome) {
        return outcome.succeeded().toString();
    }

    private static void verify(int count, Path work, String said) throws IOException {
        String list = Files.readString(work.resolve("list"));
        for (int i = 0; i < count; i += 2) {
            Path down = work.resolve("down/" + i + ".bin");
            if (!Files.exists(down) || Files.mismatch(work.resolve("up/" + i + ".bin"), down) >= 0) {
                throw new AssertionError(down.getFileName() + " is not what was uploaded\n" + said);
            }
            if (!list.contains(" " + i + ".bin")) {
                throw new AssertionError(i + ".bin is not in the listing\n" + list + said);
            }
        }
    }

    private static String curl(Target target, int count, Path work) throws IOException {
        TlsVersions versions = target.versions();
        List<String> lines = new ArrayList<>(List.of(
                "silent",
                "show-error",
                "verbose",
                "fail-early",
                "ssl-reqd",
                "user = \"" + target.user() + ":" + target.password() + "\"",
                "cacert = \"" + target.authorities() + "\"",
                versions.oldest().equals("TLSv1.3") ? "tlsv1.3" : "tlsv1.2",
                "tls-max = " + versions.newest().substring("TLSv".length())));
        if (!target.resume()) {
            lines.add("no-sessionid");
        }
        if (target.active()) {
            lines.add("ftp-port = \"-\"");
        }
        for (int i = 0; i < count; i++) {
            // options of one URL go by their order: an empty name stands for no upload
            boolean upload = i % 2 == 0;
            String file = (upload ? i : i - 1) + ".bin";
            lines.add("upload-file = \"" + (upload ? "up/" + file : "") + "\"");
            lines.add("output = \"" + (upload ? "/dev/null" : "down/" + file) + "\"");
            lines.add("url = \"" + target.url(file) + "\"");
        }
        lines.addAll(List.of("upload-file = \"\"", "output = \"list\"", "url = \"" + target.url("") + "\""));
        return Files.write(work.resolve("curl.conf"), lines).toString();
    }

    private static String lftp(Target target, int count) {
        TlsVersions versions = target.versions();
        Stream<String> protocols = Stream.of(TlsVersions.TLS_1_2, TlsVersions.TLS_1_3)
                .filter(version -> versions == TlsVersions.BOTH || versions == version)
                .map(version -> ":+VERS-" + version.newest().replace("TLSv", "TLS"));
        StringBuilder script = new StringBuilder("""
                debug 9
                set cmd:fail-exit true
                set net:max-retries 1
                set net:timeout 10
                set ftp:use-mode-z false
                set ftp:ssl-force true
                set ftp:ssl-protect-data true
                set ftp:ssl-protect-list true
                set ftp:ssl-copy-sid %s
                set ftp:passive-mode %s
                set ssl:verify-certificate true
                set ssl:check-hostname true
                set ssl:ca-file %s
                set ssl:priority NORMAL:-VERS-ALL%s
                open -u %s,%s %s
                """.formatted(
                        target.resume(),
                        !target.active(),
                        target.authorities(),
                        String.join("", protocols.toList()),
                        target.user(),
                        target.password(),
                        target.url("")));
        for (int i = 0; i < count; i++) {
            String file = (i % 2 == 0 ? i : i - 1) + ".bin";
            script.append(i % 2 == 0 ? "put up/" + file : "get " + file + " -o down/" + file)
                    .append('\n');
        }
        return script.append("ls > list\n").toString();
    }

    /** Returns the command line of a script of ours. */
    private static String[] script(String name, Target target, int count, Path work) throws IOException {
        Path script = work.resolve(name);
        try (InputStream source = Objects.requireNonNull(TlsClient.class.getResourceAsStream(name), name)) {
            Files.writeString(script, new String(source.readAllBytes(), UTF_8));
        }
        return new String[] {
            script.toString(),
            target.host(),
            Integer.toString(target.server().getPort()),
            target.implicit() ? "implicit" : "explicit",
            target.user(),
            target.password(),
            target.authorities().toString(),
            target.versions().oldest(),
            target.versions().newest(),
            target.resume() ? "resume" : "fresh",
            target.active() ? "active" : "passive",
            Integer.toString(count)
        };
    }
}
