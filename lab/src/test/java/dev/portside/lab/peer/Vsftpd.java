package dev.portside.lab.peer;

import dev.portside.lab.peer.ServerTls.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Configures vsftpd. It knows only users of the machine and asks PAM, so it sees a {@code passwd}, a {@code shadow} and
 * a {@code pam.d} of its own. It has no setting for TLS 1.2 or 1.3: OpenSSL's own configuration holds it to one of them.
 *
 * <p>Measured with vsftpd 3.0.3 and OpenSSL 3.0.19:
 *
 * <ul>
 *   <li>150 comes before the handshake of the data connection: a client that waits for it gets it, and one that sends
 *       its ClientHello earlier is served too.
 *   <li>TLS 1.2: tickets with a lifetime of 2147483647 seconds, and session identifiers. TLS 1.3: two tickets on the
 *       control connection, one more on each resumed data connection, also of an upload, where the client sees it only
 *       if it reads. It takes a ticket any number of times. It answers the key shares of clients that prefer X25519
 *       with a HelloRetryRequest, and asks for a client certificate.
 *   <li>A data connection that resumes no session: after a completed handshake the reply is
 *       {@code 522 SSL connection failed: session reuse required}, and then the control connection ends with
 *       close_notify. STOR has emptied the file by then.
 *   <li>A download ends with close_notify. An upload without close_notify: {@code 426 Failure reading network stream.};
 *       the bytes stay. Bytes in the clear under PROT P: the control connection breaks, with plaintext where TLS is
 *       expected.
 * </ul>
 */
final class Vsftpd {
    private Vsftpd() {}

    static Launch prepare(Site site) throws IOException {
        // its unprivileged half waits in an empty directory
        Path empty = Files.createDirectory(site.directory().resolve("empty"));
        Path config = site.write("vsftpd.conf", site.withExtraConfig(config(site, empty)));
        List<String> command = List.of(Programs.server("vsftpd/usr/sbin/vsftpd").toString(), config.toString());
        return new Launch(site.tls().mode() == Mode.OFF ? command : ServerTls.held(site, command), replacements(site));
    }

    private static String config(Site site, Path empty) {
        String listen = site.ipv6()
                ? "listen=NO\nlisten_ipv6=YES\nlisten_address6="
                : "listen=YES\nlisten_ipv6=NO\nlisten_address=";
        return listen + site.address().getHostAddress() + "\n"
                + """
                listen_port=%d
                background=NO
                secure_chroot_dir=%s
                nopriv_user=nobody
                seccomp_sandbox=NO
                max_per_ip=0
                anonymous_enable=NO
                local_enable=YES
                pam_service_name=portside
                delay_failed_login=0
                chroot_local_user=YES
                allow_writeable_chroot=YES
                write_enable=YES
                local_umask=022
                mdtm_write=YES
                utf8_filesystem=YES
                ascii_upload_enable=YES
                ascii_download_enable=YES
                connect_from_port_20=NO
                pasv_min_port=%d
                pasv_max_port=%d
                xferlog_enable=YES
                vsftpd_log_file=%s
                log_ftp_protocol=YES
                """.formatted(site.port(), empty, Site.FIRST_PASSIVE_PORT, Site.LAST_PASSIVE_PORT, site.log())
                + (site.tls().mode() == Mode.OFF ? "" : tls(site.tls()));
    }

    private static String tls(ServerTls tls) {
        return """
                ssl_enable=YES
                implicit_ssl=%s
                ssl_tlsv1=YES
                ssl_ciphers=HIGH
                rsa_cert_file=%s
                rsa_private_key_file=%s
                require_ssl_reuse=%s
                force_local_logins_ssl=YES
                force_local_data_ssl=YES
                debug_ssl=YES
                """.formatted(
                        yes(tls.mode() == Mode.IMPLICIT),
                        tls.certificate().chain(),
                        tls.certificate().key(),
                        yes(tls.reuseRequired()));
    }

    private static String yes(boolean value) {
        return value ? "YES" : "NO";
    }

    private static Map<String, Path> replacements(Site site) throws IOException {
        Stream<String> users = """
                root:x:0:0:root:/root:/bin/sh
                nobody:x:%1$d:%1$d:nobody:/nonexistent:/usr/sbin/nologin
                %2$s:x:%1$d:%1$d:%2$s:%3$s:/usr/sbin/nologin
                """.formatted(Site.UID, Site.USER, site.home()).lines();
        Path passwd = site.write("passwd", users);
        // looked up by the sessions' user too
        Files.setPosixFilePermissions(passwd, PosixFilePermissions.fromString("rw-r--r--"));
        Path shadow = site.write("shadow", Stream.of(Site.USER + ":" + Site.PASSWORD_HASH + ":19000::::::"));
        Path service = site.write("pam.d/portside", """
                auth required pam_unix.so nodelay
                account required pam_permit.so
                session required pam_permit.so
                """.lines());
        return Map.of("/etc/passwd", passwd, "/etc/shadow", shadow, "/etc/pam.d", service.getParent());
    }
}
