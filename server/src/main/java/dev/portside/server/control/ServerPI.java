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
import java.nio.channels.SelectionKey;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The server's protocol interpreter (RFC 959 section 2.2): one session's commands in, replies out.
 *
 * <p>One thread at a time reads the control connection and carries out what it reads. As long as the client keeps it busy that
 * is a platform thread; when the client takes its time, a virtual thread goes on (see {@link SessionThreads}), and after a
 * while none (see {@link IdleSessions}), until a command comes that may take its time too. Such a command has another thread
 * read on unless it is over in a moment: ABOR is heard in mid-transfer, NOOP and STAT are answered as soon as 150 was sent, QUIT
 * when the transfer has ended. Any other command waits for that end, and nothing behind it is read before: commands are carried
 * out in the order they came.
 */
public final class ServerPI implements Runnable {
    private static final System.Logger LOG = System.getLogger("dev.portside.server");

    /** What a TLS client says first. */
    private static final int TLS_HANDSHAKE = 0x16;

    /** A client that is at work has its next command ready within a moment. */
    private static final Duration SOON = Duration.ofMillis(5);

    /** A transfer of a small file is over within a moment; who says something meanwhile is heard so much later. */
    private static final Duration HEARD_BEHIND = Duration.ofMillis(20);

    /** In place of a byte: nothing has come for a while, and no transfer runs. */
    private static final int QUIET = -2;

    /** Who reads the control connection next. */
    private enum Reader {
        THIS_THREAD,
        ANOTHER_THREAD,
        /** Nobody before the client says something: the session is idle. */
        NONE,
        /** Nobody: the session is over. */
        NO_MORE
    }

    private final Session session;
    private final ControlConnection control;
    private final ServerParts parts;
    private final Patience patience;

    private final AtomicBoolean goodbyeSaid = new AtomicBoolean();
    /** Written by one thread, then the other one's is read: of a stop and a wait that begin at once, one sees the other. */
    private volatile boolean waiting;

    private volatile boolean stopping;

    private boolean begun;
    private long quietUntil;
    /** Only for the thread of {@link IdleSessions}. */
    private @Nullable SelectionKey place;

    public ServerPI(long id, ControlConnection control, Endpoints ends, SessionTls tls, ServerParts parts) {
        this.control = control;
        this.parts = parts;
        this.session = new Session(id, control, ends, tls, parts);
        this.patience = new Patience(session);
    }

    /**
     * The session from its greeting, or from where it has left off: until it is over, its client has been quiet for a while, or
     * another thread goes on.
     */
    @Override
    public void run() {
        if (begun) {
            carryOn(() -> {
                control.resume();
                return Reader.THIS_THREAD;
            });
            return;
        }
        begun = true;
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
            session.write(new Reply(
                    ReplyCode.SERVICE_NOT_AVAILABLE_421, Character.toUpperCase(why.charAt(0)) + why.substring(1)));
        } catch (IOException gone) {
            // The client was faster.
        }
    }

    private Reader greet() throws IOException {
        session.tell((listener, status) -> listener.sessionOpened(status));
        if (session.tls().isImplicit()) {
            session.tls().secure(session.timeToLogIn());
        }
        session.write(new Reply(ReplyCode.SERVICE_READY_220, session.options().greeting()));
        return Reader.THIS_THREAD;
    }

    /** A part of the session. */
    @FunctionalInterface
    private interface Part {
        Reader run() throws IOException;
    }

    /** The session from here on, as far as this thread has it. */
    private void carryOn(Part first) {
        Reader next = Reader.NO_MORE;
        try {
            Reader behind = first.run();
            next = behind == Reader.THIS_THREAD ? converse() : behind;
        } catch (SSLException failed) {
            session.end("TLS failed: " + failed.getMessage());
        } catch (IOException lost) {
            session.end("the control connection was lost");
        } catch (RuntimeException | Error bug) {
            LOG.log(System.Logger.Level.ERROR, "a session ended by an error of the server", bug);
            session.end("an error of the server");
        } finally {
            if (next == Reader.NO_MORE) {
                over();
            }
        }
        if (next == Reader.NONE) {
            parts.idleSessions().rest(this);
            if (stopping) {
                // Who asked for it may have been too early to find it resting.
                parts.idleSessions().wake(this);
            }
        }
    }

    /** Has a thread read on that costs next to nothing. */
    private void leaveReading() {
        session.keptListener().close();
        parts.threads().rest(() -> carryOn(() -> Reader.THIS_THREAD));
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

    /** Commands and replies, for as long as this thread reads them. */
    private Reader converse() throws IOException {
        while (!session.isOver()) {
            try {
                int first = firstByte();
                if (first == QUIET) {
                    return quiet();
                }
                String line = nextLine(first);
                if (line != null) {
                    Reader next = handle(line);
                    if (next != Reader.THIS_THREAD) {
                        return next;
                    }
                    session.tls().follow(patience.forHandshake());
                }
            } catch (LineTooLongException tooLong) {
                awaitTransfer();
                answer("(too long)", new Reply(ReplyCode.COMMAND_UNRECOGNIZED_500, "Command line too long"));
            } catch (SocketTimeoutException late) {
                timedOut();
            }
        }
        return Reader.NO_MORE;
    }

    /** What becomes of a session whose client says nothing. */
    private Reader quiet() throws IOException {
        if (!Thread.currentThread().isVirtual()) {
            leaveReading();
            return Reader.ANOTHER_THREAD;
        }
        quietUntil = System.nanoTime() + patience.left().toNanos();
        control.rest();
        return Reader.NONE;
    }

    // Waiting for a command

    /** The next line; null when the session is over. */
    private @Nullable String nextLine(int first) throws IOException {
        if (first < 0) {
            session.end("the client closed the control connection");
            return null;
        }
        if (first == TLS_HANDSHAKE) {
            session.end("TLS on a port without");
            return null;
        }
        String line = control.readLine(patience.left());
        if (line == null) {
            session.end("the client closed the control connection");
        }
        return line;
    }

    private int firstByte() throws IOException {
        waiting = true;
        try {
            if (stopping && session.transfer() == null) {
                sayGoodbye();
            }
            if (!session.isLoggedIn() && patience.isOver()) {
                // Who always has another command under way is never waited for.
                throw new SocketTimeoutException("no login in time");
            }
            Duration wait = Thread.currentThread().isVirtual() ? IdleSessions.KEPT_THREAD : SOON;
            while (true) {
                int first = firstByteWithin(wait);
                // A transfer may have run, or still run: what counts is the time since its end.
                if (first != QUIET || session.transfer() == null) {
                    return first;
                }
            }
        } finally {
            waiting = false;
        }
    }

    private int firstByteWithin(Duration wait) throws IOException {
        Duration left = patience.left();
        try {
            return control.peek(left.compareTo(wait) < 0 ? left : wait);
        } catch (SocketTimeoutException quiet) {
            if (session.transfer() == null && patience.isOver()) {
                throw quiet;
            }
            return QUIET;
        }
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

    /** Carries out a command, or has another thread do it. */
    private Reader handle(String line) throws IOException {
        session.seen().arrived(line);
        Command command;
        try {
            command = CommandParser.parse(line);
        } catch (CommandSyntaxException malformed) {
            awaitTransfer();
            answer(Malformed.shown(line), Malformed.reply(line, malformed.reply()));
            return Reader.THIS_THREAD;
        }
        if (Malformed.isHttp(command)) {
            session.end("HTTP on an FTP port");
            return Reader.THIS_THREAD;
        }
        if (isAnsweredLater(command)) {
            return Reader.THIS_THREAD;
        }
        session.commandLine(command.masked());
        if (!(command instanceof Command.Rnto)) {
            session.renameFrom(null);
        }
        Reply refusal = Dispatch.gate(session, command);
        if (refusal != null) {
            answer(command.masked(), refusal);
            return Reader.THIS_THREAD;
        }
        if (Dispatch.runsBeside(command)) {
            return begin(command);
        }
        answer(command.masked(), carriedOut(command, null));
        return Reader.THIS_THREAD;
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

    /** Begins what may take its time, on a thread that may. */
    private Reader begin(Command command) throws IOException {
        if (!Thread.currentThread().isVirtual()) {
            return transferred(command);
        }
        try {
            parts.threads().work(() -> carryOn(() -> transferred(command)));
            return Reader.ANOTHER_THREAD;
        } catch (RejectedExecutionException stopped) {
            session.end("the server is being stopped");
            answer(command.masked(), new Reply(ReplyCode.SERVICE_NOT_AVAILABLE_421, "The server is being stopped"));
            return Reader.THIS_THREAD;
        }
    }

    /** Carries a transfer out; if it is not over in a moment, another thread reads on meanwhile. */
    private Reader transferred(Command command) {
        Transfer transfer = session.beginTransfer(command, this::leaveReading);
        Deadline reading = Deadlines.after(HEARD_BEHIND, transfer::runBeside);
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
            // Whoever reads the control connection finds out by itself.
        } finally {
            reading.cancel();
            beside = transfer.isBesideToItsEnd();
            session.endTransfer();
            transfer.end();
            if (stopping && waiting) {
                sayGoodbye();
            }
        }
        return beside ? Reader.ANOTHER_THREAD : Reader.THIS_THREAD;
    }

    private void answer(String line, Reply reply) throws IOException {
        patience.begin();
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

    // The end

    /** Ends the session as soon as it is idle: nothing new begins, a transfer that runs goes on. */
    public void stop() {
        stopping = true;
        if (waiting && session.transfer() == null) {
            sayGoodbye();
        }
        parts.idleSessions().wake(this);
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
        parts.idleSessions().wake(this);
    }

    // Without a thread, see IdleSessions

    ControlConnection control() {
        return control;
    }

    /** When the client has been quiet for too long: {@link System#nanoTime}. */
    long quietUntil() {
        return quietUntil;
    }

    /** Where it waits; null while it has a thread. */
    @Nullable
    SelectionKey place() {
        return place;
    }

    void place(@Nullable SelectionKey taken) {
        place = taken;
    }
}
