package dev.portside.client;

import dev.portside.client.FtpDataConnectionException.Outcome;
import dev.portside.protocol.Command;
import dev.portside.protocol.DataStructure;
import dev.portside.protocol.Reply;
import dev.portside.protocol.ReplyCode;
import dev.portside.protocol.RepresentationType;
import dev.portside.protocol.TransmissionMode;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a client knows of its session with a server, and the rule that one operation runs at a time. */
final class Session {
    /** An operation that gives something. */
    interface Question<T> {
        T ask() throws IOException;
    }

    /** An operation that gives nothing. */
    interface Operation {
        void run() throws IOException;
    }

    private static final Set<String> TRANSFERS = Set.of("RETR", "STOR", "STOU", "APPE", "LIST", "NLST", "MLSD");
    private static final Set<String> PARTS_OF_TRANSFERS =
            Set.of("PORT", "PASV", "EPRT", "EPSV", "REST", "RANG", "ABOR", "QUIT");
    private static final Set<String> MODES = Set.of("TYPE", "MODE", "STRU", "REIN");
    private static final Set<String> SECURITY = Set.of("AUTH", "ADAT", "PBSZ", "PROT", "CCC");

    /** One for each mode but the last. */
    private static final int MAX_LOST_CONNECTIONS = 3;

    private final FtpClientOptions options;
    private final Trail trail = new Trail();
    private volatile Link link;

    private final AtomicReference<@Nullable String> running = new AtomicReference<>();
    private volatile @Nullable Transfer transfer;
    private volatile RepresentationType type;
    private volatile boolean closed;

    private Session(FtpClientOptions options, Link link) {
        this.options = options;
        this.link = link;
        this.type = options.type();
    }

    static Session connect(FtpClientOptions options) throws IOException {
        return new Session(options, Link.first(options));
    }

    UserPI pi() {
        return link.pi();
    }

    InetSocketAddress serverAddress() {
        return link.way().server();
    }

    FtpClientOptions options() {
        return options;
    }

    Reply greeting() {
        return link.greeting();
    }

    /** How the control connection is secured; null in the clear. */
    @Nullable
    TlsStatus tls() {
        return link.status();
    }

    // One operation at a time

    void operation(String what, Operation operation) throws IOException {
        ask(what, () -> {
            operation.run();
            return true;
        });
    }

    <T> T ask(String what, Question<T> question) throws IOException {
        enter(what);
        try {
            return question.ask();
        } finally {
            transfer = null;
            running.set(null);
        }
    }

    /** Begins a transfer of a file, which runs until it is closed. */
    <T> T begin(Command command, long offset, Function<Transfer, T> wrap) throws IOException {
        if (offset < 0) {
            throw new IllegalArgumentException("an offset is not negative: " + offset);
        }
        String what = command.masked();
        enter(what);
        boolean begun = false;
        try {
            sendType(type);
            long size = offset > 0 ? sizeOf(command) : -1;
            if (size >= 0 && offset > size) {
                throw new EOFException(what + ": cannot begin at " + offset + ", the file ends at " + size);
            }
            Transfer opened = open(command, offset, type);
            if (size >= 0) {
                opened.expectSize(size);
            }
            opened.whenClosed(() -> {
                transfer = null;
                running.set(null);
            });
            begun = true;
            return wrap.apply(opened);
        } finally {
            if (!begun) {
                running.set(null);
            }
        }
    }

    /**
     * The size of a file that is to be downloaded from an offset on, or -1 if the server does not tell: without it, nobody
     * could tell the rest of a file from the whole one, which some servers send after they have taken REST.
     */
    private long sizeOf(Command command) throws IOException {
        if (!(command instanceof Command.Retr(String path)) || type == RepresentationType.ASCII) {
            return -1;
        }
        return FileFacts.sizeIn(replyTo(new Command.Size(path)));
    }

    private void enter(String what) {
        String other = running.compareAndExchange(null, what);
        if (other != null) {
            throw new IllegalStateException(
                    what + ": the client is busy with " + other + (transfer == null ? "" : ", close it first"));
        }
        link.dtp().beginOperation();
    }

    /** Begins a transfer inside an operation. */
    Transfer open(Command command, long offset, RepresentationType as) throws IOException {
        // What cannot be sent is found out before the server has opened anything for it.
        options.charset().encode(command.line());
        Transfer opened;
        try {
            opened = openOverAny(command, offset, as);
        } catch (FtpDataConnectionException refused) {
            if (refused.attempts().getLast().outcome() != Outcome.SESSION_NOT_RESUMED) {
                throw refused;
            }
            connectAgain(refused);
            opened = link.open(command, offset, as);
            if (ReuseRules.isPinned(link.tls()) && link.protection().hasResumed()) {
                ReuseRules.requiresTls12(options);
            }
        }
        transfer = opened;
        if (link.dtp().isAborted()) {
            opened.abort();
        }
        return opened;
    }

    /** When an attempt at a data connection has cost the control connection, AUTO goes on over another one. */
    private Transfer openOverAny(Command command, long offset, RepresentationType as) throws IOException {
        int lost = 0;
        while (true) {
            try {
                return link.open(command, offset, as);
            } catch (FtpDataConnectionException failed) {
                boolean modesLeft =
                        failed.attempts().stream().anyMatch(attempt -> attempt.outcome() == Outcome.NOT_TRIED);
                boolean goesOn = options.mode() == DataMode.AUTO && modesLeft && ++lost <= MAX_LOST_CONNECTIONS;
                if (!goesOn || pi().isOpen() || closed || link.dtp().isAborted()) {
                    throw failed;
                }
                Link before = link;
                try {
                    replace(before, before.again(before.tls()));
                } catch (IOException cannot) {
                    pi().close();
                    failed.addSuppressed(cannot);
                    throw failed;
                }
                tellConnectedAgain("a gateway or the server did not bear " + culprit(failed)
                        + ": connected again to try what is left");
            }
        }
    }

    /** The attempt behind which the control connection was gone. */
    private static String culprit(FtpDataConnectionException failed) {
        return failed.attempts().stream()
                .filter(attempt -> attempt.outcome() != Outcome.NOT_TRIED)
                .reduce((earlier, later) -> later)
                .map(attempt -> attempt.mode().name())
                .orElse("it");
    }

    private void tellConnectedAgain(String reason) {
        link.pi().tell(listener -> listener.connectedAgain(reason));
    }

    void abort() {
        Transfer open = transfer;
        if (open != null) {
            open.abort();
        } else if (running.get() != null) {
            Link at;
            do {
                at = link;
                at.dtp().abort();
            } while (at != link);
        }
    }

    void close() {
        closed = true;
        Transfer open = transfer;
        if (pi().isOpen()) {
            abort();
        }
        Link at;
        do {
            at = link;
            at.pi().close();
        } while (at != link);
        if (open != null) {
            open.abandon();
        }
        trail.forget();
    }

    // Another connection

    /**
     * The server demands that data connections resume the TLS session of the control connection, and the last one did not:
     * goes on over another control connection, whose TLS does better.
     *
     * @throws IOException if that cannot be made; the refusal itself, if there is nothing that would do better
     */
    private void connectAgain(FtpDataConnectionException refused) throws IOException {
        Link before = link;
        FtpClientTls pinned = ReuseRules.pinned(before.tls());
        // A new control connection can be resumed at least as often as this one was.
        boolean helpsAsItIs = before.protection().hasResumed();
        if (pinned == null && !helpsAsItIs) {
            throw refused;
        }
        before.pi().close();
        try {
            try {
                replace(before, before.again(pinned == null ? before.tls() : pinned));
            } catch (TlsHandshakeException notThisVersion) {
                if (pinned == null || !helpsAsItIs) {
                    refused.addSuppressed(notThisVersion);
                    throw refused;
                }
                replace(before, before.again(before.tls()));
            }
            tellResumption(before, link);
        } catch (IOException failed) {
            if (failed != refused) {
                failed.addSuppressed(refused);
            }
            throw failed;
        }
    }

    private void replace(Link before, Link after) throws IOException {
        link = after;
        if (before.dtp().isAborted()) {
            after.dtp().abort();
        }
        if (closed) {
            after.pi().close();
        }
        trail.follow(after);
        RepresentationType inForce = before.sentType();
        if (inForce != null) {
            after.sendType(inForce);
        }
        if (before.mode() != after.mode()) {
            after.command(new Command.Mode(before.mode()));
        }
    }

    private void tellResumption(Link before, Link after) {
        TlsStatus old = before.status();
        String why;
        if (!ReuseRules.isPinned(after.tls()) || ReuseRules.isPinned(before.tls())) {
            why = " and it could not be resumed any more: connected again";
        } else if (old == null || !old.protocol().equals("TLSv1.3")) {
            why = " and does not resume it by tickets: connected again with TLS 1.2";
        } else {
            why = (before.protection().hasResumed() ? " and gives too few tickets" : " and does not resume TLS 1.3")
                    + ": connected again with TLS 1.2";
        }
        tellConnectedAgain("the server demands that data connections resume the TLS session" + why);
    }

    // Commands

    Reply command(Command command) throws IOException {
        if (command instanceof Command.Rein && tls() != null) {
            throw new IllegalArgumentException("REIN would end TLS: close this client, and connect again");
        }
        Reply reply = link.command(command);
        if (command instanceof Command.Type(RepresentationType other)) {
            type = FtpClient.supported(other);
        }
        if (tls() != null || options.mode() == DataMode.AUTO) {
            // Otherwise nothing makes it necessary to connect again, and nothing is kept.
            trail.sent(command);
        }
        if (trail.isLong()) {
            Reply here = link.replyTo(new Command.Pwd());
            trail.shorten(here.code().isCompletion() ? FileFacts.quoted(here.text()) : null);
        }
        return reply;
    }

    /** Like {@link #command}, for a command that no other one follows. */
    void complete(Command command) throws IOException {
        Reply reply = command(command);
        if (!reply.code().isCompletion()) {
            throw new FtpProtocolException(command.masked() + ": a final reply expected: " + reply);
        }
    }

    /** Like {@link #command}, but a negative reply is a reply. */
    Reply replyTo(Command command) throws IOException {
        return link.replyTo(command);
    }

    /** As {@link Command.Unknown} a verb that the client knows would change what it does not see. */
    static void refuseTransfers(Command command) {
        if (command instanceof Command.Unknown && MODES.contains(command.verb().toUpperCase(Locale.ROOT))) {
            throw new IllegalArgumentException(command.line() + ": this command has a type of its own");
        }
        String verb = command.verb().toUpperCase(Locale.ROOT);
        if (TRANSFERS.contains(verb)) {
            throw new IllegalArgumentException(
                    verb + " needs a data connection: use list, retrieve, store and their like");
        }
        if (PARTS_OF_TRANSFERS.contains(verb)) {
            throw new IllegalArgumentException(verb + " is sent by the client itself, when it is needed");
        }
        if (SECURITY.contains(verb)) {
            throw new IllegalArgumentException(verb + " is sent by the client itself, as its TLS options say");
        }
        boolean mode = command instanceof Command.Mode(TransmissionMode m) && m != TransmissionMode.STREAM;
        boolean structure = command instanceof Command.Stru(DataStructure s) && s != DataStructure.FILE;
        boolean ebcdic = command instanceof Command.Type(RepresentationType t) && t == RepresentationType.EBCDIC;
        if (mode || structure || ebcdic) {
            throw new IllegalArgumentException(command.line() + " is not supported");
        }
    }

    void login(String user, String password, @Nullable String account) throws IOException {
        Command last = new Command.User(user);
        Command.Pass pass = new Command.Pass(password);
        Reply reply = command(last);
        if (reply.code().equals(ReplyCode.NEED_PASSWORD_331)) {
            last = pass;
            reply = command(last);
        }
        if (reply.code().equals(ReplyCode.NEED_ACCOUNT_332) && account != null) {
            last = new Command.Acct(account);
            reply = command(last);
        }
        if (reply.code().equals(ReplyCode.NEED_ACCOUNT_332)) {
            throw new FtpReplyException(last, reply, " (the server wants an account beside user and password)", null);
        }
        if (!reply.code().isCompletion()) {
            throw new FtpProtocolException(last.masked() + ": not a reply to it: " + reply);
        }
        link.loggedIn();
        link.protection().agree(pi());
    }

    // What the session has agreed upon

    void type(RepresentationType other) {
        type = other;
    }

    /** The type for files. */
    RepresentationType type() {
        return type;
    }

    /** Sends TYPE unless it is in force already. */
    void sendType(RepresentationType wanted) throws IOException {
        link.sendType(wanted);
    }

    Features features() throws IOException {
        return link.features();
    }

    boolean machineListings() throws IOException {
        return link.machineListings();
    }

    void withoutMachineListings() {
        link.withoutMachineListings();
    }

    void selectHash(String algorithm) throws IOException {
        link.selectHash(algorithm);
    }
}
