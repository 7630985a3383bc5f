package dev.portside.lab.bench;

import dev.portside.lab.peer.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Servers that fork a process for each session. Everything is as it comes, except: no logs, no time-outs, no limits on
 * clients, no delays at login, a cheap password check. Passive ports are those that each takes by itself.
 */
final class ForkingServers {
    private ForkingServers() {}

    static String program(Contender contender) {
        return Programs.server(
                        switch (contender) {
                            case VSFTPD -> "vsftpd/usr/sbin/vsftpd";
                            case PROFTPD -> "proftpd/usr/sbin/proftpd";
                            case PURE_FTPD -> "pure-ftpd/usr/sbin/pure-ftpd";
                            default -> throw new IllegalArgumentException(contender + " forks no sessions");
                        })
                .toString();
    }

    /** Its queue of connections that it has not accepted is of 32, and cannot be changed. */
    static Start vsftpd(Site site) throws IOException {
        // its unprivileged half waits in an empty directory
        Path empty = Files.createDirectory(site.directory().resolve("empty"));
        Path config = site.write(
                "vsftpd.conf",
                """
                listen=YES
                listen_ipv6=NO
                listen_address=%s
                listen_port=%d
                background=NO
                secure_chroot_dir=%s
                nopriv_user=nobody
                seccomp_sandbox=NO
                max_clients=0
                max_per_ip=0
                idle_session_timeout=86400
                data_connection_timeout=86400
                anonymous_enable=NO
                local_enable=YES
                pam_service_name=portside
                delay_failed_login=0
                chroot_local_user=YES
                allow_writeable_chroot=YES
                write_enable=YES
                local_umask=022
                use_sendfile=YES
                connect_from_port_20=NO
                xferlog_enable=NO
                """.formatted(Site.HOST, site.port(), empty)
                        + site.underTls("""
                ssl_enable=YES
                ssl_tlsv1=YES
                ssl_ciphers=HIGH
                rsa_cert_file=%s
                rsa_private_key_file=%s
                require_ssl_reuse=NO
                force_local_logins_ssl=NO
                force_local_data_ssl=NO
                """.formatted(
                                Site.certificate().chain(), Site.certificate().key())));
        return new Start(List.of(), List.of(program(Contender.VSFTPD), config.toString()), machine(site));
    }

    /** It knows only users of the machine and asks PAM. */
    private static Map<String, Path> machine(Site site) throws IOException {
        Path passwd = site.write(
                "passwd", """
                root:x:0:0:root:/root:/bin/sh
                nobody:x:%1$d:%1$d:nobody:/nonexistent:/usr/sbin/nologin
                %2$s:x:%1$d:%1$d:%2$s:%3$s:/usr/sbin/nologin
                """.formatted(Site.UID, Site.USER, site.setting().data()));
        // looked up by the sessions' user too
        Files.setPosixFilePermissions(passwd, PosixFilePermissions.fromString("rw-r--r--"));
        Path shadow = site.write("shadow", Site.USER + ":" + Site.PASSWORD_HASH + ":19000::::::\n");
        Path service = site.write("pam.d/portside", """
                auth required pam_unix.so nodelay
                account required pam_permit.so
                session required pam_permit.so
                """);
        return Map.of("/etc/passwd", passwd, "/etc/shadow", shadow, "/etc/pam.d", service.getParent());
    }

    static Start proFtpd(Site site) throws IOException {
        Path users = site.write(
                "users",
                "%1$s:%2$s:%3$d:%3$d:%1$s:%4$s:/bin/false\n"
                        .formatted(
                                Site.USER,
                                Site.PASSWORD_HASH,
                                Site.UID,
                                site.setting().data()));
        Path config = site.write(
                "proftpd.conf",
                """
                ServerName portside
                ServerType standalone
                UseIPv6 off
                DefaultAddress %1$s
                SocketBindTight on
                Port %2$d
                TCPBackLog 255
                User nobody
                Group nogroup
                ModulePath %3$s
                AuthOrder mod_auth_file.c
                AuthPAM off
                AuthUserFile %4$s
                RequireValidShell off
                UseFtpUsers off
                UseReverseDNS off
                DelayEngine off
                ControlsEngine off
                WtmpLog off
                TransferLog none
                SystemLog none
                PidFile %5$s/pid
                ScoreboardFile %5$s/scoreboard
                MaxInstances none
                TimeoutIdle 0
                TimeoutLogin 0
                TimeoutNoTransfer 0
                TimeoutStalled 0
                DefaultRoot ~
                Umask 022
                AllowOverwrite on
                UseSendfile on
                """.formatted(
                                        Site.HOST,
                                        site.port(),
                                        Programs.unpacked("proftpd/usr/lib/proftpd"),
                                        users,
                                        site.directory())
                        + proFtpdTls(site));
        return new Start(program(Contender.PROFTPD), "--nodaemon", "--config", config.toString());
    }

    private static String proFtpdTls(Site site) {
        return site.underTls(
                """
                LoadModule mod_tls.c
                TLSEngine on
                TLSRequired off
                TLSECCertificateFile %1$s
                TLSECCertificateKeyFile %2$s
                TLSCertificateChainFile %1$s
                TLSProtocol TLSv1.2 TLSv1.3
                TLSRenegotiate none
                TLSOptions NoSessionReuseRequired
                TLSLog none
                """.formatted(Site.certificate().chain(), Site.certificate().key()));
    }

    /** It has a user database of its own, and counts clients in {@code /run}: it sees one of its own. */
    static Start pureFtpd(Site site) throws IOException, InterruptedException {
        Path run = Files.createDirectory(site.directory().resolve("run"));
        List<String> command = new ArrayList<>("""
                %s
                --ipv4only
                --bind=%s,%d
                --login=puredb:%s
                --noanonymous
                --chrooteveryone
                --minuid=1
                --umask=133:022
                --dontresolve
                --maxclientsnumber=20000
                --maxidletime=1440
                --limitrecursion=1000000:50
                --syslogfacility=none
                """.formatted(
                program(Contender.PURE_FTPD), Site.HOST, site.port(), database(site)).lines().toList());
        if (site.setting().tls()) {
            command.addAll(List.of("--tls=1", "--certfile=" + Site.certificate().both()));
        }
        return new Start(List.of(), command, Map.of("/run", run));
    }

    private static Path database(Site site) throws IOException, InterruptedException {
        Path users = site.write(
                "users",
                "%s:%s:%d:%3$d::%s/./::::::::::::\n"
                        .formatted(
                                Site.USER,
                                Site.PASSWORD_HASH,
                                Site.UID,
                                site.setting().data()));
        Path database = site.directory().resolve("users.pdb");
        String pw = Programs.server("pure-ftpd/usr/bin/pure-pw").toString();
        int exitCode = Programs.process(
                        List.of(pw, "mkdb", database.toString(), "-f", users.toString()), site.directory())
                .start()
                .waitFor();
        if (exitCode != 0) {
            throw new IOException(pw + ": exit code " + exitCode);
        }
        return database;
    }
}
