package dev.portside.client;

import dev.portside.protocol.Command;
import dev.portside.protocol.DirectoryEntry;
import dev.portside.protocol.Listing;
import dev.portside.protocol.Reply;
import dev.portside.protocol.RepresentationType;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A session with an FTP server (RFC 959 and its successors).
 *
 * <ol>
 *   <li>{@link #connect} makes the control connection.
 *   <li>{@link #login} comes before everything else.
 *   <li>Then one operation at a time: one that is begun while another one runs, or while a {@link Download} or an {@link
 *       Upload} is open, is an {@link IllegalStateException}. Only {@link #abort} may come at any time, from any thread.
 *   <li>{@link #close} ends the session.
 * </ol>
 *
 * <p>A refusal of the server is an {@link FtpReplyException}; after it, the session goes on. A server that breaks the
 * protocol is an {@link FtpProtocolException}, a data connection that cannot be made an {@link
 * FtpDataConnectionException}; whatever else happens on the network is another {@link IOException}. When a reply is missing
 * the control connection is given up ({@link #isOpen}), because a reply that came late would be taken for the next one.
 *
 * <p>Pathnames are the server's: as {@link #list} gives them, or as the user types them; an empty one is the working
 * directory where a directory is asked for. Nothing is encoded, expanded or quoted. One that holds CR, LF or NUL, or a
 * character that the {@linkplain FtpClientOptions#charset charset} lacks, is an {@link IllegalArgumentException}.
 */
public final class FtpClient implements Closeable {
    private final Session session;

    private FtpClient(Session session) {
        this.session = session;
    }

    static RepresentationType supported(RepresentationType type) {
        if (Objects.requireNonNull(type, "type") == RepresentationType.EBCDIC) {
            throw new IllegalArgumentException("TYPE E is not supported");
        }
        return type;
    }

    /**
     * Looks up the host, connects to the first of its addresses that answers, reads the greeting, and makes the control
     * connection a TLS connection as {@link FtpClientOptions#tls} says.
     *
     * @throws java.net.UnknownHostException if there is no such host, or the lookup took too long
     * @throws java.net.ConnectException if none of its addresses can be connected to; the message tells each
     * @throws FtpReplyException if the server does not want us: 421; or refuses TLS, unless the mode is {@link TlsMode#AUTO}
     * @throws FtpCertificateException if the server's certificate is refused
     * @throws FtpProtocolException if what answers is no FTP server
     */
    public static FtpClient connect(FtpClientOptions options) throws IOException {
        return new FtpClient(Session.connect(options));
    }

    /** The server's greeting. */
    public Reply greeting() {
        return session.greeting();
    }

    /** The client's end of the control connection. */
    public InetSocketAddress localAddress() {
        return session.pi().localAddress();
    }

    /** The server's end of the control connection; unresolved behind a proxy that has looked up the name. */
    public InetSocketAddress remoteAddress() {
        return session.serverAddress();
    }

    /** Whether the session can go on: the control connection is there, and no reply is missing. */
    public boolean isOpen() {
        return session.pi().isOpen();
    }

    /** How the control connection is secured; empty: it is in the clear. */
    public Optional<TlsStatus> tls() {
        return Optional.ofNullable(session.tls());
    }

    /** Logs in as {@code anonymous} (RFC 1635). */
    public void login() throws IOException {
        login("anonymous", "anonymous@");
    }

    /**
     * Logs in: USER, and PASS if the server asks for it. Under TLS then tells the server that data connections are protected:
     * PBSZ 0, PROT P.
     *
     * <p>Under TLS, and with {@link DataMode#AUTO}, name and password are kept until {@link #close}: some servers and gateways
     * make it necessary to connect again, see {@link FtpClientListener#connectedAgain}.
     *
     * @throws FtpReplyException if the server refuses (530), wants an account too (332), or refuses PROT
     */
    public void login(String user, String password) throws IOException {
        session.operation("login", () -> session.login(user, password, null));
    }

    /** Logs in with an account, for servers that ask for one: USER, PASS, ACCT (RFC 959 section 4.1.1). */
    public void login(String user, String password, String account) throws IOException {
        session.operation("login", () -> session.login(user, password, account));
    }

    /** What the server offers beyond RFC 959. Asked once; a server without FEAT has no features. */
    public Features features() throws IOException {
        return session.ask("FEAT", session::features);
    }

    /**
     * How file data is represented from the next transfer on. Listings are not affected.
     *
     * @throws IllegalArgumentException for EBCDIC
     */
    public void type(RepresentationType type) {
        session.type(supported(type));
    }

    /** Lists the working directory, see {@link #list(String)}. */
    public Listing list() throws IOException {
        return list("");
    }

    /**
     * Lists a directory: MLSD where the server has it, otherwise LIST.
     *
     * <p>An empty listing is an empty directory; every failure is an exception, the 450 and 550 included by which some old
     * servers speak of an empty directory. A listing comes from a stranger: a name becomes part of a local path only if
     * {@link DirectoryEntry#hasSafeName} holds. Lines that nobody understood are in {@link Listing#unparsed}.
     *
     * @throws FtpProtocolException if it exceeds {@link FtpClientOptions#maxListingLines}
     */
    public Listing list(String path) throws IOException {
        return session.ask("the listing of " + path, () -> Listings.list(session, path));
    }

    /**
     * The names in a directory (NLST): as the server gives them, some with the directory in front. An empty directory is an
     * empty list, or 450 or 550 by the choice of the server, which is an {@link FtpReplyException}.
     */
    public List<String> names(String path) throws IOException {
        return session.ask("the names in " + path, () -> Listings.names(session, path));
    }

    /**
     * What the server says about one object: MLST where the server has it; otherwise SIZE and MDTM; otherwise, for what is no
     * file, the listing of its parent directory. The name is the last one of the path.
     *
     * @throws FtpReplyException if the server says that there is no such object
     * @throws java.io.FileNotFoundException if the listing of its parent lacks it
     */
    public DirectoryEntry entry(String path) throws IOException {
        return session.ask("the entry of " + path, () -> Listings.entry(session, path));
    }

    /** Begins to download a file, see {@link Download}. */
    public Download retrieve(String path) throws IOException {
        return retrieve(path, 0);
    }

    /**
     * Begins to download a file from an offset on (REST, RFC 3659 section 5).
     *
     * <p>Asks for the size first (TYPE I only), by which {@link Download#close} tells a server that took REST and sent the
     * whole file all the same: that is an {@link FtpProtocolException}.
     *
     * @param offset bytes to pass over; in TYPE A as the server counts them
     * @throws java.io.EOFException if the file ends before the offset
     * @throws FtpReplyException if the server refuses, REST included: a download never begins elsewhere in silence
     */
    public Download retrieve(String path, long offset) throws IOException {
        return session.begin(new Command.Retr(path), offset, Download::new);
    }

    /** Begins to upload a file, which is replaced if it is there, see {@link Upload}. */
    public Upload store(String path) throws IOException {
        return store(path, 0);
    }

    /**
     * Begins to go on with an upload: what is sent is written from the offset on. REST and STOR; if the server refuses REST
     * and the file has exactly that size, APPE.
     *
     * @throws FtpReplyException if the server refuses
     */
    public Upload store(String path, long offset) throws IOException {
        return session.begin(new Command.Stor(path), offset, Upload::new);
    }

    /** Begins to append to a file, which is made if it is not there (APPE). */
    public Upload append(String path) throws IOException {
        return session.begin(new Command.Appe(path), 0, Upload::new);
    }

    /**
     * Begins to upload a file under a name of the server's choice (STOU): {@link Upload#uniqueName}.
     *
     * @param path what the name may be made from, where the server wants that; or empty, as RFC 959 has it
     */
    public Upload storeUnique(String path) throws IOException {
        return session.begin(new Command.Stou(path), 0, Upload::new);
    }

    private void complete(Command command) throws IOException {
        session.operation(command.masked(), () -> session.complete(command));
    }

    /** Makes a directory (MKD). */
    public void makeDirectory(String path) throws IOException {
        complete(new Command.Mkd(path));
    }

    /** Removes a directory (RMD), which must be empty on most servers. */
    public void removeDirectory(String path) throws IOException {
        complete(new Command.Rmd(path));
    }

    /** Deletes a file (DELE). */
    public void delete(String path) throws IOException {
        complete(new Command.Dele(path));
    }

    /** Renames or moves an object (RNFR and RNTO). Whether an object that is there is replaced is up to the server. */
    public void rename(String from, String to) throws IOException {
        Command.Rnto target = new Command.Rnto(to);
        session.operation("RNFR " + from, () -> {
            session.command(new Command.Rnfr(from));
            session.complete(target);
        });
    }

    /** Changes the working directory (CWD). */
    public void changeDirectory(String path) throws IOException {
        complete(new Command.Cwd(path));
    }

    /** The working directory (PWD). */
    public String workingDirectory() throws IOException {
        return session.ask("PWD", () -> FileFacts.workingDirectory(session));
    }

    /** The size of a file in bytes, as RETR would send it in the {@linkplain #type type} in use (SIZE, RFC 3659 section 4). */
    public long size(String path) throws IOException {
        return session.ask("SIZE " + path, () -> FileFacts.size(session, path));
    }

    /** When the content of a file was last changed (MDTM, RFC 3659 section 3). */
    public Instant modifiedTime(String path) throws IOException {
        return session.ask("MDTM " + path, () -> FileFacts.modifiedTime(session, path));
    }

    /**
     * Sets when the content of a file was last changed: MFMT, or what else the server offers for it, MDTM with a time or SITE
     * UTIME. Most servers keep seconds.
     */
    public void setModifiedTime(String path, Instant time) throws IOException {
        session.operation("MFMT " + path, () -> FileFacts.setModifiedTime(session, path, time));
    }

    /**
     * The hash of a file's bytes, computed by the server: HASH (draft-bryan-ftpext-hash), otherwise XSHA256 and its like.
     *
     * @param algorithm {@code SHA-256}, {@code SHA-512}, {@code SHA-1}, {@code MD5} or {@code CRC32}, in any case
     * @return hexadecimal, in lower case
     * @throws FtpReplyException if the server cannot
     */
    public String hash(String algorithm, String path) throws IOException {
        return session.ask("HASH " + path, () -> FileFacts.hash(session, algorithm, path));
    }

    /**
     * Sends a command that needs no data connection and waits for its reply.
     *
     * @return a reply that is positive, or intermediate: then the next command of the sequence is expected
     * @throws FtpReplyException if the reply is negative
     * @throws IllegalArgumentException for a command that transfers data or belongs to a transfer (RETR, REST, ABOR …), and
     *     for MODE, STRU and TYPE that this client does not speak; for AUTH, PBSZ, PROT and CCC, and under TLS for REIN
     */
    public Reply execute(Command command) throws IOException {
        Session.refuseTransfers(command);
        return session.ask(command.masked(), () -> session.command(command));
    }

    /**
     * Aborts the transfer that runs (ABOR), from any thread; does nothing if none does. Returns when the server has answered,
     * or {@link FtpClientOptions#abortTimeout} is over: then the control connection is given up. Whoever moves the data gets
     * an {@link IOException}.
     */
    public void abort() {
        session.abort();
    }

    /** Aborts a transfer that runs, says QUIT, and closes the connection. Never fails; does nothing the second time. */
    @Override
    public void close() {
        session.close();
    }
}
