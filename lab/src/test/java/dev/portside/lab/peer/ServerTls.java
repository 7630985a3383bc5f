package dev.portside.lab.peer;

import dev.portside.lab.peer.TestAuthority.Certificate;
import dev.portside.lab.peer.TestAuthority.Subject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * How a {@link RealServer} speaks TLS.
 *
 * @param mode whether and how a control connection gets TLS
 * @param versions the protocol versions that the server may choose
 * @param reuseRequired whether a data connection must resume the control connection's TLS session; of no effect on
 *     Pure-FTPd, which never asks for it
 * @param subject whose certificate the server shows
 */
public record ServerTls(Mode mode, TlsVersions versions, boolean reuseRequired, Subject subject) {
    /** No TLS at all. */
    public static final ServerTls OFF = new ServerTls(Mode.OFF, TlsVersions.BOTH, false, Subject.SERVER);
    /** After AUTH TLS, which is required for login and for data, and so is the reuse of sessions. */
    public static final ServerTls EXPLICIT = new ServerTls(Mode.EXPLICIT, TlsVersions.BOTH, true, Subject.SERVER);
    /** From the first byte on. */
    public static final ServerTls IMPLICIT = new ServerTls(Mode.IMPLICIT, TlsVersions.BOTH, true, Subject.SERVER);

    /** How a control connection gets TLS. */
    public enum Mode {
        OFF,
        EXPLICIT,
        IMPLICIT
    }

    /** Returns this with these protocol versions only. */
    public ServerTls only(TlsVersions versions) {
        return new ServerTls(mode, versions, reuseRequired, subject);
    }

    /** Returns this for a server that takes data connections with TLS sessions of their own. */
    public ServerTls withoutReuse() {
        return new ServerTls(mode, versions, false, subject);
    }

    /** Returns this with another certificate. */
    public ServerTls as(Subject subject) {
        return new ServerTls(mode, versions, reuseRequired, subject);
    }

    Certificate certificate() {
        return TestAuthority.certificate(subject);
    }

    /** Returns a command line that holds a server to the versions, which has no setting of its own for them. */
    static List<String> held(Site site, List<String> command) throws IOException {
        Path config = site.write("openssl.cnf", """
                openssl_conf = openssl
                [openssl]
                ssl_conf = ssl
                [ssl]
                system_default = versions
                [versions]
                MinProtocol = %s
                MaxProtocol = %s
                """.formatted(
                site.tls().versions().oldest(), site.tls().versions().newest()).lines());
        return Stream.concat(Stream.of("env", "OPENSSL_CONF=" + config), command.stream())
                .toList();
    }
}
