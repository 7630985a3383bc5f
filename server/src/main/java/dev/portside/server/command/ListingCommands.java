package dev.portside.server.command;

import dev.portside.protocol.Command;
import dev.portside.protocol.MlsxLine;
import dev.portside.protocol.Reply;
import dev.portside.protocol.ReplyCode;
import dev.portside.protocol.RepresentationType;
import dev.portside.server.control.Session;
import dev.portside.server.control.Transfer;
import dev.portside.server.storage.Entries.Entry;
import dev.portside.server.storage.FileFacts;
import dev.portside.server.storage.VirtualPath;
import dev.portside.transport.DataPort;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * LIST, NLST, MLSD and MLST (RFC 959 section 4.1.3, RFC 3659 section 7). Names that begin with a dot are shown like any
 * other, so that what is mirrored is complete; {@code .} and {@code ..} never are.
 */
public final class ListingCommands {
    private ListingCommands() {}

    /** One entry as a line. */
    private interface Line {
        String of(Entry entry);
    }

    public static Reply list(Session session, Command.List list) throws IOException {
        session.takeRange();
        try (DataPort port = session.takeDataPort();
                Listed listed = Listed.open(session, ListRequest.parse(list.path()))) {
            Instant now = Instant.now();
            return sent(session, port, listed, entry -> ListedFacts.lsLine(entry.facts(), entry.name(), now));
        }
    }

    /** NLST: names that RETR understands from here. */
    public static Reply names(Session session, Command.Nlst nlst) throws IOException {
        session.takeRange();
        try (DataPort port = session.takeDataPort();
                Listed listed = Listed.open(session, ListRequest.parse(nlst.path()))) {
            return sent(session, port, listed, entry -> listed.prefix() + oneLine(entry.name()));
        }
    }

    public static Reply machineList(Session session, Command.Mlsd mlsd) throws IOException {
        session.takeRange();
        VirtualPath path = session.resolve(mlsd.path());
        try (DataPort port = session.takeDataPort()) {
            if (!session.store().attributes(path).isDirectory()) {
                return new Reply(ReplyCode.ARGUMENT_SYNTAX_ERROR_501, path + ": not a directory, use MLST");
            }
            try (Listed listed = Listed.open(session, new ListRequest(true, mlsd.path()))) {
                return sent(session, port, listed, entry -> mlsx(session, entry.facts(), entry.name()));
            }
        }
    }

    private static String mlsx(Session session, FileFacts facts, String name) {
        return MlsxLine.format(ListedFacts.values(facts), session.selectedFacts(), name);
    }

    /** A name cannot forge a second line. */
    private static String oneLine(String name) {
        return name.replace('\r', '?').replace('\n', '?').replace('\0', '?');
    }

    private static Reply sent(Session session, @Nullable DataPort port, Listed listed, Line line) throws IOException {
        Transfer transfer = session.ownTransfer();
        transfer.path(listed.path().toString());
        if (port == null) {
            return TransferCommands.NO_DATA_PORT;
        }
        Reply opening = new Reply(ReplyCode.FILE_STATUS_OKAY_150, "Here comes the listing of " + listed.path());
        TransferCommands.moved(session, port, RepresentationType.IMAGE, opening, data -> {
            ListingLines lines = new ListingLines(data, session.control().charset());
            Entry entry = listed.next();
            while (entry != null) {
                lines.write(line.of(entry));
                entry = listed.next();
            }
            lines.flush();
            data.finish();
        });
        return transfer.isAborted() ? FailureReply.ofAbort() : TransferCommands.complete("Listing complete");
    }

    /** MLST: the facts of one object on the control connection. */
    public static Reply machineStatus(Session session, Command.Mlst mlst) throws IOException {
        VirtualPath path = session.resolve(mlst.path());
        FileFacts facts = session.store().attributes(path);
        return new Reply(
                ReplyCode.FILE_ACTION_OKAY_250,
                List.of("Facts of " + path, " " + mlsx(session, facts, path.toString()), "End"));
    }

    /** STAT with a pathname: LIST on the control connection (RFC 959 section 4.1.3), bounded. */
    static Reply status(Session session, String argument) throws IOException {
        Transfer transfer = session.ownTransfer();
        try (Listed listed = Listed.open(session, ListRequest.parse(argument))) {
            Instant now = Instant.now();
            List<String> lines = new ArrayList<>();
            lines.add("Status of " + listed.path());
            int left = session.options().maxStatusEntries();
            Entry entry = listed.next();
            while (entry != null && left-- > 0) {
                lines.add(ListedFacts.lsLine(entry.facts(), entry.name(), now));
                entry = listed.next();
            }
            if (transfer.isAborted()) {
                return FailureReply.ofAbort();
            }
            lines.add(entry == null ? "End" : "There is more, use LIST");
            return new Reply(listed.isDirectory() ? ReplyCode.DIRECTORY_STATUS_212 : ReplyCode.FILE_STATUS_213, lines);
        }
    }
}
