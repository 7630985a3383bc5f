package dev.portside.server.command;

import dev.portside.protocol.Command;
import dev.portside.protocol.Reply;
import dev.portside.protocol.ReplyCode;

/** AUTH, ADAT, PBSZ, PROT and CCC (RFC 2228 and RFC 4217), on a server without TLS. */
public final class SecurityCommands {
    private SecurityCommands() {}

    /** Not a negotiation that failed but a thing that is not there: the client may go on in the clear, or leave. */
    public static Reply notConfigured(Command command) {
        return new Reply(ReplyCode.COMMAND_NOT_IMPLEMENTED_502, command.verb() + ": TLS is not configured");
    }
}
