package dev.portside.server.control;

import dev.portside.protocol.Command;
import dev.portside.protocol.Fact;
import dev.portside.protocol.Reply;
import dev.portside.protocol.RepresentationType;
import dev.portside.protocol.TransmissionMode;
import dev.portside.server.Account;
import dev.portside.server.FtpServerListener;
import dev.portside.server.FtpServerOptions;
import dev.portside.server.PeerCheck;
import dev.portside.server.SessionStatus;
import dev.portside.server.TlsPolicy;
import dev.portside.server.command.HashAlgorithm;
import dev.portside.server.command.ListedFacts;
import dev.portside.server.storage.StorageException;
import dev.portside.server.storage.StorageException.Reason;
import dev.portside.server.storage.VirtualFileStore;
import dev.portside.server.storage.VirtualPath;
import dev.portside.transport.ControlConnection;
import dev.portside.transport.DataPort;
import dev.portside.transport.InflationLimit;
import dev.portside.transport.TransferParameters;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The state of one session, from the greeting to the end of the control connection.
 *
 * <p>The thread of the control connection changes it; while a transfer runs, the thread of the transfer does, and the other
 * one keeps its hands off. What the admin view shows is volatile.
 */
public final class Session {
    private final long id;
    private final ControlConnection control;
    private final Endpoints ends;
    private final ServerParts parts;
    private final SessionTls tls;
    private final Instant since = Instant.now();
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile String endReason = "";
    private volatile String commandLine = "";
    private volatile @Nullable Transfer transfer;

    // Login
    private long loggedOutSince = System.nanoTime();
    private String claimedUser = "";
    private int failedLogins;
    private volatile @Nullable Account account;
    private @Nullable VirtualFileStore store;

    // Where the user is
    private VirtualPath workingDirectory = VirtualPath.ROOT;
    private @Nullable VirtualPath renameFrom;

    // Transfer parameters
    private RepresentationType type = RepresentationType.ASCII;
    private TransmissionMode mode = TransmissionMode.STREAM;
    private int deflateLevel = TransferParameters.USUAL_LEVEL;
    private ByteRange range = ByteRange.ALL;
    private @Nullable DataPort dataPort;
    private boolean extendedPassiveOnly;

    // What the client has chosen
    private Set<Fact> selectedFacts = ListedFacts.OFFERED;
    private HashAlgorithm hashAlgorithm = HashAlgorithm.SHA_256;
    private Duration idleTimeout;
    private String clientName = "";

    private final Seen seen = new Seen();

    Session(long id, ControlConnection control, Endpoints ends, SessionTls tls, ServerParts parts) {
        this.id = id;
        this.control = control;
        this.ends = ends;
        this.tls = tls;
        this.parts = parts;
        this.idleTimeout = parts.options().idleTimeout();
    }

    public ControlConnection control() {
        return control;
    }

    public FtpServerOptions options() {
        return parts.options();
    }

    /** What secures the session. */
    public SessionTls tls() {
        return tls;
    }

    public ServerParts parts() {
        return parts;
    }

    /** Where the client is; behind a proxy not where the control connection comes from. */
    public InetSocketAddress remoteAddress() {
        return ends.client();
    }

    /** Where the client has connected to; behind a proxy not where the control connection goes to. */
    public InetAddress reachedAddress() {
        return ends.server().getAddress();
    }

    /** The admin view. */
    public SessionStatus status() {
        Account user = account;
        Transfer running = transfer;
        return new SessionStatus(
                id,
                control.localAddress(),
                ends.client(),
                user == null ? null : user.name(),
                since,
                tls.status(),
                commandLine,
                running == null || running.isDone() || !running.usesData() ? null : running.status());
    }

    public void tell(BiConsumer<FtpServerListener, SessionStatus> event) {
        parts.events().tell(this, event);
    }

    // Login

    public String claimedUser() {
        return claimedUser;
    }

    public void claimedUser(String user) {
        claimedUser = user;
    }

    public boolean isLoggedIn() {
        return account != null;
    }

    /** What is left of the time to log in. */
    Duration timeToLogIn() {
        return options().loginTimeout().minusNanos(System.nanoTime() - loggedOutSince);
    }

    /** Counts a failed login of this session; how many there were. */
    public int addFailedLogin() {
        return ++failedLogins;
    }

    /** Who is logged in; only behind the gate. */
    public Account account() {
        Account user = account;
        if (user == null) {
            throw new IllegalStateException("nobody is logged in");
        }
        return user;
    }

    /** How much TLS is asked for, by the listener and by the account of who is logged in. */
    public TlsPolicy tlsPolicy() {
        return tls.policy(account);
    }

    /** The files of the account; only behind the gate. */
    public VirtualFileStore store() {
        VirtualFileStore files = store;
        if (files == null) {
            throw new IllegalStateException("nobody is logged in");
        }
        return files;
    }

    public void logIn(Account user, VirtualFileStore files) {
        account = user;
        store = files;
    }

    /** Forgets the user and everything that was chosen, as after connecting (REIN). */
    public void logOut() throws IOException {
        Account user = account;
        VirtualFileStore files = store;
        account = null;
        store = null;
        loggedOutSince = System.nanoTime();
        claimedUser = "";
        workingDirectory = VirtualPath.ROOT;
        renameFrom = null;
        type = RepresentationType.ASCII;
        mode = TransmissionMode.STREAM;
        deflateLevel = TransferParameters.USUAL_LEVEL;
        range = ByteRange.ALL;
        extendedPassiveOnly = false;
        selectedFacts = ListedFacts.OFFERED;
        hashAlgorithm = HashAlgorithm.SHA_256;
        idleTimeout = options().idleTimeout();
        clientName = "";
        control.charset(options().nameCharset());
        tls.reset();
        dataPort(null);
        if (user != null) {
            parts.sessions().releaseUser(user.name());
        }
        if (files != null) {
            files.close();
        }
    }

    // Where the user is

    public VirtualPath workingDirectory() {
        return workingDirectory;
    }

    public void workingDirectory(VirtualPath directory) {
        workingDirectory = directory;
    }

    /** What a pathname means in the working directory; it cannot leave the root. */
    public VirtualPath resolve(String pathname) throws StorageException {
        VirtualPath path = workingDirectory.resolve(pathname);
        if (path.toString().length() > options().maxPathLength()) {
            throw new StorageException(Reason.NAME_NOT_ALLOWED, workingDirectory);
        }
        return path;
    }

    public @Nullable VirtualPath renameFrom() {
        return renameFrom;
    }

    public void renameFrom(@Nullable VirtualPath from) {
        renameFrom = from;
    }

    // Transfer parameters

    public RepresentationType type() {
        return type;
    }

    public void type(RepresentationType chosen) {
        type = chosen;
    }

    public TransmissionMode mode() {
        return mode;
    }

    public void mode(TransmissionMode chosen) {
        mode = chosen;
    }

    /** How hard this side tries in MODE Z, 0 to {@link TransferParameters#MAX_LEVEL}. */
    public int deflateLevel() {
        return deflateLevel;
    }

    public void deflateLevel(int chosen) {
        deflateLevel = chosen;
    }

    /** How the next data connection carries data of a type. */
    public TransferParameters transferParameters(RepresentationType wireType) {
        return new TransferParameters(
                wireType,
                mode,
                deflateLevel,
                new InflationLimit(options().maxInflation(), options().inflationGrace()));
    }

    public void range(ByteRange chosen) {
        range = chosen;
    }

    /** The restart marker or range, which is used up with this. */
    public ByteRange takeRange() {
        ByteRange taken = range;
        range = ByteRange.ALL;
        return taken;
    }

    /** Whether the address of a data connection proves nothing, so that it must resume the TLS session. */
    boolean mustResume() {
        return options().network().peerCheck(remoteAddress().getAddress()) == PeerCheck.TLS_SESSION;
    }

    public boolean hasDataPort() {
        return dataPort != null;
    }

    /** Sets where the next data connection is made; what was set before is closed. */
    public void dataPort(@Nullable DataPort next) throws IOException {
        DataPort old = dataPort;
        dataPort = next;
        tls.clientToServerOnce(false);
        if (old != null) {
            old.close();
        }
    }

    /** The data port, which is used up with this; null when there is none. */
    public @Nullable DataPort takeDataPort() {
        DataPort taken = dataPort;
        dataPort = null;
        return taken;
    }

    /** Whether EPSV ALL was said since connecting or REIN (RFC 2428 section 4). */
    public boolean isExtendedPassiveOnly() {
        return extendedPassiveOnly;
    }

    public void extendedPassiveOnly() {
        extendedPassiveOnly = true;
    }

    // What the client has chosen

    public Set<Fact> selectedFacts() {
        return selectedFacts;
    }

    public void selectedFacts(Set<Fact> selected) {
        selectedFacts = selected;
    }

    public HashAlgorithm hashAlgorithm() {
        return hashAlgorithm;
    }

    public void hashAlgorithm(HashAlgorithm chosen) {
        hashAlgorithm = chosen;
    }

    public Duration idleTimeout() {
        return idleTimeout;
    }

    public void idleTimeout(Duration chosen) {
        idleTimeout = chosen;
    }

    public String clientName() {
        return clientName;
    }

    public void clientName(String name) {
        clientName = name;
    }

    // Course

    void commandLine(String masked) {
        commandLine = masked;
    }

    /** The transfer that is running, or null. */
    public @Nullable Transfer transfer() {
        return transfer;
    }

    /** The transfer that the calling thread drives. */
    public Transfer ownTransfer() {
        Transfer running = transfer;
        if (running == null) {
            throw new IllegalStateException("no transfer is running");
        }
        return running;
    }

    /**
     * Begins a transfer.
     *
     * @param reader has another thread read the control connection
     */
    Transfer beginTransfer(Command command, Runnable reader) {
        Transfer begun = new Transfer(command, type, reader);
        transfer = begun;
        return begun;
    }

    void endTransfer() {
        transfer = null;
    }

    /** What this end has seen of the data connections. */
    public Seen seen() {
        return seen;
    }

    /** Sends a reply; a character that the charset of names lacks becomes a question mark. */
    public void write(Reply reply) throws IOException {
        seen.sent(reply);
        try {
            control.write(reply);
        } catch (IllegalArgumentException unwritable) {
            control.write(new Reply(
                    reply.code(),
                    reply.lines().stream()
                            .map(line -> line.replaceAll("[^\\x20-\\x7e]", "?"))
                            .toList()));
        }
    }

    /** Ends the session after the reply to this command. */
    public void end(String reason) {
        if (endReason.isEmpty()) {
            endReason = reason;
        }
        over.countDown();
    }

    public boolean isOver() {
        return over.getCount() == 0;
    }

    String endReason() {
        return endReason;
    }

    /** Lets time pass in this session only; true if the session is over before that. */
    public boolean isOverWithin(Duration delay) {
        try {
            return over.await(delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
