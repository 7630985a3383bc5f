package dev.portside.server.command;

import dev.portside.protocol.Command;
import dev.portside.protocol.Reply;
import dev.portside.protocol.ReplyCode;
import dev.portside.server.Account;
import dev.portside.server.TlsPolicy;
import dev.portside.server.control.Session;
import dev.portside.server.storage.StorageException;
import dev.portside.server.storage.StorageException.Reason;
import dev.portside.server.storage.Uploads;
import dev.portside.server.storage.VirtualFileStore;
import dev.portside.server.storage.VirtualPath;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.regex.Pattern;

/** Who works here, and where (RFC 959 section 4.1.1, RFC 7151). */
public final class AccessControlCommands {
    /** A name or address as RFC 7151 section 3.1 has it; an IPv6 address is in brackets. */
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._-]{1,255}|\\[[0-9A-Fa-f:.]{2,45}\\]");

    private AccessControlCommands() {}

    /** USER: the answer is the same whether there is such a user or not (RFC 2577 section 7). */
    public static Reply user(Session session, Command.User user) throws IOException {
        if (session.isLoggedIn()) {
            return user.name().equals(session.claimedUser())
                    ? new Reply(ReplyCode.LOGGED_IN_230, "Already logged in")
                    : new Reply(ReplyCode.NOT_LOGGED_IN_530, "Use REIN before you log in as somebody else");
        }
        session.claimedUser(user.name());
        X509Certificate certificate = session.tls().clientCertificate();
        Account account =
                certificate == null ? null : session.options().authenticator().authenticate(user.name(), certificate);
        return account == null
                ? new Reply(ReplyCode.NEED_PASSWORD_331, "Password required")
                : loggedIn(session, account, ReplyCode.LOGGED_IN_BY_SECURITY_EXCHANGE_232, "Logged in by certificate");
    }

    /** PASS: logs in, or delays this session and nobody else. */
    public static Reply password(Session session, Command.Pass pass) throws IOException {
        if (session.isLoggedIn()) {
            return new Reply(ReplyCode.SUPERFLUOUS_202, "Already logged in");
        }
        if (session.claimedUser().isEmpty()) {
            return new Reply(ReplyCode.BAD_SEQUENCE_503, "USER comes first");
        }
        if (session.parts().failedLogins().isTooMany(session.remoteAddress().getAddress())) {
            return closing(session, "Too many failed logins from your address, try again later");
        }
        Account account = session.options().authenticator().authenticate(session.claimedUser(), pass.password());
        // Where TLS is missing, a right password gets the answer of a wrong one: whoever listens learns nothing from
        // it.
        boolean needsTls = account != null && account.tls().demands(TlsPolicy.LOGIN);
        return account == null || (needsTls && !session.tls().isSecured())
                ? loginFailed(session)
                : loggedIn(session, account, ReplyCode.LOGGED_IN_230, "Logged in");
    }

    private static Reply loggedIn(Session session, Account account, ReplyCode code, String text) throws IOException {
        if (!session.parts().sessions().admitUser(account.name())) {
            return closing(session, "Too many sessions (" + session.options().maxSessionsPerUser() + ") of this user");
        }
        try {
            session.logIn(account, open(session, account));
        } catch (IOException | RuntimeException | Error failed) {
            session.parts().sessions().releaseUser(account.name());
            throw failed;
        }
        session.tell((listener, status) -> listener.loggedIn(status));
        return new Reply(code, text);
    }

    private static VirtualFileStore open(Session session, Account account) throws IOException {
        return session.parts()
                .stores()
                .open(
                        account.home(),
                        account.writable(),
                        session.options().atomicUploads() ? Uploads.ATOMIC : Uploads.IN_PLACE);
    }

    private static Reply loginFailed(Session session) {
        String user = session.claimedUser();
        session.claimedUser("");
        session.parts().failedLogins().add(session.remoteAddress().getAddress());
        session.tell((listener, status) -> listener.loginFailed(status, user));
        int failures = session.addFailedLogin();
        boolean over = session.isOverWithin(session.options().loginDelay().multipliedBy(failures));
        if (over || failures >= session.options().maxLoginAttempts()) {
            return closing(session, "Too many failed logins");
        }
        boolean mayNeedTls = session.tls().isOffered() && !session.tls().isSecured();
        return new Reply(
                ReplyCode.NOT_LOGGED_IN_530,
                mayNeedTls ? "Login incorrect, or TLS is required: send AUTH TLS first" : "Login incorrect");
    }

    private static Reply closing(Session session, String why) {
        session.end(why);
        return new Reply(ReplyCode.SERVICE_NOT_AVAILABLE_421, why + ", closing");
    }

    public static Reply account() {
        return new Reply(ReplyCode.SUPERFLUOUS_202, "No account is needed");
    }

    /** CWD and CDUP. */
    public static Reply changeDirectory(Session session, String pathname) throws IOException {
        VirtualPath directory = session.resolve(pathname);
        if (!session.store().target(directory).isDirectory()) {
            throw new StorageException(Reason.NOT_A_DIRECTORY, directory);
        }
        session.workingDirectory(directory);
        return new Reply(ReplyCode.FILE_ACTION_OKAY_250, "Working directory is " + directory);
    }

    public static Reply mount() {
        return new Reply(ReplyCode.COMMAND_NOT_IMPLEMENTED_502, "There is one file system structure only");
    }

    public static Reply reinitialise(Session session) throws IOException {
        // The answer still goes the way that the command came (RFC 4217 section 11).
        session.logOut();
        return new Reply(ReplyCode.SERVICE_READY_220, "Ready for a new user");
    }

    public static Reply quit(Session session) {
        session.end("QUIT");
        return new Reply(ReplyCode.CLOSING_CONTROL_CONNECTION_221, "Goodbye");
    }

    /**
     * HOST: there is one host, which goes by every name. Before AUTH it chooses the certificate; a name in the handshake has
     * chosen it already, and must be the same (RFC 7151 section 3.3).
     */
    public static Reply host(Session session, Command.Host host) {
        if (session.isLoggedIn() || !session.claimedUser().isEmpty()) {
            return new Reply(ReplyCode.BAD_SEQUENCE_503, "HOST comes before USER");
        }
        if (!HOST.matcher(host.host()).matches()) {
            return new Reply(ReplyCode.ARGUMENT_SYNTAX_ERROR_501, "Neither a host name nor an address");
        }
        String indicated = session.tls().indicatedHost();
        if (!indicated.isEmpty() && !indicated.equalsIgnoreCase(host.host())) {
            return new Reply(ReplyCode.PARAMETER_NOT_IMPLEMENTED_504, "TLS was begun with another host, " + indicated);
        }
        session.tls().host(host.host());
        return new Reply(ReplyCode.SERVICE_READY_220, "Host accepted");
    }
}
