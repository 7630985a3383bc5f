package dev.portside.lab.peer;

import dev.portside.lab.peer.ServerTls.Mode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Configures ProFTPD, whose users come from a file of its own. It offers MODE Z (mod_deflate).
 *
 * <p>Measured with ProFTPD 1.3.8, mod_tls 2.9.2 and OpenSSL 3.0.19:
 *
 * <ul>
 *   <li>150 comes before the handshake of the data connection: a client that waits for it gets it, and one that sends
 *       its ClientHello earlier is served too.
 *   <li>TLS 1.2: session identifiers, no tickets. TLS 1.3: two tickets on the control connection; one more on a data
 *       connection that was resumed for a download, none for an upload. It takes a ticket any number of times.
 *   <li>A data connection that resumes no session: after a completed handshake it is closed without close_notify, and
 *       the reply is {@code 425 Unable to build data connection: Operation not permitted}. The control connection
 *       stays and later commands work. STOR has emptied the file by then.
 *   <li>A download ends with close_notify. An upload without close_notify is complete: 226. Bytes in the clear under
 *       PROT P: the same 425. PROT C: {@code 534 Unwilling to accept security parameters}, where TLS is required.
 * </ul>
 */
final class ProFtpd {
    private ProFtpd() {}

    static Launch prepare(Site site) throws IOException {
        Path users = site.write(
                "users",
                Stream.of("%1$s:%2$s:%3$d:%3$d:%1$s:%4$s:/bin/false"
                        .formatted(Site.USER, Site.PASSWORD_HASH, Site.UID, site.home())));
        Path config = site.write("proftpd.conf", site.withExtraConfig(config(site, users)));
        return new Launch(
                List.of(
                        Programs.server("proftpd/usr/sbin/proftpd").toString(),
                        "--nodaemon",
                        "--config",
                        config.toString()),
                Map.of());
    }

    private static String config(Site site, Path users) {
        return """
                ServerName portside
                ServerType standalone
                UseIPv6 %s
                DefaultAddress %s
                SocketBindTight on
                Port %d
                PassivePorts %d %d
                User nobody
                Group nogroup
                ModulePath %s
                LoadModule mod_deflate.c
                DeflateEngine on
                """.formatted(
                                site.ipv6() ? "on" : "off",
                                site.address().getHostAddress(),
                                site.port(),
                                Site.FIRST_PASSIVE_PORT,
                                Site.LAST_PASSIVE_PORT,
                                Programs.unpacked("proftpd/usr/lib/proftpd"))
                + """
                AuthOrder mod_auth_file.c
                AuthPAM off
                AuthUserFile %2$s
                RequireValidShell off
                UseFtpUsers off
                UseReverseDNS off
                DelayEngine off
                ControlsEngine off
                WtmpLog off
                TransferLog none
                PidFile %1$s/pid
                ScoreboardFile %1$s/scoreboard
                LogFormat commands "%%a %%r -> %%s %%S"
                ExtendedLog %3$s ALL commands
                DefaultRoot ~
                Umask 022
                AllowOverwrite on
                AllowStoreRestart on
                AllowRetrieveRestart on
                TimesGMT on
                """.formatted(site.directory(), users, site.log())
                + (site.tls().mode() == Mode.OFF ? "" : tls(site));
    }

    private static String tls(Site site) {
        ServerTls tls = site.tls();
        String algorithm = tls.subject().algorithm().equals("ec") ? "EC" : "RSA";
        String options = (tls.mode() == Mode.IMPLICIT ? " UseImplicitSSL" : "")
                + (tls.reuseRequired() ? "" : " NoSessionReuseRequired");
        return """
                LoadModule mod_tls.c
                TLSEngine on
                TLSRequired on
                TLS%1$sCertificateFile %2$s
                TLS%1$sCertificateKeyFile %3$s
                TLSCertificateChainFile %2$s
                TLSProtocol %4$s
                TLSRenegotiate none
                TLSLog %5$s
                """.formatted(
                                algorithm,
                                tls.certificate().chain(),
                                tls.certificate().key(),
                                tls.versions() == TlsVersions.BOTH
                                        ? "TLSv1.2 TLSv1.3"
                                        : tls.versions().newest(),
                                site.log())
                + (options.isEmpty() ? "" : "TLSOptions" + options + "\n");
    }
}
