package dev.portside.server.control;

import dev.portside.protocol.Command;
import dev.portside.protocol.CommandParser;
import dev.portside.protocol.CommandSyntaxException;
import dev.portside.protocol.Reply;
import dev.portside.protocol.ReplyCode;
import dev.portside.server.TransferStatus;
import dev.portside.server.command.AccessControlCommands;
import dev.portside.server.command.FailureReply;
import dev.portside.server.command.FileSystemCommands;
import dev.portside.server.command.HashAlgorithm;
import dev.portside.server.command.HashCommands;
import dev.portside.server.command.InformationCommands;
import dev.portside.server.command.ListingCommands;
import dev.portside.server.command.SecurityCommands;
import dev.portside.server.command.SiteCommands;
import dev.portside.server.command.TransferCommands;
import dev.portside.server.command.TransferParameterCommands;
import dev.portside.transport.Addresses;
import dev.portside.transport.ControlConnection;
import dev.portside.transport.LineTooLongException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The server's protocol interpreter (RFC 959 section 2.2): one session's commands in, replies out.
 *
 * <p>One thread reads and goes on reading while a transfer runs on its own thread: ABOR, NOOP and STAT are answered at once,
 * QUIT when the transfer has ended. Any other command waits for that end, and nothing behind it is read before: commands are
 * carried out in the order they came.
 */
public final class ServerPI implements Runnable {
    private static final System.Logger LOG = System.getLogger("dev.portside.server");

    /** What a TLS client says first. */
    private static final int TLS_HANDSHAKE = 0x16;

    /** Spoken by a browser that was lured here (RFC 7230 section 3.1.1); no FTP client says any of them. */
    private static final Set<String> HTTP_METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "PRI");

    private final Session session;
    private final ControlConnection control;
    private final ServerParts parts;

    private final AtomicBoolean goodbyeSaid = new AtomicBoolean();
    /** Written by one thread, then the other one's is read: of a stop and a wait that begin at once, one sees the other. */
    private volatile boolean waiting;

    private volatile boolean stopping;
    private volatile long lastActivity = System.nanoTime();

    public ServerPI(long id, ControlConnection control, ServerParts parts) {
        this.control = control;
        this.parts = parts;
        this.session = new Session(id, control, parts);
    }

    /** The session from its greeting to its end. */
    @Override
    public void run() {
        String refusal = parts.sessions().admit(session, this);
        try (control) {
            if (refusal != null) {
                session.end(refusal);
                session.write(new Reply(ReplyCode.SERVICE_NOT_AVAILABLE_421, capitalised(refusal)));
            } else {
                session.tell((listener, status) -> listener.sessionOpened(status));
                session.write(
                        new Reply(ReplyCode.SERVICE_READY_220, session.options().greeting()));
                converse();
            }
        } catch (IOException lost) {
            session.end("the control connection was lost");
        } catch (RuntimeException | Error bug) {
            LOG.log(System.Logger.Level.ERROR, "a session ended by an error of the server", bug);
            session.end("an error of the server");
        } finally {
            cleanUp();
        }
    }

    private void cleanUp() {
        Transfer running = session.transfer();
        if (running != null) {
            running.abort();
            running.awaitEnd();
        }
        session.tell((listener, status) -> listener.sessionClosed(status, session.endReason()));
        try {
            session.logOut();
        } catch (IOException | RuntimeException failed) {
            LOG.log(System.Logger.Level.WARNING, "a session could not give back all it held", failed);
        }
        parts.sessions().release(session);
    }

    public Session session() {
        return session;
    }

    private void converse() throws IOException {
        while (!session.isOver()) {
            try {
                String line = nextLine();
                if (line != null) {
                    handle(line);
                }
            } catch (LineTooLongException tooLong) {
                awaitTransfer();
                answer("(too long)", new Reply(ReplyCode.COMMAND_UNRECOGNIZED_500, "Command line too long"));
            } catch (SocketTimeoutException late) {
                timedOut();
            }
        }
    }

    // Waiting for a command

    /** The next line; null when the session is over. */
    private @Nullable String nextLine() throws IOException {
        waiting = true;
        if (stopping && session.transfer() == null) {
            sayGoodbye();
        }
        int first = firstByte();
        waiting = false;
        if (first < 0) {
            session.end("the client closed the control connection");
            return null;
        }
        if (first == TLS_HANDSHAKE) {
            session.end("TLS on a port without");
            return null;
        }
        String line = control.readLine(timeLeft());
        if (line == null) {
            session.end("the client closed the control connection");
        }
        return line;
    }

    private int firstByte() throws IOException {
        while (true) {
            try {
                return control.peek(timeLeft());
            } catch (SocketTimeoutException quiet) {
                // A transfer may have run, or still run: what counts is the time since its end.
                if (session.transfer() == null && isLate()) {
                    throw quiet;
                }
            }
        }
    }

    private Duration timeLeft() {
        Duration idle = session.idleTimeout();
        if (session.transfer() != null) {
            return idle;
        }
        Duration left = idle.minusNanos(System.nanoTime() - lastActivity);
        if (!session.isLoggedIn()) {
            Duration toLogin = session.options().loginTimeout().minus(Duration.between(session.since(), Instant.now()));
            left = left.compareTo(toLogin) < 0 ? left : toLogin;
        }
        return left.isPositive() ? left : Duration.ofMillis(1);
    }

    private boolean isLate() {
        return timeLeft().compareTo(Duration.ofMillis(1)) <= 0;
    }

    private void timedOut() throws IOException {
        awaitTransfer();
        boolean idle = session.isLoggedIn();
        String text = idle
                ? "Nothing was heard for " + Addresses.text(session.idleTimeout()) + ", closing"
                : "Nobody has logged in for too long, closing";
        session.end(idle ? "idle for too long" : "no login in time");
        answer("(nothing)", new Reply(ReplyCode.SERVICE_NOT_AVAILABLE_421, text));
    }

    // One command

    private void handle(String line) throws IOException {
        Command command;
        try {
            command = CommandParser.parse(line);
        } catch (CommandSyntaxException malformed) {
            awaitTransfer();
            answer(verbOnly(line), withoutSecret(line, malformed.reply()));
            return;
        }
        if (command instanceof Command.Unknown unknown && HTTP_METHODS.contains(unknown.verb())) {
            session.end("HTTP on an FTP port");
            return;
        }
        if (!isImmediate(command)) {
            awaitTransfer();
        }
        session.commandLine(command.masked());
        if (!(command instanceof Command.Rnto)) {
            session.renameFrom(null);
        }
        Reply refusal = gate(command);
        if (refusal != null) {
            answer(command.masked(), refusal);
        } else if (runsBeside(command)) {
            begin(command);
        } else {
            answer(command.masked(), carriedOut(command, null));
        }
    }

    /** Answered while a transfer runs. */
    private static boolean isImmediate(Command command) {
        return command instanceof Command.Abor
                || command instanceof Command.Noop
                || (command instanceof Command.Stat status && status.path().isEmpty());
    }

    private void awaitTransfer() {
        Transfer running = session.transfer();
        if (running != null) {
            running.awaitEnd();
        }
    }

    /** The one gate: what is refused before any handler sees it. */
    private @Nullable Reply gate(Command command) {
        if (!session.isLoggedIn() && !isForEverybody(command)) {
            return new Reply(ReplyCode.NOT_LOGGED_IN_530, "Log in with USER and PASS first");
        }
        return null;
    }

    private static boolean isForEverybody(Command command) {
        return switch (command) {
            case Command.User c -> true;
            case Command.Pass c -> true;
            case Command.Acct c -> true;
            case Command.Rein c -> true;
            case Command.Quit c -> true;
            case Command.Host c -> true;
            case Command.Abor c -> true;
            case Command.Syst c -> true;
            case Command.Help c -> true;
            case Command.Noop c -> true;
            case Command.Feat c -> true;
            case Command.Opts c -> true;
            case Command.Lang c -> true;
            case Command.Clnt c -> true;
            case Command.Csid c -> true;
            case Command.Auth c -> true;
            case Command.Adat c -> true;
            case Command.Pbsz c -> true;
            case Command.Prot c -> true;
            case Command.Ccc c -> true;
            case Command.Unknown c -> true;
            default -> false;
        };
    }

    /** Whether a command takes its time, so that it gets a thread of its own and can be aborted. */
    private static boolean runsBeside(Command command) {
        return switch (command) {
            case Command.Retr c -> true;
            case Command.Stor c -> true;
            case Command.Stou c -> true;
            case Command.Appe c -> true;
            case Command.List c -> true;
            case Command.Nlst c -> true;
            case Command.Mlsd c -> true;
            case Command.Hash c -> true;
            case Command.Xcrc c -> true;
            case Command.Xmd5 c -> true;
            case Command.Xsha c -> true;
            case Command.Xsha256 c -> true;
            case Command.Xsha512 c -> true;
            default -> false;
        };
    }

    private void begin(Command command) throws IOException {
        Transfer transfer = session.beginTransfer(command);
        try {
            parts.transferThreads().execute(() -> runTransfer(command, transfer));
        } catch (RejectedExecutionException stopped) {
            session.endTransfer();
            transfer.end();
            session.end("the server is being stopped");
            answer(command.masked(), new Reply(ReplyCode.SERVICE_NOT_AVAILABLE_421, "The server is being stopped"));
        }
    }

    private void runTransfer(Command command, Transfer transfer) {
        try {
            Reply reply = carriedOut(command, transfer);
            if (transfer.usesData()) {
                TransferStatus status = transfer.status();
                session.tell((listener, in) -> {
                    if (reply.code().isCompletion()) {
                        listener.transferFinished(in, status);
                    } else {
                        listener.transferFailed(in, status, transfer.failure());
                    }
                });
            }
            transfer.done();
            answer(command.masked(), reply);
        } catch (IOException lost) {
            // The thread of the control connection finds out by itself.
        } finally {
            session.endTransfer();
            transfer.end();
            if (stopping && waiting) {
                sayGoodbye();
            }
        }
    }

    private void answer(String line, Reply reply) throws IOException {
        lastActivity = System.nanoTime();
        session.tell((listener, status) -> listener.command(status, line, reply));
        session.write(reply);
    }

    /** A command carried out: exactly one reply, whatever happens. */
    private Reply carriedOut(Command command, @Nullable Transfer transfer) {
        try {
            Reply reply = carryOut(command);
            if (transfer != null) {
                transfer.failure(reply.text());
            }
            return reply;
        } catch (IOException failed) {
            if (transfer != null) {
                transfer.failure(String.valueOf(failed.getMessage()));
            }
            LOG.log(System.Logger.Level.DEBUG, () -> command.verb() + " failed", failed);
            return FailureReply.of(failed);
        } catch (RuntimeException bug) {
            LOG.log(System.Logger.Level.ERROR, () -> command.verb() + " ended by an error of the server", bug);
            if (transfer != null) {
                transfer.failure(bug.toString());
            }
            return FailureReply.ofError();
        }
    }

    private Reply carryOut(Command command) throws IOException {
        return switch (command) {
            case Command.User c -> AccessControlCommands.user(session, c);
            case Command.Pass c -> AccessControlCommands.password(session, c);
            case Command.Acct c -> AccessControlCommands.account();
            case Command.Cwd c -> AccessControlCommands.changeDirectory(session, c.path());
            case Command.Cdup c -> AccessControlCommands.changeDirectory(session, "..");
            case Command.Smnt c -> AccessControlCommands.mount();
            case Command.Rein c -> AccessControlCommands.reinitialise(session);
            case Command.Quit c -> AccessControlCommands.quit(session);
            case Command.Host c -> AccessControlCommands.host(session, c);

            case Command.Port c -> TransferParameterCommands.port(session, c);
            case Command.Pasv c -> TransferParameterCommands.passive(session);
            case Command.Eprt c -> TransferParameterCommands.extendedPort(session, c);
            case Command.Epsv c -> TransferParameterCommands.extendedPassive(session, c);
            case Command.Type c -> TransferParameterCommands.type(session, c);
            case Command.Stru c -> TransferParameterCommands.structure(c);
            case Command.Mode c -> TransferParameterCommands.mode(c);
            case Command.Rest c -> TransferParameterCommands.restart(session, c);
            case Command.Rang c -> TransferParameterCommands.range(session, c);

            case Command.Retr c -> TransferCommands.retrieve(session, c);
            case Command.Stor c -> TransferCommands.store(session, c);
            case Command.Stou c -> TransferCommands.storeUnique(session, c);
            case Command.Appe c -> TransferCommands.append(session, c);
            case Command.Allo c -> TransferCommands.allocate(session, c);
            case Command.Abor c -> TransferCommands.abort(session);

            case Command.List c -> ListingCommands.list(session, c);
            case Command.Nlst c -> ListingCommands.names(session, c);
            case Command.Mlsd c -> ListingCommands.machineList(session, c);
            case Command.Mlst c -> ListingCommands.machineStatus(session, c);

            case Command.Rnfr c -> FileSystemCommands.renameFrom(session, c);
            case Command.Rnto c -> FileSystemCommands.renameTo(session, c);
            case Command.Dele c -> FileSystemCommands.delete(session, c);
            case Command.Rmd c -> FileSystemCommands.removeDirectory(session, c);
            case Command.Mkd c -> FileSystemCommands.makeDirectory(session, c);
            case Command.Pwd c -> FileSystemCommands.printWorkingDirectory(session);
            case Command.Size c -> FileSystemCommands.size(session, c);
            case Command.Mdtm c -> FileSystemCommands.modificationTime(session, c);
            case Command.Mfmt c -> FileSystemCommands.setModified(session, c);
            case Command.Mfct c -> FileSystemCommands.setCreated(session, c);
            case Command.Mff c -> FileSystemCommands.setFacts(session, c);
            case Command.Avbl c -> FileSystemCommands.available(session, c);

            case Command.Hash c -> HashCommands.hash(session, c);
            case Command.Xcrc c -> HashCommands.older(session, HashAlgorithm.CRC32, c);
            case Command.Xmd5 c -> HashCommands.older(session, HashAlgorithm.MD5, c);
            case Command.Xsha c -> HashCommands.older(session, HashAlgorithm.SHA_1, c);
            case Command.Xsha256 c -> HashCommands.older(session, HashAlgorithm.SHA_256, c);
            case Command.Xsha512 c -> HashCommands.older(session, HashAlgorithm.SHA_512, c);

            case Command.Site c -> SiteCommands.site(session, c);
            case Command.Syst c -> InformationCommands.system();
            case Command.Stat c -> InformationCommands.status(session, c);
            case Command.Help c -> InformationCommands.help(c);
            case Command.Noop c -> InformationCommands.noop();
            case Command.Feat c -> InformationCommands.features(session);
            case Command.Opts c -> InformationCommands.options(session, c);
            case Command.Lang c -> InformationCommands.language(c);
            case Command.Clnt c -> InformationCommands.client(session, c.name());
            case Command.Csid c -> InformationCommands.clientIdentity(session, c);

            case Command.Auth c -> SecurityCommands.notConfigured(c);
            case Command.Adat c -> SecurityCommands.notConfigured(c);
            case Command.Pbsz c -> SecurityCommands.notConfigured(c);
            case Command.Prot c -> SecurityCommands.notConfigured(c);
            case Command.Ccc c -> SecurityCommands.notConfigured(c);

            case Command.Unknown c -> InformationCommands.unknown(c);
        };
    }

    // Secrets

    /** What a log may show of a line that is no command: it may be a password. */
    private static String verbOnly(String line) {
        int end = 0;
        while (end < line.length() && end < 16 && Character.isLetterOrDigit(line.charAt(end))) {
            end++;
        }
        return end == 0 ? "(not a command)" : line.substring(0, end) + " …";
    }

    /** A parser quotes what it cannot read; of a password it must not. */
    private static Reply withoutSecret(String line, Reply reply) {
        String start = line.length() < 4 ? "" : line.substring(0, 4).toUpperCase(java.util.Locale.ROOT);
        return Set.of("PASS", "ACCT", "ADAT").contains(start)
                ? new Reply(reply.code(), start + ": syntax error in the argument")
                : reply;
    }

    // The end

    /** Ends the session as soon as it is idle: nothing new begins, a transfer that runs goes on. */
    public void stop() {
        stopping = true;
        if (waiting && session.transfer() == null) {
            sayGoodbye();
        }
    }

    private void sayGoodbye() {
        if (goodbyeSaid.compareAndSet(false, true)) {
            session.end("the server is being stopped");
            try {
                session.write(new Reply(ReplyCode.SERVICE_NOT_AVAILABLE_421, "The server is being stopped"));
            } catch (IOException gone) {
                // The client was faster.
            }
            control.close();
        }
    }

    /** Ends the session at once, a transfer too. */
    public void kill() {
        session.end("the server was stopped");
        Transfer running = session.transfer();
        if (running != null) {
            running.abort();
        }
        control.close();
    }

    private static String capitalised(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }
}
