package dev.portside.client;

import dev.portside.protocol.Command;
import dev.portside.protocol.NameCharset;
import dev.portside.protocol.Reply;
import dev.portside.protocol.ReplyCode;
import dev.portside.protocol.RepresentationType;
import dev.portside.protocol.TransmissionMode;
import dev.portside.transport.ControlConnection;
import dev.portside.transport.InflationLimit;
import dev.portside.transport.TransferParameters;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** A connection with the server, and what was agreed upon over it. A session can replace it by another one. */
final class Link {
    private final FtpClientOptions options;
    private final FtpClientTls tls;
    private final UserPI pi;
    private final UserDTP dtp;
    private final DataProtection protection;
    private final Way way;
    private final WorkingModes modes;
    private final @Nullable TlsStatus status;
    private final Reply greeting;

    private @Nullable RepresentationType sentType;
    private TransmissionMode mode = TransmissionMode.STREAM;
    private boolean deflateRefused;
    private @Nullable Features features;
    private boolean machineListings = true;
    private @Nullable String hashAlgorithm;
    private boolean loggedIn;

    private Link(
            FtpClientOptions options,
            FtpClientTls tls,
            UserPI pi,
            DataProtection protection,
            @Nullable Link before,
            @Nullable TlsStatus status,
            Reply greeting) {
        this.options = options;
        this.tls = tls;
        this.pi = pi;
        this.protection = protection;
        this.way = Way.of(options, pi.localAddress(), pi.remoteAddress());
        this.modes = before != null ? before.modes : new WorkingModes(options, route(options, way, protection));
        this.dtp = new UserDTP(pi, options, protection, way, modes);
        this.status = status;
        this.greeting = greeting;
    }

    private static DataModeMemory.Route route(FtpClientOptions options, Way way, DataProtection protection) {
        return new DataModeMemory.Route(
                options.host(), options.port(), way.local().getAddress(), protection.isProtecting(), way.proxy());
    }

    /** The first connection of a session. */
    static Link first(FtpClientOptions options) throws IOException {
        FtpClientTls tls = ReuseRules.first(options);
        try {
            return connect(options, tls, null);
        } catch (TlsHandshakeException changed) {
            if (tls.equals(options.tls())) {
                throw changed;
            }
            // What was remembered of the server does not hold any longer.
            ReuseRules.forget(options);
            return connect(options, options.tls(), null);
        }
    }

    /** A second connection with the same address, whose TLS may differ; it is secured if this one is, whatever the mode says. */
    Link again(FtpClientTls other) throws IOException {
        return connect(options, other, this);
    }

    /** @param before the connection that this one replaces; null: there was none */
    private static Link connect(FtpClientOptions options, FtpClientTls tls, @Nullable Link before) throws IOException {
        // Files of the options first: nobody is bothered when they cannot be read.
        ClientTls engines = tls.mode() == TlsMode.OFF ? null : new ClientTls(tls, options.host(), options.port());
        ControlProtection control = engines == null ? null : new ControlProtection(options, tls, engines);
        SocketChannel channel = before == null
                ? ServerAddresses.connect(options)
                : ServerAddresses.connect(options, before.pi.remoteAddress().getAddress());
        UserPI pi = new UserPI(control(channel, options), options, tls.mode() == TlsMode.IMPLICIT ? control : null);
        try {
            Reply greeting = pi.greeting();
            if (control != null && tls.mode() != TlsMode.IMPLICIT) {
                control.demand(pi, tls.mode() == TlsMode.AUTO && (before == null || before.status == null));
            }
            TlsStatus status = control == null ? null : control.status();
            DataProtection protection = new DataProtection(options, tls, status == null ? null : engines);
            return new Link(options, tls, pi, protection, before, status, greeting);
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

    Way way() {
        return way;
    }

    UserDTP dtp() {
        return dtp;
    }

    FtpClientTls tls() {
        return tls;
    }

    /** How the control connection is secured; null in the clear. */
    @Nullable
    TlsStatus status() {
        return status;
    }

    DataProtection protection() {
        return protection;
    }

    Reply greeting() {
        return greeting;
    }

    /** A transfer over this connection; the server is told first how data connections are protected. */
    Transfer open(Command command, long offset, RepresentationType as) throws IOException {
        prepareNames(command.argument());
        protection.agree(pi);
        sendMode();
        InflationLimit limit = new InflationLimit(options.maxInflation(), options.inflationGrace());
        return dtp.open(command, offset, new TransferParameters(as, mode, TransferParameters.USUAL_LEVEL, limit));
    }

    // Commands

    Reply command(Command command) throws IOException {
        prepareNames(command.argument());
        Reply reply = pi.command(command);
        switch (command) {
            case Command.Type(RepresentationType other) -> sentType = other;
            case Command.Mode(TransmissionMode other) -> mode = other;
            case Command.Rein _ -> forget();
            default -> loggedIn |= reply.code().equals(ReplyCode.LOGGED_IN_230);
        }
        return reply;
    }

    /** Like {@link #command}, but a negative reply is a reply. */
    Reply replyTo(Command command) throws IOException {
        prepareNames(command.argument());
        return pi.ask(command);
    }

    void loggedIn() {
        loggedIn = true;
    }

    private void forget() {
        sentType = null;
        mode = TransmissionMode.STREAM;
        deflateRefused = false;
        features = null;
        machineListings = true;
        hashAlgorithm = null;
        loggedIn = false;
    }

    // What was agreed upon

    /** The type that is in force; null: what the server began with. */
    @Nullable
    RepresentationType sentType() {
        return sentType;
    }

    /** Sends TYPE unless it is in force already. */
    void sendType(RepresentationType wanted) throws IOException {
        if (sentType != wanted) {
            pi.command(new Command.Type(wanted));
            sentType = wanted;
        }
    }

    /** The transmission mode that is in force. */
    TransmissionMode mode() {
        return mode;
    }

    /** Sends MODE Z, once, if it is wished for and the server has it. */
    private void sendMode() throws IOException {
        if (!options.compression() || deflateRefused || mode == TransmissionMode.DEFLATE) {
            return;
        }
        if (!features().deflates()) {
            withoutDeflate("the server has no MODE Z");
            return;
        }
        Reply reply = pi.ask(new Command.Mode(TransmissionMode.DEFLATE));
        if (reply.code().isCompletion()) {
            mode = TransmissionMode.DEFLATE;
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
        pi.command(new Command.Opts("HASH " + algorithm));
        hashAlgorithm = algorithm;
    }
}
