package dev.portside.client;

import dev.portside.client.FtpDataConnectionException.Attempt;
import dev.portside.client.FtpDataConnectionException.Outcome;
import dev.portside.protocol.Command;
import dev.portside.protocol.Reply;
import dev.portside.transport.DataConnectionException;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One attempt to make a data connection, as it goes on. */
final class DataAttempt {
    /** The attempt has failed, and the next mode may be tried. */
    static final class FailedException extends Exception {
        private static final long serialVersionUID = 1;

        private final transient Attempt attempt;

        private FailedException(Attempt attempt) {
            super(attempt.toString(), null, false, false);
            this.attempt = attempt;
        }

        Attempt attempt() {
            return attempt;
        }
    }

    private final DataMode mode;
    private final WorkingModes modes;
    private final long began = System.nanoTime();
    private @Nullable Command command;
    private @Nullable Reply reply;
    private @Nullable InetSocketAddress local;
    private @Nullable InetSocketAddress remote;
    private String remark = "";
    private long transferBegan = began;

    DataAttempt(DataMode mode, WorkingModes modes) {
        this.mode = mode;
        this.modes = modes;
    }

    DataMode mode() {
        return mode;
    }

    /** What was said to prepare the data connection. */
    void prepared(Command by, Reply answer) {
        command = by;
        reply = answer;
    }

    void between(InetSocketAddress client, InetSocketAddress server) {
        local = client;
        remote = server;
    }

    /** The transfer command is being sent. */
    void transferBegins() {
        transferBegan = System.nanoTime();
    }

    /** When the transfer command was sent, by {@link System#nanoTime}. */
    long transferBegan() {
        return transferBegan;
    }

    /** What else there is to say if it fails. */
    void remark(String text) {
        remark += text;
    }

    /** It did not work after all; the next transfer begins with another mode. */
    void withdraw(Attempt failure) {
        modes.withdraw(failure);
    }

    FailedException failed(Outcome outcome, String detail) {
        Duration duration = Duration.ofNanos(System.nanoTime() - began);
        return new FailedException(new Attempt(
                mode, command, reply, local, remote, Duration.ofMillis(duration.toMillis()), outcome, detail + remark));
    }

    /** The server took the command and refused the transfer because of the data connection. */
    FailedException refused(Command transfer, Reply answer) {
        FailedException told = failed(
                Outcome.SERVER_HAS_NO_CONNECTION,
                (reply == null ? "" : "then ") + transfer.verb() + ": " + answer.code() + " " + answer.text());
        return told;
    }

    /** The server refused a data connection whose TLS session was new. */
    FailedException notResumed(String said) {
        return failed(
                Outcome.SESSION_NOT_RESUMED,
                (reply == null ? "" : "then ") + "the TLS session of the control connection was not resumed: " + said);
    }

    FailedException failed(DataConnectionException lost) {
        Outcome outcome = switch (lost.failure()) {
            case REFUSED -> Outcome.REFUSED;
            case TIMED_OUT -> mode.isActive() && lost.remote() != null ? Outcome.WRONG_PEER : Outcome.TIMED_OUT;
            case NO_FREE_PORT -> Outcome.NO_FREE_PORT;
            case LOCAL_ADDRESS -> Outcome.LOCAL_ADDRESS;
            case PROXY_REFUSED -> Outcome.PROXY_REFUSED;
            case UNREACHABLE, LOST, STALLED, TRUNCATED, CORRUPT, INFLATED_TOO_FAR, ABORTED -> Outcome.UNREACHABLE;
            case TLS_FAILED, WRONG_SESSION -> Outcome.TLS_FAILED;
        };
        return failed(outcome, String.valueOf(lost.getMessage()));
    }
}
