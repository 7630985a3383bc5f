package dev.portside.client;

import dev.portside.protocol.Command;
import dev.portside.protocol.Reply;
import dev.portside.protocol.ReplyCode;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The server said no: 4yz (perhaps later) or 5yz (never), or, in {@link FtpClient#login}, 332. Decide by {@link #code}, not
 * by the text.
 */
public final class FtpReplyException extends IOException {
    private static final long serialVersionUID = 1;

    private final transient @Nullable Command command;
    private final transient Reply reply;

    FtpReplyException(@Nullable Command command, Reply reply) {
        this(command, reply, "", null);
    }

    /** @param remark begins with a separator, or is empty */
    FtpReplyException(@Nullable Command command, Reply reply, String remark, @Nullable Throwable cause) {
        super((command == null ? "greeting" : command.masked()) + ": " + text(reply) + remark, cause);
        this.command = command;
        this.reply = reply;
    }

    /** The last line says most: the first one of several is often an opening. */
    private static String text(Reply reply) {
        return reply.code() + " " + reply.text();
    }

    /** The command that was refused; null if it is the greeting that was negative. */
    public @Nullable Command command() {
        return command;
    }

    public Reply reply() {
        return reply;
    }

    public ReplyCode code() {
        return reply.code();
    }
}
