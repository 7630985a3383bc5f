package dev.portside.server.control;

import dev.portside.protocol.Command;
import dev.portside.protocol.Reply;
import dev.portside.protocol.ReplyCode;
import dev.portside.server.TlsPolicy;
import dev.portside.server.command.AccessControlCommands;
import dev.portside.server.command.FileSystemCommands;
import dev.portside.server.command.HashCommands;
import dev.portside.server.command.InformationCommands;
import dev.portside.server.command.ListingCommands;
import dev.portside.server.command.SecurityCommands;
import dev.portside.server.command.SiteCommands;
import dev.portside.server.command.TransferCommands;
import dev.portside.server.command.TransferParameterCommands;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The way of a command: one gate, then one switch in which a forgotten verb does not compile. */
final class Dispatch {
    private Dispatch() {}

    /** What is refused before any handler sees it, or null. */
    static @Nullable Reply gate(Session session, Command command) {
        if (!session.isLoggedIn() && !isForEverybody(command)) {
            return new Reply(ReplyCode.NOT_LOGGED_IN_530, "Log in with USER and PASS first");
        }
        TlsPolicy policy = session.tlsPolicy();
        if (isLogin(command)
                && policy.demands(TlsPolicy.LOGIN)
                && !session.tls().isSecured()
                && !session.isLoggedIn()) {
            return new Reply(ReplyCode.NOT_LOGGED_IN_530, "TLS is required, send AUTH TLS first");
        }
        if (needsDataConnection(command)
                && policy.demands(TlsPolicy.DATA)
                && !session.tls().isDataProtected()) {
            return new Reply(
                    ReplyCode.NOT_WITH_THIS_PROT_521, "Data must be protected here, send PBSZ 0 and PROT P first");
        }
        return null;
    }

    private static boolean isLogin(Command command) {
        return command instanceof Command.User || command instanceof Command.Pass || command instanceof Command.Acct;
    }

    private static boolean isForEverybody(Command command) {
        return switch (command) {
            case Command.User _, Command.Pass _, Command.Acct _, Command.Rein _, Command.Quit _, Command.Host _ -> true;
            case Command.Auth _, Command.Adat _, Command.Pbsz _, Command.Prot _, Command.Ccc _ -> true;
            case Command.Feat _, Command.Opts _, Command.Lang _, Command.Clnt _, Command.Csid _ -> true;
            case Command.Syst _, Command.Help _, Command.Noop _, Command.Abor _, Command.Unknown _ -> true;
            default -> false;
        };
    }

    /** Whether a command is answered while a transfer runs. */
    static boolean isImmediate(Command command) {
        return switch (command) {
            case Command.Abor _, Command.Noop _ -> true;
            case Command.Stat status -> status.path().isEmpty();
            default -> false;
        };
    }

    private static boolean needsDataConnection(Command command) {
        return switch (command) {
            case Command.Retr _, Command.Stor _, Command.Stou _, Command.Appe _ -> true;
            case Command.List _, Command.Nlst _, Command.Mlsd _ -> true;
            default -> false;
        };
    }

    /** Whether a command takes its time, so that it gets a thread of its own and can be aborted. */
    static boolean runsBeside(Command command) {
        return switch (command) {
            case Command.Hash _, Command.Xcrc _, Command.Xmd5 _, Command.Xsha _ -> true;
            case Command.Xsha256 _, Command.Xsha512 _ -> true;
            case Command.Stat status -> !status.path().isEmpty();
            default -> needsDataConnection(command);
        };
    }

    static Reply carryOut(Session session, Command command) throws IOException {
        return switch (command) {
            case Command.User c -> AccessControlCommands.user(session, c);
            case Command.Pass c -> AccessControlCommands.password(session, c);
            case Command.Acct _ -> AccessControlCommands.account();
            case Command.Cwd c -> AccessControlCommands.changeDirectory(session, c.path());
            case Command.Cdup _ -> AccessControlCommands.changeDirectory(session, "..");
            case Command.Smnt _ -> AccessControlCommands.mount();
            case Command.Rein _ -> AccessControlCommands.reinitialise(session);
            case Command.Quit _ -> AccessControlCommands.quit(session);
            case Command.Host c -> AccessControlCommands.host(session, c);
            case Command.Port c -> TransferParameterCommands.port(session, c);
            case Command.Pasv _ -> TransferParameterCommands.passive(session);
            case Command.Eprt c -> TransferParameterCommands.extendedPort(session, c);
            case Command.Epsv c -> TransferParameterCommands.extendedPassive(session, c);
            case Command.Type c -> TransferParameterCommands.type(session, c);
            case Command.Stru c -> TransferParameterCommands.structure(c);
            case Command.Mode c -> TransferParameterCommands.mode(session, c);
            case Command.Rest c -> TransferParameterCommands.restart(session, c);
            case Command.Rang c -> TransferParameterCommands.range(session, c);
            case Command.Retr c -> TransferCommands.retrieve(session, c);
            case Command.Stor c -> TransferCommands.store(session, c);
            case Command.Stou c -> TransferCommands.storeUnique(session, c);
            case Command.Appe c -> TransferCommands.append(session, c);
            case Command.Allo c -> TransferCommands.allocate(session, c);
            case Command.Abor _ -> TransferCommands.abort(session);
            case Command.List c -> ListingCommands.list(session, c);
            case Command.Nlst c -> ListingCommands.names(session, c);
            case Command.Mlsd c -> ListingCommands.machineList(session, c);
            case Command.Mlst c -> ListingCommands.machineStatus(session, c);
            case Command.Rnfr c -> FileSystemCommands.renameFrom(session, c);
            case Command.Rnto c -> FileSystemCommands.renameTo(session, c);
            case Command.Dele c -> FileSystemCommands.delete(session, c);
            case Command.Rmd c -> FileSystemCommands.removeDirectory(session, c);
            case Command.Mkd c -> FileSystemCommands.makeDirectory(session, c);
            case Command.Pwd _ -> FileSystemCommands.printWorkingDirectory(session);
            case Command.Size c -> FileSystemCommands.size(session, c);
            case Command.Mdtm c -> FileSystemCommands.modificationTime(session, c);
            case Command.Mfmt c -> FileSystemCommands.setModified(session, c);
            case Command.Mfct c -> FileSystemCommands.setCreated(session, c);
            case Command.Mff c -> FileSystemCommands.setFacts(session, c);
            case Command.Avbl c -> FileSystemCommands.available(session, c);
            case Command.Hash c -> HashCommands.hash(session, c);
            case Command.Xcrc _, Command.Xmd5 _, Command.Xsha _, Command.Xsha256 _, Command.Xsha512 _ ->
                HashCommands.older(session, command);
            case Command.Site c -> SiteCommands.site(session, c);
            case Command.Syst _ -> InformationCommands.system();
            case Command.Stat c -> InformationCommands.status(session, c);
            case Command.Help c -> InformationCommands.help(session, c);
            case Command.Noop _ -> InformationCommands.noop();
            case Command.Feat _ -> InformationCommands.features(session);
            case Command.Opts c -> InformationCommands.options(session, c);
            case Command.Lang c -> InformationCommands.language(c);
            case Command.Clnt c -> InformationCommands.client(session, c.name());
            case Command.Csid c -> InformationCommands.clientIdentity(session, c);
            case Command.Security c -> SecurityCommands.carryOut(session, c);
            case Command.Unknown c -> InformationCommands.unknown(c);
        };
    }
}
