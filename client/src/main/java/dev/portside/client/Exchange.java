package dev.portside.client;

import dev.portside.protocol.Command;
import dev.portside.protocol.Reply;
import dev.portside.protocol.ReplyCode;
import dev.portside.transport.ControlConnection;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A command that was sent and the replies to it. Written under the lock of {@link UserPI}; the replies may be read without. */
final class Exchange {
    enum Kind {
        /** The server's greeting, which answers no command. */
        GREETING,
        COMMAND,
        /** A command whose final reply comes when its data has been transferred; other replies may come before it. */
        TRANSFER,
        ABORT,
        /** A NOOP in mid-transfer. */
        KEEP_ALIVE
    }

    /** What is done to the connection behind the positive reply to a command, before anything else is read from it. */
    @FunctionalInterface
    interface Handshake {
        /**
         * Does it.
         *
         * @throws IOException if the connection is of no use any longer
         */
        void shake(ControlConnection connection) throws IOException;
    }

    final Kind kind;
    final @Nullable Command command;
    /** The first reply, preliminary or final. */
    volatile @Nullable Reply first;
    /** The final reply. */
    volatile @Nullable Reply last;

    @Nullable
    Runnable whenRefused;

    boolean aborting;

    @Nullable
    Handshake handshake;

    Exchange(Kind kind, @Nullable Command command) {
        this.kind = kind;
        this.command = command;
    }

    /** The command as messages show it. */
    String subject() {
        return command == null ? "greeting" : command.masked();
    }

    /**
     * The exchange that a reply belongs to: the oldest one, but for what servers do with commands in mid-transfer. They answer
     * NOOP before the transfer ends (200) or behind it, and may find NOOP and ABOR bad syntax or bad sequence there (500 to
     * 504), which no transfer ends with. Some give NOOP or ABOR no reply of its own: the PWD that asks for it is answered by
     * 257, and nothing else is.
     *
     * @param pending the exchanges without final reply, oldest first
     */
    static @Nullable Exchange answeredBy(ReplyCode code, List<Exchange> pending) {
        if (pending.isEmpty()) {
            return null;
        }
        if (code.equals(ReplyCode.PATHNAME_CREATED_257) && pending.getLast().command instanceof Command.Pwd) {
            return pending.getLast();
        }
        Exchange oldest = pending.getFirst();
        if (oldest.kind != Kind.TRANSFER || pending.size() == 1) {
            return oldest;
        }
        Exchange next = pending.get(1);
        boolean passed = switch (next.kind) {
            case KEEP_ALIVE -> isSyntax(code) || code.equals(ReplyCode.COMMAND_OKAY_200);
            case ABORT -> isSyntax(code);
            default -> false;
        };
        return passed ? next : oldest;
    }

    /** 50z: about the command itself (RFC 959 section 4.2.1). */
    static boolean isSyntax(ReplyCode code) {
        return code.value() / 10 == 50;
    }
}
