package dev.portside.server.command;

import dev.portside.protocol.Command;
import dev.portside.protocol.Fact;
import dev.portside.protocol.ListingLine;
import dev.portside.protocol.LsLine;
import dev.portside.protocol.NameCharset;
import dev.portside.protocol.Reply;
import dev.portside.protocol.ReplyCode;
import dev.portside.protocol.RepresentationType;
import dev.portside.server.control.Session;
import dev.portside.server.control.Transfer;
import dev.portside.server.storage.FileFacts;
import dev.portside.server.storage.VirtualPath;
import dev.portside.transport.DataPort;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * LIST, NLST, MLSD and MLST (RFC 959 section 4.1.3, RFC 3659 section 7). Names that begin with a dot are shown like any
 * other, so that what is mirrored is complete; {@code .} and {@code ..} never are.
 */
public final class ListingCommands {
    private ListingCommands() {}

    /** How an entry is written. */
    @FunctionalInterface
    private interface Format {
        /** False if the entry has gone since, and there is no line. */
        boolean write(Listed entry, ListingLine line) throws IOException;
    }

    public static Reply list(Session session, Command.List list) throws IOException {
        session.takeRange();
        try (DataPort port = session.takeDataPort();
                Listed listed = Listed.open(session, ListRequest.parse(list.path()))) {
            return sent(session, port, listed, lsLine());
        }
    }

    /** NLST: names that RETR understands from here. */
    public static Reply names(Session session, Command.Nlst nlst) throws IOException {
        session.takeRange();
        try (DataPort port = session.takeDataPort();
                Listed listed = Listed.open(session, ListRequest.parse(nlst.path()))) {
            return sent(session, port, listed, (entry, line) -> {
                entry.writeName(line.text(entry.prefix()));
                return true;
            });
        }
    }

    public static Reply machineList(Session session, Command.Mlsd mlsd) throws IOException {
        session.takeRange();
        VirtualPath path = session.resolve(mlsd.path());
        try (DataPort port = session.takeDataPort()) {
            if (!session.store().target(path).isDirectory()) {
                return new Reply(ReplyCode.ARGUMENT_SYNTAX_ERROR_501, path + ": not a directory, use MLST");
            }
            try (Listed listed = Listed.open(session, new ListRequest(true, mlsd.path()))) {
                Set<Fact> selected = session.selectedFacts();
                return sent(session, port, listed, (entry, line) -> {
                    FileFacts facts = entry.facts();
                    if (facts != null) {
                        ListedFacts.writeFacts(line, facts, selected);
                        entry.writeName(line);
                    }
                    return facts != null;
                });
            }
        }
    }

    private static Format lsLine() {
        Instant now = Instant.now();
        return (entry, line) -> {
            FileFacts facts = entry.facts();
            if (facts != null) {
                ListedFacts.writeLsFacts(line, facts, now);
                entry.writeName(line);
                if (facts.linkTarget() != null) {
                    LsLine.writeTarget(line, facts.linkTarget());
                }
            }
            return facts != null;
        };
    }

    private static Reply sent(Session session, @Nullable DataPort port, Listed listed, Format format)
            throws IOException {
        Transfer transfer = session.ownTransfer();
        transfer.path(listed.path().toString());
        if (port == null) {
            return TransferCommands.NO_DATA_PORT;
        }
        Reply opening = new Reply(ReplyCode.FILE_STATUS_OKAY_150, "Here comes the listing of " + listed.path());
        TransferCommands.moved(session, port, RepresentationType.IMAGE, opening, data -> {
            ListingLines lines = new ListingLines(data, session.control().charset());
            while (listed.advance()) {
                if (format.write(listed, lines.begin())) {
                    lines.end();
                }
            }
            lines.flush();
            data.finish();
        });
        return transfer.isAborted() ? FailureReply.ofAbort() : TransferCommands.complete("Listing complete");
    }

    /** MLST: the facts of one object on the control connection. */
    public static Reply machineStatus(Session session, Command.Mlst mlst) throws IOException {
        VirtualPath path = session.resolve(mlst.path());
        ListingLine line = new ListingLine(NameCharset.UTF_8);
        ListedFacts.writeFacts(line, session.store().attributes(path), session.selectedFacts());
        line.text(path.toString());
        return new Reply(ReplyCode.FILE_ACTION_OKAY_250, List.of("Facts of " + path, " " + line, "End"));
    }

    /** STAT with a pathname: LIST on the control connection (RFC 959 section 4.1.3), bounded. */
    static Reply status(Session session, String argument) throws IOException {
        Transfer transfer = session.ownTransfer();
        try (Listed listed = Listed.open(session, ListRequest.parse(argument))) {
            Format format = lsLine();
            ListingLine line = new ListingLine(NameCharset.UTF_8);
            List<String> lines = new ArrayList<>();
            lines.add("Status of " + listed.path());
            int left = session.options().maxStatusEntries();
            boolean more = listed.advance();
            while (more && left > 0) {
                if (format.write(listed, line.clear())) {
                    lines.add(line.toString());
                    left--;
                }
                more = listed.advance();
            }
            if (transfer.isAborted()) {
                return FailureReply.ofAbort();
            }
            lines.add(more ? "There is more, use LIST" : "End");
            return new Reply(listed.isDirectory() ? ReplyCode.DIRECTORY_STATUS_212 : ReplyCode.FILE_STATUS_213, lines);
        }
    }
}
