package dev.portside.server.control;

import dev.portside.protocol.Command;
import dev.portside.protocol.CommandParser;
import dev.portside.protocol.CommandSyntaxException;
import dev.portside.protocol.Reply;
import dev.portside.protocol.ReplyCode;
import dev.portside.server.TransferStatus;
import dev.portside.server.command.FailureReply;
import dev.portside.transport.Addresses;
import dev.portside.transport.ControlConnection;
import dev.portside.transport.Deadlines;
import dev.portside.transport.Deadlines.Deadline;
import dev.portside.transport.LineTooLongException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The server's protocol interpreter (RFC 959 section 2.2): one session's commands in, replies out.
 *
 * <p>One thread at a time reads the control connection and carries out what it reads. As long as the client keeps it busy that
 * is a platform thread; when the client takes its time, a virtual thread goes on, until a command comes that may take its
 * time too (see {@link SessionThreads}). Such a command leaves the reading to another thread unless it is over in a moment:
 * ABOR is heard in mid-transfer, NOOP and STAT are answered as soon as 150 was sent, QUIT when the transfer has ended. Any
 * other command waits for that end, and nothing behind it is read before: commands are carried out in the order they came.
 */
public final class ServerPI {
    private static final System.Logger LOG = System.getLogger("dev.portside.server");

    /** What a TLS client says first. */
    private static final int TLS_HANDSHAKE = 0x16;

    /** A client that is at work has its next command ready within a moment. */
    private static final Duration SOON = Duration.ofMillis(5);

    /** A transfer of a small file is over within a moment; who says something meanwhile is heard so much later. */
    private static final Duration HEARD_BEHIND = Duration.ofMillis(20);

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

    public ServerPI(long id, ControlConnection control, Endpoints ends, SessionTls tls, ServerParts parts) {
        this.control = control;
        this.parts = parts;
        this.session = new Session(id, control, ends, tls, parts);
    }

    /** Begins the session: returns when it has ended, or goes on by another thread. */
    public void run() {
        String refusal = parts.sessions().admit(session, this);
        if (refusal == null) {
            carryOn(this::greet);
            return;
        }
        try (control) {
            refuse(refusal);
        } finally {
            parts.sessions().forget(session);
        }
    }

    private void refuse(String why) {
        session.end(why);
        session.tell((listener, status) -> listener.sessionClosed(status, why));
        if (session.tls().isImplicit()) {
            // Nothing can be said before the handshake, which is what the limit is to spare the server.
            return;
        }
        try {
            session.write(new Reply(ReplyCode.SERVICE_NOT_AVAILABLE_421, capitalised(why)));
        } catch (IOException gone) {
            // The client was faster.
        }
    }

    private boolean greet() throws IOException {
        session.tell((listener, status) -> listener.sessionOpened(status));
        if (session.tls().isImplicit()) {
            session.tls().secure(session.timeToLogIn());
        }
        session.write(new Reply(ReplyCode.SERVICE_READY_220, session.options().greeting()));
        return false;
    }

    /** A part of the session; true when another thread goes on with it. */
    @FunctionalInterface
    private interface Part {
        boolean run() throws IOException;
    }

    private void rest() {
        parts.threads().rest(() -> carryOn(() -> false));
    }

    /** The session from here on, as far as this thread has it. */
    private void carryOn(Part first) {
        boolean elsewhere = false;
        try {
            elsewhere = first.run() || converse();
        } catch (SSLException failed) {
            session.end("TLS failed: " + failed.getMessage());
        } catch (IOException lost) {
            session.end("the control connection was lost");
        } catch (RuntimeException | Error bug) {
            LOG.log(System.Logger.Level.ERROR, "a session ended by an error of the server", bug);
            session.end("an error of the server");
        } finally {
            if (!elsewhere) {
                over();
            }
        }
    }

    private void over() {
        try (control) {
            cleanUp();
        } finally {
            parts.sessions().forget(session);
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

    /** Commands and replies; false at the end of the session, true when another thread goes on with it. */
    private boolean converse() throws IOException {
        while (!session.isOver()) {
            try {
                if (isClientQuiet()) {
                    rest();
                    return true;
                }
                String line = nextLine();
                if (line != null) {
                    if (handle(line)) {
                        return true;
                    }
                    session.tls().follow(longestHandshake());
                }
            } catch (LineTooLongException tooLong) {
                awaitTransfer();
                answer("(too long)", new Reply(ReplyCode.COMMAND_UNRECOGNIZED_500, "Command line too long"));
            } catch (SocketTimeoutException late) {
                timedOut();
            }
        }
        return false;
    }

    private Duration longestHandshake() {
        Duration left = session.isLoggedIn() ? session.idleTimeout() : session.timeToLogIn();
        return left.isPositive() ? left : Duration.ofMillis(1);
    }

    // Waiting for a command

    /** Whether the client takes its time, and this thread is too dear to wait for it. */
    private boolean isClientQuiet() throws IOException {
        waiting = true;
        if (stopping && session.transfer() == null) {
            sayGoodbye();
        }
        if (Thread.currentThread().isVirtual()) {
            return false;
        }
        try {
            control.peek(SOON);
            return false;
        } catch (SocketTimeoutException quiet) {
            return true;
        }
    }

    /** The next line; null when the session is over. */
    private @Nullable String nextLine() throws IOException {
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
        if (!session.isLoggedIn() && isLate()) {
            // Who always has another command under way is never waited for.
            throw new SocketTimeoutException("no login in time");
        }
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
            Duration toLogin = session.timeToLogIn();
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

    /** Carries out a command, or leaves it and the session to another thread: then true. */
    private boolean handle(String line) throws IOException {
        session.seen().arrived(line);
        Command command;
        try {
            command = CommandParser.parse(line);
        } catch (CommandSyntaxException malformed) {
            awaitTransfer();
            answer(verbOnly(line), withoutSecret(line, malformed.reply()));
            return false;
        }
        if (command instanceof Command.Unknown unknown && HTTP_METHODS.contains(unknown.verb())) {
            session.end("HTTP on an FTP port");
            return false;
        }
        if (isAnsweredLater(command)) {
            return false;
        }
        session.commandLine(command.masked());
        if (!(command instanceof Command.Rnto)) {
            session.renameFrom(null);
        }
        Reply refusal = Dispatch.gate(session, command);
        if (refusal != null) {
            answer(command.masked(), refusal);
            return false;
        }
        if (Dispatch.runsBeside(command)) {
            return begin(command);
        }
        answer(command.masked(), carriedOut(command, null));
        return false;
    }

    /** Waits for the turn of a command, unless its answer is left to the transfer: behind 150, which has not been sent yet. */
    private boolean isAnsweredLater(Command command) {
        Transfer running = session.transfer();
        if (running == null || (command instanceof Command.Abor)) {
            return false;
        }
        if (Dispatch.isImmediate(command)) {
            if (running.defer(() -> answerLate(command))) {
                return true;
            }
            if (running.isMarked()) {
                return false;
            }
        }
        if (command instanceof Command.Quit) {
            running.sayFarewell();
        }
        running.awaitEnd();
        return false;
    }

    private void answerLate(Command command) {
        try {
            answer(command.masked(), carriedOut(command, null));
        } catch (IOException lost) {
            // The thread of the control connection finds out by itself.
        }
    }

    private void awaitTransfer() {
        Transfer running = session.transfer();
        if (running != null) {
            running.awaitEnd();
        }
    }

    /** Begins what may take its time, on a thread that may; true when another one has the session then. */
    private boolean begin(Command command) throws IOException {
        if (!Thread.currentThread().isVirtual()) {
            return transferred(command);
        }
        try {
            parts.threads().work(() -> carryOn(() -> transferred(command)));
            return true;
        } catch (RejectedExecutionException stopped) {
            session.end("the server is being stopped");
            answer(command.masked(), new Reply(ReplyCode.SERVICE_NOT_AVAILABLE_421, "The server is being stopped"));
            return false;
        }
    }

    /** Carries it out here, and the session with it unless it takes longer; then true: another thread has that. */
    private boolean transferred(Command command) {
        Transfer transfer = session.beginTransfer(command, this::rest);
        Deadline patience = Deadlines.after(HEARD_BEHIND, transfer::runBeside);
        boolean beside = false;
        try {
            Reply reply = carriedOut(command, transfer);
            if (transfer.usesData()) {
                TransferStatus status = transfer.status();
                session.seen().ended(status, transfer.networkFailure(), reply);
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
            transfer.marked();
        } catch (IOException lost) {
            // The thread of the control connection finds out by itself.
        } finally {
            patience.cancel();
            beside = transfer.isBesideToItsEnd();
            session.endTransfer();
            transfer.end();
            if (stopping && waiting) {
                sayGoodbye();
            }
        }
        return beside;
    }

    private void answer(String line, Reply reply) throws IOException {
        lastActivity = System.nanoTime();
        session.tell((listener, status) -> listener.command(status, line, reply));
        session.write(reply);
    }

    /** A command carried out: exactly one reply, whatever happens. */
    private Reply carriedOut(Command command, @Nullable Transfer transfer) {
        try {
            Reply reply = Dispatch.carryOut(session, command);
            if (transfer != null) {
                transfer.failure(reply.text());
            }
            return reply;
        } catch (IOException failed) {
            if (transfer != null) {
                transfer.failure(failed);
            }
            LOG.log(System.Logger.Level.DEBUG, () -> command.verb() + " failed", failed);
            return FailureReply.of(failed);
        } catch (RuntimeException | Error bug) {
            LOG.log(System.Logger.Level.ERROR, () -> command.verb() + " ended by an error of the server", bug);
            if (transfer != null) {
                transfer.failure(bug.toString());
            }
            return FailureReply.ofError();
        }
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
        String start = line.length() < 4 ? "" : line.substring(0, 4).toUpperCase(Locale.ROOT);
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
        control.abort();
    }

    private static String capitalised(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }
}
