package dev.portside.cli;

import dev.portside.client.FtpCertificateException;
import dev.portside.client.FtpClient;
import dev.portside.client.FtpClientListener;
import dev.portside.client.FtpClientTls;
import dev.portside.client.FtpProtocolException;
import dev.portside.client.FtpProxy;
import dev.portside.client.FtpReplyException;
import dev.portside.client.TlsMode;
import dev.portside.protocol.Command;
import dev.portside.protocol.DirectoryEntry;
import dev.portside.protocol.Listing;
import dev.portside.protocol.Reply;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The servers that a command talks to: a control connection to each, opened when it is first needed, and again when it was
 * lost.
 */
final class Remotes implements AutoCloseable {
    /** One server as one user. */
    private record Server(
            TlsMode tls,
            String hostPort,
            @Nullable String user,
            @Nullable String password) {
        static Server of(RemoteUrl url) {
            return new Server(url.tls(), url.hostPort(), url.user(), url.password());
        }
    }

    private final Console console;
    private final RemoteOptions options;
    private final FirstUse firstUse;
    private boolean warned;
    private boolean proxyWarned;
    private final Map<Server, FtpClient> clients = new HashMap<>();
    private final Map<Server, Login> logins = new HashMap<>();

    Remotes(Console console, RemoteOptions options) {
        this.console = console;
        this.options = options;
        this.firstUse = new FirstUse(console, options.tls().trustsOnFirstUse());
    }

    /** A client that is logged in to the server of the URL. */
    FtpClient client(RemoteUrl url) throws IOException {
        Server server = Server.of(url);
        FtpClient open = clients.get(server);
        if (open != null && open.isOpen()) {
            return open;
        }
        if (open != null) {
            open.close();
        }
        Login login = logins.computeIfAbsent(server, key -> Login.find(url, console, options.quiet()));
        if (options.tls().insecure() && !options.quiet() && !warned) {
            warned = true;
            console.message("portside: --insecure: no certificate is checked, whoever is on the way to the server can"
                    + " read and change everything, the password included");
        }
        if (options.proxy().showsPassword() && !options.quiet() && !proxyWarned) {
            proxyWarned = true;
            console.message("portside: the password in --proxy can be read by every user of this machine, use "
                    + ProxyOptions.PROXY_VARIABLE);
        }
        FtpClient client;
        try {
            client = loggedIn(url, login);
        } catch (FtpCertificateException unknown) {
            firstUse.accept(url, unknown);
            client = loggedIn(url, login);
        }
        clients.put(server, client);
        return client;
    }

    private FtpClient loggedIn(RemoteUrl url, Login login) throws IOException {
        FtpClient client = connect(url);
        try {
            client.login(login.user(), login.password());
            return client;
        } catch (FtpReplyException refused) {
            client.close();
            throw refused(url, login, refused);
        } catch (IOException failed) {
            client.close();
            throw failed;
        }
    }

    private static PortsideException refused(RemoteUrl url, Login login, FtpReplyException refused) {
        Reply reply = refused.reply();
        return new PortsideException(
                ExitCode.LOGIN_REFUSED,
                login.user() + "@" + url.hostPort() + ": login refused, " + reply.code() + " " + reply.text()
                        + (url.user() == null && login.isAnonymous()
                                ? ", name a user: " + url.scheme() + "USER@" + url.hostPort() + "/"
                                : ", check user and password"
                                        + (url.tls() == TlsMode.OFF ? ", or use ftpes:// if it wants TLS" : "")),
                refused);
    }

    /** Whether the control connection to the server is there. */
    boolean isConnected(RemoteUrl url) {
        FtpClient client = clients.get(Server.of(url));
        return client != null && client.isOpen();
    }

    private FtpClient connect(RemoteUrl url) throws IOException {
        FtpClientListener listener = listener();
        FtpProxy proxy = options.proxy().proxy(url, console);
        try {
            FtpClientTls tls = options.tls().clientTls(url, firstUse.known(url), console);
            return FtpClient.connect(options.clientOptions(url, tls, listener).toBuilder()
                    .proxy(proxy)
                    .dataModes(KnownModes.of(console))
                    .build());
        } catch (FtpCertificateException | FileSystemException failed) {
            throw failed;
        } catch (FtpReplyException refused) {
            throw refusedTls(url, refused);
        } catch (FtpProtocolException noFtp) {
            throw new PortsideException(
                    ExitCode.PROTOCOL, url.hostPort() + ": this is no FTP server, " + noFtp.getMessage(), noFtp);
        } catch (UnknownHostException unknown) {
            String which = proxy == null ? url.host() : "the proxy " + proxy.host();
            throw new PortsideException(ExitCode.CANNOT_CONNECT, which + ": no such host, check the name", unknown);
        } catch (ConnectException refused) {
            String advice = proxy == null ? ", check host and port" : "";
            throw new PortsideException(ExitCode.CANNOT_CONNECT, refused.getMessage() + advice, refused);
        } catch (IOException failed) {
            throw new PortsideException(
                    ExitCode.CANNOT_CONNECT, url.hostPort() + ": cannot connect, " + Failure.reason(failed), failed);
        }
    }

    private FtpClientListener listener() {
        if (options.verbose()) {
            return new Dialogue(console);
        }
        return options.quiet() ? new FtpClientListener() {} : new Remarks(console);
    }

    /** A server that greets with 421 is no different from one that is not there; one without TLS is. */
    private static PortsideException refusedTls(RemoteUrl url, FtpReplyException refused) {
        if (refused.command() instanceof Command.Auth) {
            return new PortsideException(
                    ExitCode.CANNOT_CONNECT,
                    url.hostPort() + ": the server refuses TLS, " + refused.reply()
                            + ", ftp:// does without it: everything can be read on the way then, the password included",
                    refused);
        }
        return new PortsideException(
                ExitCode.CANNOT_CONNECT, url.hostPort() + ": cannot connect, " + Failure.reason(refused), refused);
    }

    /** What is in a directory, sorted by name, without the directory itself and its parent; unread lines are reported. */
    List<DirectoryEntry> list(RemoteUrl url) throws IOException {
        Listing listing = client(url).list(url.path());
        for (String line : listing.unparsed()) {
            console.message("portside: "
                    + Console.visible(shown(url) + ": this line of the listing was not understood: " + line));
        }
        List<DirectoryEntry> entries = new ArrayList<>(listing.entries());
        entries.removeIf(DirectoryEntry::isSelfOrParent);
        entries.sort(Comparator.comparing(DirectoryEntry::name));
        return entries;
    }

    /** What the server says about the object, or null when it does not tell. */
    @Nullable
    DirectoryEntry entryOrNull(RemoteUrl url) throws IOException {
        if (url.path().isEmpty() || url.path().equals("/")) {
            return new DirectoryEntry(url.path(), DirectoryEntry.Type.DIRECTORY, null, null, false, null, Map.of());
        }
        try {
            return client(url).entry(url.path());
        } catch (FtpReplyException | FileNotFoundException unknown) {
            return null;
        }
    }

    boolean isDirectory(RemoteUrl url) throws IOException {
        DirectoryEntry entry = entryOrNull(url);
        return entry != null && entry.isDirectory();
    }

    /**
     * The URLs that a URL with wildcards stands for; a URL without any stands for itself.
     *
     * @throws PortsideException if nothing matches
     */
    List<RemoteUrl> expand(RemoteUrl url) throws IOException {
        if (!url.isPattern()) {
            return List.of(url);
        }
        List<String> paths = new ArrayList<>();
        boolean absolute = url.pattern().startsWith("/");
        paths.add(absolute ? "/" : "");
        for (String part : (absolute ? url.pattern().substring(1) : url.pattern()).split("/+")) {
            paths = Glob.isPattern(part) ? matches(url, paths, new Glob(part)) : appended(paths, Glob.unquote(part));
        }
        if (paths.isEmpty()) {
            throw new PortsideException(
                    ExitCode.REFUSED,
                    shown(url) + ": nothing matches (%2A, %3F and %5B are *, ? and [ that are no wildcards)");
        }
        return paths.stream().map(url::withPath).toList();
    }

    private static List<String> appended(List<String> paths, String name) {
        return paths.stream().map(path -> join(path, name)).toList();
    }

    private List<String> matches(RemoteUrl url, List<String> directories, Glob glob) throws IOException {
        List<String> matched = new ArrayList<>();
        for (String directory : directories) {
            for (DirectoryEntry entry : listIfDirectory(url.withPath(directory), directories.size() == 1)) {
                if (entry.hasSafeName() && glob.matches(entry.name())) {
                    matched.add(join(directory, entry.name()));
                }
            }
        }
        return matched;
    }

    /** Of several directories that a pattern names, some may be files. */
    private List<DirectoryEntry> listIfDirectory(RemoteUrl url, boolean only) throws IOException {
        try {
            return list(url);
        } catch (FtpReplyException refused) {
            if (only) {
                throw refused;
            }
            return List.of();
        }
    }

    /** The path of a name in a directory; the empty path is the login directory. */
    static String join(String directory, String name) {
        return directory.isEmpty() || directory.endsWith("/") ? directory + name : directory + "/" + name;
    }

    /** The path of a URL as messages name it. */
    static String shown(RemoteUrl url) {
        return url.path().isEmpty() ? url.hostPort() : url.path();
    }

    @Override
    public void close() {
        clients.values().forEach(FtpClient::close);
    }
}
