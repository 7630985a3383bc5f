package dev.portside.server.command;

import dev.portside.protocol.Command;
import dev.portside.protocol.ProtectionLevel;
import dev.portside.protocol.Reply;
import dev.portside.protocol.ReplyCode;
import dev.portside.server.TlsPolicy;
import dev.portside.server.control.Session;
import dev.portside.server.control.SessionTls;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** AUTH, ADAT, PBSZ, PROT and CCC (RFC 2228 and RFC 4217), SSCN and CPSV (in no RFC). */
public final class SecurityCommands {
    private SecurityCommands() {}

    public static Reply carryOut(Session session, Command.Security command) throws IOException {
        return switch (command) {
            case Command.Auth c -> authenticate(session, c);
            case Command.Adat c -> securityData(session, c);
            case Command.Pbsz c -> protectionBufferSize(session, c);
            case Command.Prot c -> protectionLevel(session, c);
            case Command.Ccc c -> clearCommandChannel(session, c);
            case Command.Sscn c -> serverToServer(session, c);
            case Command.Cpsv c -> passiveToServer(session, c);
        };
    }

    /**
     * AUTH: TLS, or TLS-C as older clients call it. TLS-P and SSL would protect data without PROT, which RFC 4217 has taken
     * back.
     */
    private static Reply authenticate(Session session, Command.Auth auth) {
        SessionTls tls = session.tls();
        if (!tls.isConfigured()) {
            return notConfigured(auth);
        }
        if (tls.isSecured()) {
            return new Reply(ReplyCode.BAD_SEQUENCE_503, "TLS is on already");
        }
        if (!tls.isOffered()) {
            return new Reply(ReplyCode.DENIED_FOR_POLICY_534, "TLS is not offered on this port");
        }
        if (!auth.mechanism().equals("TLS") && !auth.mechanism().equals("TLS-C")) {
            return new Reply(ReplyCode.PARAMETER_NOT_IMPLEMENTED_504, "Use AUTH TLS");
        }
        if (session.isLoggedIn()) {
            return new Reply(ReplyCode.BAD_SEQUENCE_503, "AUTH comes before USER, use REIN to begin again");
        }
        // Who has said it is unknown, and so is who has heard the answer.
        session.claimedUser("");
        tls.secureBehindReply();
        return new Reply(ReplyCode.SECURITY_EXCHANGE_COMPLETE_234, "Begin the TLS handshake");
    }

    /** Not a negotiation that failed but a thing that is not there: the client may go on in the clear, or leave. */
    private static Reply notConfigured(Command command) {
        return new Reply(ReplyCode.COMMAND_NOT_IMPLEMENTED_502, command.verb() + ": TLS is not configured");
    }

    private static Reply securityData(Session session, Command.Adat adat) {
        return session.tls().isConfigured()
                ? new Reply(ReplyCode.BAD_SEQUENCE_503, "AUTH TLS needs no ADAT")
                : notConfigured(adat);
    }

    /** PBSZ: TLS has no need of a buffer size (RFC 4217 section 8). */
    private static Reply protectionBufferSize(Session session, Command.Pbsz pbsz) {
        if (!session.tls().isConfigured()) {
            return notConfigured(pbsz);
        }
        if (!session.tls().hasAuthenticated()) {
            return new Reply(ReplyCode.BAD_SEQUENCE_503, "AUTH TLS comes first");
        }
        session.tls().bufferSizeSaid();
        return new Reply(ReplyCode.COMMAND_OKAY_200, "PBSZ=0");
    }

    private static Reply protectionLevel(Session session, Command.Prot prot) throws IOException {
        SessionTls tls = session.tls();
        if (!tls.isConfigured()) {
            return notConfigured(prot);
        }
        if (!tls.isBufferSizeSaid()) {
            return new Reply(
                    ReplyCode.BAD_SEQUENCE_503,
                    tls.hasAuthenticated() ? "PBSZ 0 comes first" : "AUTH TLS comes first, then PBSZ 0");
        }
        return switch (prot.level()) {
            case SAFE, CONFIDENTIAL ->
                new Reply(ReplyCode.PROTECTION_LEVEL_NOT_SUPPORTED_536, "PROT is C or P under TLS");
            case CLEAR -> {
                if (session.tlsPolicy().demands(TlsPolicy.DATA)) {
                    yield new Reply(ReplyCode.DENIED_FOR_POLICY_534, "Data must be protected here, use PROT P");
                }
                if (tls.isDataProtected()) {
                    // Anybody may connect to it where the proof is to come by TLS.
                    session.dataPort(null);
                }
                tls.level(ProtectionLevel.CLEAR);
                tls.clientToServer(false);
                yield new Reply(ReplyCode.COMMAND_OKAY_200, "Data connections are in the clear");
            }
            case PRIVATE -> {
                tls.level(ProtectionLevel.PRIVATE);
                yield new Reply(ReplyCode.COMMAND_OKAY_200, "Data connections are protected");
            }
        };
    }

    /** CCC: only behind the login, so that a password is never sent in the clear by it. */
    private static Reply clearCommandChannel(Session session, Command.Ccc ccc) {
        SessionTls tls = session.tls();
        if (!tls.isConfigured()) {
            return notConfigured(ccc);
        }
        if (!tls.isSecured()) {
            return new Reply(ReplyCode.PROTECTION_LEVEL_DENIED_533, "The control connection is in the clear");
        }
        if (!tls.mayBeCleared()) {
            return new Reply(ReplyCode.DENIED_FOR_POLICY_534, "The control connection stays under TLS here");
        }
        if (!session.isLoggedIn()) {
            return new Reply(ReplyCode.BAD_SEQUENCE_503, "Log in first");
        }
        tls.clearBehindReply();
        return new Reply(ReplyCode.COMMAND_OKAY_200, "The control connection goes on in the clear");
    }

    // From server to server

    /** SSCN: for every data connection from now on. */
    private static Reply serverToServer(Session session, Command.Sscn sscn) {
        Reply refusal = toServerRefused(session, sscn);
        if (refusal != null) {
            return refusal;
        }
        if (sscn.which() != Command.Sscn.Setting.QUERY) {
            session.tls().clientToServer(sscn.which() == Command.Sscn.Setting.ON);
        }
        return new Reply(
                ReplyCode.COMMAND_OKAY_200,
                session.tls().isClientToServer() ? "SSCN:CLIENT METHOD" : "SSCN:SERVER METHOD");
    }

    /** CPSV: for the one data connection that it makes ready. */
    private static Reply passiveToServer(Session session, Command.Cpsv cpsv) throws IOException {
        Reply refusal = toServerRefused(session, cpsv);
        return refusal == null ? TransferParameterCommands.passiveToServer(session) : refusal;
    }

    private static @Nullable Reply toServerRefused(Session session, Command command) {
        if (!session.tls().servesServerToServer()) {
            return new Reply(
                    ReplyCode.COMMAND_NOT_IMPLEMENTED_502, command.verb() + ": transfers between servers are off");
        }
        return session.tls().isDataProtected()
                ? null
                : new Reply(ReplyCode.BAD_SEQUENCE_503, "AUTH TLS, PBSZ 0 and PROT P come first");
    }
}
