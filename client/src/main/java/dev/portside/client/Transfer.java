package dev.portside.client;

import dev.portside.client.DataAttempt.FailedException;
import dev.portside.client.TransferResult.Proof;
import dev.portside.protocol.Command;
import dev.portside.protocol.Reply;
import dev.portside.protocol.ReplyCode;
import dev.portside.protocol.RepresentationType;
import dev.portside.transport.Addresses;
import dev.portside.transport.DataConnection;
import dev.portside.transport.DataConnectionException;
import dev.portside.transport.DataConnectionException.Failure;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A transfer that has begun: its data connection, and its final reply, which may come at any time. Both must say that the
 * transfer is complete.
 */
final class Transfer {
    /** Room that a read needs: one line end of TYPE A. */
    static final int LEAST_READ = 2;

    /** For the reply that tells why a data connection broke, the data before a bad reply, the server's end of an upload. */
    private static final Duration REASON_WAIT = Duration.ofSeconds(2);

    private final UserPI pi;
    private final FtpClientOptions options;
    private final Exchange exchange;
    private final Command command;
    private final DataConnection data;
    private final RepresentationType type;
    private final long offset;
    private final DataAttempt made;
    private final DataProtection protection;
    private final AtomicBoolean closed = new AtomicBoolean();

    private volatile boolean aborted;
    private volatile @Nullable Thread abortedBy;
    private volatile boolean dataEnded;
    private volatile @Nullable Runnable whenClosed;
    private @Nullable IOException failure;
    private @Nullable TransferResult result;
    private long expectedSize = -1;

    /**
     * @param command the transfer command that was sent
     * @param offset as REST had it
     * @param made how its data connection was made
     */
    Transfer(
            UserPI pi,
            FtpClientOptions options,
            Exchange exchange,
            Command command,
            DataConnection data,
            RepresentationType type,
            long offset,
            DataAttempt made,
            DataProtection protection) {
        this.pi = pi;
        this.options = options;
        this.exchange = exchange;
        this.command = command;
        this.data = data;
        this.type = type;
        this.offset = offset;
        this.made = made;
        this.protection = protection;
        pi.whenRefused(exchange, this::endSoon);
        if (options.keepAliveInterval().isPositive()) {
            Thread.ofPlatform().daemon().name("portside-keep-alive").start(this::keepAlive);
        }
    }

    private boolean isUpload() {
        return command instanceof Command.Stor || command instanceof Command.Appe || command instanceof Command.Stou;
    }

    /** The server has said no: what it has sent before that may still be read, what it has not read is not wanted. */
    private void endSoon() {
        if (isUpload()) {
            data.abort();
        } else {
            CompletableFuture.delayedExecutor(REASON_WAIT.toMillis(), TimeUnit.MILLISECONDS)
                    .execute(data::abort);
        }
    }

    private void keepAlive() {
        try {
            while (pi.awaitLast(exchange, options.keepAliveInterval()) == null && !dataEnded) {
                pi.keepAlive(exchange);
            }
        } catch (IOException gone) {
            // Whoever waits for a reply is told.
        }
    }

    /** Is run once, when the transfer has been closed. */
    void whenClosed(Runnable task) {
        whenClosed = task;
    }

    long bytes() {
        return data.bytes();
    }

    RepresentationType type() {
        return type;
    }

    boolean isOpen() {
        return !closed.get();
    }

    void expectSize(long size) {
        if (size < 0) {
            throw new IllegalArgumentException("a size is not negative: " + size);
        }
        expectedSize = size;
    }

    OptionalLong size() {
        if (expectedSize >= 0) {
            return OptionalLong.of(expectedSize);
        }
        // Behind REST some servers announce the whole and some the rest.
        return offset == 0 ? announced() : OptionalLong.empty();
    }

    private OptionalLong announced() {
        Reply first = pi.firstSoFar(exchange);
        return command instanceof Command.Retr(String path) && type != RepresentationType.ASCII && first != null
                ? TransferReplies.announcedSize(first, path)
                : OptionalLong.empty();
    }

    Optional<String> uniqueName() {
        Optional<String> name = TransferReplies.uniqueName(pi.firstSoFar(exchange));
        return name.isPresent() ? name : TransferReplies.uniqueName(pi.lastSoFar(exchange));
    }

    // Data

    int read(ByteBuffer target) throws IOException {
        ready();
        if (dataEnded) {
            return -1;
        }
        try {
            int read = data.read(target);
            dataEnded = read < 0 && isTheEnd();
            return read;
        } catch (DataConnectionException lost) {
            throw broken(lost);
        }
    }

    long receive(WritableByteChannel target) throws IOException {
        ready();
        if (dataEnded) {
            return 0;
        }
        try {
            long received = data.receive(target);
            dataEnded = isTheEnd();
            return received;
        } catch (DataConnectionException lost) {
            throw broken(lost);
        }
    }

    /** The end of the data may be the server's answer to ABOR: no end of a file. */
    private boolean isTheEnd() throws IOException {
        if (aborted) {
            throw failed(abortion(null));
        }
        return true;
    }

    private IOException abortion(@Nullable Exception cause) {
        return new IOException(command.masked() + ": aborted (after " + bytes() + " bytes)", cause);
    }

    private IOException failed(IOException why) {
        failure = why;
        return why;
    }

    int write(ByteBuffer source) throws IOException {
        ready();
        try {
            return data.write(source);
        } catch (DataConnectionException lost) {
            throw broken(lost);
        }
    }

    long send(ReadableByteChannel source) throws IOException {
        ready();
        try {
            return data.send(source);
        } catch (DataConnectionException lost) {
            throw broken(lost);
        } catch (IOException | RuntimeException | Error ofSource) {
            // An orderly end would make a whole file of a part.
            abort();
            throw ofSource;
        }
    }

    private void ready() throws IOException {
        if (closed.get()) {
            throw new ClosedChannelException();
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** The data connection broke: the server's reply, if there is one, says more about it than the network. */
    private IOException broken(DataConnectionException lost) {
        if (aborted) {
            return failed(abortion(lost));
        }
        String advice = lost.failure() == Failure.INFLATED_TOO_FAR ? "; transfer it without compression" : "";
        IOException why = new IOException(command.masked() + ": " + lost.getMessage() + advice, lost);
        if (serverMayKnow(lost.failure())) {
            try {
                Reply last = pi.awaitLast(exchange, REASON_WAIT);
                if (last != null && last.code().isNegative()) {
                    why = refused(last, lost);
                }
            } catch (IOException controlLost) {
                why.addSuppressed(controlLost);
            }
        }
        return failed(why);
    }

    /** Whether its reply is on its way: it does not know what we did not like. */
    private static boolean serverMayKnow(Failure failure) {
        return failure != Failure.STALLED && failure != Failure.CORRUPT && failure != Failure.INFLATED_TOO_FAR;
    }

    /**
     * What a negative final reply is. Some servers say 150 before they look at the data connection, and then find it not to be
     * ours: that is 425 as well, and the mode is no longer one that works.
     */
    private IOException refused(Reply last, @Nullable IOException cause) {
        if (isUpload() || bytes() == 0) {
            FailedException none = protection.refusal(last, data, made);
            if (none == null && last.code().equals(ReplyCode.CANNOT_OPEN_DATA_CONNECTION_425)) {
                none = made.refused(command, last);
                made.withdraw(none.attempt());
            }
            if (none != null) {
                return new FtpDataConnectionException(command, List.of(none.attempt()), cause);
            }
        }
        return new FtpReplyException(command, last, " (after " + bytes() + " bytes)", cause);
    }

    /** Aborts, from any thread; returns when the server has answered, or the control connection was given up. */
    void abort() {
        // What is being closed may still wait for its final reply.
        if ((dataEnded || closed.get()) && pi.lastSoFar(exchange) != null) {
            return;
        }
        if (!aborted) {
            abortedBy = Thread.currentThread();
            aborted = true;
        }
        pi.abort(exchange, data::abort);
    }

    /** Gives back the data connection of a transfer that nobody will close, when the session is over. */
    void abandon() {
        data.abort();
    }

    /** Who does not know that the transfer was aborted is told when it is closed. */
    private void tellOfAbort() throws IOException {
        if (aborted && failure == null && !Thread.currentThread().equals(abortedBy)) {
            throw failed(abortion(null));
        }
    }

    /** Who knows the size stopped at the last byte of the rest, and there are more: it was not the rest. */
    private void tellOfMore() throws IOException {
        if (!aborted && failure == null && offset > 0) {
            throw failed(restIgnored());
        }
    }

    private FtpProtocolException restIgnored() {
        return new FtpProtocolException(command.masked() + ": the server did not begin at " + offset
                + ", though it had taken REST: what came is no part of the file (after " + bytes() + " bytes)");
    }

    // The end

    void endDownload() throws IOException {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            boolean believedComplete = hasAllBytes();
            if (aborted || failure != null || !isReadToEnd()) {
                settle();
                if (believedComplete) {
                    tellOfAbort();
                    tellOfMore();
                }
            } else {
                data.close();
                confirm();
            }
        } finally {
            end();
        }
    }

    void endUpload() throws IOException {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            if (aborted || failure != null) {
                settle();
                tellOfAbort();
            } else {
                endData();
                confirm();
            }
        } finally {
            end();
        }
    }

    /** Under TLS, what the server says behind the end is taken too: by its tickets the next data connection resumes. */
    private void endData() throws IOException {
        dataEnded = true;
        try {
            data.finish();
            data.endAndAwaitPeer(REASON_WAIT);
        } catch (DataConnectionException lost) {
            IOException why = broken(lost);
            settle();
            throw why;
        }
        data.close();
    }

    private void end() {
        data.close();
        Runnable task = whenClosed;
        if (task != null) {
            task.run();
        }
    }

    /** Who knows the size stops at the last byte, and does not look for the end behind it. */
    private boolean hasAllBytes() {
        OptionalLong size = size();
        boolean counted = type != RepresentationType.ASCII && size.isPresent();
        return dataEnded || (counted && bytes() == size.getAsLong() - offset);
    }

    private boolean isReadToEnd() throws IOException {
        if (!dataEnded && hasAllBytes()) {
            try {
                dataEnded = data.read(ByteBuffer.allocate(LEAST_READ)) < 0;
            } catch (DataConnectionException lost) {
                IOException why = broken(lost);
                settle();
                throw why;
            }
        }
        return dataEnded;
    }

    /** Brings the control connection to where the next command can be sent, or gives it up. */
    private void settle() {
        pi.abort(exchange, data::abort);
    }

    private void confirm() throws IOException {
        Reply last = null;
        IOException lost = null;
        try {
            last = pi.awaitLast(exchange, options.completionTimeout());
        } catch (IOException gone) {
            lost = gone;
        }
        if (aborted) {
            // The reply may be the one to ABOR.
            settle();
            throw failed(abortion(lost));
        }
        if (last == null) {
            unconfirmed(lost);
            return;
        }
        long ended = System.nanoTime();
        pi.awaitKeepAlives();
        if (last.code().isNegative()) {
            throw refused(last, null);
        }
        if (!last.code().isCompletion()) {
            throw new FtpProtocolException(command.masked() + ": 226 expected: " + last);
        }
        if (isShort()) {
            throw new FtpProtocolException(command.masked() + ": cut short: " + last.code() + " (after " + bytes()
                    + " bytes), " + expectedBytes() + " expected");
        }
        if (isWholeInsteadOfRest()) {
            throw restIgnored();
        }
        boolean byReply = isUpload() || data.tlsSession() == null;
        finished(
                ended,
                Optional.of(last),
                byReply ? Proof.REPLY : protection.proof(command, data, this::expectedOrAsked));
    }

    /** Bytes from the offset to the end, if need be as the server says now; or -1. */
    private long expectedOrAsked() throws IOException {
        if (expectedBytes() < 0 && type != RepresentationType.ASCII && command instanceof Command.Retr(String path)) {
            return FileFacts.sizeIn(pi.ask(new Command.Size(path))) - offset;
        }
        return expectedBytes();
    }

    /** A file that grows in the meantime has more than the rest too, but hardly a whole file more. */
    private boolean isWholeInsteadOfRest() {
        return !isUpload()
                && type != RepresentationType.ASCII
                && offset > 0
                && expectedSize > 0
                && bytes() >= expectedSize;
    }

    /** The final reply did not come: only the size can prove that all came. */
    private void unconfirmed(@Nullable IOException lost) throws IOException {
        IOException why = lost;
        if (why == null) {
            why = new SocketTimeoutException(command.masked() + ": the final reply did not come within "
                    + Addresses.text(options.completionTimeout()));
            pi.giveUp(why);
        }
        if (!isUpload() && type != RepresentationType.ASCII && expectedBytes() == bytes()) {
            finished(System.nanoTime(), Optional.empty(), Proof.SIZE);
            return;
        }
        throw new IOException(
                command.masked() + ": completion not confirmed after " + bytes() + " bytes: " + why.getMessage(), why);
    }

    private void finished(long at, Optional<Reply> completion, Proof proof) {
        TransferResult complete = new TransferResult(
                bytes(), data.wireBytes(), Duration.ofNanos(at - made.transferBegan()), completion, proof);
        result = complete;
        pi.tell(listener -> listener.transferFinished(command, complete));
    }

    private boolean isShort() {
        if (isUpload() || type == RepresentationType.ASCII) {
            return false;
        }
        return bytes() < (expectedSize >= 0 ? expectedSize : announced().orElse(0)) - offset;
    }

    /** Bytes from the offset to the end, or -1 if nobody knows. */
    private long expectedBytes() {
        return size().isPresent() ? size().getAsLong() - offset : -1;
    }

    TransferResult result() {
        TransferResult ended = result;
        if (ended == null) {
            throw new IllegalStateException(
                    command.masked() + (closed.get() ? ": it did not complete" : ": it is still open: close it first"));
        }
        return ended;
    }
}
