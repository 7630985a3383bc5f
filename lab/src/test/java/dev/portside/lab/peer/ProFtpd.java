package dev.portside.lab.peer;

import dev.portside.lab.peer.ServerTls.Mode;
import dev.portside.lab.peer.TestAuthority.Subject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Configures ProFTPD, whose users come from a file of its own. */
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
        String kind = tls.subject() == Subject.SERVER_EC ? "EC" : "RSA";
        String options = (tls.mode() == Mode.IMPLICIT ? " UseImplicitSSL" : "")
                + (tls.reuseRequired() ? "" : " NoSessionReuseRequired");
        return """
                LoadModule mod_tls.c
                LoadModule mod_deflate.c
                DeflateEngine on
                TLSEngine on
                TLSRequired on
                TLS%1$sCertificateFile %2$s
                TLS%1$sCertificateKeyFile %3$s
                TLSCertificateChainFile %2$s
                TLSProtocol %4$s
                TLSRenegotiate none
                TLSLog %5$s
                """.formatted(
                                kind,
                                tls.certificate().chain(),
                                tls.certificate().key(),
                                tls.versions() == TlsVersions.BOTH
                                        ? "TLSv1.2 TLSv1.3"
                                        : tls.versions().newest(),
                                site.log())
                + (options.isEmpty() ? "" : "TLSOptions" + options + "\n");
    }
}
