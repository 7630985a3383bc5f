package dev.portside.client;

import dev.portside.protocol.Command;
import dev.portside.protocol.DataStructure;
import dev.portside.protocol.NameCharset;
import dev.portside.protocol.Reply;
import dev.portside.protocol.ReplyCode;
import dev.portside.protocol.RepresentationType;
import dev.portside.protocol.TransmissionMode;
import dev.portside.transport.ControlConnection;
import dev.portside.transport.InflationLimit;
import dev.portside.transport.TransferParameters;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.SocketChannel;
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

    private final FtpClientOptions options;
    private final UserPI pi;
    private final UserDTP dtp;
    private final Reply greeting;

    private final AtomicReference<@Nullable String> running = new AtomicReference<>();
    private volatile @Nullable Transfer transfer;
    private volatile RepresentationType type;
    private @Nullable RepresentationType sentType;
    private TransmissionMode sentMode = TransmissionMode.STREAM;
    private boolean deflateRefused;
    private @Nullable Features features;
    private boolean machineListings = true;
    private @Nullable String hashAlgorithm;
    private boolean loggedIn;

    private Session(FtpClientOptions options, UserPI pi, Reply greeting) {
        this.options = options;
        this.pi = pi;
        this.greeting = greeting;
        this.dtp = new UserDTP(pi, options);
        this.type = options.type();
    }

    static Session connect(FtpClientOptions options) throws IOException {
        ControlConnection connection = control(ServerAddresses.connect(options), options);
        UserPI pi = new UserPI(connection, options);
        try {
            return new Session(options, pi, pi.greeting());
        } catch (IOException | RuntimeException refused) {
            pi.giveUp(new IOException("the client is closed"));
            throw refused;
        }
    }

    private static ControlConnection control(SocketChannel channel, FtpClientOptions options) throws IOException {
        try {
            return new ControlConnection(channel, options.charset(), options.maxLine(), options.replyTimeout());
        } catch (IOException | RuntimeException gone) {
            channel.close();
            throw gone;
        }
    }

    UserPI pi() {
        return pi;
    }

    FtpClientOptions options() {
        return options;
    }

    Reply greeting() {
        return greeting;
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
        Reply reply = replyTo(new Command.Size(path));
        return reply.code().isCompletion() ? FileFacts.number(reply.text()).orElse(-1) : -1;
    }

    private void enter(String what) {
        String other = running.compareAndExchange(null, what);
        if (other != null) {
            throw new IllegalStateException(
                    what + ": the client is busy with " + other + (transfer == null ? "" : ", close it first"));
        }
        dtp.beginOperation();
    }

    /** Begins a transfer inside an operation. */
    Transfer open(Command command, long offset, RepresentationType as) throws IOException {
        // What cannot be sent is found out before the server has opened anything for it.
        options.charset().encode(command.line());
        prepareNames(command.argument());
        sendMode();
        InflationLimit limit = new InflationLimit(options.maxInflation(), options.inflationGrace());
        TransferParameters parameters = new TransferParameters(as, sentMode, TransferParameters.USUAL_LEVEL, limit);
        Transfer opened = dtp.open(command, offset, parameters);
        transfer = opened;
        if (dtp.isAborted()) {
            opened.abort();
        }
        return opened;
    }

    void abort() {
        Transfer open = transfer;
        if (open != null) {
            open.abort();
        } else if (running.get() != null) {
            dtp.abort();
        }
    }

    void close() {
        Transfer open = transfer;
        if (pi.isOpen()) {
            abort();
        }
        pi.close();
        if (open != null) {
            open.abandon();
        }
    }

    // Commands

    Reply command(Command command) throws IOException {
        prepareNames(command.argument());
        Reply reply = pi.command(command);
        switch (command) {
            case Command.Type(RepresentationType other) -> {
                type = FtpClient.supported(other);
                sentType = other;
            }
            case Command.Mode(TransmissionMode other) -> sentMode = other;
            case Command.Rein _ -> forget();
            default -> loggedIn |= reply.code().equals(ReplyCode.LOGGED_IN_230);
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
        prepareNames(command.argument());
        return pi.ask(command);
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
            throw new IllegalArgumentException(verb + ": TLS is not supported");
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
        loggedIn = true;
    }

    private void forget() {
        sentType = null;
        sentMode = TransmissionMode.STREAM;
        deflateRefused = false;
        features = null;
        machineListings = true;
        hashAlgorithm = null;
        loggedIn = false;
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
        if (sentType != wanted) {
            pi.command(new Command.Type(wanted));
            sentType = wanted;
        }
    }

    /** Sends MODE Z, once, if it is wished for and the server has it. */
    private void sendMode() throws IOException {
        if (!options.compression() || deflateRefused || sentMode == TransmissionMode.DEFLATE) {
            return;
        }
        if (!features().deflates()) {
            withoutDeflate("the server has no MODE Z");
            return;
        }
        Reply reply = pi.ask(new Command.Mode(TransmissionMode.DEFLATE));
        if (reply.code().isCompletion()) {
            sentMode = TransmissionMode.DEFLATE;
        } else {
            // As of some servers under TLS, though FEAT names it.
            withoutDeflate("the server refuses MODE Z: " + reply.code() + " " + reply.text());
        }
    }

    private void withoutDeflate(String why) {
        deflateRefused = true;
        pi.tell(listener -> listener.notCompressed(why));
    }

    Features features() throws IOException {
        Features known = features;
        if (known == null) {
            Command.Feat feat = new Command.Feat();
            Reply reply = pi.ask(feat);
            if (reply.code().equals(ReplyCode.SERVICE_NOT_AVAILABLE_421)
                    || reply.code().equals(ReplyCode.NOT_LOGGED_IN_530)) {
                throw new FtpReplyException(feat, reply);
            }
            known = reply.code().isCompletion() ? Features.of(reply) : Features.NONE;
            features = known;
            if (known.has("UTF8") && options.charset().equals(NameCharset.UTF_8)) {
                // Most servers need not be told, and some refuse: either is all right.
                pi.ask(new Command.Opts("UTF8 ON"));
            }
        }
        return known;
    }

    /** Before the first name that is not ASCII, the server is told that names are UTF-8. */
    private void prepareNames(String argument) throws IOException {
        if (loggedIn && features == null && options.charset().equals(NameCharset.UTF_8) && !isAscii(argument)) {
            features();
        }
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }

    boolean machineListings() throws IOException {
        return machineListings && features().machineListings();
    }

    void withoutMachineListings() {
        machineListings = false;
    }

    /** Makes HASH use the algorithm. */
    void selectHash(String algorithm) throws IOException {
        if (hashAlgorithm == null ? features().hashesByDefault(algorithm) : hashAlgorithm.equals(algorithm)) {
            return;
        }
        command(new Command.Opts("HASH " + algorithm));
        hashAlgorithm = algorithm;
    }
}
