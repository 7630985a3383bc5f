package dev.portside.lab.peer;

import dev.portside.lab.peer.ServerTls.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Configures Pure-FTPd. It has a user database of its own and takes everything else from the command line, so extra
 * configuration is one argument a line. It counts clients in {@code /run}: it sees one of its own. It has no implicit
 * TLS and no setting for protocol versions: OpenSSL's own configuration holds it to one of them.
 *
 * <p>Measured with Pure-FTPd 1.0.50 and OpenSSL 3.0.19:
 *
 * <ul>
 *   <li>150 comes before the handshake of the data connection; it is of two lines for a download.
 *   <li>It never requires that a session is reused. TLS 1.2: tickets (one hour), data connections do resume. TLS 1.3:
 *       no tickets at all, every data connection has a full handshake; replies come up to 45 ms late.
 *   <li>A download ends with close_notify. An upload without close_notify is complete: 226. Bytes in the clear under
 *       PROT P: the control connection ends without a reply.
 * </ul>
 */
final class PureFtpd {
    private PureFtpd() {}

    static Launch prepare(Site site) throws IOException, InterruptedException {
        Path run = Files.createDirectory(site.directory().resolve("run"));
        Stream<String> arguments = site.withExtraConfig("""
                %s
                %s
                --bind=%s,%d
                --passiveportrange=%d:%d
                --login=puredb:%s
                --noanonymous
                --chrooteveryone
                --minuid=1
                --umask=133:022
                --dontresolve
                --maxclientsnumber=1000
                --limitrecursion=100000:50
                --syslogfacility=none
                --altlog=clf:%s
                """.formatted(
                        Programs.server("pure-ftpd/usr/sbin/pure-ftpd"),
                        site.ipv6() ? "--ipv6only" : "--ipv4only",
                        site.address().getHostAddress(),
                        site.port(),
                        Site.FIRST_PASSIVE_PORT,
                        Site.LAST_PASSIVE_PORT,
                        database(site),
                        site.log()));
        if (site.tls().mode() == Mode.OFF) {
            return new Launch(arguments.toList(), Map.of("/run", run));
        }
        if (site.tls().mode() == Mode.IMPLICIT) {
            throw new AssertionError("Pure-FTPd has no implicit TLS");
        }
        Stream<String> tls =
                Stream.of("--tls=3", "--certfile=" + site.tls().certificate().both());
        return new Launch(ServerTls.held(site, Stream.concat(arguments, tls).toList()), Map.of("/run", run));
    }

    private static Path database(Site site) throws IOException, InterruptedException {
        Path users = site.write(
                "users",
                Stream.of("%s:%s:%d:%3$d::%s/./::::::::::::"
                        .formatted(Site.USER, Site.PASSWORD_HASH, Site.UID, site.home())));
        Path database = site.directory().resolve("users.pdb");
        String pw = Programs.server("pure-ftpd/usr/bin/pure-pw").toString();
        int exitCode = Programs.process(
                        List.of(pw, "mkdb", database.toString(), "-f", users.toString()), site.directory())
                .inheritIO()
                .start()
                .waitFor();
        if (exitCode != 0) {
            throw new IOException(pw + ": exit code " + exitCode);
        }
        return database;
    }
}
