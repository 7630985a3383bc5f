package dev.portside.client;

import dev.portside.protocol.Command;
import dev.portside.protocol.Reply;
import dev.portside.protocol.ReplyCode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A command that was sent and the replies to it. Guarded by the lock of {@link UserPI}, but for what is final. */
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

    final Kind kind;
    final @Nullable Command command;
    /** The first reply, preliminary or final. */
    @Nullable
    Reply first;
    /** The final reply. */
    @Nullable
    Reply last;

    @Nullable
    Runnable whenRefused;

    boolean aborting;

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
     * 504), which no transfer ends with. A server that leaves ABOR without a reply of its own goes on with that to the NOOP
     * behind it.
     *
     * @param pending the exchanges without final reply, oldest first
     */
    static @Nullable Exchange answeredBy(ReplyCode code, List<Exchange> pending) {
        for (int i = 0; i + 1 < pending.size(); i++) {
            Exchange exchange = pending.get(i);
            Kind next = pending.get(i + 1).kind;
            boolean passed = switch (exchange.kind) {
                case TRANSFER ->
                    switch (next) {
                        case KEEP_ALIVE -> isSyntax(code) || code.equals(ReplyCode.COMMAND_OKAY_200);
                        case ABORT -> isSyntax(code);
                        default -> false;
                    };
                case ABORT -> next == Kind.KEEP_ALIVE && code.equals(ReplyCode.COMMAND_OKAY_200);
                case GREETING, COMMAND, KEEP_ALIVE -> false;
            };
            if (!passed) {
                return exchange;
            }
        }
        return pending.isEmpty() ? null : pending.getLast();
    }

    /** 50z: about the command itself (RFC 959 section 4.2.1). */
    static boolean isSyntax(ReplyCode code) {
        return code.value() / 10 == 50;
    }
}
